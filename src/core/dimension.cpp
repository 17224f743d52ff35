// Polynomials of dimension names: a sum of monomials, kept as text in normal form (monomials in alphabetical order, the
// constant last), so that equal ones are equal strings.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "gradus/core/shape.hpp"

namespace gradus {
namespace {

using Polynomial = std::map<std::vector<std::string>, std::int64_t>;  // sorted names of a monomial: its coefficient

Polynomial parse(std::string_view text) {
  Polynomial sum;
  std::int64_t sign = 1;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '+' || text[at] == '-') sign = text[at++] == '-' ? -1 : 1;
    std::vector<std::string> names;
    std::int64_t coefficient = sign;
    for (;;) {
      const std::size_t end = std::min(text.find_first_of("+-*", at), text.size());
      const std::string factor(text.substr(at, end - at));
      if (!factor.empty() && factor.find_first_not_of("0123456789") == std::string::npos)
        coefficient *= std::stoll(factor);
      else
        names.push_back(factor);
      at = end;
      if (at >= text.size() || text[at] != '*') break;
      ++at;
    }
    std::sort(names.begin(), names.end());
    sum[names] += coefficient;
  }
  return sum;
}

Polynomial polynomial(const Dim& d) {
  if (d.is_constant()) return d.size == 0 ? Polynomial{} : Polynomial{{{}, d.size}};
  return parse(d.name);
}

std::string format(const Polynomial& p) {
  std::string text;
  const auto term = [&](const std::vector<std::string>& names, std::int64_t c) {
    if (c == 0) return;
    text += c < 0 ? "-" : text.empty() ? "" : "+";
    const std::int64_t size = c < 0 ? -c : c;
    std::string factors = size == 1 && !names.empty() ? "" : std::to_string(size);
    for (const std::string& name : names) factors += (factors.empty() ? "" : "*") + name;
    text += factors;
  };
  for (const auto& [names, c] : p)
    if (!names.empty()) term(names, c);
  if (const auto at = p.find({}); at != p.end()) term({}, at->second);
  return text;
}

Dim dimension(const Polynomial& p) {
  bool constant = true;
  for (const auto& [names, c] : p) constant = constant && (names.empty() || c == 0);
  if (constant) {
    const auto at = p.find({});
    return constant_dim(at == p.end() ? 0 : at->second);
  }
  static std::mutex mutex;
  static std::set<std::string> known;  // never shrinks: dimensions are few
  const std::lock_guard lock(mutex);
  return Dim{1, *known.insert(format(p)).first};
}

}  // namespace

Dim operator+(const Dim& a, const Dim& b) {
  Polynomial p = polynomial(a);
  for (const auto& [names, c] : polynomial(b)) p[names] += c;
  return dimension(p);
}

Dim operator-(const Dim& a, const Dim& b) {
  Polynomial p = polynomial(a);
  for (const auto& [names, c] : polynomial(b)) p[names] -= c;
  return dimension(p);
}

Dim operator*(const Dim& a, const Dim& b) {
  Polynomial p;
  for (const auto& [left, c] : polynomial(a))
    for (const auto& [right, d] : polynomial(b)) {
      std::vector<std::string> names = left;
      names.insert(names.end(), right.begin(), right.end());
      std::sort(names.begin(), names.end());
      p[names] += c * d;
    }
  return dimension(p);
}

SplitDim split(const Dim& d) {
  Polynomial p = polynomial(d);
  SplitDim parts;
  if (const auto at = p.find({}); at != p.end()) {
    parts.constant = at->second;
    p.erase(at);
  }
  parts.rest = format(p);
  return parts;
}

std::vector<std::string> names_of(const Dim& d) {
  std::set<std::string> all;
  for (const auto& [names, c] : polynomial(d)) all.insert(names.begin(), names.end());
  return {all.begin(), all.end()};
}

std::optional<std::int64_t> size_of(std::string_view dim,
                                    const std::function<std::optional<std::int64_t>(std::string_view)>& value) {
  std::int64_t sum = 0;
  for (const auto& [names, c] : parse(dim)) {
    std::int64_t product = c;
    for (const std::string& name : names) {
      const auto factor = value(name);
      if (!factor || __builtin_mul_overflow(product, *factor, &product)) return std::nullopt;
    }
    if (__builtin_add_overflow(sum, product, &sum)) return std::nullopt;
  }
  return sum;
}

}  // namespace gradus

// Factors over the rationals. A quotient is brought over one denominator first; then each factor of the product is a
// polynomial in its kernels (whatever is neither a number, a sum, a product nor a whole positive power) that FLINT
// factors. Nothing is cancelled, so the domain stays as it was.
#include <algorithm>
#include <map>

#include "algebra/flint/module.hpp"
#include "gradus/algebra/algebra.hpp"
#include "gradus/core/late_library.hpp"

namespace gradus {
namespace {
constexpr std::size_t most_terms = 5000;
constexpr std::int64_t most_degree = 1000;

struct Library {
  FactorPolynomial* factor = nullptr;
  std::string error;
};
const Library& library() {
  static const Library opened = [] {
    Library l;
    void* handle = open_late("gradus-flint", &l.error);
    if (handle != nullptr)
      l.factor = reinterpret_cast<FactorPolynomial*>(find_late(handle, "gradus_factor_polynomial"));
    if (handle != nullptr && l.factor == nullptr) l.error = "libgradus-flint.so is of another version";
    return l;
  }();
  return opened;
}

struct Term {
  Rational coefficient{1};
  std::map<std::size_t, unsigned long> powers;  // by kernel
};

// An expanded sum as terms in kernels.
class Polynomial {
 public:
  Polynomial(Context& context, NodePtr expanded) : context_(context) {
    const auto terms = expanded->is(Op::add) ? expanded->operands() : std::span<const NodePtr>(&expanded, 1);
    for (const NodePtr t : terms) add(t);
  }
  bool too_large() const { return too_large_; }
  const std::vector<NodePtr>& kernels() const { return kernels_; }

  const char* factored(FactorPolynomial* factor, std::vector<NodePtr>& factors) {
    std::vector<std::string> numbers;
    std::vector<std::vector<unsigned long>> exponents;
    std::vector<PlainTerm> plain;
    for (const Term& t : terms_) {
      numbers.push_back(t.coefficient.to_string());
      exponents.emplace_back(kernels_.size(), 0);
      for (const auto& [kernel, power] : t.powers) exponents.back()[kernel] = power;
    }
    for (std::size_t i = 0; i < terms_.size(); i++) plain.push_back({numbers[i].c_str(), exponents[i].data()});
    struct Sink {
      Polynomial* self;
      std::vector<NodePtr>* factors;
    } sink{this, &factors};
    const auto take = [](void* user, const PlainTerm* t, std::size_t count, unsigned long power) {
      auto& [self, list] = *static_cast<Sink*>(user);
      list->push_back(self->context_.pow(self->formula(t, count), std::int64_t(power)));
    };
    return factor(kernels_.size(), plain.data(), plain.size(), take, &sink);
  }

 private:
  void add(NodePtr t) {
    Term term;
    const auto [c, factors] = factors_of(t);
    if (t->is_rational())
      term.coefficient = t->value();
    else if (c)
      term.coefficient = *c;
    std::int64_t degree = 0;
    for (NodePtr f : factors) {
      if (f->is_rational()) continue;
      std::int64_t power = 1;
      if (f->op == op_of<ops::Pow> && f->operand(1)->is_rational()) {
        const auto k = f->operand(1)->value().to_int();
        if (k && *k > 1) power = *k, f = f->operand(0);
      }
      degree += power;
      auto known = std::find(kernels_.begin(), kernels_.end(), f);
      if (known == kernels_.end()) known = kernels_.insert(known, f);
      term.powers[std::size_t(known - kernels_.begin())] += (unsigned long)(std::min(power, most_degree + 1));
    }
    too_large_ = too_large_ || degree > most_degree;
    terms_.push_back(std::move(term));
  }
  NodePtr formula(const PlainTerm* t, std::size_t count) {
    std::vector<NodePtr> sum;
    for (std::size_t i = 0; i < count; i++) {
      std::vector<NodePtr> product{context_.rational(*Rational::parse(t[i].coefficient))};
      for (std::size_t k = 0; k < kernels_.size(); k++)
        if (t[i].exponents[k] > 0) product.push_back(context_.pow(kernels_[k], std::int64_t(t[i].exponents[k])));
      sum.push_back(context_.mul(product));
    }
    return context_.add(sum);
  }

  Context& context_;
  std::vector<NodePtr> kernels_;
  std::vector<Term> terms_;
  bool too_large_ = false;
};
}  // namespace

NodePtr factor(Context& context, NodePtr root) {
  if (root->is(Op::error)) return root;
  if (root->shape) return context.error({Code::E301, "only a scalar has factors"});
  const Library& l = library();
  if (l.factor == nullptr) return context.error({Code::E607, "factoring needs libgradus-flint.so: " + l.error});
  const NodePtr whole = together(context, root);
  std::vector<NodePtr> result;
  const auto [coefficient, factors] = factors_of(whole);
  if (coefficient) result.push_back(context.rational(*coefficient));
  for (const NodePtr f : factors) {
    const bool power = f->op == op_of<ops::Pow> && f->operand(1)->is_rational() && f->operand(1)->value().is_integer();
    const NodePtr base = power ? f->operand(0) : f, expanded = expand(context, base, most_terms);
    if (expanded->is(Op::error)) return expanded;
    Polynomial polynomial(context, expanded);
    if (polynomial.too_large())
      return context.error({Code::E601, "a polynomial of a degree above " + std::to_string(most_degree)});
    std::vector<NodePtr> parts;
    if (!expanded->is(Op::add) || polynomial.kernels().empty())
      parts.push_back(expanded);
    else if (const char* problem = polynomial.factored(l.factor, parts))
      return context.error({Code::E304, problem});
    for (const NodePtr p : parts) result.push_back(power ? context.pow(p, f->operand(1)) : p);
  }
  return context.mul(result);
}

}  // namespace gradus

// The table is made once, from the op records, the table of formulas and the list below.
#include "text/names.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "gradus/text/vocabulary.hpp"

namespace gradus::text {
namespace {

struct SpecialRow {
  std::string_view name, parameters;
  Special special;
};
constexpr SpecialRow specials[] = {{"sqrt", "x", Special::sqrt},
                                   {"log", "x", Special::log},
                                   {"ln", "x", Special::log},
                                   {"min", "a, b", Special::min},
                                   {"max", "a, b", Special::max},
                                   {"sum", "i, 1, n, f", Special::sum},
                                   {"prod", "i, 1, n, f", Special::prod},
                                   {"int", "f, t, a, b", Special::integral},
                                   {"integrate", "f, t, a, b", Special::integral},
                                   {"integral", "f, t, a, b", Special::integral},
                                   {"∫", "f, t, a, b", Special::integral},
                                   {"grad", "f, x, y", Special::gradient},
                                   {"laplacian", "f, x, y", Special::laplacian},
                                   {"divergence", "F, x, y", Special::divergence},
                                   {"curl", "F, x, y", Special::curl},
                                   {"dot", "x, y", Special::dot},
                                   {"outer", "x, y", Special::outer},
                                   {"norm", "x", Special::norm},
                                   {"diff", "f, x", Special::diff},
                                   {"derivative", "f, x", Special::diff},
                                   {"root", "x, n", Special::root},
                                   {"nthRoot", "x, n", Special::root},
                                   {"nthroot", "x, n", Special::root},
                                   {"piecewise", "condition, value, otherwise", Special::piecewise},
                                   {"where", "condition, value, otherwise", Special::piecewise},
                                   {"factorial", "n", Special::factorial},
                                   {"transpose", "A", Special::transpose},
                                   {"inv", "A", Special::inverse},
                                   {"inverse", "A", Special::inverse},
                                   {"det", "A", Special::det},
                                   {"logdet", "A", Special::logdet},
                                   {"logabsdet", "A", Special::log_abs_det},
                                   {"signdet", "A", Special::sign_det},
                                   {"solve", "A, b", Special::solve},
                                   {"solve_lower", "L, b", Special::solve_lower},
                                   {"solve_upper", "U, b", Special::solve_upper},
                                   {"solve_unit_lower", "L, b", Special::solve_unit_lower},
                                   {"solve_unit_upper", "U, b", Special::solve_unit_upper},
                                   {"cholesky", "A", Special::cholesky},
                                   {"eigenvalues", "A", Special::eigenvalues},
                                   {"eigenvectors", "A", Special::eigenvectors},
                                   {"tr", "A", Special::trace},
                                   {"trace", "A", Special::trace},
                                   {"eye", "n", Special::eye},
                                   {"diag", "v", Special::diagonal},
                                   {"rows", "v, m", Special::rows},
                                   {"columns", "v, n", Special::columns},
                                   {"fill", "value, n", Special::fill},
                                   {"iota", "axis, n", Special::iota},
                                   {"reduce_sum", "A, axis", Special::reduce_sum},
                                   {"reduce_max", "A, axis", Special::reduce_max}};

struct FormulaRow {
  std::string_view name, parameters, formula;
};
constexpr FormulaRow formulas[] = {
#define FORMULA(name, parameters, formula) {name, parameters, formula},
#include "text/functions.def"
#undef FORMULA
};

using Table = std::unordered_map<std::string_view, Builtin>;

const Table& table() {
  static const Table made = [] {
    Table t;
    for (int i = 0; i < PointwiseOps::size; i++) {
      const OpInfo& info = op_infos[std::size_t(i)];
      Builtin b{.kind = Builtin::Kind::record, .op = Op(int(Op::first_pointwise) + i)};
      b.parameters = info.arity == 1 ? "x" : info.parameters.empty() ? "x, y" : info.parameters;
      t.emplace(info.name, b);
      for (const std::string_view alias : info.aliases)
        if (!alias.empty()) t.emplace(alias, b);
    }
    for (const FormulaRow& f : formulas)
      t.emplace(f.name, Builtin{.kind = Builtin::Kind::formula, .parameters = f.parameters, .formula = f.formula});
    for (const SpecialRow& s : specials)
      t.insert_or_assign(s.name,
                         Builtin{.kind = Builtin::Kind::special, .special = s.special, .parameters = s.parameters});
    t.emplace("pi", Builtin{.kind = Builtin::Kind::pi});
    t.emplace("e", Builtin{.kind = Builtin::Kind::e});
    return t;
  }();
  return made;
}
}  // namespace

bool Builtin::prefix() const {
  if (kind == Kind::record) return info_of(op).arity == 1 && !soft();
  if (kind == Kind::special && special >= Special::inverse) return false;
  if (soft()) return arity() == 1;
  return kind == Kind::special && (special == Special::sqrt || special == Special::log);
}
bool Builtin::soft() const {
  return kind == Kind::formula ||
         (kind == Kind::special && (special == Special::norm || special >= Special::inverse)) ||
         (kind == Kind::record && info_of(op).origin != Origin::scalar);
}
std::size_t Builtin::arity() const {
  return parameters.empty() ? 0 : 1 + std::size_t(std::count(parameters.begin(), parameters.end(), ','));
}

const Builtin& builtin(std::string_view name) {
  static const Builtin none;
  const auto found = table().find(name);
  return found == table().end() ? none : found->second;
}

const Builtin& builtin(std::string_view name, std::size_t arguments) {
  return builtin(std::string(name) + "/" + std::to_string(arguments));
}

std::string_view parameter(std::string_view parameters, std::size_t i) {
  for (; i > 0; i--) parameters.remove_prefix(std::min(parameters.find(',') + 2, parameters.size()));
  return parameters.substr(0, parameters.find(','));
}

Op inverse_of(Op op) {
  using namespace ops;
  static constexpr Op pairs[][2] = {
      {op_of<Sin>, op_of<Asin>},   {op_of<Cos>, op_of<Acos>},   {op_of<Tan>, op_of<Atan>},
      {op_of<Sec>, op_of<Asec>},   {op_of<Csc>, op_of<Acsc>},   {op_of<Cot>, op_of<Acot>},
      {op_of<Sinh>, op_of<Asinh>}, {op_of<Cosh>, op_of<Acosh>}, {op_of<Tanh>, op_of<Atanh>},
      {op_of<Sech>, op_of<Asech>}, {op_of<Csch>, op_of<Acsch>}, {op_of<Coth>, op_of<Acoth>}};
  for (const auto& p : pairs)
    if (p[0] == op) return p[1];
  return Op::error;
}

// Distance of Damerau and Levenshtein (adjacent letters exchanged count once), row by row; more than `limit` is
// limit + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit || a.size() > 64 || b.size() > 64) return limit + 1;
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); j++) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); i++) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); j++) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return std::min(last[b.size()], limit + 1);
}

namespace {
std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return out;
}
}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  const std::size_t limit = name.size() < 3 ? 0 : name.size() < 6 ? 1 : 2;
  const std::string small = lower(name);
  std::string_view best;
  std::size_t distance = limit + 1;
  for (const std::string_view c : candidates) {
    const std::size_t d = edit_distance(small, lower(c), limit);
    if (d < distance || (d == distance && d <= limit && c < best)) {
      best = c;
      distance = d;
    }
  }
  return best;
}

std::string_view nearest_builtin(std::string_view name) {
  // Other languages' names for what has a name here.
  static constexpr std::string_view synonyms[][2] = {
      {"sine", "sin"},      {"cosine", "cos"},      {"tangent", "tan"},   {"arccsc", "acsc"},
      {"power", "pow"},     {"exponential", "exp"}, {"absolute", "abs"},  {"fabs", "abs"},
      {"sqr", "square"},    {"ceiling", "ceil"},    {"argsinh", "asinh"}, {"argcosh", "acosh"},
      {"argtanh", "atanh"}, {"product", "prod"},    {"arccosec", "acsc"}, {"cosech", "csch"},
      {"loge", "log"},      {"logn", "log"},        {"derive", "diff"},   {"differentiate", "diff"}};
  const std::string small = lower(name);
  for (const auto& s : synonyms)
    if (s[0] == small) return s[1];
  std::vector<std::string_view> all;
  for (const auto& [n, b] : table())
    if (b.kind != Builtin::Kind::pi && b.kind != Builtin::Kind::e && n.find('/') == n.npos) all.push_back(n);
  return nearest(name, all);
}

}  // namespace gradus::text

namespace gradus {

const std::vector<KnownName>& vocabulary() {
  static const std::vector<KnownName> all = [] {
    std::vector<KnownName> names;
    for (const auto& [name, meaning] : text::table()) names.push_back({name, meaning.arity() > 0});
    return names;
  }();
  return all;
}

}  // namespace gradus

// The structure of loops and choices: a loop is gone through round by round; where the rounds of a while loop depend on
// a variable, until no set grows. A choice whose condition is not known is both of its sides.
#include <algorithm>

#include "gradus/core/control.hpp"
#include "structure.hpp"

namespace gradus::program {
namespace {

constexpr std::int64_t most_rounds = 10'000'000;  // of a while loop gone through to learn its structure

}  // namespace

Dependent Structure::merged(const Dependent& a, const Dependent& b) {
  Dependent d{a.shape, {}, {}};
  if (!a.sets.empty() || !b.sets.empty())
    for (std::size_t k = 0; k < a.entries(); ++k) d.sets.push_back(sets_.unite(a.set(k), b.set(k)));
  return d;
}

std::vector<Dependent> Structure::round(std::span<const NodePtr> body, std::span<const Dependent> arguments) {
  Scope scope;
  walk(body, scope, arguments);
  std::vector<Dependent> values;
  for (const NodePtr root : body) values.push_back(failed_ ? Dependent{} : scope.at(root));
  return values;
}

void Structure::loop(NodePtr n, Scope& scope) {
  const Control& c = *n->data.control;
  std::vector<Dependent> arguments;
  for (const NodePtr o : n->operands()) arguments.push_back(scope.at(o));
  const auto scanned = arguments;  // of these, the rows at hand stand in `arguments`
  std::vector<Dependent> results(c.body.size());
  const bool is_scan = n->is(Op::scan);
  const std::int64_t rounds = is_scan ? length(c.length) : most_rounds;
  const std::size_t rows = c.body.size() - c.carried;
  std::vector<std::vector<Dependent>> kept(rows);
  std::int64_t done = 0;
  for (; done < rounds && !failed_; ++done) {
    const std::size_t at = std::size_t(c.reversed ? rounds - 1 - done : done);
    for (std::size_t k = c.carried; k < c.carried + c.scanned; ++k) arguments[k] = row(scanned[k], at);
    if (!is_scan) {
      const Dependent go_on = round(c.otherwise, arguments)[0];
      if (failed_) return;
      if (!go_on.known()) return until_none_grows(n, arguments);
      if (go_on.values[0] == 0) break;
    }
    auto values = round(c.body, arguments);
    if (failed_) return;
    for (std::size_t k = 0; k < c.carried; ++k) arguments[k] = std::move(values[k]);
    for (std::size_t k = 0; k < rows; ++k) kept[k].push_back(std::move(values[c.carried + k]));
  }
  if (!is_scan && c.keeps) lengths_[std::string(c.length.name)] = done;
  for (std::size_t k = 0; k < c.carried; ++k) results[k] = arguments[k];
  for (std::size_t k = 0; k < rows; ++k) {
    if (c.reversed) std::reverse(kept[k].begin(), kept[k].end());
    results[c.carried + k] = stacked(kept[k], result(context_, n, c.carried + k));
  }
  results_[n] = std::move(results);
}

// Rounds of which the number is not known: values are not, and the sets are those that any number of rounds gives.
void Structure::until_none_grows(NodePtr n, std::vector<Dependent>& arguments) {
  const Control& c = *n->data.control;
  if (c.body.size() > c.carried) {
    failed_ = Diagnostic{Code::E605, "the rows of a loop whose rounds depend on a variable"};
    return;
  }
  for (bool grows = true; grows && !failed_;) {
    grows = false;
    for (std::size_t k = 0; k < c.carried; ++k) arguments[k].values.clear();
    const auto values = round(c.body, arguments);
    for (std::size_t k = 0; k < c.carried && !failed_; ++k) {
      Dependent both = merged(arguments[k], values[k]);
      grows = grows || both.sets != arguments[k].sets;
      arguments[k] = std::move(both);
    }
  }
  arguments.resize(c.carried);
  results_[n] = arguments;
}

void Structure::choice(NodePtr n, Scope& scope) {
  const Control& c = *n->data.control;
  std::vector<Dependent> arguments;
  for (const NodePtr o : n->operands().subspan(1)) arguments.push_back(scope.at(o));
  const Dependent& condition = scope.at(n->operand(0));
  if (condition.known()) {
    results_[n] = round(condition.values[0] != 0 ? c.body : c.otherwise, arguments);
    return;
  }
  auto then = round(c.body, arguments), otherwise = round(c.otherwise, arguments);
  if (failed_) return;
  for (std::size_t k = 0; k < then.size(); ++k) then[k] = merged(then[k], otherwise[k]);
  results_[n] = std::move(then);
}

// A rule says which entries derivatives come from, for the operands that it is about: the body may be flat where the
// rule is not. Captured values have no rule.
void Structure::call(NodePtr n, Scope& scope) {
  const Control& c = *n->data.control;
  std::vector<Dependent> arguments, constant;
  for (const NodePtr o : n->operands()) arguments.push_back(scope.at(o));
  constant = arguments;
  for (std::size_t k = 0; k < c.carried; ++k) constant[k].sets.clear();
  auto values = round(c.body, constant);
  if (failed_ || c.rule == Rule::none) {
    results_[n] = std::move(values);
    return;
  }
  for (Dependent& d : constant) d.sets.clear();
  std::vector<Dependent> known = constant;
  for (const Dependent& v : values) known.push_back({v.shape, v.values, {}});
  std::vector<Dependent> moved;
  if (c.rule == Rule::forward) {
    for (std::size_t k = 0; k < c.carried; ++k) known.push_back({arguments[k].shape, {}, arguments[k].sets});
    moved = round(c.otherwise, known);
  } else {
    moved = transposed_rule(n, arguments, known);
  }
  if (failed_) return;
  for (std::size_t k = 0; k < values.size(); ++k)
    if (!moved[k].sets.empty()) values[k].sets = merged(values[k], moved[k]).sets;
  results_[n] = std::move(values);
}

// Of a rule from cotangents of values to those of operands: the structure with the values' entries as columns, turned
// round.
std::vector<Dependent> Structure::transposed_rule(NodePtr n, std::span<const Dependent> arguments,
                                                  std::span<const Dependent> known) {
  const Control& c = *n->data.control;
  const auto values = known.subspan(arguments.size());
  std::uint32_t columns = 0;
  for (const Dependent& v : values) columns += std::uint32_t(v.entries());
  Structure inner(context_, columns);
  inner.lengths_ = lengths_;
  std::vector<Dependent> all(known.begin(), known.end());
  std::uint32_t first = 0;
  for (const Dependent& v : values) {
    all.push_back({v.shape, {}, {}});
    for (std::size_t k = 0; k < v.entries(); ++k) all.back().sets.push_back(inner.sets_.single(first++));
  }
  const auto cotangents = inner.round(c.otherwise, all);
  failed_ = inner.failed_;
  std::vector<std::vector<std::uint32_t>> parts(columns);
  std::vector<std::uint32_t> row;
  for (std::size_t k = 0; k < c.carried && !failed_; ++k)
    for (std::size_t e = 0; e < cotangents[k].entries(); ++e) {
      if (arguments[k].set(e) == 0) continue;
      row.clear();
      inner.sets_.list(cotangents[k].set(e), row);
      for (const std::uint32_t column : row) parts[column].push_back(arguments[k].set(e));
    }
  std::vector<Dependent> moved;
  first = 0;
  for (const Dependent& v : values) {
    moved.push_back({v.shape, {}, {}});
    for (std::size_t k = 0; k < v.entries(); ++k) moved.back().sets.push_back(sets_.unite(parts[first++]));
  }
  return moved;
}

Dependent Structure::row(const Dependent& a, std::size_t at) {
  Dependent d{{a.shape.begin() + 1, a.shape.end()}, {}, {}};
  const auto width = std::ptrdiff_t(d.entries()), from = width * std::ptrdiff_t(at);
  if (!a.values.empty()) d.values.assign(a.values.begin() + from, a.values.begin() + from + width);
  if (!a.sets.empty()) d.sets.assign(a.sets.begin() + from, a.sets.begin() + from + width);
  return d;
}

Dependent Structure::stacked(const std::vector<Dependent>& rows, NodePtr like) {
  Dependent d{lengths(like), {}, {}};
  const bool varies = std::any_of(rows.begin(), rows.end(), [](const Dependent& r) { return !r.sets.empty(); });
  const bool known = std::all_of(rows.begin(), rows.end(), [](const Dependent& r) { return r.known(); });
  for (const Dependent& r : rows) {
    if (known) d.values.insert(d.values.end(), r.values.begin(), r.values.end());
    for (std::size_t k = 0; varies && k < r.entries(); ++k) d.sets.push_back(r.set(k));
  }
  return d;
}

}  // namespace gradus::program

// A rule is traced like a body: with symbols for operands, values and what it is linear in.
#include "gradus/program/custom_rules.hpp"

#include "gradus/core/control.hpp"

namespace gradus {
namespace {

#ifdef NDEBUG
constexpr bool debug = false;
#else
constexpr bool debug = true;
#endif

using Function = std::function<Arrays(const Arrays&)>;
using MovedFunction = std::function<Arrays(const Arrays&, const Arrays&, const Arrays&)>;

Arrays symbols_like(const Arrays& list, std::vector<NodePtr>& symbols) {
  Arrays made;
  made.reserve(list.size());
  for (const Array& a : list) {
    symbols.push_back(a.context().fresh_symbol("t", total, a.shape()));
    made.push_back(a.like(symbols.back()));
  }
  return made;
}

std::vector<NodePtr> nodes(const Arrays& list) {
  std::vector<NodePtr> all;
  all.reserve(list.size());
  for (const Array& a : list) all.push_back(a.node());
  return all;
}

Arrays custom(Rule kind, const Function& f, const MovedFunction& rule, const Arrays& operands, RuleCheck check) {
  const Array& like = operands.at(0);
  CallForm form;
  form.rule = kind;
  form.operands = nodes(operands);
  const Arrays x = symbols_like(operands, form.operand_symbols), computed = f(x);
  form.values = nodes(computed);
  for (const Array& a : computed)
    if (a.node()->is(Op::error)) return Arrays(computed.size(), a);
  const Arrays y = symbols_like(computed, form.value_symbols);
  const Arrays moved = symbols_like(kind == Rule::forward ? x : y, form.moved_symbols);
  form.moved = nodes(rule(x, y, moved));
  Arrays values;
  for (const NodePtr n : call(like.context(), form)) values.push_back(like.like(n));
  if (values.empty() || values[0].node()->is(Op::error)) return values;
  if (check == RuleCheck::always || (debug && check == RuleCheck::debug))
    if (const auto found = check_rule(values[0]); !found && found.error().code == Code::E305)
      return Arrays(values.size(), like.like(like.context().error(found.error())));
  return values;
}

template <class F> MovedFunction of_lists(const F& rule) {
  return [rule](const Arrays& x, const Arrays& y, const Arrays& moved) { return Arrays{rule(x[0], y[0], moved[0])}; };
}
Function of_list(const std::function<Array(const Array&)>& f) {
  return [f](const Arrays& x) { return Arrays{f(x[0])}; };
}

}  // namespace

Arrays custom_jvp(const Function& f, const MovedFunction& rule, const Arrays& operands, RuleCheck check) {
  return custom(Rule::forward, f, rule, operands, check);
}
Arrays custom_vjp(const Function& f, const MovedFunction& rule, const Arrays& operands, RuleCheck check) {
  return custom(Rule::reverse, f, rule, operands, check);
}
Array custom_jvp(const std::function<Array(const Array&)>& f,
                 const std::function<Array(const Array&, const Array&, const Array&)>& rule, const Array& x,
                 RuleCheck check) {
  return custom(Rule::forward, of_list(f), of_lists(rule), {x}, check).at(0);
}
Array custom_vjp(const std::function<Array(const Array&)>& f,
                 const std::function<Array(const Array&, const Array&, const Array&)>& rule, const Array& x,
                 RuleCheck check) {
  return custom(Rule::reverse, of_list(f), of_lists(rule), {x}, check).at(0);
}

}  // namespace gradus

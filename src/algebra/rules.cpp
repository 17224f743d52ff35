// The rewrite rules of `simplify`, as rows. A row of `sums` rewrites two terms with a common factor, a row of
// `products` two powers with exponents in the row's proportion, a row of `nodes` a single node.
#include "gradus/algebra/algebra.hpp"
#include "gradus/core/handle.hpp"

namespace gradus {
namespace {
template <class Record> Handle call(Handle a) { return a.like(a.context->apply(op_of<Record>, a.node)); }
Handle square(Handle a) { return a.like(a.context->pow(a.node, 2)); }
}  // namespace

RuleBook::RuleBook() {
  using namespace ops;
  const Handle a{&context, context.symbol("a")}, one = a.like(context.integer(1));
  // The condition is that `of` is not 0.
  const auto sum = [&](std::string_view name, Handle before, Handle after, NodePtr of = nullptr) {
    sums.push_back({name, before.node, after.node, of ? Validity::needs : Validity::exact, of,
                    of ? Domain::nonzero() : Domain::all()});
  };
  // Double angles come last: they hide the squares that the other rules look for.
  const auto late_sum = [&](std::string_view name, Handle before, Handle after) {
    sums.push_back({name, before.node, after.node, Validity::exact, nullptr, Domain::all(), true});
  };
  sum("sin² + cos² = 1", square(sin(a)) + square(cos(a)), one);
  sum("1 − sin² = cos²", 1 - square(sin(a)), square(cos(a)));
  sum("1 − cos² = sin²", 1 - square(cos(a)), square(sin(a)));
  sum("1 + tan² = sec²", 1 + square(tan(a)), square(call<Sec>(a)));
  sum("sec² − 1 = tan²", square(call<Sec>(a)) - 1, square(tan(a)));
  sum("1 + cot² = csc²", 1 + square(cot(a)), square(call<Csc>(a)));
  sum("csc² − 1 = cot²", square(call<Csc>(a)) - 1, square(cot(a)));
  sum("cosh² − sinh² = 1", square(cosh(a)) - square(sinh(a)), one);
  sum("1 + sinh² = cosh²", 1 + square(sinh(a)), square(cosh(a)));
  sum("cosh² − 1 = sinh²", square(cosh(a)) - 1, square(sinh(a)));
  sum("1 − tanh² = sech²", 1 - square(tanh(a)), square(call<Sech>(a)));
  sum("coth² − 1 = csch²", square(coth(a)) - 1, square(call<Csch>(a)));
  sum("tanh² + sech² = 1", square(tanh(a)) + square(call<Sech>(a)), one);
  sum("sec² − tan² = 1", square(call<Sec>(a)) - square(tan(a)), one, cos(a).node);
  sum("csc² − cot² = 1", square(call<Csc>(a)) - square(cot(a)), one, sin(a).node);
  sum("coth² − csch² = 1", square(coth(a)) - square(call<Csch>(a)), one, a.node);
  late_sum("cos² − sin² = cos 2x", square(cos(a)) - square(sin(a)), cos(2 * a));
  late_sum("2 cos² − 1 = cos 2x", 2 * square(cos(a)) - 1, cos(2 * a));
  late_sum("1 − 2 sin² = cos 2x", 1 - 2 * square(sin(a)), cos(2 * a));
  late_sum("cosh² + sinh² = cosh 2x", square(cosh(a)) + square(sinh(a)), cosh(2 * a));
  late_sum("2 cosh² − 1 = cosh 2x", 2 * square(cosh(a)) - 1, cosh(2 * a));
  late_sum("1 + 2 sinh² = cosh 2x", 1 + 2 * square(sinh(a)), cosh(2 * a));

  const auto product = [&](std::string_view name, Handle before, Handle after, Domain needs = Domain::all()) {
    products.push_back(
        {name, before.node, after.node, needs.is_all() ? Validity::exact : Validity::needs, a.node, needs});
  };
  product("sin/cos = tan", sin(a) / cos(a), tan(a));
  product("cos/sin = cot", cos(a) / sin(a), cot(a));
  product("sinh/cosh = tanh", sinh(a) / cosh(a), tanh(a));
  product("cosh/sinh = coth", cosh(a) / sinh(a), coth(a));
  product("x sign x = |x|", a * sign(a), abs(a));
  product("|x| sign x = x", abs(a) * sign(a), a);
  product("|x|/x = sign x", abs(a) / a, sign(a), Domain::nonzero());
  product("sign x/|x| = 1/x", sign(a) / abs(a), 1 / a);
  product("x/|x| = sign x", a / abs(a), sign(a), Domain::nonzero());

  const auto with = [&](std::string_view name, Handle before, Handle after, Handle of) {
    products.push_back({name, before.node, after.node, Validity::needs, of.node, Domain::nonzero()});
  };
  with("tan cos = sin", tan(a) * cos(a), sin(a), cos(a));
  with("cot sin = cos", cot(a) * sin(a), cos(a), sin(a));
  with("sec cos = 1", call<Sec>(a) * cos(a), one, cos(a));
  with("csc sin = 1", call<Csc>(a) * sin(a), one, sin(a));
  with("coth sinh = cosh", coth(a) * sinh(a), cosh(a), a);
  with("csch sinh = 1", call<Csch>(a) * sinh(a), one, a);
  product("tanh cosh = sinh", tanh(a) * cosh(a), sinh(a));
  product("sech cosh = 1", call<Sech>(a) * cosh(a), one);
  const auto halved = [&](std::string_view name, Handle before, Handle after) {
    products.push_back({name, before.node, after.node, Validity::exact, nullptr, Domain::all(), true});
  };
  halved("2 sin cos = sin 2x", sin(a) * cos(a), sin(2 * a) / 2);
  halved("2 sinh cosh = sinh 2x", sinh(a) * cosh(a), sinh(2 * a) / 2);

  const auto node = [&](std::string_view name, Handle before, Handle after, Domain needs = Domain::all()) {
    nodes.push_back({name, before.node, after.node, needs.is_all() ? Validity::exact : Validity::needs, a.node, needs});
  };
  node("tan(atan x) = x", tan(call<Atan>(a)), a);
  node("sinh(asinh x) = x", sinh(call<Asinh>(a)), a);
  node("asinh(sinh x) = x", call<Asinh>(sinh(a)), a);
  node("atanh(tanh x) = x", call<Atanh>(tanh(a)), a);
  node("sin(asin x) = x", sin(call<Asin>(a)), a, Domain::from_to(-1, 1));
  node("cos(acos x) = x", cos(call<Acos>(a)), a, Domain::from_to(-1, 1));
  node("tanh(atanh x) = x", tanh(call<Atanh>(a)), a, Domain::between(-1, 1));
  node("cosh(acosh x) = x", cosh(call<Acosh>(a)), a, Domain::at_least(1));
  node("exp(log x) = x", exp(log(a)), a, Domain::above(0));
  node("exp(log1p x) = 1 + x", exp(call<Log1p>(a)), 1 + a, Domain::above(-1));
  node("cbrt(x)³ = x", a.like(context.pow(call<Cbrt>(a).node, 3)), a);
}

const RuleBook& rule_book() {
  static const RuleBook book;
  return book;
}

}  // namespace gradus

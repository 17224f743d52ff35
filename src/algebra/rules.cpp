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
  const auto sum = [&](std::string_view name, Handle before, Handle after) {
    sums.push_back({name, before.node, after.node, Validity::exact, nullptr, Domain::all()});
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

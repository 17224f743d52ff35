// Formulas grown from the fuzzer's bytes; their derivative and its simplified form must agree wherever the conditions
// hold that simplify recorded: the same value, or none in both. (sign(x)^2 is 1 for x != 0, and 0 at 0.)
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/text/print.hpp"

using namespace gradus;

namespace {

NodePtr grow(Context& c, NodePtr x, NodePtr y, const std::uint8_t* bytes, std::size_t size) {
  std::vector<NodePtr> pool{x, y, c.integer(1), c.integer(2), c.rational(Rational(1, 2)), c.integer(-3), c.pi()};
  for (std::size_t i = 0; i + 2 < size && i < 36; i += 3) {
    const NodePtr a = bytes[i + 1] < 128 ? pool.back() : pool[bytes[i + 1] % pool.size()],
                  b = pool[bytes[i + 2] % pool.size()];
    const int op = bytes[i] % (9 + PointwiseOps::size);
    const NodePtr pair[] = {a, b};
    switch (op) {
      case 0:
        pool.push_back(c.add(a, b));
        break;
      case 1:
        pool.push_back(c.sub(a, b));
        break;
      case 2:
      case 3:
        pool.push_back(c.mul(a, b));
        break;
      case 4:
        pool.push_back(c.div(a, b));
        break;
      case 5:
        pool.push_back(c.pow(a, bytes[i + 2] % 7 - 3));
        break;
      case 6:
        pool.push_back(c.pow(a, c.rational(Rational(bytes[i + 2] % 9 - 4, 2 + bytes[i + 2] % 2))));
        break;
      case 7:
        pool.push_back(c.minmax(bytes[i + 2] % 2 ? Op::max : Op::min, pair));
        break;
      case 8:
        pool.push_back(c.select(c.compare(Op::less, a, b), b, a));
        break;
      default: {
        const Op record = Op(int(Op::first_pointwise) + op - 9);
        if (info_of(record).origin != Origin::scalar) {
          if (bytes[i + 2] % 8 != 0) break;  // they would take the time of all others
          if (info_of(record).arity == 1) pool.push_back(c.apply(record, a));
          if (info_of(record).arity == 2 && info_of(record).rigid == 1)
            pool.push_back(c.apply(record, c.integer(bytes[i + 2] / 8 % 4), a));
          break;
        }
        pool.push_back(info_of(record).arity == 1 ? c.apply(record, a) : c.apply(record, a, b));
      }
    }
    if (pool.back()->is(Op::error)) return nullptr;
  }
  return pool.back();
}

// Where such a power has the base 0, evaluation has rules for the product it stands in (evaluate.hpp), so whether there
// is a value depends on the form.
bool has_varying_exponent(Context& c, NodePtr n) {
  for (const NodePtr o : post_order(c, n))
    if (o->op == op_of<ops::Pow> && !o->operand(1)->is_rational()) return true;
  return false;
}

bool violated(Context& c, const Condition& condition, std::span<const Binding> point, const EvaluateOptions& options) {
  const Value v = evaluate_certain(c, condition.argument, point, options);
  if (!v.ok()) return true;
  const bool whole = v.exact ? v.exact->is_integer() : v.number == std::floor(v.number);
  if (condition.not_an_integer && whole)  // an integer may be inside must_lie_in only
    return condition.must_lie_in.is_all() || !condition.must_lie_in.contains(v.number);
  return !condition.not_an_integer && !condition.must_lie_in.contains(v.number);
}

[[noreturn]] void disagree(Context& c, const char* what, NodePtr f, NodePtr d, NodePtr s, const Value& a,
                           const Value& b, std::span<const Binding> point) {
  std::fprintf(stderr, "%s\n f  = %s\n f' = %s\n    = %s (%s)\n simplified %s\n    = %s (%s)\n", what,
               to_text(c, f).c_str(), to_text(c, d).c_str(), a.text.c_str(), a.reason.c_str(), to_text(c, s).c_str(),
               b.text.c_str(), b.reason.c_str());
  for (const Binding& p : point) std::fprintf(stderr, " at %s\n", to_text(c, p.value).c_str());
  std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Context c(Policy::formula(), {.nodes = 50'000, .bytes = std::size_t(64) << 20});
  const NodePtr x = c.symbol("x"), y = c.symbol("y");
  const NodePtr f = grow(c, x, y, bytes, size);
  if (!f) return 0;
  const NodePtr d = diff(c, f, x);
  if (d->is(Op::error)) return 0;
  const Simplified s = simplify(c, d);
  if (s.expr->is(Op::error)) return 0;
  if (simplify(c, s.expr).expr != s.expr && !c.failure())
    disagree(c, "not idempotent", f, d, simplify(c, s.expr).expr, {}, {}, {});
  const EvaluateOptions options{.digits = 12, .max_bits = 1024};
  for (const auto& [p, q] : {std::pair(Rational(7, 10), Rational(6, 5)), std::pair(Rational(-13, 10), Rational(1, 3)),
                             std::pair(Rational(5, 2), Rational(-2, 3)), std::pair(Rational(0), Rational(1))}) {
    const Binding point[] = {{x, c.rational(p)}, {y, c.rational(q)}};
    const Value a = evaluate_certain(c, d, point, options), b = evaluate_certain(c, s.expr, point, options);
    const bool lost = a.ok() && b.status == Status::undefined, gained = a.status == Status::undefined && b.ok();
    const bool differ = a.ok() && b.ok() && std::abs(a.number - b.number) > 1e-10 * std::abs(a.number);
    if (!lost && !gained && !differ) continue;
    bool excused = gained && has_varying_exponent(c, d);
    for (const Condition& condition : s.conditions) excused = excused || violated(c, condition, point, options);
    if (!excused)
      disagree(c,
               differ ? "values differ"
               : lost ? "a value was lost"
                      : "a value was gained without a condition",
               f, d, s.expr, a, b, point);
  }
  return 0;
}

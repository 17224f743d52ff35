// Simple exact values of the special functions, used at construction like sin(pi) = 0.
#include "core/draft.hpp"

namespace gradus {
namespace {
template <class Record> constexpr int is = int(op_of<Record>);
constexpr std::int64_t largest_factorial = 1000;

std::optional<std::int64_t> integer_of(NodePtr n) { return n->is_rational() ? n->value().to_int() : std::nullopt; }
}  // namespace

// The value at constants, or a form without the special function that has the same domain; null where there is none.
NodePtr Context::fold_special(Op op, std::span<const NodePtr> x) {
  using namespace ops;
  const auto first = integer_of(x[0]);
  switch (int(op)) {
    case is<Gamma>:
      if (!first || *first < 1 || *first > largest_factorial) return nullptr;
      return rational(Rational::factorial(*first - 1));
    case is<Lgamma>:
      return first && (*first == 1 || *first == 2) ? integer(0) : nullptr;
    case is<Zeta>:
      if (first == 0) return rational(Rational(-1, 2));
      if (first == 2) return scale(pow(pi(), 2), Rational(1, 6));
      return first == 4 ? scale(pow(pi(), 4), Rational(1, 90)) : nullptr;
    case is<Polygamma>:
      return first == 0 ? apply(op_of<Digamma>, x[1]) : nullptr;
    case is<ZetaPrime>:
      return first == 0 ? apply(op_of<Zeta>, x[1]) : nullptr;
    case is<BesselJ>:
    case is<BesselY>:
      // Of integer orders: J_-n = (-1)^n J_n.
      if (first && *first < 0) return scale(apply(op, integer(-*first), x[1]), Rational(*first % 2 == 0 ? 1 : -1));
      if (op == op_of<BesselJ> && first && x[1]->is_zero()) return integer(*first == 0 ? 1 : 0);
      return nullptr;
    case is<BesselI>:
      if (first && *first < 0) return apply(op, integer(-*first), x[1]);
      return first && x[1]->is_zero() ? integer(*first == 0 ? 1 : 0) : nullptr;
    case is<BesselK>:  // even in the order
      return x[0]->is_rational() && x[0]->value().sign() < 0 ? apply(op, scale(x[0], Rational(-1)), x[1]) : nullptr;
    case is<Polylog>:
      if (first == 1) return neg(apply(op_of<Log>, sub(integer(1), x[1])));
      if (first == 0) return div(x[1], sub(integer(1), x[1]));
      if (first == -1) return div(x[1], pow(sub(integer(1), x[1]), 2));
      return x[1]->is_zero() ? integer(0) : nullptr;
    case is<EllipticK>:
    case is<EllipticEComplete>:
      return x[0]->is_zero() ? scale(pi(), Rational(1, 2)) : nullptr;
    case is<EllipticF>:
    case is<EllipticE>:
      return x[0]->is_zero() ? integer(0) : x[1]->is_zero() ? x[0] : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace gradus

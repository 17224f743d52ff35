// Facts of a node from the facts of its operands: sign, integrality, totality.
#include "core/draft.hpp"
#include "gradus/core/existence.hpp"

namespace gradus {
namespace {

// Ops whose record tells their domain by a visitor: they may have no value.
constexpr auto conditional = [] {
  std::array<bool, PointwiseOps::size> table{};
  std::size_t i = 0;
  PointwiseOps::for_each([&]<class Record> {
    table[i++] = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return tells_domain<Record, ExistenceOfDoubles, decltype(double(I))...>;
    }
    (std::make_index_sequence<Record::info.arity>());
  });
  return table;
}();

constexpr Facts sign_bits = nonnegative | nonpositive | nonzero;

Facts sum_facts(std::span<const NodePtr> terms) {
  Facts all = 0xFF, any = 0;
  for (const NodePtr t : terms) all &= t->facts, any |= t->facts;
  Facts f = all & (nonnegative | nonpositive | integral | total);
  // A sum of terms of one sign is nonzero when one of them is.
  if ((all & (nonnegative | nonpositive)) != 0 && (any & nonzero) != 0) f |= nonzero;
  return f;
}

Facts product_facts(std::span<const NodePtr> factors) {
  Facts f = nonzero | integral | total;
  int sign = 1;  // 0: unknown
  for (const NodePtr x : factors) {
    f &= x->facts;
    if (x->has(nonpositive) && !x->has(nonnegative))
      sign = -sign;
    else if (!x->has(nonnegative))
      sign = 0;
  }
  if (sign > 0) f |= nonnegative;
  if (sign < 0) f |= nonpositive;
  return f;
}

Facts power_facts(NodePtr base, NodePtr exponent) {
  Facts f = 0;
  const bool constant = exponent->is_rational();
  const bool whole = exponent->has(integral);
  if (base->positive()) {
    f |= nonnegative | nonzero | (exponent->facts & base->facts & total);
    if (constant && whole && exponent->value().sign() >= 0) f |= base->facts & integral;
    return f;
  }
  if (!constant) return base->has(nonnegative) ? nonnegative : Facts(0);
  const Rational& p = exponent->value();
  if (p.is_integer()) {
    if (p.is_even_integer() || base->has(nonnegative))
      f |= nonnegative;
    else if (base->has(nonpositive))
      f |= nonpositive;
    f |= base->facts & nonzero;
    if (p.sign() >= 0)
      f |= base->facts & (integral | total);
    else if (base->has(nonzero))
      f |= base->facts & total;
  } else {
    f |= nonnegative | (base->facts & nonzero);  // it exists only for a base >= 0
    if (base->has(nonnegative) && p.sign() > 0) f |= base->facts & total;
  }
  return f;
}

Facts record_facts(Op op, std::span<const NodePtr> x) {
  if (op == op_of<ops::Abs>) return nonnegative | (x[0]->facts & (nonzero | integral | total));
  if (op == op_of<ops::Floor>) return integral | (x[0]->facts & (nonnegative | total));
  if (op == op_of<ops::Ceil>) return integral | (x[0]->facts & (nonpositive | total));
  if (op == op_of<ops::Atan2>) return 0;  // missing at the origin
  if (op == op_of<ops::Root>) {
    const bool odd = x[1]->is_rational() && x[1]->value().is_odd_integer() && x[1]->value().sign() > 0;
    return odd ? x[0]->facts & (sign_bits | total) : x[0]->facts & nonnegative;
  }
  const OpInfo& info = info_of(op);
  Facts f = 0;
  if (info.image == Image::positive) f |= nonnegative | nonzero;
  if (info.image == Image::nonnegative) f |= nonnegative;
  if (info.image == Image::as_argument) f |= x[std::size_t(info.main)]->facts & sign_bits;
  if (conditional[std::size_t(op) - std::size_t(Op::first_pointwise)]) return f;
  if (info.domain.is_all() && !info.poles) {
    Facts t = total;
    for (const NodePtr o : x) t &= o->facts;
    f |= t;
  } else if (info.domain.lo == 0 && !info.domain.complement && info.domain.lo_open && info.domain.hi > 1e300) {
    if (info.arity == 1 && x[0]->positive()) f |= x[0]->facts & total;  // log of a positive number
  }
  if (info.breaks == Break::jump_at_zero || info.breaks == Break::jump_at_integers) f |= integral;
  return f;
}
}  // namespace

Facts facts_of(Op op, std::span<const NodePtr> x) {
  Facts all = 0xFF;
  for (const NodePtr o : x) all &= o->facts;
  if (is_truth(op)) return Facts(nonnegative | integral | (all & total));
  switch (op) {
    case Op::add:
      return sum_facts(x);
    case Op::mul:
      return product_facts(x);
    case op_of<ops::Pow>:
      return power_facts(x[0], x[1]);
    case Op::min:
    case Op::max:
      return all & (sign_bits | integral | total);
    case Op::select:
      return x[1]->facts & x[2]->facts & (x[0]->has(total) ? ~0u : ~total);
    case Op::stack:
    case Op::broadcast:
    case Op::held:
      return all;
    case Op::reduce_sum:
      return all & (x[0]->has(nonnegative) || x[0]->has(nonpositive) ? ~0u : ~nonzero);
    case Op::reduce_max:
      return all;
    case Op::sum_over:
      return x[0]->facts & (nonnegative | nonpositive | integral | total);
    case Op::prod_over:
      return x[0]->facts & (nonnegative | nonzero | integral | total);
    case Op::integral_over:  // a body that is total is bounded on every range
      return x[0]->facts & x[1]->facts & x[2]->facts & total;
    default:
      return is_pointwise_record(op) ? record_facts(op, x) : Facts(0);
  }
}

}  // namespace gradus

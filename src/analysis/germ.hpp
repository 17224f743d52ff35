// One-sided germs: what a function is just beside a point, as a truncated series in fractional powers of the distance t
// -> 0+ (Puiseux series; leading exponents may be negative) with a big-O remainder:
//   f = c[0] t^(v/q) + c[1] t^((v+1)/q) + ... + O(t^(end/q)).
// One arithmetic decides limits, one-sided derivatives, kinks, jumps, poles, vertical tangents and removable gaps: at a
// kink the branch is chosen by the sign of the leading term of its argument. Ops take part through their records'
// `partials`, instantiated with Germ. Remainders that do not come from convergent series (x^2 sin(1/x), exp(-1/x^2))
// only bound the value: `analytic` is off and their derivatives are not read off.
#pragma once
#include <limits>
#include <span>
#include <vector>

#include "analysis/coefficient.hpp"

namespace gradus::analysis {

struct Germ {
  enum class State : unsigned char {
    known,
    absent,  // no value on this side
    open,    // not decided: `reason` says why
  };
  static constexpr int exact = std::numeric_limits<int>::max() / 4;  // `end` of a finite series without remainder

  Ground* ground = nullptr;
  State state = State::known;
  bool analytic = true;
  signed char tends = 0;  // to +infinity or -infinity although only a remainder is known: log t
  const char* reason = "";
  int q = 1, v = 0, end = exact;
  std::vector<Coefficient> c;

  static Germ constant(Ground& ground, Coefficient value);
  static Germ integer(Ground& ground, int value) { return constant(ground, ground.rational(Rational(value))); }
  /// value + slope * t
  static Germ line(Ground& ground, const Germ& value, Coefficient slope);
  static Germ none(Ground& ground, const char* reason);
  static Germ undecided(Ground& ground, const char* reason);
  /// O(t^(end/q)) and nothing more.
  static Germ remainder(Ground& ground, int end, int q);

  bool known() const { return state == State::known; }
  bool is_exact_zero() const { return known() && c.empty() && end >= exact; }
  /// Exactly its constant term.
  bool is_constant() const { return known() && end >= exact && (c.empty() || (c.size() == 1 && v == 0)); }
  /// Coefficient of t^(k/q); zero where none is stored. Meaningful for k < end.
  Coefficient at(int k) const;
  /// Sign of the value for all small t > 0.
  Sign sign() const;
  /// Strips leading zeros and what lies beyond the remainder or the number of terms kept.
  Germ& tidy();
  /// The same in powers of t^(1/denominator).
  Germ& refine(int denominator);
  /// Without its remainder, as an exact series.
  Germ polynomial() const;
  Germ& limit_to(int new_end);
};

Germ operator+(const Germ& a, const Germ& b);
Germ operator-(const Germ& a);
Germ operator*(const Germ& a, const Germ& b);
Germ operator/(const Germ& a, const Germ& b);
inline Germ operator-(const Germ& a, const Germ& b) { return a + -b; }
inline Germ operator+(const Germ& a, int b) { return a + Germ::integer(*a.ground, b); }
inline Germ operator+(int a, const Germ& b) { return b + a; }
inline Germ operator-(const Germ& a, int b) { return a + -b; }
inline Germ operator-(int a, const Germ& b) { return -b + a; }
inline Germ operator*(const Germ& a, int b) { return a * Germ::integer(*a.ground, b); }
inline Germ operator*(int a, const Germ& b) { return b * a; }
inline Germ operator/(int a, const Germ& b) { return Germ::integer(*b.ground, a) / b; }
/// d/dt of a finite series.
Germ derivative(const Germ& a);
Germ power(const Germ& a, const Rational& p);

#define X(Record, name) Germ name(const Germ& x);
GRADUS_UNARY_OPS(X)
#undef X
#define X(Record, name) Germ name(const Germ& a, const Germ& x);
GRADUS_SPECIAL_BINARY_OPS(X)
#undef X
#define X(Record, name) Germ name(const Germ& a, const Germ& b, const Germ& x);
GRADUS_SPECIAL_TERNARY_OPS(X)
#undef X
Germ sqrt(const Germ& x);
Germ pow(const Germ& x, const Germ& p);
Germ root(const Germ& x, const Germ& n);
Germ atan2(const Germ& y, const Germ& x);
Germ pi_like(const Germ& x);

/// The smaller (`least`) or larger of the two, beside the point.
Germ extremum(const Germ& a, const Germ& b, bool least);
/// Both where they agree, bounded where they part.
Germ join(const Germ& a, const Germ& b);

/// A coordinate that moves: symbol = value + slope * t.
struct Motion {
  NodePtr symbol;
  NodePtr value;  // free of symbols
  NodePtr slope;
};

/// The constant that a formula without symbols is.
Germ germ_of_constant(Ground& ground, NodePtr root);

/// The germ of `root`, whose free symbols are those that move.
/// Cost: O(nodes * terms^2).
Germ germ_of(Ground& ground, NodePtr root, std::span<const Motion> motions);

/// `root` with sums and products over an index written out, where their bounds are whole numbers and the terms few.
NodePtr unrolled(Context& context, NodePtr root);

}  // namespace gradus::analysis

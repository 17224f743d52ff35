// Coefficients of germs: a real number known twice, as a formula that canonical construction folds (so that sin pi or
// sqrt(2)^2 - 2 is exactly 0) and as an enclosure at the working precision. The formula is dropped (null) when it
// grows.
#pragma once
#include <span>

#include "gradus/core/context.hpp"
#include "gradus/numeric/enclosure.hpp"
#include "gradus/numeric/evaluate.hpp"

namespace gradus::analysis {

struct Coefficient {
  NodePtr node = nullptr;
  Enclosure bounds;
};

enum class Sign : signed char { negative = -1, zero = 0, positive = 1, unknown = 2 };

/// What germs stand on: the context of their coefficients, how many terms they keep, and whether a number that no
/// computation told from zero was taken for zero.
class Ground {
 public:
  Ground(Context& context, int terms) : context_(context), terms_(terms) {}
  Context& context() { return context_; }
  int terms() const { return terms_; }
  bool assumed() const { return assumed_; }

  Coefficient rational(const Rational& value);
  Coefficient pi();
  Coefficient add(const Coefficient& a, const Coefficient& b);
  Coefficient mul(const Coefficient& a, const Coefficient& b);
  Coefficient scale(const Coefficient& a, const Rational& c);
  Coefficient inverse(const Coefficient& a);
  Coefficient pow(const Coefficient& a, const Rational& p);
  Coefficient apply(Op op, const Coefficient& a);
  Coefficient apply(Op op, std::span<const Coefficient* const> operands);

  /// Zero when proven, or (with `assumed` set) when no bits at the working precision tell it from zero.
  Sign sign(const Coefficient& a);
  /// The number with `digits` digits; undetermined where its sign is unknown.
  Value value(const Coefficient& a, int digits);

 private:
  Coefficient keep(NodePtr node, Enclosure bounds);
  Context& context_;
  int terms_;
  bool assumed_ = false;
};

/// A Value that is the rational number.
Value exact_value(Context& context, const Rational& r, int digits);

}  // namespace gradus::analysis

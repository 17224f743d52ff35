// Tick positions in steps of 1, 2 or 5 times a power of ten, with the labels that tell them apart.
#pragma once

#include <string>
#include <vector>

#include "gradus/plot/scene.hpp"

namespace gradus::plot {

/// m·10^exponent with m one of 1, 2, 5. Multiples are computed by one multiplication or division, so that 3·0.1 is the
/// double nearest to 0.3.
struct RoundStep {
  int mantissa = 1, exponent = 0;
  double value() const;
  double multiple(double k) const;
};

/// The smallest round step that is at least `least` (> 0).
RoundStep round_step(double least);

struct Tick {
  double at = 0;
  std::string label;  ///< empty on a minor tick
};

struct Ticks {
  std::vector<Tick> marks;
  std::string factor;  ///< "×10⁶" when the labels are to be multiplied by it; empty otherwise
};

/// At most about `most` labelled ticks inside the axis' range.
Ticks make_ticks(const Axis& axis, int most);

}  // namespace gradus::plot

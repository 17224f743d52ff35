// Where the pen leaves the paper: the exact place of a jump, a pole, a hole or the edge of the domain.
#pragma once

#include <optional>

#include "gradus/plot/sample.hpp"

namespace gradus::plot {

/// Two neighbours between which f breaks, as close as doubles allow.
struct Bracket {
  Point left, right;
};

/// Bisects between two finite samples towards the larger difference. Empty when the difference melts away, that is when
/// f is merely steep.
std::optional<Bracket> locate_jump(const Function& f, Point a, Point b, double resolution);

/// Bisects between a sample with a value and one without. `left`, `right` keep the order of a and b.
Bracket locate_edge(const Function& f, Point a, Point b, double resolution);

/// Leaves the view so far that only a divergence explains it.
bool diverges(double v, Range y);

/// The shortest decimal in [low, high], if it has at most nine digits: where a formula means its break to be.
std::optional<double> round_number_in(double low, double high);

/// The ends of two pieces that break at one place.
struct Break {
  Point left, right;         ///< last sample before, first after
  double low = 0, high = 0;  ///< bracket of the place
};

/// Adds rings, discs and an asymptote for a break inside the range. A removable hole (both limits equal) gets one ring.
void mark_break(const Function& f, const Break& at, Range x, Range y, Curve& curve);

}  // namespace gradus::plot

// Small square interval matrices, row-major: what the search for zeros of a gradient needs of linear algebra.
#pragma once
#include <optional>
#include <vector>

#include "gradus/numeric/bounds.hpp"

namespace gradus::analysis {
using numeric::Bounds;
using Box = std::vector<Bounds>;

inline double middle(const Bounds& x) { return x.lo + (x.hi - x.lo) / 2; }
inline double width(const Bounds& x) { return x.hi - x.lo; }
inline double magnitude(const Bounds& x) { return std::max(std::abs(x.lo), std::abs(x.hi)); }
inline bool is_bounded(const Bounds& x) { return std::isfinite(x.lo) && std::isfinite(x.hi); }
inline bool is_inside(const Bounds& a, const Bounds& b) { return b.lo <= a.lo && a.hi <= b.hi; }
inline bool overlaps(const Bounds& a, const Bounds& b) { return a.lo <= b.hi && b.lo <= a.hi; }
bool is_inside(const Box& a, const Box& b);
bool overlaps(const Box& a, const Box& b);

inline Bounds negated(const Bounds& x) { return {-x.hi, -x.lo, x.doubts}; }
inline Bounds minus(const Bounds& a, const Bounds& b) { return a + negated(b); }
/// b does not hold 0.
Bounds divided(const Bounds& a, const Bounds& b);

/// An approximate inverse in double arithmetic; nothing where it is singular to rounding.
std::optional<std::vector<double>> inverse(const std::vector<double>& m, std::size_t n);

enum class Definite : unsigned char { positive, negative, indefinite, undecided };

/// What holds for every symmetric matrix in `h`: definite when all pivots of Gaussian elimination are (Sylvester's law
/// of inertia), indefinite when v'Hv has both signs for two vectors v. Cost: O(n^3).
Definite definiteness(const Box& h, std::size_t n);

}  // namespace gradus::analysis

// Random numbers and intervals for tests of enclosures: of all sizes, and at the places where functions turn, break and
// end. Long runs and other seeds come from the environment.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <random>

#include "gradus/numeric/evaluate.hpp"

namespace gradus::testing {

inline long from_environment(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtol(text, nullptr, 10) : otherwise;
}

class RandomIntervals {
 public:
  explicit RandomIntervals(std::uint64_t seed) : random_(seed) {}
  std::mt19937_64& engine() { return random_; }
  double uniform(double lo, double hi) { return std::uniform_real_distribution<>(lo, hi)(random_); }
  std::size_t below(std::size_t n) { return std::size_t(random_() % n); }

  double number() {
    static constexpr double special[] = {0,        1,    -1,        2,        -2,     0.5,  -0.5,
                                         M_PI / 2, M_PI, -M_PI / 2, 3 * M_PI, 1e-300, 1e300};
    switch (random_() % 8) {
      case 0:
        return special[random_() % std::size(special)];
      case 1:
        return std::nextafter(special[random_() % std::size(special)], random_() % 2 ? INFINITY : -INFINITY);
      case 2:
        return std::ldexp(uniform(-1, 1), int(random_() % 80) - 40);
      case 3:
        return double(std::int64_t(random_() % 21) - 10);
      case 4:
        return uniform(-1, 1);
      default:
        return uniform(-20, 20);
    }
  }
  /// An interval with an end at `a`: a point, a tiny one, or one to any other number.
  Interval interval(double a) {
    if (random_() % 8 == 0) return {a, a};
    const double b = random_() % 2 ? number() : a + std::ldexp(uniform(0, 1), -int(random_() % 50)) * (1 + std::abs(a));
    return {std::min(a, b), std::max(a, b)};
  }
  Interval interval() { return interval(number()); }
  double point_in(const Interval& x) {
    switch (random_() % 5) {
      case 0:
        return x.lo;
      case 1:
        return x.hi;
      default:
        return std::clamp(x.lo + uniform(0, 1) * (x.hi - x.lo), x.lo, x.hi);
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace gradus::testing

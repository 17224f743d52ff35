// Values of ∫_a^b f(t) dt: proven in enclosures, to a dozen digits in doubles.
// Method: see quadrature.cpp. The integrand runs in machines of its own, one for each family of numbers.
#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <type_traits>

#include "numeric/numbers.hpp"
#include "numeric/plan.hpp"

namespace gradus::numeric {

struct Problem {
  Code code;
  std::string reason;
};

/// One integral to compute: the plan of its integrand, what that captures, and what went wrong.
struct Integral {
  const Plan& body;
  const Binder& binder;
  std::chrono::steady_clock::time_point deadline;
  std::optional<Problem> problem;
};

/// An enclosure of the integral for all bounds and captured values in theirs; `partial` where the integrand may have
/// no value, or none that is bounded.
Enclosure enclosed_integral(Integral& task, std::span<const Enclosure> captured, const Enclosure& lower,
                            const Enclosure& upper);
/// In doubles: NaN where the integrand is.
double double_integral(Integral& task, std::span<const double> captured, double lower, double upper);

template <class N>
typename N::T integrate(Integral& task, std::span<const typename N::T> captured, const typename N::T& lower,
                        const typename N::T& upper) {
  if constexpr (std::is_same_v<N, Doubles>) {
    return double_integral(task, captured, lower, upper);
  } else if constexpr (std::is_same_v<N, Boxes>) {
    return enclosed_integral(task, captured, lower, upper);
  } else if constexpr (std::is_same_v<N, Points>) {
    std::vector<Enclosure> plain;
    for (const Certain& c : captured) plain.push_back(c.to_enclosure());
    return Certain::settle(enclosed_integral(task, plain, lower.to_enclosure(), upper.to_enclosure()));
  } else {
    return N::integral(task, captured, lower, upper);
  }
}

}  // namespace gradus::numeric

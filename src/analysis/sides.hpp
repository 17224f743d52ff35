// Limits and one-sided derivatives read off germs.
#pragma once
#include "analysis/germ.hpp"
#include "gradus/analysis/point.hpp"

namespace gradus::analysis {

inline constexpr int first_terms = 6, more_terms = 16;
inline constexpr int germ_bits = 256;

/// lim f on the side of the germ.
OneSided limit_of(const Germ& g, int digits);

/// That there is no value, and why.
Value no_value(Code code, std::string reason, Status status = Status::undefined);

/// f(a) as a germ that does not move; missing or open like the value.
Germ value_germ(Ground& ground, NodePtr value);

/// lim (f - f(a))/t; `rest` is the germ of f - f(a).
OneSided slope_of(const Germ& rest, int digits);

/// Coefficient of t^k where f has a series with whole powers up to there; null otherwise.
const Coefficient* whole_coefficient(const Germ& g, int k, Coefficient& storage);

/// A box around a coordinate, wide enough that what holds on it holds beside the point.
Interval neighbourhood(const Value& coordinate);

/// The negative of a one-sided limit: slopes to the left.
OneSided negated(Context& context, const OneSided& s);

}  // namespace gradus::analysis

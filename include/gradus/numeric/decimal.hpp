// Decimal text of high-precision numbers.
#pragma once
#include <mpfr.h>

#include <string>

#include "gradus/core/rational.hpp"

namespace gradus {

/// `value` rounded to `digits` significant decimal digits, without trailing zeros: "0.25", "-1.5e-12", "6.02e+23".
/// Plain notation for 1e-5 <= |value| < 10^max(digits, 6), scientific otherwise; "nan", "inf", "-inf" for the rest.
std::string decimal_text(mpfr_srcptr value, int digits);

/// The same of an exact number: correctly rounded, all its digits when there are no more than `digits`.
std::string decimal_text(const Rational& value, int digits);

}  // namespace gradus

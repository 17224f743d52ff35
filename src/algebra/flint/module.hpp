// The one door of libgradus-flint.so.
#pragma once

#include <cstddef>

namespace gradus {

/// One term of a polynomial: a rational as text ("-3/4") and an exponent for each variable.
struct PlainTerm {
  const char* coefficient;
  const unsigned long* exponents;
};

/// Takes a factor as its terms and its power; the constant comes first, with exponents 0.
using FactorSink = void (*)(void* context, const PlainTerm* terms, std::size_t count, unsigned long power);

/// Factors a polynomial over the rationals. Returns null, or what went wrong (a static text).
using FactorPolynomial = const char*(std::size_t variables, const PlainTerm* terms, std::size_t count, FactorSink sink,
                                     void* context);

}  // namespace gradus

// Programs as C++ source.
#pragma once
#include <string>

#include "gradus/program/program.hpp"

namespace gradus::program {

/// A self-contained C++17 file with one function, `void name(const double* x, ..., double* out, ..., std::size_t n,
/// ...)`: the inputs, the outputs, then the named sizes, as to_text lists them; lengths like n-1 follow from n. A place
/// out of range is NaN, and nothing is added there. A while loop has no budget: it goes round as long as it is told to;
/// memory that runs out is std::bad_alloc. Numeric: the operations of the program one element after the other, so sums
/// differ in rounding from the vectorised
///          ones, and functions are those of the C library; special functions those of Boost.Math.
/// Errors:  empty when the program calls LAPACK or a special function that has no form in C++ (Si, polylog, ...).
std::string to_cpp(const Program& program, const std::string& name);

/// What of a program has no form in C++, by name; empty if all has.
std::string why_no_cpp(const Program& program);

}  // namespace gradus::program

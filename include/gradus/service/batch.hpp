// Requests line by line.
#pragma once
#include <cstdio>

#include "gradus/service/request.hpp"

namespace gradus::service {

/// Answers each line of `in` with one line on `out`, in order, and flushes after each. Blank lines are skipped.
/// A line longer than 64 MB is answered by an error (E601) without being kept.
/// Returns 0, or 5 when `out` cannot be written.
int run_batch(std::FILE* in, std::FILE* out, const Request& defaults);

}  // namespace gradus::service

// From a request to its answer.
#pragma once
#include "gradus/service/answer.hpp"
#include "gradus/service/request.hpp"

namespace gradus::service {

/// Answers a request of any verb that takes formulas; the others (batch, tutorial, help) are programs of their own.
/// Each call has a context of its own within the request's limits, so calls do not see each other.
/// Errors:  in the answer, never thrown.
Answer run(const Request& request);

}  // namespace gradus::service

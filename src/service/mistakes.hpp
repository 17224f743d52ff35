// The usual mistakes in differentiating, made on purpose: an answer that agrees with one of them has made it.
#pragma once
#include <string>

#include "gradus/core/context.hpp"
#include "service/explain_check.hpp"

namespace gradus::service {

/// What went wrong in `answer`, in a sentence; empty when it is none of the usual. `derivative` is the right one.
std::string diagnose(Context& context, StepChecker& checker, NodePtr f, NodePtr x, NodePtr derivative, NodePtr answer);

}  // namespace gradus::service

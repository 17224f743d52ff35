// The equation that a verb was given.
#pragma once
#include <optional>

#include "service/session.hpp"

namespace gradus::service {

struct Equation {
  NodePtr left, right;
};

/// Of `x^2 + y^2 = 1`, `y = x^2` (read as a definition) or a formula alone (= 0). Fails for anything else.
std::optional<Equation> equation_of(Session& session);

/// `implicit` with the steps that lead there: the derivatives of F in both variables, and what follows from them.
void explain_implicit(Session& session);

}  // namespace gradus::service

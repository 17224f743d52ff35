// Explanations as text and as LaTeX.
#pragma once
#include <string>

#include "gradus/service/answer.hpp"

namespace gradus::service {

std::string explanation_text(const Answer& answer, bool color);
/// One align* environment for each explanation, the rules in words beside it.
std::string explanation_latex(const Answer& answer);

/// "checked at x = 0.7, 1.3", "not checked: …".
std::string check_text(const StepCheck& check);

}  // namespace gradus::service

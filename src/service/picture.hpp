// Scenes from formulas: curves of one variable, level lines of two, paths of descent on both.
#pragma once
#include <optional>

#include "gradus/analysis/descend.hpp"
#include "gradus/plot/scene.hpp"
#include "service/range.hpp"
#include "service/session.hpp"

namespace gradus::service {

/// The variables that a picture of the formulas spans: --wrt, or the symbols that --at leaves free.
/// Fails (E403) when there are more than two.
std::vector<NodePtr> free_variables(Session& session);

/// The values that --at gives to symbols.
const Point& fixed_point(const Session& session);

/// What to call a formula in a legend: its text when short, else its name.
std::string legend_label(Session& session, const Function& function);

/// Curves of the formulas in x, with what the request asks for beside them.
std::optional<plot::Scene> curves_scene(Session& session, NodePtr x, const Descent* descent);
/// Level lines of the formula in x and y, with the gradient field and the path if asked for.
std::optional<plot::Scene> levels_scene(Session& session, NodePtr x, NodePtr y, const Descent* descent);
/// The value against the number of the step.
plot::Scene progress_scene(const Descent& descent, const std::string& label);

/// The descent that --start, --rate, --steps, --tolerance and --ascend describe, in the session's variables.
std::optional<Descent> descend_from_request(Session& session);

}  // namespace gradus::service

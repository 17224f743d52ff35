// What a picture marks on its curves and level lines: what the analysis finds there.
#pragma once
#include <optional>

#include "gradus/analysis/descend.hpp"
#include "gradus/plot/scene.hpp"
#include "service/session.hpp"

namespace gradus::service {

/// The slope of f at x = contact: infinite where the tangent is vertical. Fails (E401) where there is none, at a kink
/// too.
std::optional<double> slope_of_tangent(Session& session, NodePtr f, NodePtr x, double contact);

/// Marks the stationary points and kinks of the formulas, and the inflections when there is one formula only. At a kink
/// the curve of the derivative, if it is drawn, ends on both sides in a ring at the one-sided slope.
void mark_landmarks(Session& session, plot::Scene& scene, NodePtr x, plot::Range range);

/// Marks the stationary points of the formula in x and y within the scene, without words beside a path of descent.
void mark_stationary(Session& session, plot::Scene& scene, NodePtr x, NodePtr y, const Descent* descent);

}  // namespace gradus::service

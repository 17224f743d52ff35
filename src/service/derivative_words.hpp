// What derivatives are called, and the conditions they hold under: shared by the verbs that show them.
#pragma once
#include "service/session.hpp"

namespace gradus::service {

/// f'(x), f''(x), d3f/dx3, d2f/dxdy: `symbols` is how many the formula has.
std::string derivative_label(const Function& f, std::span<const NodePtr> variables, std::size_t symbols);

/// Adds the conditions under which the derivatives of f in the variables hold.
void collect_conditions(Session& session, NodePtr f, std::span<const NodePtr> variables, Conditions& out);

}  // namespace gradus::service

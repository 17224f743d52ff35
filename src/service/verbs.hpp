// One function per verb: it fills the session's answer.
#pragma once
#include "service/session.hpp"

namespace gradus::service {

void run_diff(Session& session);
void run_grad(Session& session);
void run_jacobian(Session& session);
void run_hessian(Session& session);
void run_taylor(Session& session);
void run_tangent(Session& session);
void run_estimate(Session& session);
void run_numeric(Session& session);
void run_interpret(Session& session);
/// The part of `interpret` that answers for the points of --at; on ranges: range_verbs.cpp.
void interpret_at_points(Session& session);
void run_table(Session& session);
void run_plot(Session& session);
void run_simplify(Session& session);
void run_expand(Session& session);
void run_latex(Session& session);
void run_code(Session& session);
void run_descend(Session& session);

}  // namespace gradus::service

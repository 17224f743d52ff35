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
/// Notes on the points that the conditions of a derivative exclude: kinks, jumps, poles, edges.
void put_losses(Session& session, NodePtr f, NodePtr x, const Conditions& needed);
/// The part for boxes, in several variables.
void interpret_box(Session& session);
void run_kinks(Session& session);
void run_domain(Session& session);
void run_check(Session& session);
void run_bounds(Session& session);
void run_table(Session& session);
void run_plot(Session& session);
void run_simplify(Session& session);
void run_expand(Session& session);
void run_latex(Session& session);
void run_code(Session& session);
void run_descend(Session& session);
void run_explain(Session& session);
void run_practice(Session& session);
void run_implicit(Session& session);
void run_divergence(Session& session);
void run_curl(Session& session);
void run_laplacian(Session& session);
void run_normal(Session& session);
void run_factor(Session& session);
void run_cost(Session& session);

}  // namespace gradus::service

// Dispatch of a request to its verb.
#include "gradus/service/run.hpp"

#include <new>

#include "gradus/service/command_table.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

using Run = void (*)(Session&);
constexpr Run runs[] = {run_diff,     run_grad,      run_jacobian,  run_hessian,  run_taylor,   run_tangent,
                        run_estimate, run_numeric,   run_interpret, run_kinks,    run_domain,   run_check,
                        run_bounds,   run_table,     run_plot,      run_simplify, run_expand,   run_latex,
                        run_code,     run_descend,   run_explain,   run_practice, run_implicit, run_divergence,
                        run_curl,     run_laplacian, run_normal,    run_factor,   run_cost};
static_assert(std::size(runs) == std::size_t(Verb::batch));

}  // namespace

Answer run(const Request& request) {
  Answer failed;
  failed.verb = request.verb;
  if (std::size_t(request.verb) >= std::size(runs)) {
    failed.errors = {
        {Code::E702, "'" + std::string(info_of(request.verb).name) + "' is not a question about a formula"}};
    return failed;
  }
  try {
    Session session(request);
    const bool none = request.operands.empty() && info_of(request.verb).operand.starts_with('[');
    if (none || session.read_formulas()) runs[std::size_t(request.verb)](session);
    return session.ok() ? std::move(session.answer) : std::move(*session.failure);
  } catch (const std::bad_alloc&) {
    failed.errors = {{Code::E601, "not enough memory"}};
    return failed;
  }
}

}  // namespace gradus::service

// A function and its derivatives, each lowered by itself.
#include "gradus/calculus/differentiate.hpp"
#include "gradus/program/cost.hpp"
#include "gradus/program/lower.hpp"

namespace gradus {

Result<program::CostReport> cost_report(Context& context, NodePtr f, const std::vector<NodePtr>& inputs,
                                        const program::NamedSizes& sizes, program::Machine machine, Element arithmetic,
                                        std::span<const NodePtr> variables) {
  if (variables.empty()) variables = inputs;
  program::CostReport report{{}, sizes};
  program::LowerOptions options;
  options.machine = machine;
  options.arithmetic = arithmetic;
  std::optional<Diagnostic> failed;
  const auto add = [&](std::string name, const std::vector<NodePtr>& from, const std::vector<NodePtr>& outputs) {
    if (failed) return;
    const auto lowered = program::lower(context, from, outputs, options);
    if (!lowered)
      failed = lowered.error();
    else
      report.rows.push_back({std::move(name), program::cost(*lowered)});
  };
  add("f", inputs, {f});
  std::vector<NodePtr> with_directions = inputs;
  std::vector<std::pair<NodePtr, NodePtr>> seeds;
  for (const NodePtr x : variables) {
    with_directions.push_back(context.fresh_symbol("v", total, x->shape ? *x->shape : Shape{}));
    seeds.emplace_back(x, with_directions.back());
  }
  if (!f->shape) {
    const auto gradient = grad(context, f, variables);
    add("gradient", inputs, gradient);
    std::vector<NodePtr> both{f};
    both.insert(both.end(), gradient.begin(), gradient.end());
    add("f and gradient", inputs, both);
  } else {
    const NodePtr w = context.fresh_symbol("w", total, *f->shape);
    std::vector<NodePtr> from = inputs;
    from.push_back(w);
    add("w J (vjp)", from, vjp(context, f, w, variables));
  }
  add("J v (jvp)", with_directions, {jvp(context, f, seeds)});
  if (!f->shape) {
    std::vector<NodePtr> direction(with_directions.begin() + std::ptrdiff_t(inputs.size()), with_directions.end());
    add("H v (hvp)", with_directions, hvp(context, f, variables, direction));
  }
  if (failed) return *failed;
  return report;
}

Result<program::CostReport> cost_report(const std::function<Array(std::span<const Array>)>& f,
                                        std::span<const Shape> shapes, const program::NamedSizes& sizes,
                                        const CompileOptions& options) {
  const auto context = std::make_shared<Context>(options.policy);
  std::vector<NodePtr> inputs;
  std::vector<Array> arguments;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    inputs.push_back(context->symbol("x" + std::to_string(k), total, shapes[k]));
    arguments.emplace_back(context, inputs.back());
  }
  const Array value = f(arguments);
  if (&value.context() != context.get())
    return Diagnostic{Code::E204, "the function's value was not made from its arguments"};
  return cost_report(*context, value.node(), inputs, sizes, options.machine, options.arithmetic);
}

}  // namespace gradus

#include "gradus/program/compile.hpp"

#include "gradus/calculus/differentiate.hpp"
#include "gradus/program/lower.hpp"

namespace gradus {

namespace {

// The context of a trace, and its arguments in it.
struct Traced {
  std::shared_ptr<Context> context;
  std::vector<NodePtr> symbols;
  std::vector<Array> arguments;

  Traced(std::span<const Shape> shapes, const Policy& policy) : context(std::make_shared<Context>(policy)) {
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      symbols.push_back(context->symbol("x" + std::to_string(k), total, shapes[k]));
      arguments.emplace_back(context, symbols.back());
    }
  }

  Result<std::shared_ptr<const program::Executable>> compile(const std::vector<NodePtr>& outputs,
                                                             const CompileOptions& options) const {
    program::LowerOptions lowering;
    lowering.machine = options.machine;
    lowering.kept_bytes = options.limits.most_kept();
    lowering.arithmetic = options.arithmetic;
    lowering.inputs = options.inputs;
    lowering.outputs = options.outputs;
    auto program = program::lower(*context, symbols, outputs, lowering);
    if (!program) return program.errors();
    return program::Executable::make(std::move(*program), options.engine, options.limits);
  }

  bool made(const Array& value) const { return &value.context() == context.get(); }
};

const Diagnostic foreign{Code::E204, "the function's value was not made from its arguments"};

}  // namespace

Result<std::shared_ptr<const program::Executable>> compile_traced(const std::function<Array(std::span<const Array>)>& f,
                                                                  std::span<const Shape> shapes,
                                                                  const CompileOptions& options) {
  const Traced trace(shapes, options.policy);
  const Array value = f(trace.arguments);
  if (!trace.made(value)) return foreign;
  std::vector<NodePtr> outputs;
  if (options.value) outputs.push_back(value.node());
  if (options.gradient) {
    const std::vector<NodePtr> gradient = grad(*trace.context, value.node(), trace.symbols);
    outputs.insert(outputs.end(), gradient.begin(), gradient.end());
  }
  CompileOptions with_types = options;
  for (std::size_t k = options.outputs.size(); k < outputs.size(); ++k) {
    const std::size_t argument = k - (options.value ? 1 : 0);  // of a gradient
    const bool floating =
        (k > 0 || !options.value) && argument < options.inputs.size() && program::is_floating(options.inputs[argument]);
    with_types.outputs.push_back(floating ? options.inputs[argument] : options.arithmetic);
  }
  return trace.compile(outputs, with_types);
}

Result<std::shared_ptr<const program::Executable>> compile_all(
    const std::function<std::vector<Array>(std::span<const Array>)>& f, std::span<const Shape> shapes,
    const CompileOptions& options) {
  const Traced trace(shapes, options.policy);
  std::vector<NodePtr> outputs;
  for (const Array& value : f(trace.arguments)) {
    if (!trace.made(value)) return foreign;
    outputs.push_back(value.node());
  }
  return trace.compile(outputs, options);
}

}  // namespace gradus

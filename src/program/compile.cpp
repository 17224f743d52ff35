#include "gradus/program/compile.hpp"

#include "gradus/calculus/differentiate.hpp"
#include "gradus/program/lower.hpp"

namespace gradus {

Result<std::shared_ptr<const program::Executable>> compile_traced(const std::function<Array(std::span<const Array>)>& f,
                                                                  std::span<const Shape> shapes,
                                                                  const CompileOptions& options) {
  const auto context = std::make_shared<Context>(options.policy);
  std::vector<NodePtr> symbols;
  std::vector<Array> arguments;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    symbols.push_back(context->symbol("x" + std::to_string(k), total, shapes[k]));
    arguments.emplace_back(context, symbols.back());
  }
  const Array value = f(arguments);
  if (&value.context() != context.get())
    return Diagnostic{Code::E204, "the function's value was not made from its arguments"};
  std::vector<NodePtr> outputs;
  if (options.value) outputs.push_back(value.node());
  if (options.gradient) {
    const std::vector<NodePtr> gradient = grad(*context, value.node(), symbols);
    outputs.insert(outputs.end(), gradient.begin(), gradient.end());
  }
  program::LowerOptions lowering;
  lowering.machine = options.machine;
  auto program = program::lower(*context, symbols, outputs, lowering);
  if (!program) return program.errors();
  return program::Executable::make(std::move(*program), options.engine);
}

}  // namespace gradus

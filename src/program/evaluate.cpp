#include "gradus/program/evaluate.hpp"

#include "gradus/program/lower.hpp"

namespace gradus {

Result<RowFunction> RowFunction::make(Context& context, std::span<const NodePtr> outputs,
                                      std::span<const NodePtr> variables, std::size_t expected_rows) {
  program::LowerOptions options;
  options.rows = "rows";
  auto lowered =
      program::lower(context, {variables.begin(), variables.end()}, {outputs.begin(), outputs.end()}, options);
  if (!lowered) return lowered.errors();
  // Interpreting costs about 0.3 ns an instruction and row, making machine code about 40 us an instruction and 5 ms.
  const double instructions = double(lowered->code.size());
  const bool worth_it = 0.3 * instructions * double(expected_rows) > 40e3 * instructions + 5e6 + 15e6;
  auto made = program::Executable::make(std::move(*lowered),
                                        worth_it ? program::Engine::automatic : program::Engine::interpreter);
  if (!made) return made.errors();
  RowFunction f;
  f.executable_ = std::move(*made);
  return f;
}

Result<bool> RowFunction::operator()(std::span<const double* const> columns, std::size_t rows,
                                     std::span<double* const> results) const {
  std::vector<program::View> views;
  for (const double* column : columns) views.emplace_back(column, std::vector{std::int64_t(rows)});
  const std::pair<std::string, std::int64_t> sizes[] = {{"rows", std::int64_t(rows)}};
  return executable_->run(views, results, sizes);
}

Result<std::vector<double>> evaluate(Context& context, NodePtr expression, std::span<const Column> columns) {
  std::size_t rows = 1;
  for (const Column& c : columns)
    if (c.values.size() != 1) rows = c.values.size();
  std::vector<NodePtr> variables;
  std::vector<std::vector<double>> repeated;
  std::vector<const double*> values;
  repeated.reserve(columns.size());
  for (const Column& c : columns) {
    if (c.values.size() != rows && c.values.size() != 1)
      return Diagnostic{Code::E202, "column '" + std::string(c.variable->name()) + "' has " +
                                        std::to_string(c.values.size()) + " rows, not " + std::to_string(rows)};
    variables.push_back(c.variable);
    const double* data = c.values.data();
    if (c.values.size() != rows) data = repeated.emplace_back(rows, c.values[0]).data();
    values.push_back(data);
  }
  const NodePtr outputs[] = {expression};
  const auto f = RowFunction::make(context, outputs, variables, rows);
  if (!f) return f.errors();
  std::vector<double> result(rows);
  double* const results[] = {result.data()};
  if (const auto done = (*f)(values, rows, results); !done) return done.errors();
  return result;
}

}  // namespace gradus

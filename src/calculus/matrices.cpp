// Jacobians and Hessians by rows, structural zeros left out.
#include <algorithm>
#include <unordered_map>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

std::unordered_map<NodePtr, std::uint32_t> columns_of(std::span<const NodePtr> variables) {
  std::unordered_map<NodePtr, std::uint32_t> columns;
  for (std::size_t i = 0; i < variables.size(); i++) columns.try_emplace(variables[i], std::uint32_t(i));
  return columns;
}

// The columns of the variables that `f` mentions, ascending.
std::vector<std::uint32_t> structure(Context& context, NodePtr f,
                                     const std::unordered_map<NodePtr, std::uint32_t>& columns) {
  std::vector<std::uint32_t> found;
  const auto order = post_order(context, std::span<const NodePtr>(&f, 1), [](NodePtr n) { return n->symbols != 0; });
  for (const NodePtr n : order)
    if (n->is(Op::symbol))
      if (const auto at = columns.find(n); at != columns.end()) found.push_back(at->second);
  std::sort(found.begin(), found.end());
  return found;
}
}  // namespace

NodePtr SparseMatrix::at(Context& context, std::size_t row, std::size_t column) const {
  const auto found = std::lower_bound(
      entries.begin(), entries.end(), std::pair(row, column),
      [](const Entry& e, const auto& key) { return std::pair<std::size_t, std::size_t>(e.row, e.column) < key; });
  return found != entries.end() && found->row == row && found->column == column ? found->value : context.integer(0);
}

SparseMatrix jacobian(Context& context, std::span<const NodePtr> functions, std::span<const NodePtr> variables) {
  SparseMatrix matrix{functions.size(), variables.size(), {}};
  const auto columns = columns_of(variables);
  if (variables.size() < functions.size()) {
    for (std::size_t j = 0; j < variables.size(); j++) {
      const std::pair<NodePtr, NodePtr> seed[] = {{variables[j], context.integer(1)}};
      Forward forward(context, seed);
      for (std::size_t i = 0; i < functions.size(); i++)
        if (const NodePtr d = forward(functions[i]); !d->is_zero())
          matrix.entries.push_back({std::uint32_t(i), std::uint32_t(j), d});
    }
    std::sort(matrix.entries.begin(), matrix.entries.end(),
              [](const auto& a, const auto& b) { return std::pair(a.row, a.column) < std::pair(b.row, b.column); });
    return matrix;
  }
  for (std::size_t i = 0; i < functions.size(); i++) {
    std::vector<NodePtr> present;
    const auto found = structure(context, functions[i], columns);
    for (const std::uint32_t j : found) present.push_back(variables[j]);
    const auto row = grad(context, functions[i], present);
    for (std::size_t k = 0; k < row.size(); k++)
      if (!row[k]->is_zero()) matrix.entries.push_back({std::uint32_t(i), found[k], row[k]});
  }
  return matrix;
}

SparseMatrix hessian(Context& context, NodePtr f, std::span<const NodePtr> variables) {
  SparseMatrix matrix{variables.size(), variables.size(), {}};
  const auto columns = columns_of(variables);
  const auto gradient = grad(context, f, variables);
  for (std::size_t i = 0; i < gradient.size(); i++) {
    if (gradient[i]->is(Op::error)) return {variables.size(), variables.size(), {{0, 0, gradient[i]}}};
    for (const std::uint32_t j : structure(context, gradient[i], columns)) {
      if (j < i) continue;
      const NodePtr d = diff(context, gradient[i], variables[j]);
      if (d->is_zero()) continue;
      matrix.entries.push_back({std::uint32_t(i), j, d});
      if (j != i) matrix.entries.push_back({j, std::uint32_t(i), d});
    }
  }
  std::sort(matrix.entries.begin(), matrix.entries.end(),
            [](const auto& a, const auto& b) { return std::pair(a.row, a.column) < std::pair(b.row, b.column); });
  return matrix;
}

}  // namespace gradus

// Differentiation of expressions: forward (tangents), reverse (cotangents), and what is made of them. One rule per op
// (the record's `partials`) serves all of them.
#pragma once
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gradus/core/condition.hpp"
#include "gradus/core/context.hpp"

namespace gradus {

class Trace;
struct Derivation;

/// Pushes tangents forward through expressions; keeps what it has computed, so that derivatives of derivatives and of
/// several expressions share their work.
/// Shapes:  a tangent has the shape of its node.
/// Errors:  an error node (E304) where an op has no derivative rule; limits of the context (E6xx).
/// Numeric: at a kink, the mean of the one-sided derivatives.
/// Cost:    O(edges) new nodes per call, each node visited once in the life of the object.
class Forward {
 public:
  /// Seeds: symbols and their tangents. Symbols without a seed are constant.
  Forward(Context& context, std::span<const std::pair<NodePtr, NodePtr>> seeds);
  /// The tangent of `root`.
  NodePtr operator()(NodePtr root);
  /// From now on each step is written down (trace.hpp). Needs one seed: a scalar symbol with the tangent 1, or an array
  /// symbol with a symbol for its tangent.
  void record(Trace& trace) { trace_ = &trace; }

 private:
  NodePtr tangent(NodePtr n);  // tangents of the operands are known
  /// Null when structurally zero. While a step is written down, the derivative of an operand not yet taken.
  NodePtr of(NodePtr n) { return asked_ ? notation(n) : memo_.get(n); }
  NodePtr notation(NodePtr n);
  void write_down(NodePtr n, NodePtr result);
  NodePtr product(NodePtr n);
  NodePtr power(NodePtr n);
  NodePtr record(NodePtr n);
  NodePtr over_index(NodePtr n);
  NodePtr body_tangent(NodePtr body);
  NodePtr integral_over(NodePtr n);
  NodePtr undefined_function(NodePtr n);

  Context& context_;
  Context::BorrowedMemo memo_;
  std::vector<std::pair<NodePtr, NodePtr>> seeds_;
  std::uint64_t symbols_ = 0;
  std::unordered_map<NodePtr, std::vector<NodePtr>> results_;  // tangents of the values of control nodes
  Trace* trace_ = nullptr;
  std::shared_ptr<const Derivation> inside_;  // of the body of the Σ or Π at hand
  std::vector<NodePtr>* asked_ = nullptr;     // while a step is written down: the operands whose derivatives it has
};

/// The derivative of order `order` of f in the symbol x. Order 0 is f itself.
/// Shapes:  that of f; in an array x the gradient of a scalar f, with the shape of x; in a vector the Jacobian of a
/// vector. Errors:  an error node: E301 for other arrays in arrays, E304 where an op has no rule, limits of the context
/// (E6xx).
NodePtr diff(Context& context, NodePtr f, NodePtr x, int order = 1);

/// d/dx_k ... d/dx_1 f, innermost first.
NodePtr diff(Context& context, NodePtr f, std::span<const NodePtr> variables);

/// Tangent of f when each symbol moves with its tangent: the derivative along a direction.
NodePtr jvp(Context& context, NodePtr f, std::span<const std::pair<NodePtr, NodePtr>> seeds);

/// Cotangents of `variables` (symbols) when f has the cotangent `seed`, by one reverse sweep.
/// Shapes:  `seed` has the shape of f; result k has the shape of variables[k].
/// Cost:    O(edges of f) new nodes, however many variables.
/// Source:  Griewank & Walther, Evaluating Derivatives (2008), ch. 3.
std::vector<NodePtr> vjp(Context& context, NodePtr f, NodePtr seed, std::span<const NodePtr> variables);
/// The same for several functions at once: the cotangents add up.
std::vector<NodePtr> vjp(Context& context, std::span<const NodePtr> functions, std::span<const NodePtr> seeds,
                         std::span<const NodePtr> variables);

/// Gradient of a scalar expression by one reverse sweep: vjp with a unit seed.
/// Errors:  E301 (an error node in every entry) if f is not a scalar.
std::vector<NodePtr> grad(Context& context, NodePtr f, std::span<const NodePtr> variables);

/// A matrix whose entries are mostly zero, by rows.
struct SparseMatrix {
  struct Entry {
    std::uint32_t row, column;
    NodePtr value;
  };
  std::size_t rows = 0, columns = 0;
  std::vector<Entry> entries;  // ordered by row, then column; structural zeros absent
  NodePtr at(Context& context, std::size_t row, std::size_t column) const;  // zero when absent
};

/// Row i holds the derivatives of functions[i]. Forward when there are fewer variables than functions, else reverse.
SparseMatrix jacobian(Context& context, std::span<const NodePtr> functions, std::span<const NodePtr> variables);

/// Second derivatives: forward over reverse, entry by entry of the structure read from the gradient's symbols.
/// Cost: O(nodes of the gradient entries that share a variable); both halves are stored, computed once.
SparseMatrix hessian(Context& context, NodePtr f, std::span<const NodePtr> variables);

/// The Jacobian of a vector f in the vector symbol x as one formula of matrices: A of A @ x, diag(exp(x)) of exp(x);
/// of a gradient the Hessian. Of a scalar f its gradient.
/// Shapes:  (m, n) for f of m entries and x of n; (n) for a scalar f.
/// Errors:  an error node: E301 where f or x has more axes, E304 where the tangent is not made of sums, products,
///          choices, elements and solutions (loops, sums over an index); limits of the context (E6xx).
/// Cost:    O(nodes of the tangent) new nodes; evaluated, an m by n array for each of them.
NodePtr jacobian_matrix(Context& context, NodePtr f, NodePtr x);

/// Hessian times a direction, without the Hessian: jvp of the gradient.
std::vector<NodePtr> hvp(Context& context, NodePtr f, std::span<const NodePtr> variables,
                         std::span<const NodePtr> direction);

/// Normalised Taylor coefficients f⁽ᵏ⁾(a)/k!, k = 0 … order.
std::vector<NodePtr> taylor_coefficients(Context& context, NodePtr f, NodePtr x, NodePtr a, int order);

/// Σ cₖ (x − a)ᵏ.
NodePtr taylor(Context& context, NodePtr f, NodePtr x, NodePtr a, int order);

/// `root` with its notation nodes (unevaluated derivatives) carried out.
NodePtr resolve(Context& context, NodePtr root);

/// The conditions under which the formula for the derivative of f in x holds, as far as facts do not already prove
/// them: where f is defined, smooth, and off its kinks and jumps. Each (argument, set) once, in a stable order.
Conditions conditions(Context& context, NodePtr f, NodePtr x);

}  // namespace gradus

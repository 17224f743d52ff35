// Linear algebra in expressions: nodes of whole matrices, made by Context::linear with their variant.
//   solve(A, B; transposed)                         X of A X = B (of A' X = B), by LU with row exchanges
//   triangular_solve(T, B; upper, transposed, unit) the same of the lower or upper triangle of T
//   inverse(A)
//   determinant(A; which)                           scalar
//   cholesky(A)                                     L, lower, of L L' = (A + A')/2
//   eigenvalues(A), eigenvectors(A)                 of (A + A')/2: ascending; unit columns
// Shapes:  A is n by n; B has n rows, as a vector or a matrix, and so has X.
// What a matrix has none of (singular, not positive definite, NaN or infinity inside) is NaN in every entry.
#pragma once
#include <optional>

#include "gradus/core/context.hpp"

namespace gradus {

enum class Determinant : int {
  det,          // 0 of a singular matrix
  logdet,       // log(det): NaN where det < 0, -infinity of a singular matrix
  log_abs_det,  // log(|det|)
  sign,         // of det: -1, 0, 1
};

constexpr bool is_linear_algebra(Op op) { return op >= Op::solve && op <= Op::eigenvectors; }
inline bool is_linear_algebra(NodePtr n) { return is_linear_algebra(n->op); }
inline bool is_determinant(NodePtr n, Determinant which) {
  return n->is(Op::determinant) && n->data.axes->front() == int(which);
}
/// A' of a matrix A.
inline bool is_transpose(NodePtr n) {
  return n->is(Op::broadcast) && n->rank() == 2 && *n->data.axes == std::vector<int>{1, 0};
}
/// The transpose of a matrix; of a transpose what it is of.
NodePtr transpose(Context& context, NodePtr a);
/// a @ b of vectors and matrices whose shapes fit: Σ_k over a product of broadcasts. A transposed factor is read along
/// its own axes, so A' @ x, x @ A and the derivative of A @ x are one node.
NodePtr matmul(Context& context, NodePtr a, NodePtr b);
/// What matmul made, or a rule: A @ B with either factor transposed.
struct MatrixProduct {
  NodePtr a, b;
  bool transposed_a, transposed_b;
};
std::optional<MatrixProduct> matrix_product(NodePtr n);
/// A product before its axis is summed over.
struct SummedProduct {
  NodePtr product;
  int axis;
};
SummedProduct summed_product(Context& context, const MatrixProduct& p);
/// A matrix product in the form matmul gives it; anything else as it is.
NodePtr canonical_product(Context& context, NodePtr n);
/// The length of a dimension, a scalar.
NodePtr length_of(Context& context, const Dim& d);
/// The identity, of zeros and ones.
NodePtr eye(Context& context, const Dim& n);
bool is_eye(NodePtr n);
/// The matrix with the vector v on its diagonal, zeros beside it: v times the identity.
NodePtr diagonal(Context& context, NodePtr v);
/// A product of arrays entry by entry, seen as diag(left) @ inner @ diag(right).
struct ScaledMatrix {
  NodePtr left = nullptr, right = nullptr;  // the factor that repeats a vector along each column, along each row
  std::vector<NodePtr> inner;               // the matrices among the factors
  bool is_diagonal() const { return inner.size() == 1 && is_eye(inner[0]); }
  bool has(NodePtr factor) const;
};
/// Nothing where several vectors are repeated along the same axis.
ScaledMatrix scaled_matrix(std::span<const NodePtr> factors);
/// The sum of the diagonal of a square matrix. Of a product A @ B it is sum(A * B'), of anything else sum(A * I).
NodePtr trace(Context& context, NodePtr a);
/// A of sum(A * I), or null.
NodePtr traced(NodePtr n);
/// x y' of two vectors.
NodePtr outer(Context& context, NodePtr x, NodePtr y);

/// Flag `k` of a solve's variant.
inline bool has_form(NodePtr n, std::size_t k) { return (*n->data.axes)[k] != 0; }

}  // namespace gradus

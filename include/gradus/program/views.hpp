// NumPy's names for what can be said in the primitives of arrays: each is a formula, nothing more. Axes count from 0;
// negative ones from the end.
#pragma once
#include <initializer_list>
#include <span>

#include "gradus/program/array.hpp"

namespace gradus {

// --- structure

/// An axis of length 1 before `axis`.
Array expand_dims(const Array& a, int axis);
/// Axes in another order: axis i of the result is axis axes[i] of `a`; without a list reversed.
Array transpose(const Array& a, const std::vector<int>& axes = {});
/// The places start, start + step, ... along an axis, `length` of them.
Array slice(const Array& a, int axis, std::int64_t start, const Dim& length, std::int64_t step = 1);
/// From `start` to the end of an axis less `less`.
Array slice_to_end(const Array& a, int axis, std::int64_t start, std::int64_t less = 0);
/// One place along an axis, which goes.
Array take_at(const Array& a, int axis, std::int64_t place);
/// Elements or rows at places along the first axis: a[places].
Array take(const Array& a, const Array& places);
/// a[i, j, ...]: one array of places for each of the first axes.
Array gather(const Array& a, std::initializer_list<Array> places);
/// Zeros of `shape` with rows added at places along the first axes: the transpose of gather.
Array scatter_add(const Shape& shape, const Array& rows, std::initializer_list<Array> places);
/// Zeros before and after along an axis.
Array pad(const Array& a, int axis, std::int64_t before, std::int64_t after);
Array concatenate(std::initializer_list<Array> parts, int axis = 0);
/// Arrays of one shape along a new first axis.
Array stack(std::span<const Array> rows);
Array stack(std::initializer_list<Array> rows);
Array reverse(const Array& a, int axis);
Array zeros(const Array& like, const Shape& shape);
Array full(const Array& like, const Shape& shape, double value);
Array eye(const Array& like, const Dim& n);

// --- reductions

Array mean(const Array& a);
Array mean(const Array& a, int axis);
Array var(const Array& a);
/// The Euclidean norm of all entries. Numeric: at 0 its gradient is not a number.
Array norm(const Array& a);
Array logsumexp(const Array& a);
Array logsumexp(const Array& a, int axis);
Array softmax(const Array& a, int axis = -1);
/// The first place of the greatest entry along an axis.
Array argmax(const Array& a, int axis = -1);

// --- products

/// Sum of products over the last axis of a and the first of b (of a matrix times a matrix: their product).
Array matmul(const Array& a, const Array& b);
Array dot(const Array& a, const Array& b);
Array outer(const Array& a, const Array& b);
Array trace(const Array& a);
Array diagonal(const Array& a);

// --- machine learning

Array relu(const Array& a);
/// (x - mean) / sqrt(var + epsilon) along the last axis.
Array layer_norm(const Array& a, double epsilon = 1e-5);
/// The rows of a table at places.
Array embedding(const Array& table, const Array& places);
/// Discrete convolution as networks use it (no reversal), without padding: out[i] = Σ_k a[i + k] w[k].
Array convolve(const Array& a, const Array& w);
/// The greatest of each window of `width` places along the last axis, windows side by side.
Array max_pool(const Array& a, std::int64_t width);

}  // namespace gradus

// Loops and choices of traced functions, and derivatives inside them. A body is an ordinary function of arrays, traced
// once; what it uses from outside is found out by itself.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "gradus/program/array.hpp"

namespace gradus {

using Arrays = std::vector<Array>;

struct ScanResult {
  Arrays carried;  // the last values
  Arrays rows;     // what each round gave, along a new first axis
};
/// What a round gives: the next carried values, and rows to keep.
struct Round {
  Arrays carried;
  Arrays rows{};
};

struct ScanOptions {
  bool reversed = false;  // from the last row to the first
  /// Rounds between the checkpoints of its derivative: that keeps a row of values for each round of such a segment, and
  /// what is carried at the start of each. 0: all rows, or as few as possible where they are more than Limits::kept.
  std::int64_t segment = 0;
};

/// Rounds over the first axis of `scanned` (all of one length), or over `length` when there is nothing to scan.
/// body(carried, row of each scanned array, number of the round).
ScanResult scan(const std::function<Round(const Arrays& carried, const Arrays& rows, const Array& round)>& body,
                const Arrays& initial, const Arrays& scanned, const Dim& length, const ScanOptions& options);
ScanResult scan(const std::function<Round(const Arrays& carried, const Arrays& rows, const Array& round)>& body,
                const Arrays& initial, const Arrays& scanned, const Dim& length, bool reversed = false);

/// Rounds while `condition(carried)` holds.
/// Errors: a call goes round at most Limits::rounds times.
Arrays while_loop(const std::function<Array(const Arrays& carried)>& condition,
                  const std::function<Arrays(const Arrays& carried)>& body, const Arrays& initial);

/// One of two functions' values; only that one is computed.
Arrays cond(const Array& condition, const std::function<Arrays()>& then, const std::function<Arrays()>& otherwise);

/// f of each row of arrays of one length, stacked.
Array map(const std::function<Array(const Arrays& rows)>& f, const Arrays& scanned);

/// Derivatives of a function at x, as arrays: they may be taken again.
Array grad(const std::function<Array(const Array&)>& f, const Array& x);
Arrays grad(const std::function<Array(const Arrays&)>& f, const Arrays& x);
/// The derivative along a direction v, by forward mode.
Array jvp(const std::function<Array(const Array&)>& f, const Array& x, const Array& v);
/// w times the Jacobian, by reverse mode.
Array vjp(const std::function<Array(const Array&)>& f, const Array& x, const Array& w);
/// c_0, …, c_order of f(x + t v) = Σ c_k t^k: each a k-th derivative along v over k!, at a cost that grows with the
/// square of the order (nested jvp: exponentially). A loop stays one loop, whose rounds carry the coefficients.
/// Numeric: places, conditions and ties as at x (see calculus/taylor.hpp).
Arrays taylor(const std::function<Array(const Array&)>& f, const Array& x, const Array& v, int order);
/// The Hessian of a scalar function times a direction.
Array hvp(const std::function<Array(const Array&)>& f, const Array& x, const Array& v);

}  // namespace gradus

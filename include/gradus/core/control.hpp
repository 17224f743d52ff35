// Control flow of expressions: a scan over the first axis of arrays, a while loop, a choice between two functions.
// A control node has several values, so it stands only under `Op::result` nodes. Its bodies are closed: they are
// expressions over parameters named by position (#0, #1, ...: first what is carried, then what is scanned, then what is
// captured), which are the node's operands. So equal loops are equal nodes, and walks need not enter a body.
#pragma once
#include <span>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// The derivative that a call has been given.
enum class Rule : std::uint8_t {
  none,     // that of its body
  forward,  // tangents of the values
  reverse,  // cotangents of the operands
};

struct Control {
  std::vector<NodePtr> body;       // scan, while: next value of each carried, then what each round gives; branch: then
  std::vector<NodePtr> otherwise;  // branch: the other body; while: the condition to go on, one scalar
  std::uint32_t carried = 0, scanned = 0;  // so many of the operands; a branch carries none, its first is the condition
  Dim length{};                            // of a scan; of a while loop that keeps its rounds: their number
  bool reversed = false;                   // a scan from the last row to the first
  bool keeps = false;                      // a while loop whose rounds give rows (a scan's always do)
  std::int64_t segment = 0;                // see LoopForm

  Rule rule = Rule::none;  // of a call

  // Of `implicit`: one body, the residual over #0 (the place, which is operand 0) and what is captured; carried is 1.
  // Of `call`: the values over the operands, of which the rule is about the first `carried`. `otherwise` is the rule,
  // over the operands, the values, then the tangents of the first operands (forward) or the cotangents of the values.

  /// Operands before those that bodies see.
  std::uint32_t hidden(Op op) const { return op == Op::branch ? 1 : 0; }
};

/// Names in a loop's body: symbols that stand for what is carried and for the row at hand.
struct LoopForm {
  std::vector<NodePtr> carried_symbols, scanned_symbols;
  std::vector<NodePtr> initial, scanned;  // the values that the loop begins with; arrays over `length`
  std::vector<NodePtr> next, rows;        // of each round
  Dim length{};
  bool reversed = false;
  NodePtr condition = nullptr;  // of a while loop: a scalar
  bool keeps = false;           // of a while loop: its rows are kept, over the dimension `length`
  std::int64_t segment = 0;  // rounds between checkpoints when it is run again for its derivative; 0: as memory allows
};

/// A scan: carried values from `initial` through `next`, one round for each place along `length`.
/// Shapes:  next as carried; scanned arrays have `length` first. Gives the last carried values, then each of `rows`
///          stacked along `length`. Whatever else the bodies use is captured.
/// Errors:  an error node in every place: E202 for shapes, E605 for a loop inside Σ, Π or ∫.
std::vector<NodePtr> scan(Context& context, const LoopForm& form);

/// A loop that goes on while `condition` holds. The same results and errors.
std::vector<NodePtr> while_loop(Context& context, const LoopForm& form);

/// How often a while loop goes round, as a dimension of the rows that it keeps: the same for the same loop. It has its
/// size when the loop has been run.
Dim rounds_of(Context& context, NodePtr loop);
bool is_number_of_rounds(const Dim& d);

/// One of two lists of values, by a scalar condition; only the chosen one is computed, from the values of `given` and
/// of symbols.
std::vector<NodePtr> branch(Context& context, NodePtr condition, std::span<const NodePtr> then,
                            std::span<const NodePtr> otherwise, std::span<const NodePtr> given = {});

/// `at`, an array of any shape, as the place where `residual` of `symbol` is zero: its derivatives follow from that by
/// the implicit function theorem, not from how `at` was found. The residual has the shape of `at`.
/// Errors:  an error node: E202 for other shapes.
NodePtr implicit(Context& context, NodePtr at, NodePtr residual, NodePtr symbol);

/// A function with its values written out over symbols, and the rule for its derivative.
struct CallForm {
  std::vector<NodePtr> operand_symbols, operands;
  std::vector<NodePtr> values;  // over operand_symbols
  Rule rule = Rule::none;
  std::vector<NodePtr> value_symbols;  // that stand for the values in the rule
  std::vector<NodePtr> moved_symbols;  // forward: for the tangents of the operands; reverse: the values' cotangents
  std::vector<NodePtr> moved;          // what the rule gives, linear in these: forward: a tangent for each value;
                                       // reverse: a cotangent for each operand
};

/// The values of a call. What body and rule use from outside is captured: it is differentiated as the body is written.
/// Errors:  an error node in every place: E202 where the rule gives other shapes, E605 inside Σ, Π or ∫.
std::vector<NodePtr> call(Context& context, const CallForm& form);

/// `roots` with the bodies of calls in their places: what computes values has no need to know calls. Loops' bodies are
/// left as they are.
std::vector<NodePtr> inline_calls(Context& context, std::span<const NodePtr> roots);

/// The number of values of a control node, and value k of it.
std::size_t result_count(NodePtr control);
NodePtr result(Context& context, NodePtr control, std::size_t k);
inline bool is_control(NodePtr n) {
  return n->is(Op::scan) || n->is(Op::while_loop) || n->is(Op::branch) || n->is(Op::implicit) || n->is(Op::call);
}

/// The parameter symbol of a closed body at `position`.
NodePtr parameter(Context& context, std::size_t position, const Shape* shape);
/// Expressions of a body with `arguments` in the places of its parameters.
std::vector<NodePtr> open_body(Context& context, std::span<const NodePtr> body, std::span<const NodePtr> arguments);
/// Shape of the row of an array: without the first axis.
Shape row_shape(NodePtr array);

}  // namespace gradus

// Builds the code of a program as a tree of scopes, one per open loop. A value goes to the outermost scope in which its
// operands exist, so that what does not change in a loop is computed before it; closing a loop puts it into its parent.
// Equal operations on equal operands are one value.
#pragma once
#include <tuple>
#include <unordered_map>
#include <vector>

#include "gradus/program/program.hpp"

namespace gradus::program {

class Builder {
 public:
  explicit Builder(Program& program);

  // Values. Ids are provisional until `finish`.
  Id constant(double x);
  /// A size that is computed on the way has its value in `scope`, any other everywhere.
  Id size(Id size, Id scope);
  Id counter(Id loop);
  /// Where `guard` is given, only where that holds. `scope`: the innermost loop in which the array has its values.
  Id load(Id array, const std::vector<Id>& index, Id guard = none, Id scope = top);
  Id operation(Opcode opcode, Id a, Id b = none, Id c = none);
  Id call(Id op, Id a, Id b = none, Id c = none);

  /// Opens a loop in scope `parent`; its id names it in indices.
  Id open(Id parent, Id size, bool lanes, bool reversed = false);
  /// A loop over one step of `blocks`, a loop that counts in steps.
  Id open_part(Id parent, Id blocks, bool lanes);
  void set_block(Id loop, std::uint32_t block) { nodes_[loop].block = block; }
  void set_segment(Id loop, Id size) { nodes_[loop].segment = size; }
  void set_parallel(Id loop) { nodes_[loop].parallel = true; }
  void set_jam(Id loop, unsigned rounds) { nodes_[loop].jam = std::uint8_t(rounds); }
  void close(Id loop);
  void set_unroll(Id loop, unsigned unroll) { nodes_[loop].unroll = std::uint8_t(unroll); }

  /// A value that is `initial` in the first round of a sequential loop; `set_next` says what it is in the next.
  Id phi(Id loop, Id initial);
  void set_next(Id phi, Id next) { nodes_[phi].b = next; }
  /// The last value of a phi whose loop is closed belongs to the scope around it.
  void release(Id phi) { home_[phi] = home_[home_[phi]]; }
  void reverse(Id loop) { nodes_[loop].reversed = true; }
  Id fold(Fold fold, Id loop, Id value);
  /// The array form, in the innermost of the loops that `index` names. `partial` is its scratch array.
  void fold_into(Fold fold, Id lanes_loop, Id value, Id array, Id partial, const std::vector<Id>& index,
                 std::size_t prefix);
  void store(Id array, const std::vector<Id>& index, Id value, Id scope = top);
  void accumulate(Id array, const std::vector<Id>& index, Id value, Id guard, Id scope);
  /// What follows, up to its `close`, only if the condition holds.
  Id open_when(Id parent, Id condition);
  /// Values and loops from now on stand no further out than in `scope`, until it is closed: what is seldom wanted.
  void stay_in(Id scope) { outermost_ = scope; }
  void leave(Id loop, Id condition);
  void reserve(Id array, Id rows, Id scope);
  void set_size(Id size, Id value, Id scope);
  /// A library routine (routine.hpp) on whole arrays.
  void routine(Id which, const std::vector<Id>& arrays, Id scope);
  /// The place of an index as a value.
  Id index_value(Id index);

  static constexpr Id top = 0;  // the scope outside all loops
  /// The scope (a loop's id, or top) in which a value is; the innermost of those in which the loops of an index are.
  Id scope_of(Id value) const { return home_[value]; }
  Id scope_of(const std::vector<Id>& index) const;
  /// The inner one of two scopes on one path.
  Id inner(Id a, Id b) const { return depth_of(a) >= depth_of(b) ? a : b; }
  /// Whether the scope of `value` is still open, so that it may be used.
  bool is_open(Id value) const { return scopes_[scope_index_[home_[value]]].open; }
  bool is_sequential(Id loop) const { return nodes_[loop].opcode == Opcode::loop && !nodes_[loop].lanes; }
  /// Whether a scope is `loop` or inside it.
  bool is_inside(Id scope, Id loop) const;
  bool is_loop(Id index) const { return is_value(index) && nodes_[index].opcode == Opcode::loop; }
  Id lanes_loop() const { return lanes_; }
  std::uint8_t lanes() const { return program_.lanes; }
  Element arithmetic() const { return program_.arithmetic; }
  const Instruction& at(Id value) const { return nodes_[value]; }
  /// Instructions that an open loop holds so far, inner loops included.
  std::size_t instructions_in(Id loop) const;
  /// About how many instructions a round of a closed loop takes, those of inner loops as often as they go round; of
  /// loops over the size `along` that is `length` times.
  double work_in(Id loop, Id along, double length) const;
  bool has_inner_loops(Id loop) const;
  /// How many values a loop inside carries from round to round, at most.
  std::size_t most_carried_in(Id loop) const;
  /// Whether an open loop itself calls functions.
  bool has_calls(Id loop) const;
  /// Whether an open loop adds to places that are computed, lane by lane.
  bool has_scattered_sums(Id loop) const;
  /// How many rounds a loop has; -1 if it is not known, or it runs over a block of another.
  std::int64_t known_rounds(Id loop) const {
    const Instruction& in = nodes_[loop];
    return in.a == none && in.target != none ? program_.sizes[in.target].value : -1;
  }
  /// The most values of an open loop's rounds that are wanted at one time, in the order in which they stand.
  std::size_t live_values_in(Id loop) const;

  /// Writes the code in execution order. When `contract` is set, sums of products are contracted, and what is divided
  /// by more than once, or again in each round of a loop, is divided by once: x / d is x (1 / d). Not where a greatest
  /// is sought, or equality: such values have the same bits in whatever nest they are computed.
  void finish(bool contract);

 private:
  static bool is_bracket(const Instruction& in) { return in.opcode == Opcode::loop || in.opcode == Opcode::when; }
  struct Scope {
    Id loop = none;
    unsigned depth = 0;
    bool open = true;
    std::vector<Id> phis, items;
  };
  /// What an operation is: opcode and function, operands.
  using Operation = std::tuple<Opcode, Id, Id, Id, Id>;
  struct OperationHash {
    std::size_t operator()(const Operation& operation) const;
  };
  Id put(Instruction in, Id scope);
  Id operation_of(Opcode opcode, Id target, Id a, Id b, Id c);
  unsigned depth_of(Id scope) const { return scopes_[scope_index_[scope]].depth; }
  void remove_dead();
  void remove_arrays();
  std::vector<bool> compared() const;
  void share_reciprocals(const std::vector<bool>& compared);
  Id item_in(Id scope, Id node) const;
  void contract_scope(Scope& scope, const std::vector<unsigned>& uses, const std::vector<bool>& compared);
  void write(const Scope& scope, std::vector<Id>& place);

  Program& program_;
  std::vector<Instruction> nodes_;  // node 0 stands for the top
  std::vector<Id> home_;            // scope of a node, by the loop's id
  std::vector<Id> scope_index_;     // by loop id
  std::vector<Scope> scopes_;
  std::unordered_map<std::uint64_t, Id> constants_;  // by their bits
  std::unordered_map<Operation, Id, OperationHash> operations_;
  Id lanes_ = none;
  Id outermost_ = top;
};

}  // namespace gradus::program

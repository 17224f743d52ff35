// A region: values computed in one scope of a program (the whole of it, or a round of a loop) and put where they are
// wanted, by the nests of a plan.
#pragma once
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "evaluator.hpp"
#include "plan.hpp"
#include "strips.hpp"

namespace gradus::program {

/// Where values lie: an array, at its leading indices. `scope`: the innermost loop in which they do.
struct Place {
  Id array = none;
  Index prefix{};
  Id scope = Builder::top;
  int rows = -1;             // the axis along which only one strip of rows is there; it comes last
  std::vector<int> order{};  // of prefix and axes in the array, where it is another
  Id lanes = none;           // the lanes loop each round of which has its own; its round comes last
};

/// Where a node lies whose axis axes[i] is axis i of what lies at `place`; and of such a node that lies there, that.
Place turned(Place place, const std::vector<int>& axes);
Place turned_back(Place place, const std::vector<int>& axes);

/// Closes the lanes loop with as many vectors side by side as suit what it holds.
void close_lanes(Builder& builder, Id loop);

/// How many rows a block of a closed loop over `length` has at least, so that beginning it costs nothing.
/// `sums`: numbers that it sums up.
std::int64_t rows_of_block(const Builder& builder, Id loop, Id length, double sums);

/// What all regions of a program share.
class Site {
 public:
  Site(Context& nodes, Program& made) : context(nodes), program(made), builder(made) {}

  Id size_of(const Dim& d);
  std::vector<Id> sizes_of(const Shape* shape);
  Id add_array(const char* stem, Role role, std::vector<Id> shape);
  /// A size that is chosen at the call (Segments).
  Id chosen_size(const char* stem);

  Context& context;
  Program& program;
  Builder builder;
  std::optional<Diagnostic> failure;
  unsigned depth = 0;           // of regions within regions
  std::int64_t kept_bytes = 0;  // of rows that a loop keeps for its way back, at most

 private:
  unsigned names_ = 0, computed_ = 0;
  std::unordered_map<std::string, Id> renamed_;  // dimensions that programs call otherwise
};

class Region {
 public:
  struct Output {
    NodePtr node;
    Place place;
    bool adds = false;    // to what is there
    Id* value = nullptr;  // of a scalar that goes to no place: it is told which value it is
    bool spread = true;   // wanted along the axes, too, on which the node does not depend
    Id lanes = none;      // the lanes loop over whose rounds it is summed up; the place is this loop's alone
  };
  /// What is known already: arrays and scalars of symbols.
  struct Given {
    std::unordered_map<NodePtr, Place> places;
    std::unordered_map<NodePtr, Id> scalars;
  };

  /// `strip`: the scope is a loop over strips of this pass.
  Region(Site& site, Id scope, Given given, std::vector<Output> outputs, const Strip* strip = nullptr);
  struct Loop;
  /// Emits everything. Check the site's failure afterwards.
  void run();

 private:
  struct Pending {
    const Root* root;
    Index index;  // of the result
    Id value;
    bool done = false;
  };

  Id given(NodePtr n, const Index& index, Id guard);
  Id remember(NodePtr n, const Index& index, Id guard, Id value);
  Id load(const Place& place, const Index& index, Id guard);
  void store(const Place& place, const Index& index, Id value, bool adds = false);
  void store(const Output& output, const Index& index, Id value);
  Index within(const Place& place, const Index& index);
  /// An array of this region's own; one over the rounds of a loop gets its room now.
  Place new_place(const char* stem, std::vector<Id> shape);
  Place new_place(const char* stem, const Shape* shape) { return new_place(stem, site_.sizes_of(shape)); }
  Place new_place_for(NodePtr n);
  Place strip_place(NodePtr n);
  Id size_of_strip(Id strip);
  Id place_in_strip(Id row);
  void read_lent_rooms();
  Place room_of(NodePtr n);
  Place place_of(NodePtr n);
  Place place_of_operand(NodePtr n);
  static NodePtr rows_wanted(const Output& o);
  bool failed() const { return site_.failure.has_value(); }
  Id value(NodePtr n, const Index& index);
  Id scalar(NodePtr n) { return value(n, {}); }

  void keep(NodePtr n, const Index& index, Id value);
  void keep_the_rest();
  void emit_nest(const Nest& nest);
  void emit_root(const Root& root, std::vector<Pending>& pending);
  void emit_block(const Root& root);
  /// Whether values can be read again where an output goes: it is not added up there, nor stored as another type.
  bool is_readable(const Output& o) const {
    return !o.adds && !o.value && site_.program.arrays[o.place.array].element == site_.program.arithmetic;
  }
  std::vector<Output> targets_of(const Root& root);
  void store_root(const Root& root, const Index& index, Id value);
  void fold_root(const Root& root, const Index& index, Id value);
  void add_later(const Output& output);
  void emit_literal(const Root& root);
  void emit_scatter(const Root& root);
  void scatter_into(NodePtr n, const Place& place);
  /// Loops over a shape, the last over the lanes if `lanes`; the body gets their index.
  template <class Body> void over(const Shape* shape, bool lanes, Body body);
  void copy(NodePtr n, const Place& to);
  void emit_control(const Root& root);
  void emit_linear(const Root& root);
  /// The array of an operand of linear algebra, copied if it lies within another.
  Id whole_array(NodePtr n);
  /// Factors or eigenvalues of a matrix, computed once in this region.
  const std::vector<Id>& factors(NodePtr a, bool eigen, bool vectors);
  /// Which values of a control node this region wants.
  std::vector<bool> used_values(NodePtr control) const;
  /// What a body sees of operand x under the name s.
  void capture(NodePtr x, NodePtr s, Given& given);
  void emit_loop(NodePtr n);
  void pair_loops();
  bool may_run_again(NodePtr n);
  void begin_loop(Loop& l);
  void make_rows(Loop& l, bool round_last = false);
  const Output* receiver_of_rows(NodePtr control, std::size_t k) const;
  bool is_received(const Root& root) const;
  Id half(Id round, bool other);
  Id round_of(const Loop& l, Id loop);
  Given given_in_round(const Loop& l, Id loop, Id local);
  void emit_round(const Loop& l, Id loop, Id local, Given given, std::vector<Id>* next_values = nullptr);
  std::vector<Id> begin_values(Loop& l, Id loop);
  void end_values(Loop& l, Id loop, const std::vector<Id>& phis);
  void emit_rounds(Loop& l, Id loop, Id local);
  void emit_while(Loop& l);
  NodePtr addend(const Loop& l, std::size_t k);
  // loops whose rounds are lanes
  std::uint32_t rounds_in_lanes(const Loop& l) const;
  void emit_in_lanes(Loop& l, std::uint32_t rounds_of_strip);
  void end_loop(const Loop& l, Id count);
  // loops in blocks that may be run at the same time
  struct BlockSum {
    Fold fold;
    NodePtr like;  // has the shape of a block's sum
    Place blocks;  // over the blocks
    Output target{};
    std::size_t pending = 0;  // of a scalar, which
  };
  struct Blocks {
    Id loop = none, number = none, length = none, count = none;
    std::size_t record = 0;
    std::vector<BlockSum> sums;
  };
  bool may_run_in_blocks(const Nest& nest);
  bool may_run_in_blocks(const Strip& strip) const;
  Blocks open_blocks(const Dim& rows, std::int64_t unit);
  void close_blocks(const Blocks& blocks);
  Place block_place(const Blocks& blocks, const Shape* shape);
  void add_blocks(const Blocks& blocks);
  Id sum_of_blocks(const Blocks& blocks, const BlockSum& sum, const Index& index);
  // loops run again in segments
  void make_segments(Loop& l);
  void name_segment_arrays(const Loop& l);
  Id step_number(Id loop, Id step);
  Id first_round(const Loop& l, Id outer);
  void store_checkpoint(const Loop& l, Id round, Id number);
  void run_segment(Loop& l, Id parent, Id outer);
  void emit_back(Loop& l);
  void emit_branch(NodePtr n);
  void emit_found(NodePtr n);
  // passes in strips
  void emit_strip(const Root& root);
  void clear_sums(const std::vector<Output>& outputs);
  std::uint32_t strip_length(const Strip& strip) const;
  void pack_inputs();
  struct GuardedSum {
    Id array = none;
    std::vector<std::size_t> axes{};  // of the root's space that it has
  };
  void emit_guarded(const Root& root);
  GuardedSum emit_guarded_sum(const Root& root, Index space, Id when, Id condition);
  void store_guarded_sum(const Root& root, Index space, Id around, const GuardedSum& sum);
  void schedule_strip(const Nest& nest);

  Site& site_;
  Builder& b_;
  Id scope_;
  const Id lanes_;  // the lanes loop around, each of whose rounds is this region's own
  Given given_;
  std::vector<Output> outputs_;
  std::vector<NodePtr> order_;
  std::unordered_map<NodePtr, NodePtr> turned_;  // of a literal, what turns it round
  Dependence depends_;
  Evaluator evaluator_;
  Plan plan_;
  std::size_t nest_ = 0;
  Index shared_;
  Blocks* blocks_ = nullptr;  // of the nest at hand
  std::unordered_map<NodePtr, Place> place_of_, rooms_;
  std::unordered_set<NodePtr> kept_;      // of plan_.kept what has been stored
  std::unordered_map<NodePtr, Id> lent_;  // values read from rooms that the nest at hand fills
  std::unordered_map<NodePtr, Id> result_;
  std::unordered_map<NodePtr, std::vector<Place>> control_places_;
  std::unordered_set<const Output*> received_;  // what a loop has put there itself
  std::vector<Output> later_;
  std::unordered_map<NodePtr, NodePtr> back_of_;  // of a way back, the loop that it runs again
  std::unordered_set<NodePtr> run_again_;
  std::unordered_map<NodePtr, std::shared_ptr<const Loop>> segmented_;
  std::unordered_map<NodePtr, std::vector<Id>> lu_, eigen_;
  std::vector<Strip> strips_;
  std::vector<bool> strip_done_;
  const Strip* strip_ = nullptr;
  std::unordered_map<NodePtr, int> packed_axis_;  // along which the rows of an input run
  std::unordered_map<NodePtr, Place> packs_;      // copies of inputs, read by nests along the rows
  bool packed_ = false;
  std::unordered_map<Id, Id> place_in_strip_;  // of the row that a loop is at
};

template <class Body> void Region::over(const Shape* shape, bool lanes, Body body) {
  Index index;
  for (std::size_t axis = 0; axis < (shape ? shape->size() : 0); ++axis)
    index.push_back(b_.open(index.empty() ? scope_ : index.back(), site_.size_of((*shape)[axis]),
                            lanes && lanes_ == none && axis + 1 == shape->size()));
  body(index);
  for (std::size_t k = index.size(); k-- > 0;)
    k + 1 == index.size() && lanes&& lanes_ == none ? close_lanes(b_, index[k]) : b_.close(index[k]);
}

}  // namespace gradus::program

// Emits the nests of a plan. A root's own loops: the first `shared` of its order are the nest's, the others are opened
// inside. Folds go from the innermost loop outwards; a fold over the lanes loop that has kept loops inside it goes into
// an array, with partial results per lane in scratch memory.
#include "gradus/program/lower.hpp"

#include "evaluator.hpp"
#include "gradus/core/walk.hpp"

namespace gradus::program {
namespace {

class Lowering {
 public:
  Lowering(Context& context, const std::vector<NodePtr>& inputs, const std::vector<NodePtr>& outputs,
           const LowerOptions& options)
      : context_(context),
        inputs_(inputs),
        outputs_(outputs),
        options_(options),
        order_(post_order(context, outputs)),
        depends_(order_),
        b_(program_),
        evaluator_(context.policy(), b_, depends_, [this](const Dim& d) { return size_of(d); }) {
    program_.lanes = options.machine.lanes;
  }

  Result<Program> run() {
    for (const NodePtr n : order_)
      if (n->is(Op::error)) return *n->data.diagnostic;
    declare();
    evaluator_.given = [this](NodePtr n, const Index& index) { return given(n, index); };
    options_.rows.empty() ? emit_plan() : emit_rows();
    if (evaluator_.failure()) return *evaluator_.failure();
    b_.finish(context_.policy().contract && options_.machine.fma);
    if (const std::string why = finish(program_); !why.empty()) return Diagnostic{Code::E605, why};
    return std::move(program_);
  }

 private:
  Id size_of(const Dim& d) {
    for (Id k = 0; k < program_.sizes.size(); ++k)
      if (d.is_constant() ? program_.sizes[k].value == d.size : program_.sizes[k].name == d.name) return k;
    program_.sizes.push_back({std::string(d.name), d.is_constant() ? d.size : -1});
    return Id(program_.sizes.size() - 1);
  }

  std::vector<Id> sizes_of(const Shape* shape) {
    std::vector<Id> sizes;
    if (shape)
      for (const Dim& d : *shape) sizes.push_back(size_of(d));
    return sizes;
  }

  Id add_array(std::string name, Role role, const Shape* shape) {
    program_.arrays.push_back({std::move(name), role, sizes_of(shape)});
    return Id(program_.arrays.size() - 1);
  }

  void declare() {
    const Shape column{Dim{1, options_.rows}};
    const Shape* scalar = options_.rows.empty() ? nullptr : &column;
    for (const NodePtr n : inputs_) {
      input_of_[n] = Id(program_.arrays.size());
      add_array(std::string(n->name()), Role::input, n->shape ? n->shape : scalar);
    }
    program_.inputs = Id(inputs_.size());
    for (std::size_t k = 0; k < outputs_.size(); ++k)
      add_array("out" + std::to_string(k), Role::output, outputs_[k]->shape ? outputs_[k]->shape : scalar);
    program_.outputs = Id(outputs_.size());
  }
  Id output(std::size_t k) const { return Id(inputs_.size() + k); }

  Id given(NodePtr n, const Index& index) {
    if (n->is(Op::symbol)) {
      const auto at = input_of_.find(n);
      if (at == input_of_.end()) return none;
      return remember(n, index, b_.load(at->second, n->shape || !rows_ ? index : Index{*rows_}));
    }
    if (rows_) return none;
    if (const auto at = result_.find(n); at != result_.end()) return at->second;
    if (const auto at = array_of_.find(n); at != array_of_.end() && plan_.roots[plan_.root_of.at(n)].nest < nest_)
      return remember(n, index, b_.load(at->second, index));
    if (n->shape && plan_.is_loadable(n, nest_)) return remember(n, index, b_.load(room_of(n), index));
    return none;
  }

  // Loads are shared as long as their scope is open.
  Id remember(NodePtr n, const Index& index, Id value) {
    evaluator_.remember(n, index, value);
    return value;
  }

  Id room_of(NodePtr n) {
    const Plan::Kept& kept = plan_.kept.at(n);
    if (kept.output >= 0) return output(std::size_t(kept.output));
    const auto [at, fresh] = rooms_.try_emplace(n, none);
    if (fresh) at->second = add_array("kept" + std::to_string(rooms_.size() - 1), Role::temporary, n->shape);
    return at->second;
  }

  // --- one row after the other

  void emit_rows() {
    const Id loop = b_.open(Builder::top, size_of(Dim{1, options_.rows}), true);
    rows_ = loop;
    evaluator_.ground = loop;
    for (const NodePtr n : order_)  // operands first: the evaluator's stack stays flat however deep the formula is
      if (!n->shape && n->open == 0 && !n->is_binder()) {
        evaluator_.value(n, {});
        if (evaluator_.failure()) return;
      }
    for (std::size_t k = 0; k < outputs_.size(); ++k) {
      const Id value = evaluator_.value(outputs_[k], {});
      if (evaluator_.failure()) return;
      b_.store(output(k), {loop}, value);
    }
    close_lanes(loop);
  }

  // --- nests

  void emit_plan() {
    plan_ = make_plan(outputs_, depends_);
    evaluator_.computed = [this](NodePtr n, const Index& index, Id value) { keep(n, index, value); };
    for (nest_ = 0; nest_ < plan_.nests.size() && !evaluator_.failure(); ++nest_) emit_nest(plan_.nests[nest_]);
  }

  // A value that later nests want, when it was computed for exactly the loops of this one.
  void keep(NodePtr n, const Index& index, Id value) {
    if (index.empty() || index != shared_) return;
    const auto at = plan_.kept.find(n);
    if (at == plan_.kept.end() || at->second.nest != nest_) return;
    if (const auto root = plan_.root_of.find(n); root != plan_.root_of.end()) return;  // stored as an output
    b_.store(room_of(n), index, value);
  }

  void emit_nest(const Nest& nest) {
    shared_.clear();
    for (std::size_t k = 0; k < nest.loops.size(); ++k)
      shared_.push_back(
          b_.open(shared_.empty() ? Builder::top : shared_.back(), size_of(nest.loops[k]), k + 1 == nest.loops.size()));
    std::vector<Pending> pending;
    for (const std::size_t r : nest.roots) {
      emit_root(plan_.roots[r], pending);
      if (evaluator_.failure()) return;
    }
    for (std::size_t k = shared_.size(); k-- > 0;) {
      for (Pending& p : pending) {
        if (p.done) continue;
        const Root& root = *p.root;
        if (root.reduced[std::size_t(root.order[k])])
          p.value = b_.fold(fold_of(root), shared_[k], p.value);
        else
          store_root(root, p.index, p.value), p.done = true;
      }
      k + 1 == shared_.size() ? close_lanes(shared_[k]) : b_.close(shared_[k]);
    }
    for (Pending& p : pending) {
      if (p.done) continue;
      result_[p.root->node] = p.value;
      for (const std::uint32_t o : p.root->outputs) b_.store(output(o), {}, p.value);
    }
  }

  struct Pending {
    const Root* root;
    Index index;  // of the result
    Id value;
    bool done = false;
  };

  static Fold fold_of(const Root& root) { return root.node->is(Op::reduce_sum) ? Fold::sum : Fold::max; }

  void emit_root(const Root& root, std::vector<Pending>& pending) {
    if (root.node->is(Op::stack)) return emit_literal(root);
    Index space(root.space.size(), none);
    std::vector<Id> inner;
    for (std::size_t k = 0; k < root.order.size(); ++k) {
      const std::size_t axis = std::size_t(root.order[k]);
      if (k < root.shared) {
        space[axis] = shared_[k];
        continue;
      }
      const Id parent = !inner.empty() ? inner.back() : shared_.empty() ? Builder::top : shared_.back();
      inner.push_back(b_.open(parent, size_of(root.space[axis]), false));
      space[axis] = inner.back();
    }
    const bool reduction = depends_.folds(root.node);
    Id value = evaluator_.value(reduction ? root.node->operand(0) : root.node, space);
    if (evaluator_.failure()) return;
    Index kept;
    for (std::size_t axis = 0; axis < space.size(); ++axis)
      if (!root.reduced[axis]) kept.push_back(space[axis]);
    bool stored = false;
    for (std::size_t k = root.order.size(); k-- > root.shared;) {
      const Id loop = inner[k - root.shared];
      if (root.reduced[std::size_t(root.order[k])]) {
        value = b_.fold(fold_of(root), loop, value);
      } else if (!stored) {
        stored = true;
        const bool over_lanes = root.shared == 1 && root.reduced[std::size_t(root.order[0])];
        over_lanes ? fold_root(root, kept, value) : store_root(root, kept, value);
      }
      b_.close(loop);
    }
    if (stored) return;
    if (reduction) {
      pending.push_back({&root, kept, value});
    } else if (root.space.empty()) {
      for (const std::uint32_t o : root.outputs) b_.store(output(o), {}, value);
    } else {
      store_root(root, kept, value);
    }
  }

  // Where a root's values go: the outputs it is, or an array of its own.
  std::vector<Id> arrays_of(const Root& root) {
    std::vector<Id> arrays;
    for (const std::uint32_t o : root.outputs) arrays.push_back(output(o));
    if (arrays.empty())
      arrays.push_back(add_array("t" + std::to_string(array_of_.size()), Role::temporary, root.node->shape));
    array_of_[root.node] = arrays[0];
    return arrays;
  }

  void store_root(const Root& root, const Index& index, Id value) {
    for (const Id array : arrays_of(root)) b_.store(array, index, value);
  }

  void fold_root(const Root& root, const Index& index, Id value) {
    for (const Id array : arrays_of(root)) {
      const Id partial = add_array("partial" + std::to_string(array), Role::partial, root.node->shape);
      b_.fold_into(fold_of(root), shared_[0], value, array, partial, index);
    }
  }

  // A literal of constant shape, entry by entry; rows that are arrays of their own are copied by loops.
  void emit_literal(const Root& root) {
    const std::vector<Id> arrays = arrays_of(root);
    struct Part {
      NodePtr node;
      Index index;
    };
    std::vector<Part> stack{{root.node, {}}};
    while (!stack.empty()) {
      Part part = std::move(stack.back());
      stack.pop_back();
      if (part.node->is(Op::stack)) {
        for (std::size_t k = part.node->arity; k-- > 0;) {
          Index index = part.index;
          index.push_back(constant_index(Id(k)));
          stack.push_back({part.node->operand(k), std::move(index)});
        }
        continue;
      }
      std::vector<Id> loops;
      for (std::size_t axis = 0; axis < part.node->rank(); ++axis) {
        loops.push_back(
            b_.open(loops.empty() ? Builder::top : loops.back(), size_of((*part.node->shape)[axis]), false));
        part.index.push_back(loops.back());
      }
      const Id value = evaluator_.value(part.node, loops);
      if (evaluator_.failure()) return;
      for (const Id array : arrays) b_.store(array, part.index, value);
      for (; !loops.empty(); loops.pop_back()) b_.close(loops.back());
    }
  }

  // More vectors side by side hide latency, until they no longer fit the registers.
  void close_lanes(Id loop) {
    const std::size_t count = b_.instructions_in(loop);
    const unsigned narrow = count > 160 ? 1 : count > 60 ? 2 : 4;
    b_.set_unroll(loop, narrow == 4 && b_.has_inner_loops(loop) ? 8 : narrow);
    b_.close(loop);
  }

  Context& context_;
  const std::vector<NodePtr>& inputs_;
  const std::vector<NodePtr>& outputs_;
  const LowerOptions& options_;
  std::vector<NodePtr> order_;
  Dependence depends_;
  Program program_;
  Builder b_;
  Evaluator evaluator_;
  Plan plan_;
  std::size_t nest_ = 0;
  Index shared_;
  std::optional<Id> rows_;
  std::unordered_map<NodePtr, Id> input_of_, array_of_, result_, rooms_;
};

}  // namespace

Result<Program> lower(Context& context, const std::vector<NodePtr>& inputs, const std::vector<NodePtr>& outputs,
                      const LowerOptions& options) {
  return Lowering(context, inputs, outputs, options).run();
}

}  // namespace gradus::program

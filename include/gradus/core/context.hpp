// A Context owns and interns nodes and builds them in canonical form.
// Method: nodes are bump-allocated, looked up in an open-addressing table by structural hash; constructors apply only
// rules that neither enlarge nor shrink the domain. A context bounds its nodes and bytes; past the bound every
// constructor returns the context's error node, which absorbs whatever is built on it. One thread at a time.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "gradus/core/node.hpp"

namespace gradus {

/// What constructors may do besides interning.
struct Policy {
  bool reorder = true;    // algebra as on paper: sums and products ordered, like terms collected
  bool contract = true;   // fused multiply-add in programs
  bool stabilise = true;  // log1p, expm1, ... in programs
  static constexpr Policy formula() { return {}; }
  static constexpr Policy traced() { return {false, true, true}; }
  static constexpr Policy exact() { return {false, false, false}; }
};

struct Budget {
  std::size_t nodes = 20'000'000;
  std::size_t bytes = std::size_t(3) << 30;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// Memo of a pass: a value per node, reset in constant time. Borrow one with Context::memo().
class Memo {
 public:
  NodePtr get(NodePtr n) const {
    return n->id < slots_.size() && slots_[n->id].epoch == epoch_ ? slots_[n->id].value : nullptr;
  }
  void set(NodePtr n, NodePtr value);
  bool has(NodePtr n) const { return n->id < slots_.size() && slots_[n->id].epoch == epoch_; }

 private:
  friend class Context;
  struct Slot {
    NodePtr value = nullptr;
    std::uint32_t epoch = 0;
  };
  std::vector<Slot> slots_;
  std::uint32_t epoch_ = 1;
};

class Context {
 public:
  explicit Context(Policy policy = Policy::formula(), Budget budget = {});
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Policy& policy() const { return policy_; }
  std::size_t node_count() const { return next_id_; }
  std::size_t byte_count() const { return bytes_; }
  /// The diagnostic of the bound that was exceeded; null while none was.
  const Diagnostic* failure() const { return failure_ ? failure_->data.diagnostic : nullptr; }
  /// Past it, constructors fail, and so do evaluations of this context's formulas.
  std::chrono::steady_clock::time_point deadline() const { return budget_.deadline; }
  void set_deadline(std::chrono::steady_clock::time_point deadline) { budget_.deadline = deadline; }

  // Leaves.
  NodePtr rational(const Rational& value);
  NodePtr integer(std::int64_t value);
  /// A double by its bits; finite ones other than -0.0 become the rational they are.
  NodePtr floating(double value);
  NodePtr pi();
  NodePtr e() { return exp(integer(1)); }
  NodePtr symbol(std::string_view name, Facts facts = total, const Shape& shape = {});
  NodePtr iota(const Shape& shape, int axis);
  NodePtr bound(int number, bool real = false);
  NodePtr error(Diagnostic diagnostic);

  // Arithmetic.
  NodePtr add(std::span<const NodePtr> terms);
  NodePtr add(NodePtr a, NodePtr b);
  NodePtr sub(NodePtr a, NodePtr b) { return add(a, neg(b)); }
  NodePtr neg(NodePtr a) { return scale(a, Rational(-1)); }
  NodePtr mul(std::span<const NodePtr> factors);
  NodePtr mul(NodePtr a, NodePtr b);
  /// The product of `run` and `a`, where `run` holds operands of one product, in their order: cheaper than mul of all.
  NodePtr mul_ordered(std::span<const NodePtr> run, NodePtr a);
  NodePtr div(NodePtr a, NodePtr b) { return mul(a, pow(b, integer(-1))); }
  NodePtr pow(NodePtr base, NodePtr exponent);
  NodePtr pow(NodePtr base, std::int64_t exponent) { return pow(base, integer(exponent)); }
  NodePtr sqrt(NodePtr a) { return pow(a, rational(Rational(1, 2))); }
  NodePtr exp(NodePtr a) { return apply(op_of<ops::Exp>, a); }
  /// c * a, with the coefficient merged: the cheap way to negate or scale.
  NodePtr scale(NodePtr a, const Rational& c);

  // Pointwise ops with a record, by arity.
  NodePtr apply(Op op, NodePtr a);
  NodePtr apply(Op op, NodePtr a, NodePtr b);
  NodePtr apply(Op op, std::span<const NodePtr> operands);

  // Comparison, choice.
  NodePtr minmax(Op op, std::span<const NodePtr> operands);  // Op::min or Op::max
  NodePtr compare(Op op, NodePtr a, NodePtr b);              // less, less_equal, equal
  NodePtr logical(Op op, std::span<const NodePtr> operands);
  NodePtr select(NodePtr condition, NodePtr then, NodePtr otherwise);

  // Arrays.
  NodePtr stack(std::span<const NodePtr> rows);
  /// The elements or rows of `array` at `indices`, one for each of its first axes, counted from 0.
  /// Shapes:  indices are scalars or of one shape B; the result has B, then the axes that no index names.
  /// Errors:  E203 for too many indices, E202 for a constant out of range. In programs a place out of range is NaN.
  NodePtr index(NodePtr array, std::span<const NodePtr> indices);
  /// An array of zeros of `shape` to which each row of `rows` is added at its place: the transpose of `index`.
  /// Shapes:  rows as the result of `index`. What is out of range is left out.
  NodePtr scatter_add(const Shape& shape, NodePtr rows, std::span<const NodePtr> indices);
  /// `a` to `shape`; axis i of `a` becomes axis axes[i].
  NodePtr broadcast(NodePtr a, const Shape& shape, const std::vector<int>& axes);
  NodePtr reduce(Op op, NodePtr a, const std::vector<int>& axes);  // reduce_sum, reduce_max
  /// A node of linear algebra (linear_algebra.hpp says which, and checks shapes: E203, E202).
  NodePtr linear(Op op, std::span<const NodePtr> operands, const std::vector<int>& form = {});
  /// `a` as a constant: its derivatives are zero.
  NodePtr held(NodePtr a);

  // Binders and notation. `variable` is a symbol; it is replaced by a bound variable.
  NodePtr over(Op op, NodePtr body, NodePtr variable, NodePtr lower,
               NodePtr upper);  // sum_over, prod_over, integral_over
  /// The body of a Σ, Π or ∫ with its bound variable replaced.
  NodePtr body_at(NodePtr over, NodePtr value);
  NodePtr derivative(NodePtr body, NodePtr variable, int order);
  NodePtr call(std::string_view name, std::span<const NodePtr> arguments, const std::vector<int>& order = {});

  /// A copy of `root`, in which no bound variable is free, with all their numbers greater by `by`: no canonical form,
  /// but one in which formulas with up to `by` binders can be substituted.
  NodePtr raise_numbers(NodePtr root, int by);

  /// A control node from its operands and bodies, and one of its values (control.hpp makes them).
  NodePtr control(Op op, std::span<const NodePtr> operands, const Control& control);
  bool has_calls() const { return has_calls_; }
  NodePtr result(NodePtr control, std::size_t k, const Shape& shape);

  /// A node like `n` with other operands, through the constructors above.
  NodePtr rebuild(NodePtr n, std::span<const NodePtr> operands);

  /// A symbol that no text can name, different from every other.
  NodePtr fresh_symbol(std::string_view stem, Facts facts = total, const Shape& shape = {});

  class BorrowedMemo {
   public:
    explicit BorrowedMemo(Context& context);
    ~BorrowedMemo();
    BorrowedMemo(const BorrowedMemo&) = delete;
    BorrowedMemo& operator=(const BorrowedMemo&) = delete;
    NodePtr get(NodePtr n) const { return memo_->get(n); }
    void set(NodePtr n, NodePtr value) { memo_->set(n, value); }
    bool has(NodePtr n) const { return memo_->has(n); }

   private:
    std::unique_ptr<Memo> memo_;
  };
  BorrowedMemo memo() { return BorrowedMemo(*this); }

 private:
  struct Draft;  // a node before it is interned
  NodePtr intern(Op op, std::span<const NodePtr> operands, const Shape* shape = nullptr);
  NodePtr intern(Draft& draft);
  NodePtr over(Op op, std::span<const NodePtr> operands, int number);
  NodePtr rebuild_over(NodePtr n, std::span<const NodePtr> operands);
  NodePtr fail(Code code, std::string message);
  bool over_budget(std::size_t bytes);
  void* allocate(std::size_t bytes);
  void grow_table();
  std::string_view keep(std::string_view text);
  const Shape* keep(const Shape& shape);
  const std::vector<int>* keep(const std::vector<int>& axes);
  NodePtr absorb(std::span<const NodePtr> operands);
  /// The common shape of pointwise operands (rank 0 goes with any). Not null when that settles the matter: an error
  /// node where shapes differ, the literal of the results where all arrays are small literals.
  NodePtr settle(Op op, std::span<const NodePtr> operands, const Shape*& shape);
  NodePtr make(Op op, std::span<const NodePtr> operands);  // any pointwise op
  struct Factored;                                         // a product while it is put together
  NodePtr finish(Factored& product);
  NodePtr merge(Factored& product);
  NodePtr with_coefficient(const Rational& c, std::span<const NodePtr> factors, const Shape* shape);
  NodePtr fold_unary(Op op, NodePtr a);
  NodePtr fold_special(Op op, std::span<const NodePtr> operands);
  NodePtr power_of_rational(const Rational& base, const Rational& exponent);

  Policy policy_;
  Budget budget_;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  char* free_ = nullptr;
  std::size_t left_ = 0, bytes_ = 0;
  std::vector<std::uint64_t> table_;  // 16 bits of hash, 48 bits of pointer
  std::size_t used_ = 0;
  std::uint32_t next_id_ = 0;
  std::uint32_t fresh_ = 0;
  NodePtr failure_ = nullptr;
  bool has_calls_ = false;                      // any was made
  std::vector<std::unique_ptr<Rational>> big_;  // those that own memory
  std::vector<std::unique_ptr<Diagnostic>> diagnostics_;
  std::vector<std::unique_ptr<Shape>> shapes_;
  std::vector<std::unique_ptr<std::vector<int>>> axes_;
  std::vector<std::unique_ptr<const Control>> controls_;
  NodePtr small_[33] = {};  // -16 ... 16
};

}  // namespace gradus

// Interning, storage and leaves. The table holds 16 bits of hash beside each 48-bit pointer, so that a probe seldom
// touches a node that is not the one sought.
#include "gradus/core/context.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "core/draft.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"

namespace gradus {
namespace {
constexpr std::size_t block_bytes = 1 << 16;
constexpr std::uint64_t pointer_mask = (std::uint64_t(1) << 48) - 1;

bool same_control(const Control& a, const Control& b) {
  return a.body == b.body && a.otherwise == b.otherwise && a.carried == b.carried && a.scanned == b.scanned &&
         a.length == b.length && a.reversed == b.reversed && a.keeps == b.keeps && a.segment == b.segment &&
         a.rule == b.rule;
}

bool same_payload(NodePtr n, Op op, const decltype(Node::data)& data) {
  if (is_linear_algebra(op)) return *n->data.axes == *data.axes;
  switch (op) {
    case Op::rational:
      return *n->data.rational == *data.rational;
    case Op::floating:
      return std::memcmp(&n->data.floating, &data.floating, sizeof(double)) == 0;
    case Op::symbol:
      return n->data.symbol->name == data.symbol->name && n->data.symbol->facts == data.symbol->facts;
    case Op::apply:
      return n->data.symbol->name == data.symbol->name;
    case Op::bound:
    case Op::sum_over:
    case Op::prod_over:
    case Op::integral_over:
    case Op::result:
      return n->data.number == data.number;
    case Op::scan:
    case Op::while_loop:
    case Op::branch:
    case Op::implicit:
    case Op::call:
      return same_control(*n->data.control, *data.control);
    case Op::iota:
    case Op::broadcast:
    case Op::reduce_sum:
    case Op::reduce_max:
    case Op::derivative:
    default:
      return true;
  }
}

// Rank, degree and name of a node, its numeric coefficient aside.
std::uint64_t key_of(Op op, std::span<const NodePtr> operands, std::uint64_t name_key, std::uint32_t height) {
  switch (op) {
    case Op::rational:
    case Op::floating:
      return make_key(number_rank, 0, 0);
    case Op::pi:
      return make_key(constant_rank, 0, name_prefix("pi"));
    case Op::symbol:
      return make_key(monomial_rank, 1, name_key);
    case Op::add:
      return make_key(sum_rank, 0, height);
    case Op::mul: {
      const bool scaled = operands[0]->is_rational();
      if (scaled && operands.size() == 2) return operands[1]->key;
      std::uint64_t rank = 0, name = 0;
      std::int64_t degree = 0;
      for (const NodePtr f : operands.subspan(scaled ? 1 : 0)) {
        rank = std::max(rank, rank_of(f->key));
        if (rank_of(f->key) == monomial_rank) {
          degree += degree_of(f->key);
          if (name == 0) name = f->key & 0xFFFFFFFFFFu;
        }
      }
      return make_key(rank, degree, name);
    }
    case op_of<ops::Pow>: {
      const auto n = operands[1]->is_rational() ? operands[1]->value().to_int() : std::nullopt;
      const std::uint64_t base = operands[0]->key;
      if (n && rank_of(base) == monomial_rank)
        return make_key(monomial_rank,
                        degree_of(base) * std::max<std::int64_t>(-30000, std::min<std::int64_t>(30000, *n)), base);
      return make_key(std::max<std::uint64_t>(other_rank, rank_of(base)), 0, rank_of(base) == sum_rank ? height : base);
    }
    default:
      return make_key(other_rank, 0, is_pointwise_record(op) ? name_prefix(info_of(op).name) : std::uint64_t(op));
  }
}

bool same_operands(NodePtr n, std::span<const NodePtr> operands) {  // inline: shorter than a call to memcmp
  for (std::size_t i = 0; i < operands.size(); i++)
    if (n->operand(i) != operands[i]) return false;
  return true;
}

// Blocks and memos outlive their context, for the next one of the thread: fresh pages cost more than the nodes in them.
struct Spare {
  std::vector<std::unique_ptr<char[]>> blocks;  // of block_bytes each
  std::vector<std::unique_ptr<Memo>> memos;
  Spare() = default;
  Spare(const Spare&) = delete;
  Spare& operator=(const Spare&) = delete;
  ~Spare();
};
thread_local bool spare_is_gone = false;  // a context of static life is destroyed after what is local to its thread
Spare::~Spare() { spare_is_gone = true; }

Spare* spare() {
  if (spare_is_gone) return nullptr;
  thread_local Spare s;
  return &s;
}
constexpr std::size_t spare_blocks = 256;
}  // namespace

void Memo::set(NodePtr n, NodePtr value) {
  if (n->id >= slots_.size()) slots_.resize(std::max<std::size_t>(n->id + 1, slots_.size() * 2));
  slots_[n->id] = {value, epoch_};
}

Context::BorrowedMemo::BorrowedMemo(Context&) {
  Spare* const kept = spare();
  if (!kept || kept->memos.empty()) {
    memo_ = std::make_unique<Memo>();
  } else {
    memo_ = std::move(kept->memos.back());
    kept->memos.pop_back();
    if (++memo_->epoch_ == 0) *memo_ = Memo();
  }
}
Context::BorrowedMemo::~BorrowedMemo() {
  Spare* const kept = spare();
  if (kept && memo_ && kept->memos.size() < 16) kept->memos.push_back(std::move(memo_));
}

Context::Context(Policy policy, Budget budget) : policy_(policy), budget_(budget), table_(1 << 10) {}
Context::~Context() {
  Spare* const kept = spare();
  if (!kept) return;
  auto& blocks = kept->blocks;
  for (std::size_t i = 0; i < blocks_.size() && blocks.size() < spare_blocks; i++)
    if (blocks_[i].size == block_bytes) blocks.push_back(std::move(blocks_[i].bytes));
  std::erase_if(kept->memos, [](const auto& memo) { return memo->slots_.size() > (1 << 20); });
}

void* Context::allocate(std::size_t bytes) {
  bytes = (bytes + 7) & ~std::size_t(7);
  if (bytes > left_) {
    Spare* const kept = spare();
    const std::size_t size = std::max(bytes, block_bytes);
    if (kept && size == block_bytes && !kept->blocks.empty()) {
      blocks_.push_back({std::move(kept->blocks.back()), size});
      kept->blocks.pop_back();
    } else {
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    }
    free_ = blocks_.back().bytes.get();
    left_ = size;
  }
  void* at = free_;
  free_ += bytes;
  left_ -= bytes;
  bytes_ += bytes;
  return at;
}

std::string_view Context::keep(std::string_view text) {
  char* at = static_cast<char*>(allocate(text.size() + 1));
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}
const Shape* Context::keep(const Shape& shape) {
  if (shape.empty()) return nullptr;
  for (const auto& s : shapes_)
    if (*s == shape) return s.get();
  auto copy = std::make_unique<Shape>(shape);
  for (Dim& d : *copy)
    if (!d.name.empty()) d.name = keep(d.name);
  shapes_.push_back(std::move(copy));
  return shapes_.back().get();
}
const std::vector<int>* Context::keep(const std::vector<int>& axes) {
  for (const auto& a : axes_)
    if (*a == axes) return a.get();
  axes_.push_back(std::make_unique<std::vector<int>>(axes));
  return axes_.back().get();
}

bool Context::over_budget(std::size_t bytes) {
  if (failure_) return true;
  if (next_id_ >= budget_.nodes || bytes_ + bytes > budget_.bytes) {
    failure_ = error({Code::E601, "the expression needs more than " + std::to_string(next_id_) + " nodes"});
    return true;
  }
  if ((next_id_ & 1023) == 1023 && budget_.deadline != std::chrono::steady_clock::time_point::max() &&
      std::chrono::steady_clock::now() > budget_.deadline) {
    failure_ = error({Code::E602, "out of time after " + std::to_string(next_id_) + " nodes"});
    return true;
  }
  return false;
}

NodePtr Context::fail(Code code, std::string message) { return error({code, std::move(message)}); }

NodePtr Context::error(Diagnostic diagnostic) {
  diagnostics_.push_back(std::make_unique<Diagnostic>(std::move(diagnostic)));
  Node* n = static_cast<Node*>(allocate(sizeof(Node)));
  *n = Node{};
  n->op = Op::error;
  n->hash = n->core = mix(hash_seed, diagnostics_.size());
  n->data.diagnostic = diagnostics_.back().get();
  n->id = next_id_++;
  return n;
}

NodePtr Context::absorb(std::span<const NodePtr> operands) {
  for (const NodePtr n : operands)
    if (n->is(Op::error)) return n;
  return nullptr;
}

void Context::grow_table() {
  std::vector<std::uint64_t> old(table_.size() * 2);
  old.swap(table_);
  const std::size_t mask = table_.size() - 1;
  for (const std::uint64_t slot : old) {
    if (slot == 0) continue;
    std::size_t i = reinterpret_cast<NodePtr>(slot & pointer_mask)->hash & mask;
    while (table_[i] != 0) i = (i + 1) & mask;
    table_[i] = slot;
  }
}

NodePtr Context::intern(Op op, std::span<const NodePtr> operands, const Shape* shape) {
  Draft draft{.op = op, .operands = operands, .shape = shape};
  return intern(draft);
}

NodePtr Context::intern(Draft& d) {
  const std::size_t arity = d.operands.size();
  // A product's hash is that of its factors, mixed with the coefficient last; so `core` costs nothing.
  const bool scaled = d.op == Op::mul && d.operands[0]->is_rational();
  std::uint64_t core = mix(op_hashes[std::size_t(d.op)], d.payload);
  if (d.shape && (d.op == Op::symbol || d.op == Op::iota || d.op == Op::broadcast || d.op == Op::scatter_add))
    for (const Dim& dim : *d.shape)
      core = mix(core, mix(std::uint64_t(dim.size), std::hash<std::string_view>()(dim.name)));
  for (std::size_t i = scaled ? 1 : 0; i < arity; i++) core = mix(core, d.operands[i]->hash);
  std::uint64_t hash = core;
  if (scaled) {
    if (arity == 2) core = d.operands[1]->core;
    hash = mix(core + 1, d.operands[0]->hash);
  }

  const std::size_t mask = table_.size() - 1;
  const std::uint64_t tag = hash >> 48 << 48;
  std::size_t at = hash & mask;
  for (; table_[at] != 0; at = (at + 1) & mask) {
    if ((table_[at] & ~pointer_mask) != tag) continue;
    const NodePtr n = reinterpret_cast<NodePtr>(table_[at] & pointer_mask);
    if (n->hash == hash && n->op == d.op && n->arity == arity && n->shape == d.shape && same_operands(n, d.operands) &&
        same_payload(n, d.op, d.data))
      return n;
  }
  const std::size_t bytes = sizeof(Node) + arity * sizeof(NodePtr);
  if (over_budget(bytes)) return failure_;
  Node* n = static_cast<Node*>(allocate(bytes));
  n->hash = hash;
  n->core = core;
  n->shape = d.shape;
  n->data = d.data;
  n->id = next_id_++;
  n->arity = std::uint32_t(arity);
  n->op = d.op;
  if (d.op == Op::rational && !d.data.rational->is_small()) {
    big_.push_back(std::make_unique<Rational>(*d.data.rational));
    n->data.rational = big_.back().get();
  } else if (d.op == Op::rational) {
    n->data.rational = new (allocate(sizeof(Rational))) Rational(*d.data.rational);
  } else if (d.op == Op::scan || d.op == Op::while_loop || d.op == Op::branch || d.op == Op::implicit ||
             d.op == Op::call) {
    controls_.push_back(std::make_unique<const Control>(*d.data.control));
    n->data.control = controls_.back().get();
  } else if (d.op == Op::symbol || d.op == Op::apply) {
    n->data.symbol = new (allocate(sizeof(SymbolData))) SymbolData{keep(d.data.symbol->name), d.data.symbol->facts};
  }
  std::uint32_t height = 0;
  std::uint64_t symbols = d.symbols;
  std::uint8_t binder = 0, open = 0;
  NodePtr* out = reinterpret_cast<NodePtr*>(n + 1);
  for (std::size_t i = 0; i < arity; i++) {
    const NodePtr o = d.operands[i];
    out[i] = o;
    height = std::max(height, o->height);
    symbols |= o->symbols;
    binder = std::max(binder, o->binder);
    open = std::max(open, o->open);
  }
  n->height = height + 1;
  n->symbols = symbols;
  n->binder = binder;
  n->open = open;
  if (d.op == Op::bound) n->open = std::uint8_t(n->bound_number());
  if (n->is_binder()) {
    n->binder = std::uint8_t(std::max<int>(binder, int(d.data.number)));
    n->open = open > n->binder ? open : 0;
  }
  n->facts = std::uint8_t(d.facts | facts_of(d.op, d.operands));
  n->key = key_of(d.op, d.operands, d.name_key, n->height);
  table_[at] = tag | reinterpret_cast<std::uint64_t>(n);
  if (++used_ * 2 > table_.size()) grow_table();
  return n;
}

NodePtr Context::rational(const Rational& value) {
  Draft d{.op = Op::rational, .operands = {}, .payload = value.hash()};
  d.data.rational = &value;
  const int s = value.sign();
  d.facts = Facts(total | (s >= 0 ? nonnegative : 0) | (s <= 0 ? nonpositive : 0) | (s != 0 ? nonzero : 0) |
                  (value.is_integer() ? integral : 0));
  if (value.bits() > (1 << 20)) return fail(Code::E604, "a number of more than 300,000 digits");
  return intern(d);
}
NodePtr Context::integer(std::int64_t value) {
  if (value < -16 || value > 16) return rational(Rational(value, 1));
  NodePtr& slot = small_[value + 16];
  if (!slot) slot = rational(Rational(value, 1));
  return slot;
}
NodePtr Context::floating(double value) {
  if (std::isfinite(value) && !(value == 0 && std::signbit(value))) return rational(Rational::from_double(value));
  if (policy_.reorder)
    return value == 0 ? integer(0) : fail(Code::E402, "NaN and infinity are not numbers of a formula");
  Draft d{.op = Op::floating, .operands = {}, .payload = std::bit_cast<std::uint64_t>(value)};
  d.data.floating = value;
  d.facts = total;
  return intern(d);
}
NodePtr Context::pi() {
  Draft d{.op = Op::pi, .operands = {}};
  d.facts = total | nonnegative | nonzero;
  return intern(d);
}
NodePtr Context::symbol(std::string_view name, Facts facts, const Shape& shape) {
  const SymbolData data{name, Facts(facts | total)};
  Draft d{
      .op = Op::symbol, .operands = {}, .shape = keep(shape), .payload = std::hash<std::string_view>()(name) ^ facts};
  d.data.symbol = &data;
  d.facts = data.facts;
  d.name_key = name_prefix(name);
  d.symbols = std::uint64_t(1) << (next_id_ & 63);
  return intern(d);
}
NodePtr Context::fresh_symbol(std::string_view stem, Facts facts, const Shape& shape) {
  return symbol(std::string(stem) + "#" + std::to_string(fresh_++), facts, shape);
}
NodePtr Context::bound(int number, bool real) {
  const std::int64_t data = number + (real ? 0x100 : 0);
  Draft d{.op = Op::bound, .operands = {}, .payload = std::uint64_t(data)};
  d.data.number = data;
  d.facts = total | (real ? 0 : integral);
  return intern(d);
}
NodePtr Context::iota(const Shape& shape, int axis) {
  Draft d{.op = Op::iota, .operands = {}, .shape = keep(shape), .payload = std::uint64_t(axis)};
  d.data.axes = keep(std::vector<int>{axis});
  d.facts = total | integral | nonnegative;
  return intern(d);
}

}  // namespace gradus

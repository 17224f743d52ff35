// Loops over the lanes: whole blocks of vectors, the rest, and the sums of both.
#include <algorithm>
#include <bit>
#include <cstddef>

#include "emitter.hpp"

namespace gradus::program::jit {

void Emitter::emit_lanes(Id loop) {
  const Instruction& in = p_.code[loop];
  unroll_ = live_ = in.unroll;
  const std::pair<Value*, Value*> range = bounds(in);
  Value *begin = range.first, *n = range.second;
  const std::int64_t per_block = std::int64_t(in.unroll) * lanes_;
  Value* whole = b_.CreateAdd(begin, b_.CreateAnd(b_.CreateSub(n, begin), integer(-per_block)));
  std::vector<Id> scalar_folds, array_folds;
  for (const Id k : folds_of(loop)) (p_.code[k].array == none ? scalar_folds : array_folds).push_back(k);
  for (const Id k : array_folds) fill_partial(p_.code[k]);
  const Inside interior = inside_of(loop);

  streamed_ = false;
  emit_whole_blocks(loop, interior, {begin, whole, size(in.target)}, scalar_folds);
  emit_rest(loop, n, whole, scalar_folds);
  if (streamed_) b_.CreateFence(AtomicOrdering::SequentiallyConsistent);

  for (const Id k : scalar_folds) {
    values_[k].clear();
    const std::size_t count = copies(p_.code[k].jams);
    for (std::size_t copy = 0; copy < count; ++copy) {
      Value** v = folded_[k].data() + copy * unroll_;
      for (std::size_t half = unroll_ / 2; half >= 1; half /= 2)
        for (std::size_t u = 0; u < half; ++u) v[u] = combine(p_.code[k], v[u], v[u + half]);
    }
    for (std::size_t copy = 0; copy < count;) {
      const std::size_t together = std::bit_floor(std::min(count - copy, std::size_t(lanes_)));
      Values sums;
      for (std::size_t c = 0; c < together; ++c) sums.push_back(folded_[k][(copy + c) * unroll_]);
      Value* results = halve(p_.code[k], std::move(sums));
      for (std::size_t c = 0; c < together; ++c, ++copy) values_[k].push_back(b_.CreateExtractElement(results, c));
    }
  }
  for (const Id k : array_folds) finish_partial(p_.code[k]);
  unroll_ = live_ = 1;
}

void Emitter::emit_whole_blocks(Id loop, const Inside& interior, const Blocks& range,
                                const std::vector<Id>& scalar_folds) {
  Values initial;
  for (const Id k : scalar_folds) initial.append(unroll_ * copies(p_.code[k].jams), identity(p_.code[k], true));
  const auto assign = [&](const Values& values) {
    auto at = values.begin();
    for (const Id k : scalar_folds) {
      const std::size_t count = unroll_ * copies(p_.code[k].jams);
      folded_[k].assign(at, at + count);
      at += count;
    }
  };
  assign(counted(range.begin, range.whole, integer(p_.code[loop].unroll * lanes_), initial,
                 [&](Value* i, const Values& now) {
                   assign(now);
                   emit_block(loop, interior, i, range.n, scalar_folds);
                   Values next;
                   for (const Id k : scalar_folds) next.append(folded_[k].begin(), folded_[k].end());
                   return next;
                 }));
}

// Where two ways meet: sums are `others` when one comes from block `there`, what they are now when from `here`.
void Emitter::join_folds(const std::vector<Id>& folds, const std::vector<Values>& others, BasicBlock* there,
                         BasicBlock* here) {
  for (std::size_t f = 0; f < folds.size(); ++f)
    for (std::size_t k = 0; k < others[f].size(); ++k) {
      Value*& now = folded_[folds[f]][k];
      PHINode* node = b_.CreatePHI(now->getType(), 2);
      node->addIncoming(others[f][k], there);
      node->addIncoming(now, here);
      now = node;
    }
}

// A whole block; away from the ends of the loop as it is there.
void Emitter::emit_block(Id loop, const Inside& inside, Value* i, Value* n, const std::vector<Id>& scalar_folds) {
  counters_[loop] = counter(loop, i);
  if (inside.known.empty() || known_) return emit_range(loop + 1, ends_[loop]);
  const std::int64_t per_block = p_.code[loop].unroll * lanes_;
  Value* away =
      b_.CreateAnd(b_.CreateICmpSGE(i, integer(inside.first)),
                   b_.CreateICmpSLE(b_.CreateAdd(i, integer(per_block)), b_.CreateAdd(n, integer(inside.last))));
  BasicBlock *near_end = block("near_end"), *middle = block("middle"), *after = block("after_block");
  b_.CreateCondBr(away, middle, near_end);
  std::vector<Values> before;
  before.reserve(scalar_folds.size());
  for (const Id k : scalar_folds) before.push_back(folded_[k]);

  b_.SetInsertPoint(near_end);
  emit_range(loop + 1, ends_[loop]);
  near_end = b_.GetInsertBlock();
  b_.CreateBr(after);
  std::vector<Values> general;
  general.reserve(scalar_folds.size());
  for (std::size_t f = 0; f < scalar_folds.size(); ++f) {
    general.push_back(folded_[scalar_folds[f]]);
    folded_[scalar_folds[f]] = before[f];
  }

  b_.SetInsertPoint(middle);
  known_ = &inside.known;
  emit_range(loop + 1, ends_[loop]);
  known_ = nullptr;
  middle = b_.GetInsertBlock();
  b_.CreateBr(after);

  b_.SetInsertPoint(after);
  join_folds(scalar_folds, general, near_end, middle);
}

// The places of vector u before `left`.
Value* Emitter::before(Value* left, std::size_t u) {
  SmallVector<Constant*, 8> lanes;
  for (int l = 0; l < lanes_; ++l) lanes.push_back(ConstantInt::get(i64_, u * std::size_t(lanes_) + std::size_t(l)));
  return b_.CreateICmpSLT(ConstantVector::get(lanes), splat(left));
}

// How many places an incomplete block of a lanes loop has; 0 where there never is one.
std::optional<std::int64_t> Emitter::known_rest(const Instruction& loop) const {
  const std::int64_t n = p_.sizes[loop.target].value, per_block = std::int64_t(loop.unroll) * lanes_;
  if (n < 0) return std::nullopt;
  if (loop.a == none) return n % per_block;
  const Instruction& around = p_.code[loop.a];
  if (around.a != none || around.segment != none || around.block % per_block != 0) return std::nullopt;
  return n % per_block;
}

// The last, incomplete block: what is known to count needs no mask, what is known not to is left out.
void Emitter::emit_rest(Id loop, Value* n, Value* whole, const std::vector<Id>& scalar_folds) {
  Value* incomplete = b_.CreateICmpSLT(whole, n);
  const std::optional<std::int64_t> known = known_rest(p_.code[loop]);
  if (known == 0) return;
  Value* left = known ? integer(*known) : b_.CreateSub(n, whole);
  const bool turn =  // the larger of 0 and -0 is the one that stands where the other does not
      std::all_of(scalar_folds.begin(), scalar_folds.end(), [&](Id k) { return p_.code[k].fold == Fold::sum; });
  // Vectors side by side take as long as one where each round of a loop waits for the round before.
  bool waits = false;
  for (Id k = loop + 1; k < ends_[loop]; ++k) waits = waits || p_.code[k].opcode == Opcode::phi;
  if (!known && unroll_ > 1 && turn && !waits) return emit_rest_one_by_one(loop, n, whole, scalar_folds);
  const bool always = is_known(incomplete, true);
  BasicBlock *before = b_.GetInsertBlock(), *after = nullptr;
  if (!always) {
    BasicBlock* rest = block("rest");
    after = block("after_rest");
    b_.CreateCondBr(incomplete, rest, after);
    b_.SetInsertPoint(rest);
  }
  counters_[loop] = whole;
  if (known) live_ = std::size_t((*known + lanes_ - 1) / lanes_);
  for (std::size_t u = 0; u < live_; ++u)
    masks_.push_back(known && *known >= std::int64_t(u + 1) * lanes_ ? nullptr : this->before(left, u));
  std::vector<Values> old;
  old.reserve(scalar_folds.size());
  for (const Id k : scalar_folds) old.push_back(folded_[k]);
  emit_range(loop + 1, ends_[loop]);
  masks_.clear();
  live_ = unroll_;
  if (always) return;
  BasicBlock* last = b_.GetInsertBlock();
  b_.CreateBr(after);
  b_.SetInsertPoint(after);
  join_folds(scalar_folds, old, before, last);
}

// The same vector by vector, in a loop: less code. The sums of a block's vectors take turns: the first gets what this
// vector adds and goes behind the others. Where they stand in the end is no matter to how they are added up in pairs.
void Emitter::emit_rest_one_by_one(Id loop, Value* n, Value* whole, const std::vector<Id>& scalar_folds) {
  const std::size_t in_block = std::exchange(unroll_, 1);
  live_ = 1;
  Values initial;
  for (const Id k : scalar_folds) initial.append(folded_[k].begin(), folded_[k].end());
  const Values last = counted(whole, n, integer(lanes_), initial, [&](Value* i, Values now) {
    counters_[loop] = counter(loop, i);
    masks_ = {before(b_.CreateSub(n, i), 0)};
    Value** sums = now.data();
    for (const Id k : scalar_folds) {
      const std::size_t count = copies(p_.code[k].jams);
      folded_[k].clear();
      for (std::size_t c = 0; c < count; ++c) folded_[k].push_back(sums[c * in_block]);
      sums += count * in_block;
    }
    emit_range(loop + 1, ends_[loop]);
    sums = now.data();
    for (const Id k : scalar_folds)
      for (Value* sum : folded_[k]) {
        std::copy(sums + 1, sums + in_block, sums);
        sums[in_block - 1] = sum;
        sums += in_block;
      }
    masks_.clear();
    return now;
  });
  auto at = last.begin();
  for (const Id k : scalar_folds) {
    folded_[k].assign(at, at + std::ptrdiff_t(in_block * copies(p_.code[k].jams)));
    at += std::ptrdiff_t(in_block * copies(p_.code[k].jams));
  }
  unroll_ = live_ = in_block;
}

void Emitter::fill_partial(const Instruction& in) {
  Value* count = strides(in.partial)[0];
  const std::size_t bytes = bytes_of(p_.type_of(in));
  if (in.fold == Fold::sum) {
    b_.CreateMemSet(base(in.partial), b_.getInt8(0), b_.CreateMul(count, integer(std::int64_t(bytes) * lanes_)),
                    Align(bytes));
    return;
  }
  counted(integer(0), count, integer(1), [&](Value* i) {
    Value* address = b_.CreateGEP(type_of(in), base(in.partial), b_.CreateMul(i, integer(lanes_)));
    b_.CreateAlignedStore(identity(in, true), address, Align(bytes));
  });
}

// As many entries as there are lanes at a time.
void Emitter::finish_partial(const Instruction& in) {
  const std::vector<Id> prefix(in.index.begin(), in.index.begin() + in.prefix);
  const Element to = p_.arrays[in.array].element;
  Type *const one = type_of(in), *const memory = memory_of(to);
  Value* first = base(in.array);
  const Values steps = strides(in.array);
  for (std::size_t axis = 0; axis < prefix.size(); ++axis)
    first = b_.CreateGEP(memory, first,
                         b_.CreateMul(is_value(prefix[axis]) ? whole(prefix[axis]) : integer(constant_of(prefix[axis])),
                                      steps[axis + 1]));
  const std::uint64_t lanes = std::uint64_t(lanes_);
  const auto sums = [&](Value* i, std::uint64_t together) {
    Value* from = b_.CreateGEP(one, base(in.partial), b_.CreateMul(i, integer(lanes_)));
    Values list;
    for (std::uint64_t k = 0; k < together; ++k)
      list.push_back(b_.CreateAlignedLoad(vector_of(one), b_.CreateConstGEP1_64(one, from, k * lanes),
                                          Align(bytes_of(p_.type_of(in)))));
    Value* sum = halve(in, list);
    if (together == 1) sum = b_.CreateExtractElement(sum, std::uint64_t(0));
    b_.CreateAlignedStore(to_memory(sum, to), b_.CreateGEP(memory, first, i), Align(bytes_of(to)));
  };
  Value* count = strides(in.partial)[0];
  Value* whole = b_.CreateAnd(count, integer(-lanes_));
  counted(integer(0), whole, integer(lanes_), [&](Value* i) { sums(i, lanes); });
  counted(whole, count, integer(1), [&](Value* i) { sums(i, 1); });
}

}  // namespace gradus::program::jit

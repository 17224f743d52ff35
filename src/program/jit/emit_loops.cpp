// Loops, choices and folds.
#include <algorithm>
#include <cstddef>
#include <limits>

#include "emitter.hpp"

namespace gradus::program::jit {

Value* Emitter::identity(const Instruction& in, bool vector) {
  return ConstantFP::get(type_of(in, vector), in.fold == Fold::sum ? 0.0 : -std::numeric_limits<double>::infinity());
}

Value* Emitter::combine(const Instruction& in, Value* sum, Value* x) {
  return in.fold == Fold::sum ? b_.CreateFAdd(sum, x) : extremum(sum, x, true);
}

Value* Emitter::fold_step(const Instruction& in, Value* sum, std::size_t u, bool vector) {
  Type* const one = type_of(in);
  Value* a = operand(in.a, u, vector, one);
  return in.b == none ? combine(in, sum, a) : fma(a, operand(in.b, u, vector, one), sum);
}

Value* Emitter::halve(const Instruction& in, Value* v) {
  for (int half = lanes_ / 2; half > 1; half /= 2) {
    SmallVector<int, 8> low, high;
    for (int l = 0; l < half; ++l) low.push_back(l), high.push_back(l + half);
    v = combine(in, b_.CreateShuffleVector(v, low), b_.CreateShuffleVector(v, high));
  }
  return combine(in, b_.CreateExtractElement(v, std::uint64_t(0)), b_.CreateExtractElement(v, std::uint64_t(1)));
}

void Emitter::emit_fold(Id i) {
  const Instruction& in = p_.code[i];
  if (in.array != none) return emit_array_fold(in);
  const bool over_lanes = p_.code[in.target].lanes, vector = over_lanes || in.varying;
  const std::size_t count = vector ? unroll_ : 1;
  Value** sums = folded_[i].data() + copy_of(in.jams) * count;
  for (std::size_t u = 0; u < (vector ? live_ : 1); ++u) {
    Value* next = fold_step(in, sums[u], u, vector);
    sums[u] = over_lanes ? masked(u, next, sums[u]) : next;
  }
}

void Emitter::emit_array_fold(const Instruction& in) {
  const Place at = place(in.partial, in.index, in.prefix);
  Type* const one = type_of(in);
  const Align align(bytes_of(at.element));
  Value* address = b_.CreateGEP(one, base(in.partial), b_.CreateMul(at.entry, integer(lanes_)));
  Value* sum = b_.CreateAlignedLoad(vector_of(one), address, align);
  for (std::size_t u = 0; u < live_; ++u) sum = masked(u, fold_step(in, sum, u, true), sum);
  b_.CreateAlignedStore(sum, address, align);
}

std::vector<Id> Emitter::folds_of(Id loop) const {
  std::vector<Id> list;
  for (Id k = loop + 1; k < ends_[loop]; ++k)
    if (p_.code[k].opcode == Opcode::fold && p_.code[k].target == loop) list.push_back(k);
  return list;
}

Value* Emitter::stride(const Instruction& loop) {
  return loop.segment != none ? size(loop.segment) : integer(loop.block == 0 ? 1 : loop.block);
}

// First and one past the last of what a loop counts.
std::pair<Value*, Value*> Emitter::bounds(const Instruction& in) {
  Value* n = size(in.target);
  if (in.a == none) return {integer(0), n};
  Value *first = counters_[in.a], *below = b_.CreateAdd(first, stride(p_.code[in.a]));
  return {first, b_.CreateSelect(b_.CreateICmpSLT(below, n), below, n)};
}

// Loop strength reduction takes time with the square of the addresses in a loop, and in a long one gains nothing: most
// arrays lie at fixed distances from one address. There it is not shown that the counter counts; code generation sees
// through `expect`, the analysis of induction variables does not.
Value* Emitter::counter(Id loop, Value* i) {
  constexpr std::size_t long_body = 60;
  if ((ends_[loop] - loop) * unroll_ <= long_body) return i;
  return b_.CreateIntrinsic(Intrinsic::expect, {i64_}, {i, integer(0)});
}

// Rounds side by side, then one by one what is left.
void Emitter::emit_jammed(Id loop) {
  const Instruction& in = p_.code[loop];
  Value* n = size(in.target);
  Value* whole = b_.CreateSub(n, b_.CreateURem(n, integer(in.jam)));
  const auto rounds = [&](Value* from, Value* below, std::size_t side_by_side) {
    if (from == below) return;
    jams_.emplace_back(loop, side_by_side);
    counted(from, below, integer(std::int64_t(side_by_side)), [&](Value* i) {
      counters_[loop] = counter(loop, i);
      emit_range(loop + 1, ends_[loop]);
    });
    jams_.pop_back();
  };
  rounds(integer(0), whole, in.jam);
  rounds(whole, n, 1);
}

void Emitter::emit_sequential(Id loop) {
  const Instruction& in = p_.code[loop];
  if (in.target == none) return emit_endless(loop);
  if (in.parallel) return emit_parallel(loop);
  if (in.jam > 1) return emit_jammed(loop);
  const std::pair<Value*, Value*> range = bounds(in);
  Value *begin = range.first, *n = range.second;
  Value *step = stride(in), *last = nullptr;  // the last that it counts
  if (in.reversed) {
    last = b_.CreateSub(n, integer(1));
    Value* rounds = b_.CreateSub(last, begin);
    last = in.segment == none && in.block == 0 ? last : b_.CreateSub(last, b_.CreateSRem(rounds, step));
  }
  std::vector<Id> carried;  // values of the round before, and sums
  for (Id k = loop + 1; k < ends_[loop]; ++k) {
    const Instruction& c = p_.code[k];
    const bool phi = c.opcode == Opcode::phi && k == loop + 1 + Id(carried.size());
    if (phi || (c.opcode == Opcode::fold && c.target == loop)) carried.push_back(k);
  }
  const auto is_phi = [&](Id k) { return p_.code[k].opcode == Opcode::phi; };
  const auto each = [&](auto one) {  // copy of a value
    for (const Id k : carried) {
      std::size_t copy = 0;
      each_copy(p_.code[k].jams, [&] {
        for (std::size_t u = 0; u < width(p_.code[k]); ++u) one(k, u, copy++);
      });
    }
  };
  const auto assign = [&](const Values& values) {
    for (const Id k : carried) (is_phi(k) ? values_ : folded_)[k].clear();
    std::size_t at = 0;
    each([&](Id k, std::size_t, std::size_t) { (is_phi(k) ? values_ : folded_)[k].push_back(values[at++]); });
  };
  Values initial;
  each([&](Id k, std::size_t u, std::size_t) {
    const Instruction& c = p_.code[k];
    initial.push_back(is_phi(k) ? operand(c, c.a, u) : identity(c, c.varying));
  });
  assign(counted(begin, n, step, initial, [&](Value* i, const Values& now) {
    assign(now);
    counters_[loop] = counter(loop, in.reversed ? b_.CreateSub(b_.CreateAdd(begin, last), i) : i);
    emit_range(loop + 1, ends_[loop]);
    Values next;
    each([&](Id k, std::size_t u, std::size_t copy) {
      next.push_back(is_phi(k) ? operand(p_.code[k], p_.code[k].b, u) : folded_[k][copy]);
    });
    return next;
  }));
  for (const Id k : carried)
    if (!is_phi(k)) values_[k] = folded_[k];
}

// A loop until a `leave`. Its rounds are counted against the runtime's budget.
void Emitter::emit_endless(Id loop) {
  BasicBlock *before = b_.GetInsertBlock(), *head = block("again"), *after = block("left");
  BasicBlock* const outer = std::exchange(left_, after);
  b_.CreateBr(head);
  b_.SetInsertPoint(head);
  PHINode* i = b_.CreatePHI(i64_, 2);
  i->addIncoming(integer(0), before);
  counters_[loop] = i;
  emit_range(loop + 1, ends_[loop]);
  Value* budget = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), function_->getArg(2), offsetof(Runtime, rounds_left));
  Value* rest = b_.CreateSub(b_.CreateLoad(i64_, budget), integer(1));
  b_.CreateStore(rest, budget);
  fail_unless(b_.CreateICmpSGE(rest, integer(0)), Status::too_many_rounds);
  i->addIncoming(b_.CreateAdd(i, integer(1)), b_.GetInsertBlock());
  b_.CreateBr(head);
  b_.SetInsertPoint(after);
  left_ = outer;
}

void Emitter::emit_when(Id i) {
  BasicBlock *inside = block("when"), *after = block("after_when");
  const Instruction& in = p_.code[i];
  Value* holds = in.varying ? nullptr : truth(in.a, 0, false);
  for (std::size_t u = 0; u < live_ && in.varying; ++u) {  // in any lane
    Value* here = mask_with(in.a, u);
    if (!here) here = ConstantInt::getTrue(FixedVectorType::get(b_.getInt1Ty(), unsigned(lanes_)));
    holds = holds ? b_.CreateOr(holds, here) : here;
  }
  if (in.varying) holds = b_.CreateOrReduce(holds);
  b_.CreateCondBr(holds, inside, after);
  b_.SetInsertPoint(inside);
  emit_range(i + 1, ends_[i]);
  b_.CreateBr(after);
  b_.SetInsertPoint(after);
}

void Emitter::fail_unless(Value* condition, Status status) {
  BasicBlock *fails = block("fails"), *after = block("after_fails");
  b_.CreateCondBr(condition, after, fails);
  b_.SetInsertPoint(fails);
  b_.CreateRet(b_.getInt32(std::uint32_t(status)));
  b_.SetInsertPoint(after);
}

void Emitter::emit_reserve(const Instruction& in) {
  Value* runtime = function_->getArg(2);
  Value* reserve =
      b_.CreateLoad(ptr_, b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), runtime, offsetof(Runtime, reserve)));
  auto* type = FunctionType::get(b_.getInt1Ty(), {ptr_, i32_, i64_}, false);
  CallInst* call = b_.CreateCall(
      type, reserve, {runtime, b_.getInt32(in.target), b_.CreateFPToSI(operand(in.a, 0, false, f64_), i64_)});
  call->addRetAttr(Attribute::ZExt);
  fail_unless(call, Status::no_memory);
}

// The runtime does what the interpreter would do; anything but `done` ends the program.
void Emitter::emit_routine(Id i) {
  Value* runtime = function_->getArg(2);
  Value* routine =
      b_.CreateLoad(ptr_, b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), runtime, offsetof(Runtime, routine)));
  Value* status = b_.CreateCall(FunctionType::get(i32_, {ptr_, i32_}, false), routine, {runtime, b_.getInt32(i)});
  BasicBlock *fails = block("fails"), *after = block("after_routine");
  b_.CreateCondBr(b_.CreateICmpEQ(status, b_.getInt32(std::uint32_t(Status::done))), after, fails);
  b_.SetInsertPoint(fails);
  b_.CreateRet(status);
  b_.SetInsertPoint(after);
}

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

  emit_whole_blocks(loop, interior, {begin, whole, size(in.target)}, scalar_folds);
  emit_rest(loop, n, whole, scalar_folds);

  for (const Id k : scalar_folds) {
    values_[k].clear();
    each_copy(p_.code[k].jams, [&] {
      Value** v = folded_[k].data() + copy_of(p_.code[k].jams) * unroll_;
      for (std::size_t half = unroll_ / 2; half >= 1; half /= 2)
        for (std::size_t u = 0; u < half; ++u) v[u] = combine(p_.code[k], v[u], v[u + half]);
      values_[k].push_back(halve(p_.code[k], v[0]));
    });
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
  for (std::size_t f = 0; f < scalar_folds.size(); ++f)
    for (std::size_t k = 0; k < general[f].size(); ++k) {
      PHINode* node = b_.CreatePHI(general[f][k]->getType(), 2);
      node->addIncoming(general[f][k], near_end);
      node->addIncoming(folded_[scalar_folds[f]][k], middle);
      folded_[scalar_folds[f]][k] = node;
    }
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
  if (!known && unroll_ > 1 && turn) return emit_rest_one_by_one(loop, n, whole, scalar_folds);
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
  for (std::size_t f = 0; f < scalar_folds.size(); ++f)
    for (std::size_t k = 0; k < old[f].size(); ++k) {
      PHINode* node = b_.CreatePHI(old[f][k]->getType(), 2);
      node->addIncoming(old[f][k], before);
      node->addIncoming(folded_[scalar_folds[f]][k], last);
      folded_[scalar_folds[f]][k] = node;
    }
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
  counted(integer(0), strides(in.partial)[0], integer(1), [&](Value* i) {
    Value* address = b_.CreateGEP(one, base(in.partial), b_.CreateMul(i, integer(lanes_)));
    Value* sum = halve(in, b_.CreateAlignedLoad(vector_of(one), address, Align(bytes_of(p_.type_of(in)))));
    b_.CreateAlignedStore(to_memory(sum, to), b_.CreateGEP(memory, first, i), Align(bytes_of(to)));
  });
}

}  // namespace gradus::program::jit

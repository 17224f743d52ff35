// Loops one round after the other, choices, folds. Loops over the lanes: emit_lanes.cpp.
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

// The lanes of each of several partial results (as many as a power of two, at most the lanes) are added up in pairs
// half a vector apart: with each step half as many vectors, so eight sums take hardly more than two. Their results in
// turn.
Value* Emitter::halve(const Instruction& in, Values sums) {
  int each = lanes_;  // lanes of a result that are left, all of its vector together
  std::size_t together = 1;
  while (each > 1) {
    const int half = each / 2;
    const bool pairs = sums.size() > 1;
    SmallVector<int, 16> low, high;
    for (int r = 0; r < int(together) * (pairs ? 2 : 1); ++r)
      for (int l = 0; l < half; ++l) low.push_back(r * each + l), high.push_back(r * each + half + l);
    Values next;
    for (std::size_t k = 0; k < sums.size(); k += pairs ? 2 : 1) {
      Value *one = sums[k], *other = pairs ? sums[k + 1] : one;
      next.push_back(combine(in, b_.CreateShuffleVector(one, other, low), b_.CreateShuffleVector(one, other, high)));
    }
    sums = next;
    each = half;
    together *= pairs ? 2 : 1;
  }
  return sums[0];
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

}  // namespace gradus::program::jit

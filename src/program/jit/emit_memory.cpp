// Loads, stores and sums in place: a vector at an address, or lane by lane where places are computed.
#include "emitter.hpp"

namespace gradus::program::jit {

Emitter::Place Emitter::place(Id array, const std::vector<Id>& index, std::size_t from) {
  Value* linear = integer(0);
  Place at{nullptr, nullptr, true};
  const Values strides = this->strides(array);
  for (std::size_t axis = from; axis < index.size(); ++axis) {
    const Id k = index[axis];
    Value* stride = strides[axis - from + 1];
    if (!is_value(k)) {
      linear = b_.CreateAdd(linear, b_.CreateMul(integer(constant_of(k)), stride));
      continue;
    }
    const Instruction& in = p_.code[k];
    const bool loop = in.opcode == Opcode::loop;
    if (!loop && in.varying && !in.affine) {
      at.scattered.emplace_back(k, stride);
      at.contiguous = false;
      continue;
    }
    linear = b_.CreateAdd(linear, b_.CreateMul(whole(k), stride));
    const std::int64_t step = loop ? (in.lanes ? 1 : 0) : in.step;
    if (step == 0) continue;
    at.contiguous = at.contiguous && !at.lane_stride && axis + 1 == index.size() && step == 1;
    Value* one = b_.CreateMul(stride, integer(step));
    at.lane_stride = at.lane_stride ? b_.CreateAdd(at.lane_stride, one) : one;
  }
  at.contiguous = at.contiguous && at.lane_stride;
  at.address = b_.CreateGEP(f64_, base(array), linear);
  return at;
}

// The whole number that a value is (in the first lane), by integer arithmetic as far as it goes.
Value* Emitter::whole(Id k) {
  const Instruction& in = p_.code[k];
  const bool elsewhere = k < piece_.from && in.opcode != Opcode::constant && in.opcode != Opcode::size;
  switch (elsewhere ? Opcode::call : in.opcode) {  // of a value from another piece there is only the number
    case Opcode::loop:
      for (std::size_t level = 0; level < jams_.size(); ++level)
        if (jams_[level].first == k) return b_.CreateAdd(counters_[k], integer(std::int64_t(round_[level])));
      return counters_[k];
    case Opcode::counter:
      return whole(in.target);
    case Opcode::constant:
      return integer(std::int64_t(in.number));
    case Opcode::size:
      return size(in.target);
    case Opcode::add:
      return b_.CreateAdd(whole(in.a), whole(in.b));
    case Opcode::sub:
      return b_.CreateSub(whole(in.a), whole(in.b));
    case Opcode::mul:
      return b_.CreateMul(whole(in.a), whole(in.b));
    case Opcode::negate:
      return b_.CreateNeg(whole(in.a));
    case Opcode::fma:
      return b_.CreateAdd(b_.CreateMul(whole(in.a), whole(in.b)), whole(in.c));
    default: {
      Value* v = as_number(raw(k, 0));
      if (v->getType()->isVectorTy()) v = b_.CreateExtractElement(v, std::uint64_t(0));
      return b_.CreateFPToSI(v, i64_);
    }
  }
}

// Whole numbers of less than 2^51 by their bits: a conversion of vectors is not an instruction of every machine.
Value* Emitter::whole_vector(Value* v) {
  auto* wide = FixedVectorType::get(i64_, unsigned(lanes_));
  Constant* shift = ConstantFP::get(vec_, 6755399441055744.0);
  return b_.CreateSub(b_.CreateBitCast(b_.CreateFAdd(v, shift), wide), b_.CreateBitCast(shift, wide));
}

Value* Emitter::pointers(const Place& at, std::size_t u) {
  SmallVector<Constant*, 8> lanes;
  for (int l = 0; l < lanes_; ++l) lanes.push_back(ConstantInt::get(i64_, u * std::size_t(lanes_) + std::size_t(l)));
  Value* offset = ConstantInt::get(FixedVectorType::get(i64_, unsigned(lanes_)), 0);
  if (at.lane_stride) offset = b_.CreateMul(ConstantVector::get(lanes), splat(at.lane_stride));
  for (const auto& [k, stride] : at.scattered)
    offset = b_.CreateAdd(offset, b_.CreateMul(whole_vector(operand(k, u, true)), splat(stride)));
  return b_.CreateGEP(f64_, at.address, offset);
}

Value* Emitter::vector_address(const Place& at, std::size_t u) {
  return b_.CreateConstGEP1_64(f64_, at.address, u * std::size_t(lanes_));
}

void Emitter::emit_load(Id i) {
  const Instruction& in = p_.code[i];
  const Place at = place(in.target, in.index);
  if (!in.varying) {
    values_[i].push_back(in.a == none ? b_.CreateAlignedLoad(f64_, at.address, Align(8))
                                      : load_where(truth(in.a, 0, false), at.address));
    return;
  }
  for (std::size_t u = 0; u < unroll_; ++u) {
    if (u >= live_) {
      values_[i].push_back(PoisonValue::get(vec_));
      continue;
    }
    Value* mask = mask_with(in.a, u);
    Value* v;
    if (!at.varies())  // only the guard varies
      v = b_.CreateMaskedGather(vec_, splat(at.address), Align(8), mask, ConstantFP::get(vec_, 0));
    else if (!at.contiguous)
      v = b_.CreateMaskedGather(vec_, pointers(at, u), Align(8), mask, ConstantFP::get(vec_, 0));
    else if (!mask)
      v = b_.CreateAlignedLoad(vec_, vector_address(at, u), Align(8));
    else
      v = b_.CreateMaskedLoad(vec_, vector_address(at, u), Align(8), mask, ConstantFP::get(vec_, 0));
    values_[i].push_back(v);
  }
}

// The places of the block that count, those where `guard` holds among them; null for all.
Value* Emitter::mask_with(Id guard, std::size_t u) {
  Value* mask = masks_.empty() ? nullptr : masks_[u];
  if (guard == none) return mask;
  Value* holds = truth(guard, u, true);
  if (const auto* known = dyn_cast<Constant>(holds); known && known->isAllOnesValue()) return mask;
  return mask ? b_.CreateAnd(mask, holds) : holds;
}

// Where the condition does not hold, another place is read, which is always there.
Value* Emitter::load_where(Value* condition, Value* address) {
  Value* v = b_.CreateAlignedLoad(f64_, b_.CreateSelect(condition, address, function_->getArg(2)), Align(8));
  return b_.CreateSelect(condition, v, number(0));
}

void Emitter::emit_store(const Instruction& in) {
  const Place at = place(in.target, in.index);
  if (!at.varies()) {
    b_.CreateAlignedStore(operand(in.a, 0, false), at.address, Align(8));
    return;
  }
  for (std::size_t u = 0; u < live_; ++u) {
    Value *v = operand(in.a, u, true), *mask = masks_.empty() ? nullptr : masks_[u];
    if (!at.contiguous)
      b_.CreateMaskedScatter(v, pointers(at, u), Align(8), mask);
    else if (!mask)
      b_.CreateAlignedStore(v, vector_address(at, u), Align(8));
    else
      b_.CreateMaskedStore(v, vector_address(at, u), Align(8), mask);
  }
}

// Rows and columns of as many vectors as there are lanes, by halves, quarters, ...
void Emitter::transpose(Values& rows) {
  const int n = lanes_;
  for (int step = 1; step < n; step *= 2)
    for (int i = 0; i < n; ++i) {
      if ((i & step) != 0) continue;
      SmallVector<int, 8> even, odd;
      for (int l = 0; l < n; ++l) {
        even.push_back((l & step) == 0 ? l : n + l - step);
        odd.push_back((l & step) == 0 ? l + step : n + l);
      }
      Value *a = rows[std::size_t(i)], *b = rows[std::size_t(i) + std::size_t(step)];
      rows[std::size_t(i)] = b_.CreateShuffleVector(a, b, even);
      rows[std::size_t(i) + std::size_t(step)] = b_.CreateShuffleVector(a, b, odd);
    }
}

// Stores of neighbouring entries whose lanes lie apart: what belongs to a lane is written in one piece. The last store
// of such a run, or none.
Id Emitter::emit_rows(Id first) {
  const Instruction& in = p_.code[first];
  if (!masks_.empty() || in.jams != 0 || in.index.empty() || is_value(in.index.back()) || !jams_.empty()) return none;
  Id last = first;
  for (; last - first + 1 < Id(lanes_); ++last) {
    const Instruction& next = p_.code[last + 1];
    if (next.opcode != Opcode::store || next.target != in.target || next.index.empty() ||
        next.index.back() != in.index.back() + (last + 1 - first) ||
        !std::equal(in.index.begin(), in.index.end() - 1, next.index.begin(), next.index.end() - 1))
      break;
  }
  const std::size_t count = last - first + 1;
  if (count < 2) return none;
  const Place at = place(in.target, in.index);
  if (!at.lane_stride || !at.scattered.empty()) return none;
  for (std::size_t u = 0; u < unroll_; ++u) {
    Values rows;
    for (std::size_t k = 0; k < std::size_t(lanes_); ++k)
      rows.push_back(k < count ? operand(p_.code[first + k].a, u, true) : PoisonValue::get(vec_));
    transpose(rows);
    for (std::size_t l = 0; l < std::size_t(lanes_); ++l) {
      Value* address = b_.CreateGEP(f64_, at.address,
                                    b_.CreateMul(at.lane_stride, integer(std::int64_t(u * std::size_t(lanes_) + l))));
      std::size_t done = 0;
      for (std::size_t part = std::size_t(lanes_); part > 0; part /= 2) {
        if ((count & part) == 0) continue;
        SmallVector<int, 8> entries;
        for (std::size_t k = 0; k < part; ++k) entries.push_back(int(done + k));
        Value* piece = part == std::size_t(lanes_) ? rows[l]
                       : part == 1                 ? b_.CreateExtractElement(rows[l], done)
                                                   : b_.CreateShuffleVector(rows[l], entries);
        b_.CreateAlignedStore(piece, b_.CreateConstGEP1_64(f64_, address, done), Align(8));
        done += part;
      }
    }
  }
  return last;
}

// Places of different lanes that cannot be the same are added to side by side, others one after the other.
void Emitter::emit_accumulate(const Instruction& in) {
  const Place at = place(in.target, in.index);
  const auto one = [&](Value* address, Value* x, Value* condition) {
    BasicBlock *inside = condition ? block("adds") : nullptr, *after = condition ? block("after_adds") : nullptr;
    if (condition) {
      b_.CreateCondBr(condition, inside, after);
      b_.SetInsertPoint(inside);
    }
    b_.CreateAlignedStore(b_.CreateFAdd(b_.CreateAlignedLoad(f64_, address, Align(8)), x), address, Align(8));
    if (!condition) return;
    b_.CreateBr(after);
    b_.SetInsertPoint(after);
  };
  if (!in.varying) return one(at.address, operand(in.a, 0, false), in.b == none ? nullptr : truth(in.b, 0, false));
  for (std::size_t u = 0; u < live_; ++u) {
    Value *mask = mask_with(in.b, u), *x = operand(in.a, u, true);
    if (at.contiguous) {
      Value *address = vector_address(at, u), *zero = ConstantFP::get(vec_, 0);
      Value* sum = mask ? b_.CreateMaskedLoad(vec_, address, Align(8), mask, zero)
                        : static_cast<Value*>(b_.CreateAlignedLoad(vec_, address, Align(8)));
      sum = b_.CreateFAdd(sum, x);
      mask ? static_cast<void>(b_.CreateMaskedStore(sum, address, Align(8), mask))
           : static_cast<void>(b_.CreateAlignedStore(sum, address, Align(8)));
      continue;
    }
    Value* addresses = at.varies() ? pointers(at, u) : splat(at.address);
    for (std::uint64_t l = 0; l < std::uint64_t(lanes_); ++l)
      one(b_.CreateExtractElement(addresses, l), b_.CreateExtractElement(x, l),
          mask ? b_.CreateExtractElement(mask, l) : nullptr);
  }
}

}  // namespace gradus::program::jit

// Loads, stores and sums in place: a vector at an address, or lane by lane where places are computed.
#include <algorithm>

#include "emitter.hpp"

namespace gradus::program::jit {

Emitter::Place Emitter::place(Id array, const std::vector<Id>& index, std::size_t from) {
  Value* linear = integer(0);
  Place at{p_.arrays[array].element, nullptr, nullptr, nullptr, true};
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
  at.entry = linear;
  at.address = b_.CreateGEP(memory_of(at.element), base(array), linear);
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
      Value* v = as_number(raw(k, 0), f64_);
      if (v->getType()->isVectorTy()) v = b_.CreateExtractElement(v, std::uint64_t(0));
      return b_.CreateFPToSI(v, i64_);
    }
  }
}

// Whole numbers of less than 2^51 by their bits: a conversion of vectors is not an instruction of every machine.
Value* Emitter::whole_vector(Value* v) {
  auto* wide = FixedVectorType::get(i64_, unsigned(lanes_));
  Constant* shift = ConstantFP::get(vector_of(f64_), 6755399441055744.0);
  return b_.CreateSub(b_.CreateBitCast(b_.CreateFAdd(v, shift), wide), b_.CreateBitCast(shift, wide));
}

Value* Emitter::pointers(const Place& at, std::size_t u) {
  SmallVector<Constant*, 8> lanes;
  for (int l = 0; l < lanes_; ++l) lanes.push_back(ConstantInt::get(i64_, u * std::size_t(lanes_) + std::size_t(l)));
  Value* offset = ConstantInt::get(FixedVectorType::get(i64_, unsigned(lanes_)), 0);
  if (at.lane_stride) offset = b_.CreateMul(ConstantVector::get(lanes), splat(at.lane_stride));
  for (const auto& [k, stride] : at.scattered)
    offset = b_.CreateAdd(offset, b_.CreateMul(whole_vector(operand(k, u, true, f64_)), splat(stride)));
  return b_.CreateGEP(memory_of(at.element), at.address, offset);
}

Value* Emitter::vector_address(const Place& at, std::size_t u) {
  return b_.CreateConstGEP1_64(memory_of(at.element), at.address, u * std::size_t(lanes_));
}

// What memory holds as a number (a truth as it is), and the other way round: see ../stored.hpp.
Value* Emitter::from_memory(Value* v, Element e, Type* one) {
  if (e == Element::boolean) return b_.CreateICmpNE(v, Constant::getNullValue(v->getType()));
  const bool vector = v->getType()->isVectorTy();
  if (e == Element::int64) v = b_.CreateSIToFP(v, vector ? vector_of(f64_) : f64_);
  return as_number(v, one);
}

Value* Emitter::to_memory(Value* raw, Element e) {
  Type* const t = raw->getType()->isVectorTy() ? vector_of(memory_of(e)) : memory_of(e);
  if (e == Element::boolean) return b_.CreateZExt(as_truth(raw), t);
  if (is_floating(e)) return as_number(raw, memory_of(e));
  if (raw->getType()->isIntOrIntVectorTy()) return b_.CreateZExt(raw, t);
  return b_.CreateIntrinsic(Intrinsic::fptosi_sat, {t, raw->getType()}, {raw});
}

void Emitter::emit_load(Id i) {
  const Instruction& in = p_.code[i];
  const Place at = place(in.target, in.index);
  Type* const one = memory_of(at.element);
  const Align align(bytes_of(at.element));
  if (!in.varying) {
    Value* v = in.a == none ? b_.CreateAlignedLoad(one, at.address, align) : load_where(truth(in.a, 0, false), at);
    values_[i].push_back(from_memory(v, at.element, type_of(in)));
    return;
  }
  Type* const vector = vector_of(one);
  Constant* const zero = Constant::getNullValue(vector);
  for (std::size_t u = 0; u < unroll_; ++u) {
    if (u >= live_) {
      values_[i].push_back(PoisonValue::get(type_of(in, true)));
      continue;
    }
    Value* mask = mask_with(in.a, u);
    Value* v;
    if (!at.varies())  // only the guard varies
      v = b_.CreateMaskedGather(vector, splat(at.address), align, mask, zero);
    else if (!at.contiguous)
      v = b_.CreateMaskedGather(vector, pointers(at, u), align, mask, zero);
    else if (!mask)
      v = b_.CreateAlignedLoad(vector, vector_address(at, u), align);
    else
      v = b_.CreateMaskedLoad(vector, vector_address(at, u), align, mask, zero);
    values_[i].push_back(from_memory(v, at.element, type_of(in)));
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
Value* Emitter::load_where(Value* condition, const Place& at) {
  Type* const one = memory_of(at.element);
  Value* v = b_.CreateAlignedLoad(one, b_.CreateSelect(condition, at.address, function_->getArg(2)),
                                  Align(bytes_of(at.element)));
  return b_.CreateSelect(condition, v, Constant::getNullValue(one));
}

void Emitter::emit_store(const Instruction& in) {
  const Place at = place(in.target, in.index);
  const Align align(bytes_of(at.element));
  if (!at.varies()) {
    b_.CreateAlignedStore(to_memory(raw(in.a, 0), at.element), at.address, align);
    return;
  }
  for (std::size_t u = 0; u < live_; ++u) {
    Value *v = splat(to_memory(raw(in.a, u), at.element)), *mask = masks_.empty() ? nullptr : masks_[u];
    if (!at.contiguous)
      b_.CreateMaskedScatter(v, pointers(at, u), align, mask);
    else if (!mask)
      b_.CreateAlignedStore(v, vector_address(at, u), align);
    else if (const std::size_t count = known_first(mask); count > 0 && lanes_ <= 4)
      store_first(v, count, vector_address(at, u), align);
    else
      b_.CreateMaskedStore(v, vector_address(at, u), align, mask);
  }
}

// How many of the first lanes a mask is known to have; 0 when it is not known. Masked stores of narrow vectors are slow
// on some processors (tens of cycles on AMD's); wide ones are not.
std::size_t Emitter::known_first(Value* mask) const {
  const auto* known = dyn_cast<Constant>(mask);
  std::size_t count = 0;
  for (; known && count < std::size_t(lanes_); ++count) {
    const auto* lane = dyn_cast_or_null<ConstantInt>(known->getAggregateElement(unsigned(count)));
    if (!lane) return 0;
    if (lane->isZero()) break;
  }
  return count;
}

// The first `count` lanes, in pieces of powers of two.
void Emitter::store_first(Value* v, std::size_t count, Value* address, Align align) {
  auto* type = cast<FixedVectorType>(v->getType());
  std::size_t done = 0;
  for (std::size_t part = type->getNumElements(); part > 0; part /= 2) {
    if ((count & part) == 0) continue;
    SmallVector<int, 8> entries;
    for (std::size_t k = 0; k < part; ++k) entries.push_back(int(done + k));
    Value* piece = part == type->getNumElements() ? v
                   : part == 1                    ? b_.CreateExtractElement(v, done)
                                                  : b_.CreateShuffleVector(v, entries);
    b_.CreateAlignedStore(piece, b_.CreateConstGEP1_64(type->getElementType(), address, done), align);
    done += part;
  }
}

// What rounds side by side add to neighbouring places is added in one piece.
bool Emitter::emit_accumulate_of_rounds(const Instruction& in) {
  if (in.varying || in.b != none || jams_.empty() || in.index.empty() || in.index.back() != jams_.back().first ||
      p_.arrays[in.target].element != p_.type_of(in))
    return false;
  const std::size_t level = jams_.size() - 1, count = jams_.back().second;
  const auto changes = [&](Id k) {  // from round to round
    return is_value(k) && (k == jams_.back().first || (p_.code[k].jams >> level & 1) != 0);
  };
  if (count < 2 || std::any_of(in.index.begin(), in.index.end() - 1, changes)) return false;
  each_copy(std::uint8_t(in.jams & ~(1u << level)), [&] {
    Value *address = place(in.target, in.index).address,
          *x = PoisonValue::get(FixedVectorType::get(type_of(in), unsigned(count)));
    for (std::size_t& round = round_[level]; round < count; ++round)
      x = b_.CreateInsertElement(x, operand(in, in.a, 0), round);
    round_[level] = 0;
    const Align align(bytes_of(p_.type_of(in)));
    b_.CreateAlignedStore(b_.CreateFAdd(b_.CreateAlignedLoad(x->getType(), address, align), x), address, align);
  });
  return true;
}

// Places of different lanes that cannot be the same are added to side by side, others one after the other.
void Emitter::emit_accumulate(const Instruction& in) {
  const Place at = place(in.target, in.index);
  const Align align(bytes_of(at.element));
  Type* const memory = memory_of(at.element);
  const auto sum_of = [&](Value* there, Value* x) {
    return to_memory(b_.CreateFAdd(as_number(from_memory(there, at.element, type_of(in)), type_of(in)), x), at.element);
  };
  const auto one = [&](Value* address, Value* x, Value* condition) {
    BasicBlock *inside = condition ? block("adds") : nullptr, *after = condition ? block("after_adds") : nullptr;
    if (condition) {
      b_.CreateCondBr(condition, inside, after);
      b_.SetInsertPoint(inside);
    }
    b_.CreateAlignedStore(sum_of(b_.CreateAlignedLoad(memory, address, align), x), address, align);
    if (!condition) return;
    b_.CreateBr(after);
    b_.SetInsertPoint(after);
  };
  if (!in.varying) return one(at.address, operand(in, in.a, 0), in.b == none ? nullptr : truth(in.b, 0, false));
  for (std::size_t u = 0; u < live_; ++u) {
    Value *mask = mask_with(in.b, u), *x = operand(in, in.a, u);
    if (at.contiguous) {
      Type* const vector = vector_of(memory);
      Value *address = vector_address(at, u), *zero = Constant::getNullValue(vector);
      Value* there = mask ? b_.CreateMaskedLoad(vector, address, align, mask, zero)
                          : static_cast<Value*>(b_.CreateAlignedLoad(vector, address, align));
      Value* sum = sum_of(there, x);
      mask ? static_cast<void>(b_.CreateMaskedStore(sum, address, align, mask))
           : static_cast<void>(b_.CreateAlignedStore(sum, address, align));
      continue;
    }
    Value* addresses = at.varies() ? pointers(at, u) : splat(at.address);
    for (std::uint64_t l = 0; l < std::uint64_t(lanes_); ++l)
      one(b_.CreateExtractElement(addresses, l), b_.CreateExtractElement(x, l),
          mask ? b_.CreateExtractElement(mask, l) : nullptr);
  }
}

}  // namespace gradus::program::jit

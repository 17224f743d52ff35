// Values, and operations on them.
#include "emitter.hpp"

namespace gradus::program::jit {

// A truth is 0 or 1; a wide number is rounded to a float, a float extended.
Value* Emitter::as_number(Value* v, Type* one) {
  Type* const t = v->getType()->isVectorTy() ? vector_of(one) : one;
  if (v->getType()->isIntOrIntVectorTy()) return b_.CreateSelect(v, ConstantFP::get(t, 1), ConstantFP::get(t, 0));
  return b_.CreateFPCast(v, t);
}

Value* Emitter::as_truth(Value* v) {
  if (v->getType()->isIntOrIntVectorTy()) return v;
  return b_.CreateFCmpUNE(v, ConstantFP::get(v->getType(), 0));
}

// Operand `i` as a number for place u of an instruction; as vector when that varies.
Value* Emitter::operand(Id i, std::size_t u, bool varying, Type* one) {
  Value* v = as_number(raw(i, u), one);
  return varying ? splat(v) : v;
}

Value* Emitter::truth(Id i, std::size_t u, bool varying) {
  Value* v = as_truth(raw(i, u));
  return varying ? splat(v) : v;
}

// NaN when either is NaN: the comparison yields b for a NaN there, the outer choice keeps one in a.
Value* Emitter::extremum(Value* a, Value* b, bool maximum) {
  Value* better = b_.CreateSelect(maximum ? b_.CreateFCmpOGT(a, b) : b_.CreateFCmpOLT(a, b), a, b);
  return b_.CreateSelect(b_.CreateFCmpUNO(a, a), a, better);
}

Value* Emitter::pointwise(const Instruction& in, std::size_t u) {
  const bool v = in.varying;
  const auto a = [&] { return operand(in, in.a, u); };
  const auto b = [&] { return operand(in, in.b, u); };
  switch (in.opcode) {
    case Opcode::add:
      return b_.CreateFAdd(a(), b());
    case Opcode::sub:
      return b_.CreateFSub(a(), b());
    case Opcode::mul:
      return b_.CreateFMul(a(), b());
    case Opcode::div:
      return b_.CreateFDiv(a(), b());
    case Opcode::fma:
      return fma(a(), b(), operand(in, in.c, u));
    case Opcode::negate:
      return b_.CreateFNeg(a());
    case Opcode::abs:
      return intrinsic(Intrinsic::fabs, a());
    case Opcode::sqrt:
      return intrinsic(Intrinsic::sqrt, a());
    case Opcode::floor:
      return intrinsic(Intrinsic::floor, a());
    case Opcode::ceil:
      return intrinsic(Intrinsic::ceil, a());
    case Opcode::sign: {
      Value* x = a();
      Constant* zero = ConstantFP::get(x->getType(), 0);
      Value* rest = b_.CreateSelect(b_.CreateFCmpOLT(x, zero), ConstantFP::get(x->getType(), -1), x);
      return b_.CreateSelect(b_.CreateFCmpOGT(x, zero), ConstantFP::get(x->getType(), 1), rest);
    }
    case Opcode::min:
      return extremum(a(), b(), false);
    case Opcode::max:
      return extremum(a(), b(), true);
    case Opcode::less:
      return b_.CreateFCmpOLT(a(), b());
    case Opcode::less_equal:
      return b_.CreateFCmpOLE(a(), b());
    case Opcode::equal:
      return b_.CreateFCmpOEQ(a(), b());
    case Opcode::logical_and:
      return both(truth(in.a, u, v), truth(in.b, u, v));
    case Opcode::logical_or:
      return either(truth(in.a, u, v), truth(in.b, u, v));
    case Opcode::logical_not:
      return b_.CreateNot(truth(in.a, u, v));
    case Opcode::select:
      return choice(truth(in.a, u, v), b(), operand(in, in.c, u));
    case Opcode::call:
      return v ? call_vector(in, u) : call_scalar(in, arguments(in, u));
    default:
      return nullptr;
  }
}

Values Emitter::arguments(const Instruction& in, std::size_t u) {
  Values list;
  for (const Id k : {in.a, in.b, in.c})
    if (k != none) list.push_back(operand(in, k, u));
  return list;
}

Value* Emitter::call(Id op, int lanes, Type* type, const Values& list) {
  SmallVector<Type*, 2> types(list.size(), type);
  FunctionCallee callee = m_.getOrInsertFunction(symbol_of(op, lanes), FunctionType::get(type, types, false));
  auto* f = cast<Function>(callee.getCallee());
  f->setDoesNotThrow();
  f->setMemoryEffects(MemoryEffects::none());
  f->addFnAttr(Attribute::WillReturn);
  return b_.CreateCall(callee, list);
}

// The function of doubles, rounded.
Value* Emitter::call_scalar(const Instruction& in, Values list) {
  for (Value*& v : list) v = b_.CreateFPCast(v, f64_);
  return b_.CreateFPCast(call(in.target, 1, f64_, list), type_of(in));
}

Value* Emitter::call_vector(const Instruction& in, std::size_t u) {
  const Values list = arguments(in, u);
  Type* const vector = type_of(in, true);
  if (has_vector_(in.target, lanes_, p_.arithmetic, source_)) return call(in.target, lanes_, vector, list);
  Value* result = PoisonValue::get(vector);
  for (int l = 0; l < lanes_; ++l) {
    Values scalars;
    for (Value* v : list) scalars.push_back(b_.CreateExtractElement(v, std::uint64_t(l)));
    result = b_.CreateInsertElement(result, call_scalar(in, scalars), std::uint64_t(l));
  }
  return result;
}

void Emitter::emit_counter(Id i) {
  const Instruction& in = p_.code[i];
  Value* first = b_.CreateSIToFP(whole(in.target), f64_);
  if (!in.varying) {
    values_[i].push_back(first);
    return;
  }
  for (std::size_t u = 0; u < unroll_; ++u) {
    SmallVector<Constant*, 16> offsets;
    for (int l = 0; l < lanes_; ++l) offsets.push_back(number(double(u) * lanes_ + l));
    values_[i].push_back(b_.CreateFAdd(splat(first), ConstantVector::get(offsets)));
  }
}

}  // namespace gradus::program::jit

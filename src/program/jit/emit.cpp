// One walk over the program. A varying value becomes `unroll` vectors, any other a double. The lanes loop is emitted
// twice: for whole blocks, and once more with masks for the rest, where the places past the end neither store nor
// count. Comparisons stay bits (i1) until a number is wanted. No flag lets LLVM change a rounding.
#include "emit.hpp"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "../runtime.hpp"

namespace gradus::program::jit {
namespace {

using namespace llvm;
using Values = SmallVector<Value*, 8>;

class Emitter {
 public:
  Emitter(Module& module, const Program& program, bool (*has_vector)(Id, int, const void*), const void* source)
      : m_(module),
        p_(program),
        has_vector_(has_vector),
        source_(source),
        b_(module.getContext()),
        lanes_(program.lanes) {}

  void run() {
    f64_ = b_.getDoubleTy();
    i64_ = b_.getInt64Ty();
    ptr_ = b_.getPtrTy();
    vec_ = FixedVectorType::get(f64_, lanes_);
    i32_ = b_.getInt32Ty();
    function_ = Function::Create(FunctionType::get(i32_, {ptr_, ptr_, ptr_}, false), Function::ExternalLinkage,
                                 kernel_name, m_);
    function_->addFnAttr("prefer-vector-width", std::to_string(64 * lanes_));
    function_->addFnAttr("min-legal-vector-width", std::to_string(64 * lanes_));
    function_->addFnAttr(Attribute::NoUnwind);
    b_.SetInsertPoint(block("entry"));
    load_tables();
    values_.resize(p_.code.size());
    folded_.resize(p_.code.size());
    counters_.resize(p_.code.size());
    ends_.resize(p_.code.size());
    for (Id i = 0; i < p_.code.size(); ++i)
      if (p_.code[i].opcode == Opcode::end) ends_[p_.code[i].target] = i;
    emit_range(0, Id(p_.code.size()));
    b_.CreateRet(b_.getInt32(std::uint32_t(Status::done)));
  }

 private:
  BasicBlock* block(const char* name) { return BasicBlock::Create(m_.getContext(), name, function_); }
  Constant* number(double x) { return ConstantFP::get(f64_, x); }
  Value* integer(std::int64_t x) { return ConstantInt::get(i64_, std::uint64_t(x)); }

  void load_tables() {
    for (Id k = 0; k < p_.sizes.size(); ++k)
      sizes_.push_back(p_.sizes[k].value >= 0 ? integer(p_.sizes[k].value) : p_.sizes[k].computed ? nullptr : load_size(k));
    for (Id k = 0; k < p_.arrays.size(); ++k) {
      bases_.push_back(p_.arrays[k].growing ? nullptr : load_base(k));
      const auto& shape = p_.arrays[k].shape;
      const bool fixed = std::none_of(shape.begin(), shape.end(), [&](Id s) { return p_.sizes[s].computed; });
      strides_.push_back(fixed ? compute_strides(k) : Values());
    }
  }
  Value* load_size(Id k) { return b_.CreateLoad(i64_, b_.CreateConstInBoundsGEP1_64(i64_, function_->getArg(1), k)); }
  Value* load_base(Id k) { return b_.CreateLoad(ptr_, b_.CreateConstInBoundsGEP1_64(ptr_, function_->getArg(0), k)); }
  // Sizes and places that change while the program runs are read where they are used.
  Value* size(Id k) { return sizes_[k] ? sizes_[k] : load_size(k); }
  Value* base(Id k) { return bases_[k] ? bases_[k] : load_base(k); }
  Values strides(Id k) { return strides_[k].empty() ? compute_strides(k) : strides_[k]; }
  // The first is the number of entries.
  Values compute_strides(Id k) {
    Values strides(p_.arrays[k].shape.size() + 1);
    strides.back() = integer(1);
    for (std::size_t axis = strides.size() - 1; axis-- > 0;)
      strides[axis] = b_.CreateMul(strides[axis + 1], size(p_.arrays[k].shape[axis]));
    return strides;
  }

  // --- values

  bool varies(Id i) const { return p_.code[i].varying; }
  std::size_t width(const Instruction& in) const { return in.varying ? unroll_ : 1; }

  Value* as_number(Value* v) {
    if (!v->getType()->isIntOrIntVectorTy()) return v;
    Type* t = v->getType()->isVectorTy() ? static_cast<Type*>(vec_) : f64_;
    return b_.CreateSelect(v, ConstantFP::get(t, 1), ConstantFP::get(t, 0));
  }
  Value* as_truth(Value* v) {
    if (v->getType()->isIntOrIntVectorTy()) return v;
    return b_.CreateFCmpUNE(v, ConstantFP::get(v->getType(), 0));
  }
  Value* splat(Value* v) { return v->getType()->isVectorTy() ? v : b_.CreateVectorSplat(lanes_, v); }

  // Operand `i` as a number for place u of an instruction; as vector when that varies.
  Value* operand(Id i, std::size_t u, bool varying) {
    Value* v = as_number(raw(i, u));
    return varying ? splat(v) : v;
  }
  Value* truth(Id i, std::size_t u, bool varying) {
    Value* v = as_truth(raw(i, u));
    return varying ? splat(v) : v;
  }
  Value* raw(Id i, std::size_t u) { return values_[i].size() > 1 ? values_[i][u] : values_[i][0]; }

  // --- places in arrays

  struct Place {
    Value* address;      // of the first lane
    Value* lane_stride;  // null when all lanes share it
    bool contiguous;
    SmallVector<std::pair<Id, Value*>, 2> scattered{};  // indices that vary in their own way, and their strides
    bool varies() const { return lane_stride || !scattered.empty(); }
  };
  Place place(Id array, const std::vector<Id>& index, std::size_t from = 0) {
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
  Value* whole(Id k) {
    const Instruction& in = p_.code[k];
    switch (in.opcode) {
      case Opcode::loop:
        return counters_[k];
      case Opcode::counter:
        return counters_[in.target];
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
        Value* v = as_number(values_[k][0]);
        if (v->getType()->isVectorTy()) v = b_.CreateExtractElement(v, std::uint64_t(0));
        return b_.CreateFPToSI(v, i64_);
      }
    }
  }
  // Whole numbers of less than 2^51 by their bits: a conversion of vectors is not an instruction of every machine.
  Value* whole_vector(Value* v) {
    auto* wide = FixedVectorType::get(i64_, unsigned(lanes_));
    Constant* shift = ConstantFP::get(vec_, 6755399441055744.0);
    return b_.CreateSub(b_.CreateBitCast(b_.CreateFAdd(v, shift), wide), b_.CreateBitCast(shift, wide));
  }
  Value* pointers(const Place& at, std::size_t u) {
    SmallVector<Constant*, 8> lanes;
    for (int l = 0; l < lanes_; ++l) lanes.push_back(ConstantInt::get(i64_, u * std::size_t(lanes_) + std::size_t(l)));
    Value* offset = ConstantInt::get(FixedVectorType::get(i64_, unsigned(lanes_)), 0);
    if (at.lane_stride) offset = b_.CreateMul(ConstantVector::get(lanes), splat(at.lane_stride));
    for (const auto& [k, stride] : at.scattered)
      offset = b_.CreateAdd(offset, b_.CreateMul(whole_vector(operand(k, u, true)), splat(stride)));
    return b_.CreateGEP(f64_, at.address, offset);
  }
  Value* vector_address(const Place& at, std::size_t u) {
    return b_.CreateConstGEP1_64(f64_, at.address, u * std::size_t(lanes_));
  }

  void emit_load(Id i) {
    const Instruction& in = p_.code[i];
    const Place at = place(in.target, in.index);
    if (!in.varying) {
      values_[i] = {in.a == none ? b_.CreateAlignedLoad(f64_, at.address, Align(8)) : load_where(truth(in.a, 0, false), at.address)};
      return;
    }
    values_[i].clear();
    for (std::size_t u = 0; u < unroll_; ++u) {
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
  Value* mask_with(Id guard, std::size_t u) {
    Value* mask = masks_.empty() ? nullptr : masks_[u];
    if (guard == none) return mask;
    Value* holds = truth(guard, u, true);
    return mask ? b_.CreateAnd(mask, holds) : holds;
  }
  Value* load_where(Value* condition, Value* address) {
    BasicBlock *before = b_.GetInsertBlock(), *inside = block("there"), *after = block("after_there");
    b_.CreateCondBr(condition, inside, after);
    b_.SetInsertPoint(inside);
    Value* v = b_.CreateAlignedLoad(f64_, address, Align(8));
    b_.CreateBr(after);
    b_.SetInsertPoint(after);
    PHINode* node = b_.CreatePHI(f64_, 2);
    node->addIncoming(number(0), before);
    node->addIncoming(v, inside);
    return node;
  }

  void emit_store(const Instruction& in) {
    const Place at = place(in.target, in.index);
    if (!at.varies()) {
      b_.CreateAlignedStore(operand(in.a, 0, false), at.address, Align(8));
      return;
    }
    for (std::size_t u = 0; u < unroll_; ++u) {
      Value* v = operand(in.a, u, true);
      if (!at.contiguous)
        b_.CreateMaskedScatter(v, pointers(at, u), Align(8), masks_.empty() ? nullptr : masks_[u]);
      else if (masks_.empty())
        b_.CreateAlignedStore(v, vector_address(at, u), Align(8));
      else
        b_.CreateMaskedStore(v, vector_address(at, u), Align(8), masks_[u]);
    }
  }

  // Places of different lanes that cannot be the same are added to side by side, others one after the other.
  void emit_accumulate(const Instruction& in) {
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
    for (std::size_t u = 0; u < unroll_; ++u) {
      Value *mask = mask_with(in.b, u), *x = operand(in.a, u, true);
      if (at.contiguous) {
        Value *address = vector_address(at, u), *zero = ConstantFP::get(vec_, 0);
        Value* sum = mask ? b_.CreateMaskedLoad(vec_, address, Align(8), mask, zero) : static_cast<Value*>(b_.CreateAlignedLoad(vec_, address, Align(8)));
        sum = b_.CreateFAdd(sum, x);
        mask ? static_cast<void>(b_.CreateMaskedStore(sum, address, Align(8), mask)) : static_cast<void>(b_.CreateAlignedStore(sum, address, Align(8)));
        continue;
      }
      Value* addresses = at.varies() ? pointers(at, u) : splat(at.address);
      for (std::uint64_t l = 0; l < std::uint64_t(lanes_); ++l)
        one(b_.CreateExtractElement(addresses, l), b_.CreateExtractElement(x, l),
            mask ? b_.CreateExtractElement(mask, l) : nullptr);
    }
  }

  // --- pointwise

  // NaN when either is NaN: the comparison yields b for a NaN there, the outer choice keeps one in a.
  Value* extremum(Value* a, Value* b, bool maximum) {
    Value* better = b_.CreateSelect(maximum ? b_.CreateFCmpOGT(a, b) : b_.CreateFCmpOLT(a, b), a, b);
    return b_.CreateSelect(b_.CreateFCmpUNO(a, a), a, better);
  }
  Value* intrinsic(Intrinsic::ID id, Value* a) { return b_.CreateUnaryIntrinsic(id, a); }
  Value* fma(Value* a, Value* b, Value* c) { return b_.CreateIntrinsic(Intrinsic::fma, {a->getType()}, {a, b, c}); }

  Value* pointwise(const Instruction& in, std::size_t u) {
    const bool v = in.varying;
    const auto a = [&] { return operand(in.a, u, v); };
    const auto b = [&] { return operand(in.b, u, v); };
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
        return fma(a(), b(), operand(in.c, u, v));
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
        return b_.CreateAnd(truth(in.a, u, v), truth(in.b, u, v));
      case Opcode::logical_or:
        return b_.CreateOr(truth(in.a, u, v), truth(in.b, u, v));
      case Opcode::logical_not:
        return b_.CreateNot(truth(in.a, u, v));
      case Opcode::select:
        return b_.CreateSelect(truth(in.a, u, v), b(), operand(in.c, u, v));
      case Opcode::call:
        return v ? call_vector(in, u) : call(in.target, 1, f64_, arguments(in, u, false));
      default:
        return nullptr;
    }
  }

  Values arguments(const Instruction& in, std::size_t u, bool varying) {
    Values list{operand(in.a, u, varying)};
    if (in.b != none) list.push_back(operand(in.b, u, varying));
    if (in.c != none) list.push_back(operand(in.c, u, varying));
    return list;
  }
  Value* call(Id op, int lanes, Type* type, const Values& list) {
    SmallVector<Type*, 2> types(list.size(), type);
    FunctionCallee callee = m_.getOrInsertFunction(symbol_of(op, lanes), FunctionType::get(type, types, false));
    auto* f = cast<Function>(callee.getCallee());
    f->setDoesNotThrow();
    f->setMemoryEffects(MemoryEffects::none());
    f->addFnAttr(Attribute::WillReturn);
    return b_.CreateCall(callee, list);
  }
  Value* call_vector(const Instruction& in, std::size_t u) {
    const Values list = arguments(in, u, true);
    if (has_vector_(in.target, lanes_, source_)) return call(in.target, lanes_, vec_, list);
    Value* result = PoisonValue::get(vec_);
    for (int l = 0; l < lanes_; ++l) {
      Values scalars;
      for (Value* v : list) scalars.push_back(b_.CreateExtractElement(v, std::uint64_t(l)));
      result = b_.CreateInsertElement(result, call(in.target, 1, f64_, scalars), std::uint64_t(l));
    }
    return result;
  }

  void emit_counter(Id i) {
    const Instruction& in = p_.code[i];
    Value* first = b_.CreateSIToFP(counters_[in.target], f64_);
    values_[i] = {first};
    if (!in.varying) return;
    values_[i].clear();
    for (std::size_t u = 0; u < unroll_; ++u) {
      SmallVector<Constant*, 8> offsets;
      for (int l = 0; l < lanes_; ++l) offsets.push_back(number(double(u) * lanes_ + l));
      values_[i].push_back(b_.CreateFAdd(splat(first), ConstantVector::get(offsets)));
    }
  }

  // --- folds

  Value* identity(const Instruction& in, bool vector) {
    const double x = in.fold == Fold::sum ? 0.0 : -std::numeric_limits<double>::infinity();
    return vector ? ConstantFP::get(vec_, x) : static_cast<Value*>(number(x));
  }
  Value* combine(const Instruction& in, Value* sum, Value* x) {
    return in.fold == Fold::sum ? b_.CreateFAdd(sum, x) : extremum(sum, x, true);
  }
  Value* fold_step(const Instruction& in, Value* sum, std::size_t u, bool vector) {
    Value* next;
    if (in.b == none)
      next = combine(in, sum, operand(in.a, u, vector));
    else
      next = fma(operand(in.a, u, vector), operand(in.b, u, vector), sum);
    return next;
  }
  Value* halve(const Instruction& in, Value* v) {
    for (int half = lanes_ / 2; half >= 1; half /= 2) {
      SmallVector<int, 8> low, high;
      for (int l = 0; l < half; ++l) low.push_back(l), high.push_back(l + half);
      v = combine(in, b_.CreateShuffleVector(v, low), b_.CreateShuffleVector(v, high));
    }
    return b_.CreateExtractElement(v, std::uint64_t(0));
  }

  void emit_fold(Id i) {
    const Instruction& in = p_.code[i];
    if (in.array != none) return emit_array_fold(in);
    const bool over_lanes = p_.code[in.target].lanes;
    for (std::size_t u = 0; u < folded_[i].size(); ++u) {
      Value* next = fold_step(in, folded_[i][u], u, over_lanes || in.varying);
      if (over_lanes && !masks_.empty()) next = b_.CreateSelect(masks_[u], next, folded_[i][u]);
      folded_[i][u] = next;
    }
  }

  void emit_array_fold(const Instruction& in) {
    const Place at = place(in.partial, in.index, in.prefix);
    Value* offset = b_.CreatePtrDiff(f64_, at.address, base(in.partial));
    Value* address = b_.CreateGEP(f64_, base(in.partial), b_.CreateMul(offset, integer(lanes_)));
    Value* sum = b_.CreateAlignedLoad(vec_, address, Align(8));
    for (std::size_t u = 0; u < unroll_; ++u) {
      Value* next = fold_step(in, sum, u, true);
      sum = masks_.empty() ? next : b_.CreateSelect(masks_[u], next, sum);
    }
    b_.CreateAlignedStore(sum, address, Align(8));
  }

  // --- loops

  template <class Body> void counted(Value* from, Value* below, Value* step, Body body) {
    BasicBlock *before = b_.GetInsertBlock(), *head = block("head"), *inside = block("inside"), *after = block("after");
    b_.CreateBr(head);
    b_.SetInsertPoint(head);
    PHINode* i = b_.CreatePHI(i64_, 2);
    i->addIncoming(from, before);
    body(i, before, head, nullptr);  // makes the phis
    b_.CreateCondBr(b_.CreateICmpSLT(i, below), inside, after);
    b_.SetInsertPoint(inside);
    body(i, before, head, inside);
    i->addIncoming(b_.CreateAdd(i, step), b_.GetInsertBlock());
    b_.CreateBr(head);
    b_.SetInsertPoint(after);
  }

  std::vector<Id> folds_of(Id loop) const {
    std::vector<Id> list;
    for (Id k = loop + 1; k < ends_[loop]; ++k)
      if (p_.code[k].opcode == Opcode::fold && p_.code[k].target == loop) list.push_back(k);
    return list;
  }

  void emit_sequential(Id loop) {
    const Instruction& in = p_.code[loop];
    if (in.target == none) return emit_endless(loop);
    Value* n = size(in.target);
    struct Carried {
      Id id;
      SmallVector<PHINode*, 8> nodes;
    };
    std::vector<Carried> carried;
    const auto body = [&](PHINode* i, BasicBlock* before, BasicBlock* head, BasicBlock* inside) {
      if (!inside) {
        for (Id k = loop + 1; k < ends_[loop]; ++k) {
          const Instruction& c = p_.code[k];
          const bool phi = c.opcode == Opcode::phi && k == loop + 1 + Id(carried.size());
          if (!phi && !(c.opcode == Opcode::fold && c.target == loop)) continue;
          Carried one{k, {}};
          Values now;
          for (std::size_t u = 0; u < width(c); ++u) {
            PHINode* node = b_.CreatePHI(c.varying ? static_cast<Type*>(vec_) : f64_, 2);
            b_.SetInsertPoint(before->getTerminator());
            node->addIncoming(phi ? operand(c.a, u, c.varying) : identity(c, c.varying), before);
            b_.SetInsertPoint(head);
            one.nodes.push_back(node);
            now.push_back(node);
          }
          (phi ? values_ : folded_)[k] = now;
          carried.push_back(one);
        }
        return;
      }
      counters_[loop] = in.reversed ? b_.CreateSub(b_.CreateSub(n, integer(1)), i) : static_cast<Value*>(i);
      emit_range(loop + 1, ends_[loop]);
      for (Carried& c : carried) {
        const Instruction& ci = p_.code[c.id];
        for (std::size_t u = 0; u < c.nodes.size(); ++u)
          c.nodes[u]->addIncoming(ci.opcode == Opcode::phi ? operand(ci.b, u, ci.varying) : folded_[c.id][u],
                                  b_.GetInsertBlock());
      }
    };
    counted(integer(0), n, integer(1), body);
    for (const Carried& c : carried) values_[c.id] = Values(c.nodes.begin(), c.nodes.end());
  }

  // A loop until a `leave`. Its rounds are counted against the runtime's budget.
  void emit_endless(Id loop) {
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

  void emit_when(Id i) {
    BasicBlock *inside = block("when"), *after = block("after_when");
    b_.CreateCondBr(truth(p_.code[i].a, 0, false), inside, after);
    b_.SetInsertPoint(inside);
    emit_range(i + 1, ends_[i]);
    b_.CreateBr(after);
    b_.SetInsertPoint(after);
  }

  void fail_unless(Value* condition, Status status) {
    BasicBlock *fails = block("fails"), *after = block("after_fails");
    b_.CreateCondBr(condition, after, fails);
    b_.SetInsertPoint(fails);
    b_.CreateRet(b_.getInt32(std::uint32_t(status)));
    b_.SetInsertPoint(after);
  }

  void emit_reserve(const Instruction& in) {
    Value* runtime = function_->getArg(2);
    Value* reserve = b_.CreateLoad(ptr_, b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), runtime, offsetof(Runtime, reserve)));
    auto* type = FunctionType::get(b_.getInt1Ty(), {ptr_, i32_, i64_}, false);
    CallInst* call = b_.CreateCall(type, reserve, {runtime, b_.getInt32(in.target), b_.CreateFPToSI(operand(in.a, 0, false), i64_)});
    call->addRetAttr(Attribute::ZExt);
    fail_unless(call, Status::no_memory);
  }

  void emit_lanes(Id loop) {
    const Instruction& in = p_.code[loop];
    unroll_ = in.unroll;
    Value* n = size(in.target);
    const std::int64_t per_block = std::int64_t(in.unroll) * lanes_;
    Value* whole = b_.CreateAnd(n, integer(-per_block));
    std::vector<Id> scalar_folds, array_folds;
    for (const Id k : folds_of(loop)) (p_.code[k].array == none ? scalar_folds : array_folds).push_back(k);
    for (const Id k : array_folds) fill_partial(p_.code[k]);

    std::vector<SmallVector<PHINode*, 8>> nodes(scalar_folds.size());
    counted(integer(0), whole, integer(per_block),
            [&](PHINode* i, BasicBlock* before, BasicBlock*, BasicBlock* inside) {
              if (!inside) {
                for (std::size_t f = 0; f < scalar_folds.size(); ++f) {
                  folded_[scalar_folds[f]].clear();
                  for (std::size_t u = 0; u < unroll_; ++u) {
                    nodes[f].push_back(b_.CreatePHI(vec_, 2));
                    nodes[f][u]->addIncoming(identity(p_.code[scalar_folds[f]], true), before);
                    folded_[scalar_folds[f]].push_back(nodes[f][u]);
                  }
                }
                return;
              }
              counters_[loop] = i;
              emit_range(loop + 1, ends_[loop]);
              for (std::size_t f = 0; f < scalar_folds.size(); ++f)
                for (std::size_t u = 0; u < unroll_; ++u)
                  nodes[f][u]->addIncoming(folded_[scalar_folds[f]][u], b_.GetInsertBlock());
            });
    for (std::size_t f = 0; f < scalar_folds.size(); ++f)
      for (std::size_t u = 0; u < unroll_; ++u) folded_[scalar_folds[f]][u] = nodes[f][u];

    emit_rest(loop, n, whole, scalar_folds);

    for (const Id k : scalar_folds) {
      Values v = folded_[k];
      for (std::size_t half = unroll_ / 2; half >= 1; half /= 2)
        for (std::size_t u = 0; u < half; ++u) v[u] = combine(p_.code[k], v[u], v[u + half]);
      values_[k] = {halve(p_.code[k], v[0])};
    }
    for (const Id k : array_folds) finish_partial(p_.code[k]);
    unroll_ = 1;
  }

  // The last, incomplete block.
  void emit_rest(Id loop, Value* n, Value* whole, const std::vector<Id>& scalar_folds) {
    BasicBlock *before = b_.GetInsertBlock(), *rest = block("rest"), *after = block("after_rest");
    b_.CreateCondBr(b_.CreateICmpSLT(whole, n), rest, after);
    b_.SetInsertPoint(rest);
    counters_[loop] = whole;
    Value* left = splat(b_.CreateSub(n, whole));
    for (std::size_t u = 0; u < unroll_; ++u) {
      SmallVector<Constant*, 8> lanes;
      for (int l = 0; l < lanes_; ++l)
        lanes.push_back(ConstantInt::get(i64_, u * std::size_t(lanes_) + std::size_t(l)));
      masks_.push_back(b_.CreateICmpSLT(ConstantVector::get(lanes), left));
    }
    std::vector<Values> old;
    old.reserve(scalar_folds.size());
    for (const Id k : scalar_folds) old.push_back(folded_[k]);
    emit_range(loop + 1, ends_[loop]);
    masks_.clear();
    BasicBlock* last = b_.GetInsertBlock();
    b_.CreateBr(after);
    b_.SetInsertPoint(after);
    for (std::size_t f = 0; f < scalar_folds.size(); ++f)
      for (std::size_t u = 0; u < unroll_; ++u) {
        PHINode* node = b_.CreatePHI(vec_, 2);
        node->addIncoming(old[f][u], before);
        node->addIncoming(folded_[scalar_folds[f]][u], last);
        folded_[scalar_folds[f]][u] = node;
      }
  }

  void fill_partial(const Instruction& in) {
    Value* count = strides(in.partial)[0];
    if (in.fold == Fold::sum) {
      b_.CreateMemSet(base(in.partial), b_.getInt8(0), b_.CreateMul(count, integer(8 * lanes_)), Align(8));
      return;
    }
    counted(integer(0), count, integer(1), [&](PHINode* i, BasicBlock*, BasicBlock*, BasicBlock* inside) {
      if (!inside) return;
      Value* address = b_.CreateGEP(f64_, base(in.partial), b_.CreateMul(i, integer(lanes_)));
      b_.CreateAlignedStore(identity(in, true), address, Align(8));
    });
  }
  void finish_partial(const Instruction& in) {
    const std::vector<Id> prefix(in.index.begin(), in.index.begin() + in.prefix);
    Value* first = base(in.array);
    const Values steps = strides(in.array);
    for (std::size_t axis = 0; axis < prefix.size(); ++axis)
      first = b_.CreateGEP(f64_, first, b_.CreateMul(is_value(prefix[axis]) ? whole(prefix[axis]) : integer(constant_of(prefix[axis])), steps[axis + 1]));
    counted(integer(0), strides(in.partial)[0], integer(1),
            [&](PHINode* i, BasicBlock*, BasicBlock*, BasicBlock* inside) {
              if (!inside) return;
              Value* address = b_.CreateGEP(f64_, base(in.partial), b_.CreateMul(i, integer(lanes_)));
              Value* sum = halve(in, b_.CreateAlignedLoad(vec_, address, Align(8)));
              b_.CreateAlignedStore(sum, b_.CreateGEP(f64_, first, i), Align(8));
            });
  }

  void emit_range(Id from, Id below) {
    for (Id i = from; i < below; ++i) {
      const Instruction& in = p_.code[i];
      switch (in.opcode) {
        case Opcode::loop:
          in.lanes ? emit_lanes(i) : emit_sequential(i);
          i = ends_[i];
          break;
        case Opcode::when:
          emit_when(i);
          i = ends_[i];
          break;
        case Opcode::leave: {
          BasicBlock* go_on = block("go_on");
          b_.CreateCondBr(truth(in.a, 0, false), go_on, left_);
          b_.SetInsertPoint(go_on);
          break;
        }
        case Opcode::reserve:
          emit_reserve(in);
          break;
        case Opcode::set_size:
          b_.CreateStore(b_.CreateFPToSI(operand(in.a, 0, false), i64_),
                         b_.CreateConstInBoundsGEP1_64(i64_, function_->getArg(1), in.target));
          break;
        case Opcode::accumulate:
          emit_accumulate(in);
          break;
        case Opcode::end:
        case Opcode::phi:
          break;
        case Opcode::constant:
          values_[i] = {number(in.number)};
          break;
        case Opcode::size:
          values_[i] = {b_.CreateSIToFP(size(in.target), f64_)};
          break;
        case Opcode::counter:
          emit_counter(i);
          break;
        case Opcode::load:
          emit_load(i);
          break;
        case Opcode::store:
          emit_store(in);
          break;
        case Opcode::fold:
          emit_fold(i);
          break;
        default: {
          Values result;
          for (std::size_t u = 0; u < width(in); ++u) result.push_back(pointwise(in, u));
          values_[i] = result;
        }
      }
    }
  }

  Module& m_;
  const Program& p_;
  bool (*has_vector_)(Id, int, const void*);
  const void* source_;
  IRBuilder<> b_;
  int lanes_;
  std::size_t unroll_ = 1;
  Type *f64_ = nullptr, *i64_ = nullptr, *i32_ = nullptr, *ptr_ = nullptr;
  BasicBlock* left_ = nullptr;  // where a `leave` goes
  FixedVectorType* vec_ = nullptr;
  Function* function_ = nullptr;
  Values sizes_, bases_, masks_;  // masks only in the last block
  std::vector<Values> strides_;
  std::vector<Values> values_, folded_;
  std::vector<Value*> counters_;
  std::vector<Id> ends_;
};

}  // namespace

std::string symbol_of(Id op, int lanes) { return "gradus_op" + std::to_string(op) + "_" + std::to_string(lanes); }

std::unique_ptr<Module> emit(LLVMContext& context, const Program& program, bool (*has_vector)(Id, int, const void*),
                             const void* source) {
  auto module = std::make_unique<Module>("gradus", context);
  Emitter(*module, program, has_vector, source).run();
  return module;
}

}  // namespace gradus::program::jit

// Makes LLVM's intermediate representation of a program: one walk over its instructions. A varying value becomes
// `unroll` vectors, any other a number. The lanes loop is emitted twice: for whole blocks, and once more with masks for
// the rest, where the places past the end neither store nor count. What depends on a jammed loop has a copy for each of
// the rounds done side by side: with the vectors of the lanes loop they make a tile of registers. Comparisons stay bits
// (i1) until a number is wanted; wide values of a float32 program stay doubles until a float is. A long program becomes
// several functions, as LLVM's time for one grows faster than its length. No flag lets LLVM change a rounding.
#pragma once
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Module.h>

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "../layout.hpp"
#include "../runtime.hpp"
#include "emit.hpp"

namespace gradus::program::jit {

using namespace llvm;
using Values = SmallVector<Value*, 8>;
/// Whether there is a vector function of op for so many lanes of an arithmetic.
using HasVector = bool (*)(Id op, int lanes, Element arithmetic, const void* source);

class Emitter {
 public:
  Emitter(Module& module, const Program& program, HasVector has_vector, const void* source)
      : m_(module),
        p_(program),
        has_vector_(has_vector),
        source_(source),
        b_(module.getContext()),
        first_(module.getContext()),
        lanes_(program.lanes),
        known_places_(program) {}
  void run();

 private:
  // --- pieces: functions of their own that make up a long program
  struct Piece {
    Id from, below;
  };
  std::vector<Piece> pieces() const;
  Function* open_function(const char* name, ArrayRef<Type*> arguments, bool exported);
  void emit_pieces(const std::vector<Piece>& pieces);
  void find_crossings(const std::vector<Piece>& pieces);
  Value* frame_slot(IRBuilder<>& at, Id i);
  void store_crossings(Id first, Id last);
  Value* brought(Id i);

  BasicBlock* block(const char* name) { return BasicBlock::Create(m_.getContext(), name, function_); }
  Constant* number(double x) { return ConstantFP::get(f64_, x); }
  // The type of one number that an instruction computes, and of a vector of them.
  Type* type_of(const Instruction& in) { return p_.type_of(in) == Element::float32 ? f32_ : f64_; }
  Type* type_of(const Instruction& in, bool vector) { return vector ? vector_of(type_of(in)) : type_of(in); }
  Type* vector_of(Type* one) { return FixedVectorType::get(one, unsigned(lanes_)); }
  Value* integer(std::int64_t x) { return ConstantInt::get(i64_, std::uint64_t(x)); }
  // Sizes, places and strides: those that change while the program runs are read where they are used, others once, in
  // the function's first block, when they are first asked for.
  struct Tables {
    Values sizes, bases;
    std::vector<Values> strides;
  };
  void empty_tables();
  Value* size(Id k);
  Value* base(Id k);
  Values strides(Id k);

  // --- values
  bool varies(Id i) const { return p_.code[i].varying; }
  std::size_t width(const Instruction& in) const { return in.varying ? unroll_ : 1; }
  std::size_t rounds_of_jam(std::size_t level) const { return level < jams_.size() ? jams_[level].second : 1; }
  // Which of its copies a value has for the rounds that are being emitted.
  std::size_t copy_of(std::uint8_t jams) const {
    const std::size_t outer = (jams & 1) != 0 ? round_[0] : 0, inner = (jams & 2) != 0 ? round_[1] : 0;
    return (jams & 2) != 0 ? outer * rounds_of_jam(1) + inner : outer;
  }
  std::size_t copies(std::uint8_t jams) const {
    return ((jams & 1) != 0 ? rounds_of_jam(0) : 1) * ((jams & 2) != 0 ? rounds_of_jam(1) : 1);
  }
  template <class Body> void each_copy(std::uint8_t jams, Body body) {
    for (round_[0] = 0; round_[0] < ((jams & 1) != 0 ? rounds_of_jam(0) : 1); ++round_[0])
      for (round_[1] = 0; round_[1] < ((jams & 2) != 0 ? rounds_of_jam(1) : 1); ++round_[1]) body();
    round_[0] = round_[1] = 0;
  }
  Value* as_number(Value* v, Type* one);
  Value* as_truth(Value* v);
  Value* splat(Value* v) { return v->getType()->isVectorTy() ? v : b_.CreateVectorSplat(lanes_, v); }
  Value* operand(Id i, std::size_t u, bool varying, Type* one);
  Value* operand(const Instruction& of, Id i, std::size_t u) { return operand(i, u, of.varying, type_of(of)); }
  Value* truth(Id i, std::size_t u, bool varying);
  Value* raw(Id i, std::size_t u) {
    const Instruction& in = p_.code[i];
    if (i < piece_.from) return brought(i);
    return values_[i][copy_of(in.jams) * width(in) + (in.varying ? u : 0)];
  }

  // --- places in arrays
  struct Place {
    Element element;     // what is there
    Value* entry;        // of the first lane, counted from the array's first
    Value* address;      // of that
    Value* lane_stride;  // null when all lanes share it
    bool contiguous;
    SmallVector<std::pair<Id, Value*>, 2> scattered{};  // indices that vary in their own way, and their strides
    bool varies() const { return lane_stride || !scattered.empty(); }
  };
  Place place(Id array, const std::vector<Id>& index, std::size_t from = 0);
  Value* whole(Id k);
  Value* whole_vector(Value* v);
  Value* pointers(const Place& at, std::size_t u);
  Value* vector_address(const Place& at, std::size_t u);
  void emit_load(Id i);
  Value* mask_with(Id guard, std::size_t u);
  Type* memory_of(Element e) {
    return e == Element::float64 ? f64_ : e == Element::float32 ? f32_ : e == Element::int64 ? i64_ : b_.getInt8Ty();
  }
  Value* from_memory(Value* v, Element e, Type* one);
  Value* to_memory(Value* raw, Element e);
  Value* load_where(Value* condition, const Place& at);
  void emit_store(const Instruction& in);
  std::size_t known_first(Value* mask) const;
  void store_first(Value* v, std::size_t count, Value* address, Align align);
  void transpose(Values& rows);
  std::size_t stores_in_row(Id first, std::size_t most) const;
  Values rows_of(Id first, std::size_t count, std::size_t u);
  Id emit_rows(Id first);
  void emit_whole_rows(Id first, std::size_t length, const Place& at, std::size_t u);
  Value* streams_into(Id array);
  void emit_accumulate(const Instruction& in);
  bool emit_accumulate_of_rounds(const Instruction& in);

  // --- pointwise
  Value* extremum(Value* a, Value* b, bool maximum);
  Value* intrinsic(Intrinsic::ID id, Value* a) { return b_.CreateUnaryIntrinsic(id, a); }
  Value* fma(Value* a, Value* b, Value* c) { return b_.CreateIntrinsic(Intrinsic::fma, {a->getType()}, {a, b, c}); }
  Value* pointwise(const Instruction& in, std::size_t u);
  Values arguments(const Instruction& in, std::size_t u);
  Value* call(Id op, int lanes, Type* type, const Values& list);
  Value* call_scalar(const Instruction& in, Values list);
  Value* call_vector(const Instruction& in, std::size_t u);
  void emit_counter(Id i);

  // --- away from the ends of a lanes loop
  struct Limit {
    std::int64_t number;
    bool from_end;
  };
  struct Inside {
    std::int64_t first = 0, last = 0;  // from there, and up to there counted from the length
    std::map<Id, bool> known{};        // comparisons whose value it fixes
  };
  std::optional<std::int64_t> shift_of(Id k, Id loop) const;
  std::optional<Limit> limit_of(Id k, Id loop) const;
  Inside inside_of(Id loop) const;
  struct Blocks {
    Value *begin, *whole, *n;  // the first, the end of the last whole block, the end
  };
  void emit_whole_blocks(Id loop, const Inside& interior, const Blocks& range, const std::vector<Id>& scalar_folds);
  void join_folds(const std::vector<Id>& folds, const std::vector<Values>& others, BasicBlock* there, BasicBlock* here);
  void emit_block(Id loop, const Inside& inside, Value* i, Value* n, const std::vector<Id>& scalar_folds);
  Value* both(Value* a, Value* b);
  Value* either(Value* a, Value* b);
  Value* choice(Value* condition, Value* a, Value* b);

  // --- folds
  Value* identity(const Instruction& in, bool vector);
  Value* combine(const Instruction& in, Value* sum, Value* x);
  Value* fold_step(const Instruction& in, Value* sum, std::size_t u, bool vector);
  Value* halve(const Instruction& in, Values sums);
  void emit_fold(Id i);
  void emit_array_fold(const Instruction& in);

  // --- loops
  static bool is_known(Value* condition, bool holds) {
    const auto* known = dyn_cast<ConstantInt>(condition);
    return known && known->isOne() == holds;
  }
  // for (i = from; i < below; i += step): `body(i, now)` gives what the carried values are in the next round. Returns
  // them as they are after the loop. The test stands at the end: a round is one block more, not two.
  template <class Body> Values counted(Value* from, Value* below, Value* step, const Values& initial, Body body) {
    Value* any = b_.CreateICmpSLT(from, below);
    if (is_known(any, false)) return initial;
    BasicBlock *before = b_.GetInsertBlock(), *inside = block("inside"), *after = block("after");
    const bool always = is_known(any, true);
    always ? b_.CreateBr(inside) : b_.CreateCondBr(any, inside, after);
    b_.SetInsertPoint(inside);
    PHINode* i = b_.CreatePHI(i64_, 2);
    i->addIncoming(from, before);
    SmallVector<PHINode*, 8> nodes;
    Values now;
    for (Value* v : initial) {
      nodes.push_back(b_.CreatePHI(v->getType(), 2));
      nodes.back()->addIncoming(v, before);
      now.push_back(nodes.back());
    }
    Values last = body(static_cast<Value*>(i), now);
    BasicBlock* end = b_.GetInsertBlock();
    Value* next = b_.CreateAdd(i, step);
    i->addIncoming(next, end);
    for (std::size_t k = 0; k < nodes.size(); ++k) nodes[k]->addIncoming(last[k], end);
    b_.CreateCondBr(b_.CreateICmpSLT(next, below), inside, after);
    b_.SetInsertPoint(after);
    if (always) return last;
    for (std::size_t k = 0; k < last.size(); ++k) {
      PHINode* node = b_.CreatePHI(last[k]->getType(), 2);
      node->addIncoming(initial[k], before);
      node->addIncoming(last[k], end);
      last[k] = node;
    }
    return last;
  }
  template <class Body> void counted(Value* from, Value* below, Value* step, Body body) {
    counted(from, below, step, {}, [&](Value* i, const Values&) {
      body(i);
      return Values();
    });
  }
  std::vector<Id> folds_of(Id loop) const;
  Value* stride(const Instruction& loop);
  std::pair<Value*, Value*> bounds(const Instruction& in);
  Value* counter(Id loop, Value* i);
  void emit_jammed(Id loop);
  void emit_sequential(Id loop);
  void emit_endless(Id loop);
  void emit_parallel(Id loop);
  std::vector<Id> captured_by(Id loop) const;
  void emit_when(Id i);
  void fail_unless(Value* condition, Status status);
  void emit_reserve(const Instruction& in);
  void emit_routine(Id i);
  void emit_lanes(Id loop);
  std::optional<std::int64_t> known_rest(const Instruction& loop) const;
  void emit_rest(Id loop, Value* n, Value* whole, const std::vector<Id>& scalar_folds);
  void emit_rest_one_by_one(Id loop, Value* n, Value* whole, const std::vector<Id>& scalar_folds);
  Value* before(Value* left, std::size_t u);
  Value* masked(std::size_t u, Value* then, Value* otherwise) {
    return masks_.empty() || !masks_[u] ? then : b_.CreateSelect(masks_[u], then, otherwise);
  }
  void fill_partial(const Instruction& in);
  void finish_partial(const Instruction& in);
  void emit_range(Id from, Id below);

  Module& m_;
  const Program& p_;
  HasVector has_vector_;
  const void* source_;
  IRBuilder<> b_;
  IRBuilder<> first_;  // at the end of the function's first block
  int lanes_;
  std::size_t unroll_ = 1;
  SmallVector<std::pair<Id, std::size_t>, most_jams> jams_;  // open jammed loops, rounds side by side
  std::size_t round_[most_jams] = {0, 0};
  Type *f64_ = nullptr, *f32_ = nullptr, *i64_ = nullptr, *i32_ = nullptr, *ptr_ = nullptr;
  BasicBlock* left_ = nullptr;  // where a `leave` goes
  Function* function_ = nullptr;
  const std::map<Id, bool>* known_ = nullptr;  // inside
  Tables tables_;
  const KnownPlaces known_places_;
  Values masks_;           // only in the last block: the places that count of each vector, null where all do
  bool streamed_ = false;  // what the lanes loop at hand stores must be seen by others when it is done
  std::size_t live_ = 1;   // the vectors of a block with places that count
  std::vector<Values> values_, folded_;
  std::vector<Value*> counters_;
  std::vector<Id> ends_;
  Piece piece_{0, 0};                 // that is being emitted
  std::map<Id, unsigned> crossings_;  // values that other pieces want, and their places in the frame
};

}  // namespace gradus::program::jit

// A parallel loop: its body is a function of its own, which the runtime calls for each block. Values from outside come
// to it in an array, as doubles, those of comparisons too.
#include <algorithm>
#include <cstddef>

#include "emitter.hpp"

namespace gradus::program::jit {

// Values from before a loop that it wants, but for those that are made anew.
std::vector<Id> Emitter::captured_by(Id loop) const {
  std::vector<Id> found;
  const auto want = [&](Id k) {
    if (k == none || !is_value(k) || k >= loop) return;
    const Instruction& in = p_.code[k];
    const bool anew = in.opcode == Opcode::constant || in.opcode == Opcode::loop ||
                      (in.opcode == Opcode::size && !p_.sizes[in.target].computed);
    if (!anew) found.push_back(k);
  };
  for (Id i = loop + 1; i < ends_[loop]; ++i) {
    for (const Id k : {p_.code[i].a, p_.code[i].b, p_.code[i].c}) want(k);
    for (const Id k : p_.code[i].index) want(k);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void Emitter::emit_parallel(Id loop) {
  const Instruction& in = p_.code[loop];
  const std::vector<Id> captured = captured_by(loop);
  IRBuilder<> head(&function_->getEntryBlock(), function_->getEntryBlock().begin());
  Value* frame = head.CreateAlloca(ArrayType::get(f64_, std::max<std::size_t>(1, captured.size())));
  const auto place = [&](Value* at, std::size_t k) { return b_.CreateConstInBoundsGEP1_64(f64_, at, k); };
  for (std::size_t k = 0; k < captured.size(); ++k)
    b_.CreateStore(operand(captured[k], 0, false, f64_), place(frame, k));

  Function* const around = function_;
  const auto here = b_.saveIP(), first = first_.saveIP();
  const Tables tables = tables_;
  const std::vector<Values> values = values_;
  const Piece piece = piece_;
  function_ = open_function("block", {ptr_, ptr_, ptr_, ptr_, i64_, i64_}, false);
  Function* const block = function_;
  for (Values& v : values_) v.clear();
  for (std::size_t k = 0; k < captured.size(); ++k)
    values_[captured[k]] = {b_.CreateLoad(f64_, place(block->getArg(3), k))};
  piece_ = {loop, ends_[loop]};
  counters_[loop] = b_.CreateMul(block->getArg(4), stride(in));
  emit_range(loop + 1, ends_[loop]);
  b_.CreateRet(b_.getInt32(std::uint32_t(Status::done)));
  function_ = around;
  b_.restoreIP(here);
  first_.restoreIP(first);
  tables_ = tables;
  values_ = values;
  piece_ = piece;

  Value *n = size(in.target), *each = stride(in);
  Value* count = b_.CreateUDiv(b_.CreateSub(b_.CreateAdd(n, each), integer(1)), each);
  Value* runtime = function_->getArg(2);
  Value* run = b_.CreateLoad(ptr_, b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), runtime, offsetof(Runtime, blocks)));
  b_.CreateCall(FunctionType::get(b_.getVoidTy(), {ptr_, ptr_, ptr_, i64_}, false), run,
                {runtime, block, frame, count});
}

}  // namespace gradus::program::jit

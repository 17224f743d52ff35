// A long program as several functions, which the kernel calls in their order. What stands outside all loops in one and
// is wanted in another lies in the kernel's frame between them, written where it is made and read where it is first
// wanted; constants and sizes are made anew.
#include <algorithm>

#include "emitter.hpp"

namespace gradus::program::jit {
namespace {
// Instructions of a piece: long enough to keep most values in registers, short enough that LLVM's time does not yet
// grow with the square.
constexpr Id piece_length = 200;
}  // namespace

std::vector<Emitter::Piece> Emitter::pieces() const {
  std::vector<Piece> list;
  Id from = 0;
  for (Id i = 0; i < p_.code.size(); ++i) {
    const Id start = i;
    if (p_.code[i].opcode == Opcode::loop || p_.code[i].opcode == Opcode::when) i = ends_[i];
    if (start > from && i + 1 - from > piece_length) list.push_back({from, start}), from = start;
  }
  list.push_back({from, Id(p_.code.size())});
  return list;
}

// A kernel, or a piece, which has the frame as one argument more. Its first block is for what is read once.
Function* Emitter::open_function(const char* name, ArrayRef<Type*> arguments, bool exported) {
  Function* f = Function::Create(FunctionType::get(i32_, arguments, false),
                                 exported ? Function::ExternalLinkage : Function::InternalLinkage, name, m_);
  const std::string bits = std::to_string(8 * bytes_of(p_.arithmetic) * std::size_t(lanes_));
  f->addFnAttr("prefer-vector-width", bits);
  f->addFnAttr("min-legal-vector-width", bits);
  f->addFnAttr(Attribute::NoUnwind);
  BasicBlock *first = BasicBlock::Create(m_.getContext(), "entry", f),
             *body = BasicBlock::Create(m_.getContext(), "body", f);
  b_.SetInsertPoint(first);
  first_.SetInsertPoint(b_.CreateBr(body));
  b_.SetInsertPoint(body);
  empty_tables();
  return f;
}

// Places in the frame are used again after the last piece that wants what is there.
void Emitter::find_crossings(const std::vector<Piece>& pieces) {
  const auto piece_of = [&](Id i) {
    return std::size_t(
        std::upper_bound(pieces.begin(), pieces.end(), i, [](Id x, const Piece& piece) { return x < piece.below; }) -
        pieces.begin());
  };
  std::map<Id, std::size_t> last;  // the last piece that wants a value
  for (Id i = 0; i < p_.code.size(); ++i) {
    const Instruction& in = p_.code[i];
    const std::size_t here = piece_of(i);
    const auto wants = [&](Id operand) {
      if (operand == none || operand >= pieces[here].from) return;
      const Opcode opcode = p_.code[operand].opcode;
      if (opcode != Opcode::constant && (opcode != Opcode::size || p_.sizes[p_.code[operand].target].computed))
        last[operand] = here;
    };
    for (const Id operand : {in.a, in.b, in.c}) wants(operand);
    for (const Id k : in.index)
      if (is_value(k)) wants(k);
  }
  std::vector<unsigned> free;
  unsigned count = 0;
  std::vector<std::vector<unsigned>> ending(pieces.size());
  std::size_t done = 0;  // pieces whose places are free again
  for (const auto& [i, until] : last) {
    for (const std::size_t here = piece_of(i); done < here; ++done)
      free.insert(free.end(), ending[done].begin(), ending[done].end());
    const unsigned slot = free.empty() ? count++ : free.back();
    if (!free.empty()) free.pop_back();
    crossings_[i] = slot;
    ending[until].push_back(slot);
  }
}

Value* Emitter::frame_slot(IRBuilder<>& at, Id i) {
  return at.CreateConstInBoundsGEP1_64(f64_, function_->getArg(3), crossings_.at(i));
}

// Of the instructions from `first` to `last`: one of them, or a loop with what comes out of it.
void Emitter::store_crossings(Id first, Id last) {
  for (auto at = crossings_.lower_bound(first); at != crossings_.end() && at->first <= last; ++at)
    b_.CreateStore(operand(at->first, 0, false, f64_), frame_slot(b_, at->first));
}

// The value of an instruction of an earlier piece, a double in any arithmetic, loaded once: here, or, behind the first
// loop, before that, where it serves all that follows.
Value* Emitter::brought(Id i) {
  const Instruction& in = p_.code[i];
  if (in.opcode == Opcode::constant) return number(in.number);
  if (in.opcode == Opcode::size && !p_.sizes[in.target].computed) return b_.CreateSIToFP(size(in.target), f64_);
  if (values_[i].empty()) {
    BasicBlock* body = function_->getEntryBlock().getSingleSuccessor();
    IRBuilder<> here(b_.GetInsertBlock(), b_.GetInsertPoint());
    if (b_.GetInsertBlock() != body) here.SetInsertPoint(body->getTerminator());
    values_[i] = {here.CreateLoad(f64_, frame_slot(here, i))};
  }
  return values_[i][0];
}

void Emitter::emit_pieces(const std::vector<Piece>& pieces) {
  find_crossings(pieces);
  std::vector<Function*> functions;
  for (const Piece& piece : pieces) {
    piece_ = piece;
    function_ = open_function("piece", {ptr_, ptr_, ptr_, ptr_}, false);
    functions.push_back(function_);
    for (Values& v : values_) v.clear();
    emit_range(piece.from, piece.below);
    b_.CreateRet(b_.getInt32(std::uint32_t(Status::done)));
  }
  piece_ = {0, 0};
  function_ = open_function(kernel_name, {ptr_, ptr_, ptr_}, true);
  unsigned count = 1;
  for (const auto& [i, slot] : crossings_) count = std::max(count, slot + 1);
  Value* frame = first_.CreateAlloca(ArrayType::get(f64_, count));
  for (Function* f : functions) {
    Value* status = b_.CreateCall(f, {function_->getArg(0), function_->getArg(1), function_->getArg(2), frame});
    BasicBlock *fails = block("fails"), *after = block("after_piece");
    b_.CreateCondBr(b_.CreateICmpEQ(status, b_.getInt32(std::uint32_t(Status::done))), after, fails);
    b_.SetInsertPoint(fails);
    b_.CreateRet(status);
    b_.SetInsertPoint(after);
  }
  b_.CreateRet(b_.getInt32(std::uint32_t(Status::done)));
}

}  // namespace gradus::program::jit

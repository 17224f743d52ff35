// The frame of the kernel, and which instruction is emitted how. What nobody wants is left out.
#include "code.hpp"

namespace gradus::program::jit {

namespace Inst = x86::Inst;

StraightCode::StraightCode(x86::Assembler& code, const Program& program, const FunctionSource& source)
    : code_(code),
      p_(program),
      source_(source),
      start_(code.newLabel()),
      uses_(program),
      pool_(code),
      bases_(code, program.arrays.size(), needs_of(program, uses_)),
      registers_(code, program, uses_, pool_, bases_) {}

Bases::Needs StraightCode::needs_of(const Program& program, const Uses& uses) {
  Bases::Needs needs;
  std::vector<bool> used(program.arrays.size(), false);
  for (Id i = 0; i < program.code.size(); ++i) {
    const Instruction& in = program.code[i];
    const bool reads = in.opcode == Opcode::load,
               writes = in.opcode == Opcode::store || in.opcode == Opcode::accumulate;
    if (!writes && uses.first(i) == none) continue;
    needs.calls = needs.calls || in.opcode == Opcode::call;
    needs.runtime = needs.runtime || (reads && in.a != none);
    needs.sizes = needs.sizes || (in.opcode == Opcode::size && program.sizes[in.target].value < 0);
    if (!reads && !writes) continue;
    used[in.target] = true;
    for (const Id size : program.arrays[in.target].shape) needs.sizes = needs.sizes || program.sizes[size].value < 0;
  }
  for (const bool u : used) needs.arrays += u ? 1 : 0;
  return needs;
}

void StraightCode::run() {
  prologue();
  for (Id i = 0; i < p_.code.size(); ++i) {
    const Opcode opcode = p_.code[i].opcode;
    if (opcode != Opcode::store && opcode != Opcode::accumulate && uses_.first(i) == none) continue;
    registers_.begin(i);
    emit(i);
    registers_.end();
  }
  epilogue();
  pool_.emit();
}

void StraightCode::prologue() {
  code_.bind(start_);
  bases_.enter();
  frame_at_ = code_.offset();
  code_.long_().sub(x86::rsp, 0);  // the length of the frame is known at the end
  bases_.enter_frame();
}

// Around a call the stack is a multiple of 16 bytes; the caller has put a return address there. A long frame is touched
// page by page on the way in, so that it meets the guard behind the stack if there is no room.
void StraightCode::epilogue() {
  constexpr std::size_t page = 4096;
  std::size_t frame = 8 * registers_.frame();
  if ((8 + 8 * bases_.saved() + frame) % 16 != 0) frame += 8;
  if (frame != 0) code_.add(x86::rsp, std::int32_t(frame));
  bases_.leave();
  code_.xor_(x86::eax, x86::eax);
  code_.ret();
  if (frame >= page) {
    entry_ = code_.offset();
    const asmjit::Label touch = code_.newLabel();
    code_.lea(x86::rax, x86::ptr(x86::rsp, -std::int32_t(frame + page)));
    code_.mov(x86::rcx, x86::rsp);
    code_.bind(touch);
    code_.sub(x86::rcx, page);
    code_.or_(x86::qword_ptr(x86::rcx), 0);
    code_.cmp(x86::rcx, x86::rax);
    code_.ja(touch);
    code_.jmp(start_);
  }
  const std::size_t end = code_.offset();
  code_.setOffset(frame_at_);
  code_.long_().sub(x86::rsp, std::int32_t(frame));
  code_.setOffset(end);
}

void StraightCode::emit(Id i) {
  switch (p_.code[i].opcode) {
    case Opcode::size:
      return size(i);
    case Opcode::load:
      return load(i);
    case Opcode::store:
      return store(i);
    case Opcode::accumulate:
      return accumulate(i);
    case Opcode::add:
      return arithmetic(i, Inst::kIdVaddsd, Inst::kIdVaddss, true);
    case Opcode::sub:
      return arithmetic(i, Inst::kIdVsubsd, Inst::kIdVsubss, false);
    case Opcode::mul:
      return arithmetic(i, Inst::kIdVmulsd, Inst::kIdVmulss, true);
    case Opcode::div:
      return arithmetic(i, Inst::kIdVdivsd, Inst::kIdVdivss, false);
    case Opcode::fma:
      return fma(i);
    case Opcode::negate:
      return masked(i, true);
    case Opcode::abs:
      return masked(i, false);
    case Opcode::sqrt:
      return sqrt(i);
    case Opcode::floor:
      return round(i, 9);
    case Opcode::ceil:
      return round(i, 10);
    case Opcode::sign:
      return sign(i);
    case Opcode::min:
      return extremum(i, false);
    case Opcode::max:
      return extremum(i, true);
    case Opcode::less:
      return compare(i, less, greater);
    case Opcode::less_equal:
      return compare(i, less_equal, greater_equal);
    case Opcode::equal:
      return compare(i, equal, equal);
    case Opcode::logical_and:
    case Opcode::logical_or:
    case Opcode::logical_not:
      return logic(i);
    case Opcode::select:
      return select(i);
    case Opcode::call:
      return call(i);
    default:  // a constant is where it is wanted
      return;
  }
}

}  // namespace gradus::program::jit

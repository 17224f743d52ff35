// AsmJit encodes the instructions; registers are ours (registers.hpp), as AsmJit's own allocation takes time
// that grows with the square of the length: 2 us an instruction for 1000 of them, 50 for 30,000. Code and numbers lie
// in pages of their own, first written, then made executable. Nothing goes to the cache on disk: to read is not quicker
// than to make.
//
// Not taken: loops and what belongs to them, choices, routines, sums in place of whole numbers or truths, and
// multiply-adds where the processor has none.
#include "straight.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "code.hpp"

namespace gradus::program::jit {
namespace {

class Pages final : public MadeCode {
 public:
  // Null if the system gives none.
  static std::unique_ptr<Pages> with(asmjit::CodeHolder& code) {
    const auto page = std::size_t(sysconf(_SC_PAGESIZE));
    const std::size_t size = (code.codeSize() + page - 1) / page * page;
    void* const at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return nullptr;
    auto pages = std::unique_ptr<Pages>(new Pages(at, size));
    if (code.copyFlattenedData(at, size) != asmjit::kErrorOk || mprotect(at, size, PROT_READ | PROT_EXEC) != 0)
      return nullptr;
    return pages;
  }
  ~Pages() override { munmap(at_, size_); }
  std::byte* begin() const { return static_cast<std::byte*>(at_); }

 private:
  Pages(void* at, std::size_t size) : at_(at), size_(size) {}
  void* at_;
  std::size_t size_;
};

struct Failure final : asmjit::ErrorHandler {
  void handleError(asmjit::Error, const char* message, asmjit::BaseEmitter*) override {
    if (text.empty()) text = message;
  }
  std::string text;
};

bool takes(const Program& program, const Instruction& in) {
  switch (in.opcode) {
    case Opcode::loop:
    case Opcode::when:
    case Opcode::end:
    case Opcode::leave:
    case Opcode::counter:
    case Opcode::phi:
    case Opcode::fold:
    case Opcode::reserve:
    case Opcode::set_size:
    case Opcode::routine:
      return false;
    case Opcode::accumulate:
      return is_floating(program.arrays[in.target].element);
    case Opcode::fma:
      return __builtin_cpu_supports("fma") != 0;
    default:
      return true;
  }
}

}  // namespace

bool is_straight(const Program& program) {
  const char* const asked = std::getenv("GRADUS_JIT_STRAIGHT");
  if ((asked && std::strcmp(asked, "off") == 0) || !__builtin_cpu_supports("avx")) return false;
  for (const Instruction& in : program.code)
    if (in.varying || !takes(program, in)) return false;
  return true;
}

std::unique_ptr<MadeCode> make_straight(const Program& program, const FunctionSource& source, Kernel& run,
                                        std::string& error) {
  Failure failure;
  asmjit::FileLogger logger(stderr);
  asmjit::CodeHolder holder;
  holder.init(asmjit::Environment::host());
  holder.setErrorHandler(&failure);
  if (std::getenv("GRADUS_JIT_PRINT")) holder.setLogger(&logger);
  x86::Assembler assembler(&holder);
  StraightCode code(assembler, program, source);
  code.run();
  holder.flatten();
  if (failure.text.empty() && holder.hasUnresolvedLinks()) failure.text = "unresolved places in straight-line code";
  auto pages = failure.text.empty() ? Pages::with(holder) : nullptr;
  if (!pages) {
    error = failure.text.empty() ? "no executable memory" : failure.text;
    return nullptr;
  }
  run = reinterpret_cast<Kernel>(pages->begin() + code.entry());
  return pages;
}

}  // namespace gradus::program::jit

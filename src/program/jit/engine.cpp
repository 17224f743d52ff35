// The C face of libgradus-jit. Straight-line programs are made without LLVM (straight/); LLVM is set up when the first
// other one comes. One LLJIT for the process; each program is a dylib of its own, freed with the program.
// Its object comes from the cache on disk, or is made and stored there. The only pass before code generation finds
// common index sums: the lowering has left nothing else to do (more passes were tried: no gain in the code, a
// millisecond in the making).
#include <llvm/ExecutionEngine/Orc/CompileUtils.h>
#include <llvm/ExecutionEngine/Orc/ExecutionUtils.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "cache.hpp"
#include "emit.hpp"
#include "identity.hpp"
#include "made_code.hpp"
#include "program/code_generator.hpp"
#include "straight/straight.hpp"

namespace gradus::program::jit {
namespace {

using namespace llvm;
using namespace llvm::orc;

struct Engine {
  std::unique_ptr<LLJIT> jit;
  std::unique_ptr<TargetMachine> target;
  std::string error;
  std::mutex mutex;
  unsigned next = 0;

  Engine() {
    if (Error failed = open()) error = toString(std::move(failed));
  }

 private:
  Error open() {
#if defined(__x86_64__)
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
#elif defined(__aarch64__)
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
#endif
    auto builder = JITTargetMachineBuilder::detectHost();
    if (!builder) return builder.takeError();
    builder->setCodeGenOptLevel(CodeGenOptLevel::Less);
    auto made = LLJITBuilder()
                    .setJITTargetMachineBuilder(*builder)
                    .setSupportConcurrentCompilation(false)
                    .setPlatformSetUp(setUpInactivePlatform)
                    .create();
    if (!made) return made.takeError();
    // LLJIT prepares a builder for what it links (code model, relocation); the same is wanted here.
    auto machine = builder->createTargetMachine();
    if (!machine) return machine.takeError();
    target = std::move(*machine);
    auto process = DynamicLibrarySearchGenerator::GetForCurrentProcess((*made)->getDataLayout().getGlobalPrefix());
    if (!process) return process.takeError();
    (*made)->getMainJITDylib().addGenerator(std::move(*process));
    jit = std::move(*made);
    return Error::success();
  }
};

// Never destroyed: programs may outlive the static objects of this library.
Engine& engine() {
  static Engine* const e = new Engine;
  return *e;
}

void optimise(Module& module) {
  PassBuilder builder;
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager graphs;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  FunctionPassManager passes;
  passes.addPass(EarlyCSEPass());
  for (Function& f : module)
    if (!f.isDeclaration()) passes.run(f, functions);
}

Expected<std::unique_ptr<MemoryBuffer>> make_object(Engine& e, const Program& program, const FunctionSource& source) {
  LLVMContext context;
  const auto module = emit(
      context, program,
      [](Id op, int lanes, Element arithmetic, const void* from) {
        return static_cast<const FunctionSource*>(from)->vector(op, lanes, arithmetic) != nullptr;
      },
      &source);
  module->setDataLayout(e.jit->getDataLayout());
  module->setTargetTriple(e.jit->getTargetTriple().str());
#ifndef NDEBUG
  if (verifyModule(*module, &errs())) return createStringError(inconvertibleErrorCode(), "malformed module");
#endif
  optimise(*module);
  if (std::getenv("GRADUS_JIT_PRINT")) module->print(errs(), nullptr);
  return SimpleCompiler(*e.target)(*module);
}

class Linked final : public MadeCode {
 public:
  Linked(Engine& engine, JITDylib& dylib) : engine_(engine), dylib_(dylib) {}
  ~Linked() override {
    const std::lock_guard lock(engine_.mutex);
    if (Error error = engine_.jit->getExecutionSession().removeJITDylib(dylib_)) consumeError(std::move(error));
  }

 private:
  Engine& engine_;
  JITDylib& dylib_;
};

Error link(Engine& e, const Program& program, const FunctionSource& source, std::unique_ptr<MemoryBuffer> object,
           NativeCode& code) {
  auto dylib = e.jit->createJITDylib("program" + std::to_string(e.next++));
  if (!dylib) return dylib.takeError();
  dylib->addToLinkOrder(e.jit->getMainJITDylib());
  SymbolMap symbols;
  for (const Instruction& in : program.code)
    if (in.opcode == Opcode::call)
      for (const int lanes : {1, int(program.lanes)}) {
        void* address = lanes == 1 ? source.scalar(in.target) : source.vector(in.target, lanes, program.arithmetic);
        if (address)
          symbols[e.jit->mangleAndIntern(symbol_of(in.target, lanes))] = {ExecutorAddr::fromPtr(address),
                                                                          JITSymbolFlags::Exported};
      }
  const auto give_up = [&](Error error) {
    cantFail(e.jit->getExecutionSession().removeJITDylib(*dylib));
    return error;
  };
  if (!symbols.empty())
    if (Error error = dylib->define(absoluteSymbols(std::move(symbols)))) return give_up(std::move(error));
  if (Error error = e.jit->addObjectFile(*dylib, std::move(object))) return give_up(std::move(error));
  auto address = e.jit->lookup(*dylib, kernel_name);
  if (!address) return give_up(address.takeError());
  code.run = address->toPtr<Kernel>();
  code.handle = static_cast<MadeCode*>(new Linked(e, *dylib));
  return Error::success();
}

Error compile(const Program& program, const FunctionSource& source, NativeCode& code) {
  if (is_straight(program)) {
    std::string error;
    code.handle = make_straight(program, source, code.run, error).release();
    return code.handle ? Error::success() : createStringError(inconvertibleErrorCode(), error.c_str());
  }
  Engine& e = engine();
  const std::lock_guard lock(e.mutex);
  if (!e.jit) return createStringError(inconvertibleErrorCode(), e.error.c_str());
  const Cache cache;
  const std::string bytes =
      bytes_of_surroundings().empty() ? std::string() : bytes_of_surroundings() + bytes_of(program, source);
  if (auto object = bytes.empty() || std::getenv("GRADUS_JIT_PRINT") ? nullptr : cache.find(bytes)) {
    Error error = link(e, program, source, std::move(object), code);
    code.from_cache = !error;
    if (code.from_cache) return error;
    consumeError(std::move(error));  // then it is made again
  }
  auto object = make_object(e, program, source);
  if (!object) return object.takeError();
  auto copy = bytes.empty() ? nullptr : MemoryBuffer::getMemBufferCopy((*object)->getBuffer());
  if (Error error = link(e, program, source, std::move(*object), code)) return error;
  if (copy) cache.store(bytes, copy->getBuffer());
  return Error::success();
}

}  // namespace
}  // namespace gradus::program::jit

// Static objects of this library and of LLVM are left as they are when the process ends: a thread may be compiling
// then, and LLVM makes some of them only while it works, so no order of destruction would be right.
extern "C" __attribute__((visibility("hidden"))) int __cxa_atexit(void (*)(void*), void*, void*) {  // NOLINT
  return 0;
}

#define GRADUS_EXPORT extern "C" __attribute__((visibility("default")))

GRADUS_EXPORT std::uint64_t gradus_jit_open() {
  gradus::program::jit::engine();
  return gradus::program::code_generator_abi;
}

GRADUS_EXPORT bool gradus_jit_compile(const gradus::program::Program* program,
                                      const gradus::program::FunctionSource* source, gradus::program::NativeCode* code,
                                      char* error, std::size_t error_size) {
  llvm::Error failed = gradus::program::jit::compile(*program, *source, *code);
  if (!failed) return true;
  std::snprintf(error, error_size, "%s", llvm::toString(std::move(failed)).c_str());
  return false;
}

GRADUS_EXPORT void gradus_jit_release(void* handle) { delete static_cast<gradus::program::jit::MadeCode*>(handle); }

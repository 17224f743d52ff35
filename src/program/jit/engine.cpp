// The C face of libgradus-jit. One LLJIT for the process; each program is a dylib of its own, freed with the program.
// The only pass before code generation finds common index sums: the lowering has left nothing else to do (more passes
// were tried: no gain in the code, a millisecond in the making).
#include <llvm/ExecutionEngine/Orc/ExecutionUtils.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "emit.hpp"
#include "program/code_generator.hpp"

namespace gradus::program::jit {
namespace {

using namespace llvm;
using namespace llvm::orc;

Expected<std::unique_ptr<LLJIT>> make_jit() {
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
  auto jit = LLJITBuilder()
                 .setJITTargetMachineBuilder(std::move(*builder))
                 .setSupportConcurrentCompilation(false)
                 .setPlatformSetUp(setUpInactivePlatform)
                 .create();
  if (!jit) return jit;
  auto process = DynamicLibrarySearchGenerator::GetForCurrentProcess((*jit)->getDataLayout().getGlobalPrefix());
  if (!process) return process.takeError();
  (*jit)->getMainJITDylib().addGenerator(std::move(*process));
  return jit;
}

struct Engine {
  std::unique_ptr<LLJIT> jit;
  std::string error;
  std::mutex mutex;
  unsigned next = 0;

  Engine() {
    auto made = make_jit();
    if (made)
      jit = std::move(*made);
    else
      error = toString(made.takeError());
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

Error compile(const Program& program, const FunctionSource& source, NativeCode& code) {
  Engine& e = engine();
  const std::lock_guard lock(e.mutex);
  if (!e.jit) return createStringError(inconvertibleErrorCode(), e.error.c_str());
  auto context = std::make_unique<LLVMContext>();
  auto module = emit(
      *context, program,
      [](Id op, int lanes, const void* from) {
        return static_cast<const FunctionSource*>(from)->vector(op, lanes) != nullptr;
      },
      &source);
  module->setDataLayout(e.jit->getDataLayout());
  module->setTargetTriple(e.jit->getTargetTriple().str());
  const bool show = std::getenv("GRADUS_JIT_PRINT") != nullptr;
#ifndef NDEBUG
  if (verifyModule(*module, &errs())) return createStringError(inconvertibleErrorCode(), "malformed module");
#endif
  optimise(*module);
  if (show) module->print(errs(), nullptr);

  auto dylib = e.jit->createJITDylib("program" + std::to_string(e.next++));
  if (!dylib) return dylib.takeError();
  dylib->addToLinkOrder(e.jit->getMainJITDylib());
  SymbolMap symbols;
  for (const Instruction& in : program.code)
    if (in.opcode == Opcode::call)
      for (const int lanes : {1, int(program.lanes)}) {
        void* address = lanes == 1 ? source.scalar(in.target) : source.vector(in.target, lanes);
        if (address)
          symbols[e.jit->mangleAndIntern(symbol_of(in.target, lanes))] = {ExecutorAddr::fromPtr(address),
                                                                          JITSymbolFlags::Exported};
      }
  if (!symbols.empty())
    if (Error error = dylib->define(absoluteSymbols(std::move(symbols)))) return error;
  if (Error error = e.jit->addIRModule(*dylib, ThreadSafeModule(std::move(module), std::move(context)))) return error;
  auto address = e.jit->lookup(*dylib, kernel_name);
  if (!address) {
    cantFail(e.jit->getExecutionSession().removeJITDylib(*dylib));
    return address.takeError();
  }
  code.run = address->toPtr<Kernel>();
  code.handle = &*dylib;
  return Error::success();
}

}  // namespace
}  // namespace gradus::program::jit

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

GRADUS_EXPORT void gradus_jit_release(void* handle) {
  auto& e = gradus::program::jit::engine();
  const std::lock_guard lock(e.mutex);
  auto* dylib = static_cast<llvm::orc::JITDylib*>(handle);
  if (llvm::Error error = e.jit->getExecutionSession().removeJITDylib(*dylib)) llvm::consumeError(std::move(error));
}

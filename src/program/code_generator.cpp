// The way to libgradus-jit: opened once, when the first program is compiled.
#include "code_generator.hpp"

#include "functions.hpp"
#include "gradus/core/late_library.hpp"

namespace gradus::program {
namespace {

struct Library {
  JitCompile compile = nullptr;
  JitRelease release = nullptr;
  std::string error;
};

const Library& library() {
  static const Library opened = [] {
    Library l;
    void* handle = open_late("gradus-jit", &l.error);
    if (!handle) return l;
    const auto open = reinterpret_cast<JitOpen>(find_late(handle, "gradus_jit_open"));
    if (!open || open() != code_generator_abi) {
      l.error = "libgradus-jit.so belongs to another version";
      return l;
    }
    l.compile = reinterpret_cast<JitCompile>(find_late(handle, "gradus_jit_compile"));
    l.release = reinterpret_cast<JitRelease>(find_late(handle, "gradus_jit_release"));
    return l;
  }();
  return opened;
}

void* scalar_address(Id op) { return function(op).address(); }

}  // namespace

bool open_code_generator(std::string& error) {
  error = library().error;
  return library().compile != nullptr;
}

bool compile_native(const Program& program, NativeCode& code, std::string& error) {
  const Library& l = library();
  if (!l.compile) {
    error = l.error;
    return false;
  }
  static constexpr FunctionSource source{scalar_address, vector_function};
  char reason[512] = "";
  if (l.compile(&program, &source, &code, reason, sizeof reason)) return true;
  error = reason;
  return false;
}

void release_native(void* handle) { library().release(handle); }

}  // namespace gradus::program

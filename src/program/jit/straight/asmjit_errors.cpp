// What AsmJit says of its errors. Debian's static library is not made for shared objects; the only part of it that
// cannot stand in one is this, as it names stderr. Defined here, that part is not linked.
#include <asmjit/core.h>

#include <cstdio>
#include <cstdlib>

ASMJIT_BEGIN_SUB_NAMESPACE(DebugUtils)  // in the namespace of this version

const char* errorAsString(Error) noexcept { return "an instruction that AsmJit does not take"; }

void debugOutput(const char* text) noexcept { std::fputs(text, stderr); }

void assertionFailed(const char* file, int line, const char* text) noexcept {
  std::fprintf(stderr, "%s:%d: %s\n", file, line, text);
  std::abort();
}

ASMJIT_END_SUB_NAMESPACE

// Every member is written, numbers as they stand in memory, strings and lists after their length. The structured
// bindings see to it that a member that is added to a program is not forgotten here: they no longer compile.
#include "identity.hpp"

#include <elf.h>
#include <link.h>
#if __has_include(<gnu/libc-version.h>)
#include <gnu/libc-version.h>
#endif
#include <llvm/ADT/StringMap.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/TargetParser/Host.h>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

namespace gradus::program::jit {
namespace {

class Bytes {
 public:
  template <class... T> void put(const T&... all) { (one(all), ...); }
  std::string text;

 private:
  template <class T> void one(const T& x) {
    if constexpr (std::is_same_v<T, std::string>) {
      one(x.size());
      text += x;
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      text.append(reinterpret_cast<const char*>(&x), sizeof x);
    } else {
      one(x.size());
      for (const auto& entry : x) one(entry);
    }
  }
  void one(const Size& x) {
    const auto& [name, value, computed, chosen] = x;
    put(name, value, computed, chosen);
  }
  void one(const Storage& x) {
    const auto& [name, role, shape, growing, own, element] = x;
    put(name, role, shape, growing, own, element);
  }
  void one(const Instruction& x) {
    const auto& [opcode, fold, lanes, reversed, parallel, varying, unroll, jam, jams, block, segment, prefix, affine,
                 wide, a, b, c, target, array, partial, number, step, index] = x;
    put(opcode, fold, lanes, reversed, parallel, varying, unroll, jam, jams, block, segment, prefix, affine, wide, a, b,
        c, target, array, partial, number, step, index);
  }
};

// The note that the linker leaves in a library: a hash of all of it.
std::string build_id() {
  struct Search {
    std::uintptr_t inside;
    std::string found;
  } search{reinterpret_cast<std::uintptr_t>(&bytes_of_surroundings), {}};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        auto& s = *static_cast<Search*>(data);
        const auto* headers = info->dlpi_phdr;
        const auto at = [&](const ElfW(Phdr) & h) { return info->dlpi_addr + h.p_vaddr; };
        const bool ours = std::any_of(headers, headers + info->dlpi_phnum, [&](const ElfW(Phdr) & h) {
          return h.p_type == PT_LOAD && s.inside - at(h) < h.p_memsz;
        });
        if (!ours) return 0;
        for (const auto* h = headers; h != headers + info->dlpi_phnum; ++h) {
          if (h->p_type != PT_NOTE) continue;
          const char* note = reinterpret_cast<const char*>(at(*h));
          for (const char* const end = note + h->p_memsz; note + sizeof(ElfW(Nhdr)) <= end;) {
            ElfW(Nhdr) n;
            std::memcpy(&n, note, sizeof n);
            const std::size_t name = (n.n_namesz + 3u) & ~std::size_t(3), size = (n.n_descsz + 3u) & ~std::size_t(3);
            if (n.n_type == NT_GNU_BUILD_ID) s.found.assign(note + sizeof n + name, n.n_descsz);
            note += sizeof n + name + size;
          }
        }
        return 1;
      },
      &search);
  return search.found;
}

}  // namespace

std::string bytes_of(const Program& program, const FunctionSource& source) {
  Bytes bytes;
  const auto& [sizes, arrays, code, inputs, outputs, lanes, segments, arithmetic] = program;
  bytes.put(sizes, arrays, code, inputs, outputs, lanes, arithmetic);  // segments only choose sizes
  for (const Instruction& in : code)
    if (in.opcode == Opcode::call) bytes.put(source.vector(in.target, lanes, arithmetic) != nullptr);
  return bytes.text;
}

const std::string& bytes_of_surroundings() {
  static const std::string text = [] {
    Bytes bytes;
    const std::string id = build_id();
    if (id.empty()) return std::string();
    bytes.put(code_generator_abi, id, std::string(LLVM_VERSION_STRING), llvm::sys::getHostCPUName().str());
    std::vector<std::string> features;
    for (const auto& feature : llvm::sys::getHostCPUFeatures())
      if (feature.second) features.push_back(feature.first().str());
    std::sort(features.begin(), features.end());
    bytes.put(features);
#ifdef __GLIBC__
    bytes.put(std::string(gnu_get_libc_version()));
#endif
    return bytes.text;
  }();
  return text;
}

}  // namespace gradus::program::jit

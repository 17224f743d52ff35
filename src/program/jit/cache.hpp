// Machine code kept on disk between processes. The folder is $GRADUS_CACHE, else gradus under $XDG_CACHE_HOME or
// ~/.cache; GRADUS_CACHE=off does without. It is made with mode 0700; one that belongs to another user, or that others
// may enter, is not used. Whatever fails here is no error: the program is then compiled.
#pragma once
#include <llvm/Support/MemoryBuffer.h>

#include <memory>
#include <string>

namespace gradus::program::jit {

class Cache {
 public:
  /// The folder as the environment says now.
  Cache();
  Cache(const Cache&) = delete;
  ~Cache();

  /// The object that was stored for these bytes, checked in full; null when there is none or it is not whole.
  std::unique_ptr<llvm::MemoryBuffer> find(const std::string& bytes) const;
  /// Stores it under the name of a file of its own, then gives it its name: nobody sees half of it. Now and then the
  /// files used longest ago go, so that all are `most_bytes` (GRADUS_CACHE_BYTES, 256 MB) or little more.
  void store(const std::string& bytes, llvm::StringRef object) const;

 private:
  void shrink() const;
  int folder_ = -1;
  std::uint64_t most_bytes_ = std::uint64_t(256) << 20;
};

}  // namespace gradus::program::jit

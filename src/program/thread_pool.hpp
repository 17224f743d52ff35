// Threads of the process that help callers with blocks of work. They start when they are first wanted and are joined at
// the end of the process.
#pragma once
#include <cstdint>

namespace gradus::program {

/// `run(what, helper, block)` for each block below `count`, each once, in any order. The caller is helper 0, others
/// count from 1; no two threads are the same helper at the same time. After a block gave false none is begun.
struct Blocks {
  bool (*run)(void* what, unsigned helper, std::int64_t block) = nullptr;
  void* what = nullptr;
  std::int64_t count = 0;
};

/// Starts so many threads if fewer are there; as many as the system gives.
void start_threads(unsigned helpers);
/// With at most `helpers` threads besides the caller's; returns when all is done. False if a block gave that.
/// Allocates nothing. Any number of threads may call it at once.
bool run_blocks(const Blocks& blocks, unsigned helpers);

}  // namespace gradus::program

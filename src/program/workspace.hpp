// What one call of a program has of its own: sizes, places, memory for intermediate arrays.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "gradus/program/buffer.hpp"
#include "gradus/program/executable.hpp"
#include "interpreter.hpp"
#include "layout.hpp"
#include "runtime.hpp"

namespace gradus::program {

struct Executable::Workspace {
  Buffer memory;                // of all intermediate arrays of known length, side by side
  std::vector<Buffer> growing;  // of each array that grows
  std::vector<void*> arrays;
  std::vector<Room> rooms;  // for results, as the last call gave them
  std::vector<std::int64_t> sizes;
  Scratch scratch;  // the interpreter's
  Runtime runtime;
  const Program* program = nullptr;
  KnownPlaces known;
  std::vector<std::int64_t> offsets;   // words before each intermediate array in its memory
  std::vector<std::int64_t> rows;      // words of 8 bytes that growing arrays were asked to hold
  std::int64_t used = 0, allowed = 0;  // words in intermediate arrays

  // Of the call before: what arrays and names said, and the sizes that follow from it. Polynomials are read once.
  std::vector<std::int64_t> read, derived;
  std::vector<NamedSize> given;

  /// Of threads besides the caller's: places of arrays, and room for those that are their own.
  struct Helper {
    Buffer memory;
    std::vector<void*> arrays;
    Scratch scratch;
  };
  std::vector<Helper> helpers;
  std::vector<Scratch*> scratches;

  static void blocks(Runtime* runtime, RunBlock block, void* captured, std::int64_t count);
  static bool reserve(Runtime* runtime, Id array, std::int64_t rows);
};

/// Workspaces that wait for a call. One stands in a place of its own, so that a single caller never locks.
struct Executable::Pool {
  std::atomic<Workspace*> first{nullptr};
  std::mutex mutex;
  std::vector<std::unique_ptr<Workspace>> others;

  Pool() = default;
  Pool(const Pool&) = delete;
  ~Pool() { delete first.load(); }

  std::unique_ptr<Workspace> borrow() {
    if (Workspace* w = first.exchange(nullptr, std::memory_order_acquire)) return std::unique_ptr<Workspace>(w);
    const std::lock_guard lock(mutex);
    if (others.empty()) return std::make_unique<Workspace>();
    auto w = std::move(others.back());
    others.pop_back();
    return w;
  }
  void give_back(std::unique_ptr<Workspace> w) {
    Workspace* empty = nullptr;
    if (first.compare_exchange_strong(empty, w.get(), std::memory_order_release, std::memory_order_relaxed)) {
      static_cast<void>(w.release());
      return;
    }
    const std::lock_guard lock(mutex);
    others.push_back(std::move(w));
  }
};

}  // namespace gradus::program

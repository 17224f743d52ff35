// What one call of a program may take.
#pragma once
#include <algorithm>
#include <cstdint>

namespace gradus::program {

struct Limits {
  /// Of intermediate arrays together, the rows that loops keep included (their room is at most doubled on the way).
  std::int64_t bytes = machine_bytes();
  /// Of while loops together.
  std::int64_t rounds = 10'000'000'000;
  /// Of the rows that a loop keeps for its derivative (at most a quarter of `bytes`). A loop with more keeps
  /// checkpoints and is run again for its rows, segment by segment.
  std::int64_t kept = std::int64_t(256) << 20;

  /// Of one call, its caller's among them, at most 64; the results have the same bits for any number.
  int threads = 1;

  std::int64_t most_kept() const { return std::min(kept, bytes / 4); }
  /// The memory of this machine.
  static std::int64_t machine_bytes();
};

}  // namespace gradus::program

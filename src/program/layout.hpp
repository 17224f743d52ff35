// Where the intermediate arrays of a call lie in its memory. Those whose length the program knows come first, at places
// it knows too, so machine code finds them all from one address.
#pragma once
#include <cstdint>
#include <vector>

#include "gradus/program/program.hpp"

namespace gradus::program {

constexpr std::int64_t too_many = -1, most_entries = std::int64_t(1) << 48;

/// Entries of an array, with the lanes of a partial one; `too_many` when that is no number. `size(s)` is that of a
/// Size.
template <class SizeOf> std::int64_t entries_of(const Program& program, const Storage& array, SizeOf size) {
  std::int64_t n = array.role == Role::partial ? program.lanes : 1;
  for (const Id s : array.shape)
    if (__builtin_mul_overflow(n, size(s), &n)) return too_many;
  return n <= most_entries ? n : too_many;
}

/// As many words of 8 bytes as hold so many elements.
inline std::int64_t words_for(std::int64_t count, Element element) {
  return (count * std::int64_t(bytes_of(element)) + 7) / 8;
}

/// Places one after the other, in words: each at the start of a line of the cache, and long arrays in lines of
/// different sets, for a loop often goes through thirty of them at once, all at the same index.
class Layout {
 public:
  std::int64_t add(std::int64_t words) {
    constexpr std::int64_t line = 8, sets = 64, apart = 27;
    if (words >= line * sets) {
      const std::int64_t set = apart * count_++ % sets;
      end_ += (set - end_ / line % sets + sets) % sets * line;
    }
    const std::int64_t place = end_;
    end_ += (words + line - 1) / line * line;
    return place;
  }
  std::int64_t end() const { return end_; }

 private:
  std::int64_t end_ = 0, count_ = 0;
};

/// The places of intermediate arrays that the program alone decides, in what all threads share and in what each has of
/// its own; -1 for other arrays, which follow after `shared` and `own`.
struct KnownPlaces {
  std::vector<std::int64_t> places;
  Layout shared, own;
  Id first_shared = none, first_own = none;  // arrays that lie at the beginning

  KnownPlaces() = default;
  explicit KnownPlaces(const Program& program) : places(program.arrays.size(), -1) {
    for (std::size_t k = program.inputs + program.outputs; k < places.size(); ++k) {
      const Storage& array = program.arrays[k];
      bool known = !array.growing;
      for (const Id s : array.shape) known = known && program.sizes[s].value >= 0 && !program.sizes[s].computed;
      const std::int64_t n =
          known ? entries_of(program, array, [&](Id s) { return program.sizes[s].value; }) : too_many;
      if (n == too_many) continue;
      places[k] = (array.own ? own : shared).add(words_for(n, array.element));
      if (places[k] == 0) (array.own ? first_own : first_shared) = Id(k);
    }
  }
};

}  // namespace gradus::program

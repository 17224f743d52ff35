// Memory for arrays of doubles that is kept between calls: aligned to a vector, large ones to a huge page.
#pragma once
#include <cstddef>
#include <utility>

namespace gradus::program {

/// An uninitialised array of doubles.
/// Cost: memory is asked of the system only when `reserve` needs more than before (page faults cost more than sums).
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t count) { reserve(count); }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Buffer();

  /// At least `count` doubles. Throws std::bad_alloc when there is no memory.
  double* reserve(std::size_t count);
  /// The same, keeping what it holds; at least doubles what it had.
  double* grow(std::size_t count);
  double* data() { return data_; }
  const double* data() const { return data_; }

 private:
  double* data_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace gradus::program

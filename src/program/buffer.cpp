#include "gradus/program/buffer.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace gradus::program {

Buffer::~Buffer() { std::free(data_); }

double* Buffer::reserve(std::size_t count) {
  if (count <= capacity_) return data_;
  constexpr std::size_t huge = std::size_t(2) << 20, limit = std::size_t(1) << 58;
  if (count > limit) throw std::bad_alloc();
  std::size_t bytes = count * sizeof(double) + 64;
  const std::size_t alignment = bytes >= huge / 2 ? huge : 64;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, bytes);
  if (!memory) throw std::bad_alloc();
  if (alignment == huge) madvise(memory, bytes, MADV_HUGEPAGE);  // a wish; nothing depends on it
  std::free(data_);
  data_ = static_cast<double*>(memory);
  capacity_ = bytes / sizeof(double);
  return data_;
}

double* Buffer::grow(std::size_t count) {
  if (count <= capacity_) return data_;
  Buffer larger(std::max(count, 2 * capacity_));
  if (data_) std::memcpy(larger.data_, data_, capacity_ * sizeof(double));
  *this = std::move(larger);
  return data_;
}

}  // namespace gradus::program

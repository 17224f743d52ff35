// A vector of trivially copyable values that needs no allocation up to N of them.
#pragma once
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <type_traits>

namespace gradus {

template <class T, std::size_t N> class SmallVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  SmallVector() = default;
  SmallVector(const SmallVector&) = delete;
  SmallVector& operator=(const SmallVector&) = delete;
  void push_back(T value) {
    if (size_ == capacity_) grow();
    data_[size_++] = value;
  }
  void insert(std::size_t at, T value) {
    push_back(value);
    for (std::size_t i = size_ - 1; i > at; i--) data_[i] = data_[i - 1];
    data_[at] = value;
  }
  void append(const T* first, std::size_t count) {
    while (size_ + count > capacity_) grow();
    std::copy_n(first, count, data_ + size_);
    size_ += count;
  }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void resize_down(std::size_t size) { size_ = size; }
  T& operator[](std::size_t i) { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }

 private:
  void grow() {
    auto bigger = std::make_unique_for_overwrite<T[]>(capacity_ * 4);
    std::memcpy(bigger.get(), data_, size_ * sizeof(T));
    heap_ = std::move(bigger);
    data_ = heap_.get();
    capacity_ *= 4;
  }
  std::array<T, N> inline_;
  std::unique_ptr<T[]> heap_;
  T* data_ = inline_.data();
  std::size_t size_ = 0, capacity_ = N;
};

}  // namespace gradus

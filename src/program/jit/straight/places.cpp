#include "places.hpp"

#include <algorithm>
#include <bit>

namespace gradus::program::jit {

x86::Mem Pool::bits(std::uint64_t x, std::uint32_t size) {
  const auto [at, added] = places_.try_emplace(x, std::int32_t(numbers_.size()));
  if (added) numbers_.push_back(x);
  return x86::ptr(label_, std::int32_t(16 * wide_count) + 8 * at->second, size);
}
x86::Mem Pool::number(double x) { return bits(std::bit_cast<std::uint64_t>(x), 8); }
x86::Mem Pool::number(float x) { return bits(std::bit_cast<std::uint32_t>(x), 4); }

void Pool::emit() {
  static constexpr std::uint64_t sign = std::uint64_t(1) << 63, sign_of_float = std::uint64_t(1) << 31;
  static constexpr std::uint64_t wide_numbers[wide_count] = {std::bit_cast<std::uint64_t>(1.0),
                                                             std::bit_cast<std::uint32_t>(1.0f),
                                                             sign,
                                                             sign_of_float,
                                                             ~sign,
                                                             sign_of_float - 1,
                                                             ~std::uint64_t(0)};
  code_.align(asmjit::AlignMode::kData, 64);
  code_.bind(label_);
  for (const std::uint64_t x : wide_numbers) {
    const std::uint64_t both[2] = {x, 0};
    code_.embed(both, sizeof both);
  }
  code_.embed(numbers_.data(), 8 * numbers_.size());
}

Bases::Bases(x86::Assembler& code, std::size_t arrays, const Needs& needs)
    : code_(code), arrays_(x86::rdi), sizes_(x86::rsi), runtime_(x86::rdx), place_(arrays, -1) {
  using Id_ = x86::Gp::Id;
  std::vector<std::uint32_t> over{Id_::kIdR13, Id_::kIdR12, Id_::kIdBp, Id_::kIdR15, Id_::kIdR14, Id_::kIdBx};
  const auto take = [&] {
    const std::uint32_t id = over.back();
    over.pop_back();
    return save(id);
  };
  const bool spare = !needs.calls && (!needs.sizes || !needs.runtime);
  frame_ = !spare ? take() : needs.sizes ? runtime_ : sizes_;
  if (needs.calls) {
    arrays_ = take();
    if (needs.sizes) sizes_ = take();
    if (needs.runtime) runtime_ = take();
  }
  std::size_t left = needs.arrays;
  const auto keep = [&](const x86::Gp& in, bool over_calls) {
    kept_.push_back({in, over_calls, none, 0});
    --left;
  };
  const auto scratch = [&] {
    for (const x86::Gp& in : {x86::r8, x86::r9, x86::r10, x86::r11})
      if (left > 0) keep(in, false);
  };
  if (!needs.calls) scratch();
  while (left > 0 && !over.empty()) keep(take(), true);
  if (needs.calls) scratch();
}

x86::Gp Bases::save(std::uint32_t id) {
  saved_.push_back(x86::gpq(id));
  return saved_.back();
}

void Bases::enter() {
  for (const x86::Gp& r : saved_) code_.push(r);
  if (arrays_ != x86::rdi) code_.mov(arrays_, x86::rdi);
  if (sizes_ != x86::rsi) code_.mov(sizes_, x86::rsi);
  if (runtime_ != x86::rdx) code_.mov(runtime_, x86::rdx);
}

void Bases::enter_frame() { code_.mov(frame_, x86::rsp); }

void Bases::leave() {
  for (std::size_t k = saved_.size(); k-- > 0;) code_.pop(saved_[k]);
}

void Bases::forget_over_call() {
  for (Kept& k : kept_)
    if (!k.over_calls && k.array != none) {
      place_[k.array] = -1;
      k.array = none;
      k.used = 0;
    }
}

// The one that has not been used for longest makes room.
x86::Gp Bases::base(Id array) {
  std::int32_t& place = place_[array];
  if (place < 0) {
    const auto oldest =
        std::min_element(kept_.begin(), kept_.end(), [](const Kept& x, const Kept& y) { return x.used < y.used; });
    if (oldest->array != none) place_[oldest->array] = -1;
    oldest->array = array;
    place = std::int32_t(oldest - kept_.begin());
    code_.mov(oldest->in, x86::qword_ptr(arrays_, std::int32_t(8 * array)));
  }
  Kept& k = kept_[std::size_t(place)];
  k.used = ++clock_;
  return k.in;
}

}  // namespace gradus::program::jit

// Loops: a block of lanes at a time, one round after the other with carried values, or in blocks that threads share.
#include <algorithm>
#include <limits>
#include <utility>

#include "interpretation.hpp"

namespace gradus::program {

// First and one past the last of what a loop counts.
std::pair<std::int64_t, std::int64_t> Interpretation::bounds(const Instruction& in) const {
  if (in.target == none) return {0, std::numeric_limits<std::int64_t>::max()};
  const std::int64_t n = size(in.target);
  if (in.a == none) return {0, n};
  return {counters_[in.a], std::min<std::int64_t>(n, counters_[in.a] + stride(p_.code[in.a]))};
}

void Interpretation::lanes_loop(Id loop) {
  const Instruction& in = p_.code[loop];
  const auto [begin, n] = bounds(in);
  width_ = in.unroll * std::size_t(p_.lanes);
  begin_folds(loop);
  for (std::int64_t first = begin; first < n; first += std::int64_t(width_)) {
    counters_[loop] = first;
    active_ = std::size_t(std::min<std::int64_t>(std::int64_t(width_), n - first));
    range(loop + 1, ends_[loop]);
  }
  end_folds(loop, width_);
  width_ = active_ = 1;
}

// The blocks of a parallel loop: the caller's in its own memory, others in theirs, from the same values.
void Interpretation::parallel_loop(Id loop) {
  struct Captured {
    Interpretation& caller;
    Id loop;
  } captured{*this, loop};
  const auto block = [](void** arrays, std::int64_t*, Runtime* runtime, void* from, std::int64_t number,
                        std::int64_t helper) {
    const auto& [caller, parallel] = *static_cast<Captured*>(from);
    if (helper == 0) return caller.block_of(parallel, number);
    Scratch& scratch = *runtime->scratches[helper];
    Interpretation other(caller.p_, caller.ends_, *runtime, scratch, arrays);
    scratch.values = caller.scratch_.captured;
    return other.block_of(parallel, number);
  };
  const std::int64_t n = size(p_.code[loop].target), each = stride(p_.code[loop]);
  if (runtime_.helpers > 0) scratch_.captured = memory_;
  for (std::int64_t k = 1; k <= runtime_.helpers; ++k) {  // room for helpers that may come in a later call only
    Scratch& other = *runtime_.scratches[k];
    if (other.offsets.size() == offsets_.size()) continue;
    other.offsets = offsets_;
    other.values = memory_;
    other.counters = counters_;
    other.lanes.reserve(widest_);
  }
  runtime_.blocks(&runtime_, block, &captured, (n + each - 1) / each);
}

Status Interpretation::block_of(Id loop, std::int64_t number) {
  counters_[loop] = number * stride(p_.code[loop]);
  range(loop + 1, ends_[loop]);
  return status_;
}

void Interpretation::sequential_loop(Id loop) {
  const Instruction& in = p_.code[loop];
  if (in.parallel) return parallel_loop(loop);
  const auto [begin, n] = bounds(in);
  const std::int64_t stride = this->stride(in), last = begin + (n - 1 - begin) / stride * stride;
  Id body = loop + 1;
  for (; p_.code[body].opcode == Opcode::phi; ++body) copy(body, p_.code[body].a);
  begin_folds(loop);
  for (std::int64_t k = begin; k < n && status_ == Status::done; k += stride) {
    counters_[loop] = in.reversed ? begin + last - k : k;
    if (!range(body, ends_[loop])) break;
    if (in.target == none && --runtime_.rounds_left < 0) status_ = Status::too_many_rounds;
    next_round(loop + 1, body);
  }
}

// All at once: what one is next may be what another was.
void Interpretation::next_round(Id first, Id below) {
  const auto was = [&](Id phi) { return p_.code[phi].b >= first && p_.code[phi].b < below; };
  std::vector<double>& kept = scratch_.kept;
  kept.clear();
  for (Id phi = first; phi < below; ++phi)
    if (const double* v = value(p_.code[phi].b); was(phi)) kept.insert(kept.end(), v, v + width_);
  for (Id phi = first; phi < below; ++phi)
    if (!was(phi)) copy(phi, p_.code[phi].b);
  const double* from = kept.data();
  for (Id phi = first; phi < below; ++phi) {
    if (!was(phi)) continue;
    kernels_of(p_.code[phi]).round(value(phi), from, width_);
    from += width_;
  }
}

}  // namespace gradus::program

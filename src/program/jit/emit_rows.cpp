// Rows of a literal: stores of neighbouring entries whose lanes lie apart. What belongs to a lane is written in one
// piece, rows that are written whole one line of the cache after the other, and past it where the array is long.
#include "emitter.hpp"

namespace gradus::program::jit {
namespace {

// Longer arrays are out of the cache before they are read again: their lines need not be fetched to be written.
constexpr std::int64_t streamed_bytes = std::int64_t(32) << 20;
constexpr std::size_t longest_row = 64;

}  // namespace

// Rows and columns of as many vectors as there are lanes, by halves, quarters, ...
void Emitter::transpose(Values& rows) {
  const int n = lanes_;
  for (int step = 1; step < n; step *= 2)
    for (int i = 0; i < n; ++i) {
      if ((i & step) != 0) continue;
      SmallVector<int, 8> even, odd;
      for (int l = 0; l < n; ++l) {
        even.push_back((l & step) == 0 ? l : n + l - step);
        odd.push_back((l & step) == 0 ? l + step : n + l);
      }
      Value *a = rows[std::size_t(i)], *b = rows[std::size_t(i) + std::size_t(step)];
      rows[std::size_t(i)] = b_.CreateShuffleVector(a, b, even);
      rows[std::size_t(i) + std::size_t(step)] = b_.CreateShuffleVector(a, b, odd);
    }
}

// How many stores from `first` on go to entries of one row that follow one another, at most `most`.
std::size_t Emitter::stores_in_row(Id first, std::size_t most) const {
  const Instruction& in = p_.code[first];
  most = std::min(most, p_.code.size() - first);
  std::size_t count = 1;
  for (; count < most; ++count) {
    const Instruction& next = p_.code[first + count];
    if (next.opcode != Opcode::store || next.target != in.target || next.index.empty() ||
        next.index.back() != in.index.back() + Id(count) ||
        !std::equal(in.index.begin(), in.index.end() - 1, next.index.begin(), next.index.end() - 1))
      break;
  }
  return count;
}

// Of each lane the values that `count` stores write for vector u, as vectors.
Values Emitter::rows_of(Id first, std::size_t count, std::size_t u) {
  Type* const one = memory_of(p_.arrays[p_.code[first].target].element);
  Values rows;
  for (std::size_t k = 0; k < std::size_t(lanes_); ++k)
    rows.push_back(k < count ? operand(p_.code[first + k].a, u, true, one) : PoisonValue::get(vector_of(one)));
  transpose(rows);
  return rows;
}

// The last store of such a run, or none.
Id Emitter::emit_rows(Id first) {
  const Instruction& in = p_.code[first];
  if (!masks_.empty() || in.jams != 0 || in.index.empty() || is_value(in.index.back()) || !jams_.empty()) return none;
  const std::int64_t length = p_.sizes[p_.arrays[in.target].shape.back()].value;
  const bool may_be_whole =
      in.index.back() == constant_index(0) && length > lanes_ && length <= std::int64_t(longest_row);
  std::size_t count = stores_in_row(first, may_be_whole ? std::size_t(length) : std::size_t(lanes_));
  const bool whole = may_be_whole && count == std::size_t(length);
  if (count < 2) return none;
  const Place at = place(in.target, in.index);
  if (!at.lane_stride || !at.scattered.empty() || !is_floating(at.element)) return none;
  const auto* apart = dyn_cast<ConstantInt>(at.lane_stride);
  if (whole && apart && apart->getSExtValue() == length) {
    for (std::size_t u = 0; u < unroll_; ++u) emit_whole_rows(first, count, at, u);
    return first + Id(count - 1);
  }
  count = std::min(count, std::size_t(lanes_));
  Type* const one = memory_of(at.element);
  for (std::size_t u = 0; u < unroll_; ++u) {
    const Values rows = rows_of(first, count, u);
    for (std::size_t l = 0; l < std::size_t(lanes_); ++l) {
      Value* address = b_.CreateGEP(one, at.address,
                                    b_.CreateMul(at.lane_stride, integer(std::int64_t(u * std::size_t(lanes_) + l))));
      store_first(rows[l], count, address, Align(bytes_of(at.element)));
    }
  }
  return first + Id(count - 1);
}

// As many rows as there are lanes, which lie one behind the other, as vectors from their first entry to their last.
void Emitter::emit_whole_rows(Id first, std::size_t length, const Place& at, std::size_t u) {
  const std::size_t lanes = std::size_t(lanes_);
  std::vector<Values> groups;  // of as many columns, by lane
  for (std::size_t from = 0; from < length; from += lanes)
    groups.push_back(rows_of(first + Id(from), std::min(lanes, length - from), u));
  Values lines;
  for (std::size_t k = 0; k < length; ++k) {
    Value* line = nullptr;
    for (std::size_t l = 0; l < lanes;) {  // from as many vectors as it takes
      const std::size_t row = (k * lanes + l) / length, column = (k * lanes + l) % length, group = column / lanes;
      const std::size_t begin = l, end = std::min({lanes, l + length - column, l + (group + 1) * lanes - column});
      SmallVector<int, 8> entries;
      for (std::size_t j = 0; j < lanes; ++j)
        entries.push_back(j < begin || j >= end ? int(j) : int(column % lanes + j - begin + (line ? lanes : 0)));
      line = line ? b_.CreateShuffleVector(line, groups[group][row], entries)
                  : b_.CreateShuffleVector(groups[group][row], entries);
      l = end;
    }
    lines.push_back(line);
  }
  Type* const one = memory_of(at.element);
  const Align whole_line(lanes * bytes_of(at.element));
  Value* from = b_.CreateGEP(one, at.address, integer(std::int64_t(u * lanes * length)));
  const auto store = [&](Align align, bool past_cache) {
    for (std::size_t k = 0; k < length; ++k) {
      StoreInst* const stored = b_.CreateAlignedStore(lines[k], b_.CreateConstGEP1_64(one, from, k * lanes), align);
      if (past_cache)
        stored->setMetadata(LLVMContext::MD_nontemporal,
                            MDNode::get(m_.getContext(), ConstantAsMetadata::get(b_.getInt32(1))));
    }
  };
  Value* streams = streams_into(p_.code[first].target);
  if (is_known(streams, false)) return store(Align(bytes_of(at.element)), false);
  Value* place = b_.CreatePtrToInt(from, i64_);
  Value* aligned = b_.CreateICmpEQ(b_.CreateAnd(place, integer(std::int64_t(whole_line.value()) - 1)), integer(0));
  BasicBlock *past = block("past_cache"), *through = block("through_cache"), *after = block("after_rows");
  b_.CreateCondBr(b_.CreateAnd(streams, aligned), past, through);
  b_.SetInsertPoint(past);
  store(whole_line, true);
  b_.CreateBr(after);
  b_.SetInsertPoint(through);
  store(Align(bytes_of(at.element)), false);
  b_.CreateBr(after);
  b_.SetInsertPoint(after);
  streamed_ = true;
}

// Whether an array is so long that whole rows of it are written past the cache.
Value* Emitter::streams_into(Id array) {
  Value* entries = integer(1);
  for (const Id s : p_.arrays[array].shape) entries = b_.CreateMul(entries, size(s));
  return b_.CreateICmpSGE(b_.CreateMul(entries, integer(std::int64_t(bytes_of(p_.arrays[array].element)))),
                          integer(streamed_bytes));
}

}  // namespace gradus::program::jit

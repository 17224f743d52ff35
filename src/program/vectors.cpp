// How many vectors of a lanes loop go side by side.
#include "region.hpp"

namespace gradus::program {
namespace {
constexpr std::size_t long_code = 1200;  // instructions of a block, vector by vector
}  // namespace

// More vectors side by side hide latency, until they no longer fit the registers or the code becomes long. Around a
// call nothing stays in registers anyway, and it takes longest. Where a short loop makes little use of blocks, as its
// rest is emitted too, shorter blocks are less code.
void close_lanes(Builder& builder, Id loop) {
  const std::size_t count = builder.instructions_in(loop), live = builder.live_values_in(loop);
  const std::size_t registers = builder.lanes() == 8 ? 32 : 16;
  const bool calls = builder.has_calls(loop);
  const auto fit = [&](std::size_t vectors) {
    return (calls || live * vectors <= registers) && count * vectors <= long_code;
  };
  const unsigned narrow = count <= 60 || ((calls || count <= 160) && fit(4)) ? 4 : count <= 160 || fit(2) ? 2 : 1;
  unsigned vectors = count <= 32 && builder.has_inner_loops(loop) && builder.most_carried_in(loop) < 2 ? 8 : narrow;
  if (const std::int64_t n = builder.known_rounds(loop); n >= 0 && !calls) {
    const auto emitted = [&](unsigned u) {
      const std::int64_t block = std::int64_t(u) * builder.lanes();
      return (n >= block ? u : 0) + (n % block + builder.lanes() - 1) / builder.lanes();
    };
    while (vectors > 2 && n <= 16 * builder.lanes() && emitted(vectors / 2) < emitted(vectors)) vectors /= 2;
  }
  if (builder.has_scattered_sums(loop)) vectors = 1;
  builder.set_unroll(loop, vectors);
  builder.close(loop);
}

}  // namespace gradus::program

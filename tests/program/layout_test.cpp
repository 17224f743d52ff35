// Where intermediate arrays lie: in lines of their own, long ones in different sets of the cache, and those of known
// lengths where the program alone says.
#include "program/layout.hpp"

#include <set>

#include "programs.hpp"

namespace gradus::program {
namespace {

TEST(Layout, ArraysStartLinesAndDoNotOverlap) {
  Layout layout;
  std::int64_t end = 0;
  for (const std::int64_t words : {1, 8, 9, 0, 512, 511, 513, 4096, 3, 100'000, 512, 7}) {
    const std::int64_t place = layout.add(words);
    EXPECT_EQ(place % 8, 0);
    EXPECT_GE(place, end);
    end = place + words;
    EXPECT_GE(layout.end(), end);
  }
}

TEST(Layout, LongArraysOfOneLengthStartInDifferentSets) {
  for (const std::int64_t words : {512, 4096, 57'344}) {
    Layout layout;
    std::set<std::int64_t> sets;
    for (int k = 0; k < 64; ++k) sets.insert(layout.add(words) / 8 % 64);
    EXPECT_EQ(sets.size(), 64u) << words;
    EXPECT_LE(layout.end(), 64 * (words + 512));
  }
}

TEST(KnownPlaces, AreThoseOfKnownLengths) {
  Program p;
  p.sizes = {{"n", -1}, {"700", 700}, {"3", 3}};
  p.arrays = {{"x", Role::input, {0}},     {"y", Role::input, {1}},        {"out", Role::output, {}},
              {"a", Role::temporary, {1}}, {"b", Role::temporary, {0}},    {"c", Role::temporary, {2, 1}},
              {"d", Role::partial, {1}},   {"e", Role::temporary, {2, 0}}, {"f", Role::temporary, {2}}};
  p.inputs = 2;
  p.outputs = 1;
  p.lanes = 4;
  p.arrays[7].growing = true;
  p.arrays[8].own = true;
  const KnownPlaces known(p);
  for (const std::size_t k : {0, 1, 2, 4, 7}) EXPECT_EQ(known.places[k], -1) << k;
  EXPECT_EQ(known.places[3], 0);
  EXPECT_EQ(known.first_shared, 3u);
  EXPECT_GE(known.places[5], 700);
  EXPECT_GE(known.places[6], known.places[5] + 2100);
  EXPECT_GE(known.shared.end(), known.places[6] + 4 * 700);  // a partial result for each lane
  EXPECT_EQ(known.places[8], 0);
  EXPECT_EQ(known.first_own, 8u);
}

}  // namespace
}  // namespace gradus::program

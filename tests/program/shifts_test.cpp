// Arrays read at shifted places: when they are stored, and when computed again where they are read.
#include <algorithm>

#include "gradients.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

using program::Instruction;
using program::Opcode;
using program::Program;

// y[i + by] along the first axis, 0 outside.
Array shift(const Array& y, int by) {
  const Array i = iota(y, y.length(0)) + double(by), last = length(y, y.shape()[0]) - 1;
  const Array outside = (i < 0) + (last < i);
  const Array there = y[i], none = broadcast(y.like(0.0), y.shape(), {});
  return select(broadcast(outside, y.shape(), {0}) > 0, none, there);
}

using Slope = std::function<Array(const Array&)>;

// So many steps, each of so many stages in a chain, the last of which is the step.
Array steps(const Slope& slope, const Array& start, int stages) {
  const auto step = [&](const Arrays& c, const Arrays&, const Array&) {
    Array u = c[0];
    for (int k = 0; k < stages; ++k) u = c[0] + 0.1 / (stages - k) * slope(u);
    return Round{{u}};
  };
  return scan(step, {start}, {}, constant_dim(3)).carried[0];
}

Array transport(const Array& x, int stages) {
  return steps([&](const Array& y) { return x * shift(y, -1); }, 0.5 * x, stages);
}
Array heat(const Array& x, int stages) {
  return steps([&](const Array& y) { return x * (shift(y, -1) - 2 * y + shift(y, 1)); }, 0.5 * x, stages);
}

const Dim many{100};

Program program_of(const std::function<Array(std::span<const Array>)>& f) {
  const std::vector<Shape> shapes{{many}};
  CompileOptions options;
  options.engine = program::Engine::interpreter;
  const auto compiled = compile_traced(f, shapes, options);
  EXPECT_TRUE(compiled.ok()) << compiled.error().message;
  return (*compiled)->program();
}

std::size_t count(const Program& p, Opcode opcode) {
  return std::size_t(std::count_if(p.code.begin(), p.code.end(), [&](const auto& in) { return in.opcode == opcode; }));
}

// Passes over the elements in the longest of the loops around them.
int passes_of_a_step(const Program& p) {
  int most = 0, own = 0, depth = 0;
  for (const Instruction& in : p.code) {
    if (in.opcode == Opcode::loop && depth++ == 0) own = 0;
    own += in.opcode == Opcode::loop && in.lanes && depth == 2;
    if (in.opcode == Opcode::end && --depth == 0) most = std::max(most, own);
  }
  return most;
}

Array gradient(const std::function<Array(const Array&)>& f, const Array& x) {
  return grad([&](const Array& v) { return sum(f(v)); }, x);
}

TEST(Shifts, StagesOfAFewFlopsAreOnePass) {
  for (const int stages : {1, 2, 4}) {
    const auto f = [&](const Array& x) { return transport(x, stages); };
    const Program forward = program_of([&](auto x) { return f(x[0]); });
    EXPECT_EQ(passes_of_a_step(forward), 1) << to_text(forward);
    const Program back = program_of([&](auto x) { return gradient(f, x[0]); });
    EXPECT_EQ(passes_of_a_step(back), 1) << to_text(back);
  }
}

// Three shifts of each stage make too many places of the stages before.
TEST(Shifts, ManyPlacesOfManyStagesAreStored) {
  const Program p = program_of([](auto x) { return heat(x[0], 4); });
  EXPECT_GT(passes_of_a_step(p), 1) << to_text(p);
}

TEST(Shifts, WhatTakesLongIsComputedOnce) {
  const Program p = program_of([](auto x) {
    const Array y = exp(x[0]);
    return shift(y, -1) + shift(y, 1) + y;
  });
  EXPECT_EQ(count(p, Opcode::call), 1u) << to_text(p);
}

TEST(Shifts, CodeGrowsWithTheNumberOfStages) {
  const auto length = [](int stages) {
    return program_of([&](auto x) { return transport(x[0], stages); }).code.size();
  };
  EXPECT_LT(length(48), 3 * length(24));
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"transport", {{n}}, [](auto x) { return sum(transport(x[0], 4)); }},
      {"heat_stored", {{n}}, [](auto x) { return sum(pow(heat(x[0], 4), 2)); }},
      {"heat_again", {{n}}, [](auto x) { return sum(pow(heat(x[0], 2), 2)); }},
      {"long_chain", {{n}}, [](auto x) { return sum(transport(x[0], 12)); }},
      {"plane",  // along both axes, in no loop
       {{n, m}},
       [](auto x) {
         const Array y = x[0] * x[0], down = shift(y, 1), again = shift(down * y, -1);
         const Array across = transpose(shift(transpose(again), 1));
         return sum(across * y + again);
       }},
      {"one_place_everywhere",  // that looks like a shift
       {{n}},
       [](auto x) {
         const Array y = exp(x[0]);
         return sum(y[broadcast(iota(y, Dim{1}), {n}, {0})] * x[0]);
       }},
      {"there_and_at_computed_places",
       {{n}},
       [](auto x) {
         const Array y = x[0] * x[0] + x[0], there = abs(floor(2 * x[0]));
         return sum(shift(y, 1) * y + select(there < length(y, n), y[there], y));
       }},
  };
  return all;
}

class ShiftedGradients : public ::testing::TestWithParam<Case> {};

TEST_P(ShiftedGradients, AgreeWithDifferences) { check_gradient(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, ShiftedGradients, ::testing::ValuesIn(cases()),
                         [](const auto& c) { return std::string(c.param.name); });

}  // namespace
}  // namespace gradus

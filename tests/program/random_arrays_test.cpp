// Random array functions (support/random_arrays.hpp), each from a seed: both engines give the same bits; the derivative
// along a direction by forward mode, the gradient by reverse mode, forward over forward and forward over reverse agree
// with one another and with differences; all of it lies within bounds that the program layer has no part in.
//
// GRADUS_RANDOM_PROGRAMS=100000 draws so many, and holds every one against machine code; without it a thousand are
// drawn and machine code is made for some. GRADUS_RANDOM_SEED=2833 draws that one alone.
#include "support/random_arrays.hpp"

#include "gradus/calculus/differentiate.hpp"
#include "gradus/numeric/array_enclosure.hpp"
#include "programs.hpp"

namespace gradus {
namespace {

using program::Argument;
using program::Numbers;

const Dim n{1, "n"}, m{1, "m"};
const Shape shapes[] = {{n}, {n, m}, {}, {n}, {n, m}, {}};
constexpr unsigned parts = 20;

// How many in this part, and for every how many there is machine code.
struct Extent {
  unsigned first, below, machine_code;
};
Extent extent(unsigned part, unsigned usual, unsigned machine_code) {
  const char *const asked = std::getenv("GRADUS_RANDOM_PROGRAMS"), *const seed = std::getenv("GRADUS_RANDOM_SEED");
  if (seed) return {unsigned(std::atoi(seed)), unsigned(std::atoi(seed)) + 1, 1};
  const unsigned count = (asked ? unsigned(std::atoi(asked)) / 2 : usual) / parts;
  return {part * count, (part + 1) * count, asked ? 1 : machine_code};
}

RandomArrays::Draw draws(unsigned seed) {
  return [engine = std::mt19937_64(seed)](std::size_t count) mutable {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine);
  };
}

std::vector<Argument> arguments_for(unsigned seed, std::int64_t rows, std::int64_t columns) {
  std::vector<Argument> arguments;
  for (std::size_t k = 0; k < 6; ++k) {
    std::vector<std::int64_t> shape;
    std::size_t count = 1;
    for (const Dim& d : shapes[k]) {
      shape.push_back(d.name == "n" ? rows : columns);
      count *= std::size_t(shape.back());
    }
    arguments.push_back({program::random_numbers(count, -1, 1, seed + unsigned(k)), shape});
  }
  return arguments;
}

// Value; derivative along the direction by forward mode, by reverse mode; second derivative by forward over forward, by
// forward over reverse.
Arrays derivatives(unsigned seed, RandomArrays::Kind kind, std::span<const Array> x, bool second) {
  const Arrays at(x.begin(), x.begin() + 3), along(x.begin() + 3, x.end());
  const auto value = [&](const Arrays& y) { return RandomArrays(draws(seed), kind)(y[0], y[1], y[2]); };
  const auto line = [&](const Array& t) {
    return value({at[0] + t * along[0], at[1] + t * along[1], at[2] + t * along[2]});
  };
  const auto slope = [&](const Arrays& y) {
    const Arrays gradient = grad(value, y);
    return sum(gradient[0] * along[0]) + sum(gradient[1] * along[1]) + gradient[2] * along[2];
  };
  const Array zero = x[2].like(0.0), one = x[2].like(1.0);
  Arrays all{value(at), jvp(line, zero, one), slope(at)};
  if (!second) return all;
  all.push_back(jvp([&](const Array& t) { return jvp(line, t, one); }, zero, one));
  all.push_back(jvp(
      [&](const Array& t) {
        return slope({at[0] + t * along[0], at[1] + t * along[1], at[2] + t * along[2]});
      },
      zero, one));
  return all;
}

class Random : public testing::TestWithParam<unsigned> {};

TEST_P(Random, ModesDifferencesAndBoundsAgree) {
  const Extent extent = gradus::extent(GetParam(), 300, 41);
  unsigned bounded = 0, sharp = 0;
  for (unsigned seed = extent.first; seed < extent.below; ++seed) {
    const bool second = seed % 4 == 0;
    const auto f = [&](std::span<const Array> x) { return derivatives(seed, RandomArrays::Kind::tame, x, second); };
    std::vector<NodePtr> roots, symbols;
    std::shared_ptr<Context> context;
    CompileOptions options;
    options.engine = program::Engine::interpreter;
    options.machine = program::machines()[seed % program::machines().size()];
    const auto compiled = compile_all(
        [&](std::span<const Array> x) {
          Arrays values = f(x);
          context = x[0].shared_context();
          for (const Array& v : values) roots.push_back(v.node());
          for (const Array& v : x) symbols.push_back(v.node());
          return values;
        },
        shapes, options);
    ASSERT_TRUE(compiled.ok()) << "seed " << seed << ": " << compiled.error().message;
    const std::int64_t rows = 1 + seed % 7 + (seed % 11 == 0 ? 16 : 0), columns = 1 + seed % 3;
    const auto arguments = arguments_for(seed, rows, columns);
    const auto results = seed % extent.machine_code == 0 ? program::run_both((*compiled)->program(), arguments)
                                                         : outputs_of(**compiled, arguments, {});
    ASSERT_EQ(results.size(), second ? 5u : 3u) << "seed " << seed;
    // Differences of fourth order: third derivatives of some are in the millions.
    const double h = 1e-5;
    double differences[2] = {};
    for (const double steps : {1.0, -1.0, 2.0, -2.0}) {
      auto moved = arguments;
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t i = 0; i < moved[k].values.size(); ++i)
          moved[k].values[i] += steps * h * moved[k + 3].values[i];
      const auto there = outputs_of(**compiled, moved, {});
      const double weight = (std::fabs(steps) == 1 ? 8 : -1) * (steps > 0 ? 1 : -1) / (12 * h);
      for (const std::size_t k : {0u, 1u}) differences[k] += weight * there[k][0];
    }
    const double forward = results[1][0], reverse = results[2][0];
    const double slope = differences[0], bend = differences[1];
    ASSERT_NEAR(forward, reverse, 1e-11 * (1 + std::fabs(forward))) << "seed " << seed;
    ASSERT_NEAR(forward, slope, 1e-6 * (1 + std::fabs(forward))) << "seed " << seed;
    if (second) {
      ASSERT_NEAR(results[3][0], results[4][0], 1e-10 * (1 + std::fabs(results[3][0]))) << "seed " << seed;
      ASSERT_NEAR(results[3][0], bend, 1e-5 * (1 + std::fabs(bend))) << "seed " << seed;
    }

    std::vector<ArrayArgument> given;
    for (std::size_t k = 0; k < 6; ++k) given.push_back({symbols[k], arguments[k].shape, arguments[k].values});
    const auto bounds = enclose_arrays(*context, roots, given, {}, 46);
    ASSERT_TRUE(bounds.ok()) << "seed " << seed << ": " << bounds.error().message;
    for (std::size_t k = 0; k < results.size(); ++k) {
      const double low = (*bounds)[k].lower[0], high = (*bounds)[k].upper[0], x = results[k][0];
      ASSERT_LE(low, x) << "seed " << seed << " output " << k << " up to " << high;
      ASSERT_GE(high, x) << "seed " << seed << " output " << k << " from " << low;
      ++bounded;
      if (high - low < 1e-8 * (1 + std::fabs(x))) ++sharp;
    }
  }
  EXPECT_GE(sharp, bounded - bounded / 20) << "of " << bounded << " bounds so many say something";
}

TEST_P(Random, WildOnesGiveTheSameBits) {
  const Extent extent = gradus::extent(GetParam(), 700, 61);
  constexpr double odd[] = {std::numeric_limits<double>::quiet_NaN(), HUGE_VAL, -HUGE_VAL, -0.0, 0, 1e308, 5e-324};
  for (unsigned seed = extent.first; seed < extent.below; ++seed) {
    const auto f = [&](std::span<const Array> x) {
      return seed % 3 == 0 ? derivatives(seed, RandomArrays::Kind::wild, x, false)
                           : Arrays{RandomArrays(draws(seed), RandomArrays::Kind::wild)(x[0], x[1], x[2])};
    };
    CompileOptions options;
    options.engine = program::Engine::interpreter;
    options.machine = program::machines()[seed % program::machines().size()];
    options.limits.rounds = 1'000'000;
    const auto compiled = compile_all(f, shapes, options);
    ASSERT_TRUE(compiled.ok()) << "seed " << seed << ": " << compiled.error().message;
    const bool both = seed % extent.machine_code == 0;  // the sanitizers watch the interpreter alone too
    const auto fast =
        both ? program::Executable::make((*compiled)->program(), program::Engine::machine_code) : compiled;
    ASSERT_TRUE(fast.ok());
    for (const auto& [rows, columns] : {std::pair<std::int64_t, std::int64_t>{5, 3}, {0, 2}, {4, 0}, {1, 1}, {19, 4}}) {
      auto arguments = arguments_for(seed, rows, columns);
      if (rows > 1 && seed % 3 != 0)
        for (std::size_t k = 0; k < 3; ++k)
          for (std::size_t i = 0; i < arguments[k].values.size(); i += 1 + (seed + k) % 4)
            if ((seed / 3 + i + k) % 3 == 0) arguments[k].values[i] = odd[(seed + i) % std::size(odd)];
      const auto a = outputs_of(**compiled, arguments, {}), b = outputs_of(**fast, arguments, {});
      ASSERT_EQ(a.size(), b.size());
      for (std::size_t k = 0; k < a.size(); ++k)
        ASSERT_TRUE(program::same_bits(a[k][0], b[k][0]))
            << "seed " << seed << " output " << k << " with " << rows << " rows and " << columns
            << " columns: interpreter " << a[k][0] << ", machine code " << b[k][0];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Random, testing::Range(0u, parts));

}  // namespace
}  // namespace gradus

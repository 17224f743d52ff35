// Straight-line programs written instruction by instruction: their machine code, made without LLVM, gives the bits of
// the interpreter and of LLVM's code. Elsewhere than on x86-64 with AVX both machine codes are LLVM's.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include "../support/straight_programs.hpp"
#include "programs.hpp"

namespace gradus::program {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

// Machine code is LLVM's as long as this lives.
struct ByLlvm {
  ByLlvm() { setenv("GRADUS_JIT_STRAIGHT", "off", 1); }
  ByLlvm(const ByLlvm&) = delete;
  ~ByLlvm() { unsetenv("GRADUS_JIT_STRAIGHT"); }
};

void run_three(const Program& program, const std::vector<std::vector<Argument>>& calls) {
  const auto run = [&] {
    const BothEngines both(program);
    for (const std::vector<Argument>& arguments : calls) run_both(both, arguments);
  };
  run();
  const ByLlvm llvm;
  run();
}

const Numbers special{0.0,    -0.0,   1.0,        -1.5, 2.5, -3.0, 1e300,        -1e-300,
                      5e-324, -1e-40, 16777217.0, 0.1,  inf, -inf, std::nan(""), -std::nan("")};
TEST(Straight, EveryOperationOnSpecialValues) {
  for (const Element arithmetic : {Element::float64, Element::float32})
    for (const Element element : {Element::float64, Element::float32}) {
      Draft d(arithmetic, {{element, std::int64_t(special.size())}});
      const Id out = d.output(Element::float64, 20'000);
      std::vector<Id> x;
      for (Id k = 0; k < special.size(); ++k) x.push_back(d.load(0, constant_index(k)));
      Id count = 0;
      const auto keep = [&](Id value) { d.store(out, constant_index(count++), value); };
      for (const Id a : x) {
        for (const Opcode opcode : unary) keep(d.operation(opcode, a));
        for (const Id b : x) {
          for (const Opcode opcode : binary) keep(d.operation(opcode, a, b));
          keep(d.operation(Opcode::fma, d.operation(Opcode::negate, a), b, d.operation(Opcode::negate, x[2])));
        }
      }
      for (std::size_t a = 0; a < x.size(); ++a)
        for (std::size_t b = 0; b < x.size(); b += 2)
          for (std::size_t c = (a + b) % 3; c < x.size(); c += 3)
            for (const Opcode opcode : {Opcode::fma, Opcode::select}) keep(d.operation(opcode, x[a], x[b], x[c]));
      ASSERT_LE(count, 20'000u);
      const std::vector<Argument> arguments{{special, {std::int64_t(special.size())}}};
      if (element == arithmetic)
        run_three(d.program(), {arguments});
      else
        run_both(d.program(), arguments);
    }
}

// What a comparison gives is wanted as a truth, as a number of both kinds, and is kept over calls.
TEST(Straight, TruthsAsNumbers) {
  for (const Element arithmetic : {Element::float64, Element::float32}) {
    Draft d(arithmetic, {{Element::float64, 2}, {Element::boolean, 1}});
    const Id out = d.output(Element::float64, 12), wholes = d.output(Element::int64, 12),
             truths = d.output(Element::boolean, 12), floats = d.output(Element::float32, 12);
    const Id x = d.load(0, constant_index(0)), y = d.load(0, constant_index(1)), given = d.load(1, constant_index(0));
    const Id less = d.operation(Opcode::less, x, y);
    Id count = 0;
    const auto keep = [&](Id value) {
      for (const Id array : {out, wholes, truths, floats}) d.store(array, constant_index(count), value);
      ++count;
    };
    for (const Id truth : {less, given}) {
      keep(truth);
      keep(d.operation(Opcode::add, truth, x));
      keep(d.operation(Opcode::call, truth, none, none, function_named("exp")));
      keep(d.operation(Opcode::select, truth, truth, y));
      keep(d.operation(Opcode::logical_not, truth));
      keep(d.operation(Opcode::less_equal, truth, given));
    }
    std::vector<std::vector<Argument>> calls;
    for (const Numbers& at : {Numbers{1, 2}, Numbers{2, 1}, Numbers{std::nan(""), 1}, Numbers{-0.0, 0.0}})
      for (const double b : {0.0, 1.0}) calls.push_back({{at, {2}}, {{b}, {1}}});
    run_three(d.program(), calls);
  }
}

Program random_program(unsigned seed, std::size_t length, Element arithmetic) {
  std::mt19937 random(seed);
  return random_straight_program([&](std::size_t n) { return std::size_t(random() % n); }, length, arithmetic,
                                 seed % 2 == 0);
}

std::vector<Argument> random_arguments(unsigned seed) {
  Numbers x = random_numbers(8, -2, 2, seed), whole{0, 1, -1, 7, 9e15, -3, 2, 5}, truths{0, 1, 1, 0, 0, 1, 0, 1};
  x[seed % 8] = special[seed % special.size()];
  return {{x, {8}}, {random_numbers(8, -1, 1, seed + 1), {8}}, {whole, {8}}, {truths, {8}}};
}

TEST(Straight, RandomPrograms) {
  for (const std::size_t length : {1, 5, 20, 60, 200, 700})
    for (unsigned seed = 1; seed <= 12; ++seed)
      for (const Element arithmetic : {Element::float64, Element::float32}) {
        const Program p = random_program(seed + unsigned(length), length, arithmetic);
        run_both(p, random_arguments(seed));
        if (seed == 1 && length <= 200) {
          const ByLlvm llvm;
          run_both(p, random_arguments(seed));
        }
        if (HasFailure()) return;
      }
}

// Whole numbers are float64 in a float32 program, but not as arguments of a function. What a comparison decides between
// its operands is an instruction of its own.
TEST(Straight, WideArgumentsAndChoices) {
  for (const Element arithmetic : {Element::float64, Element::float32})
    for (const Element element : {Element::int64, Element::float64}) {
      Draft d(arithmetic, {{element, 3}});
      const Id out = d.output(Element::float64, 60), x = d.load(0, constant_index(0)), y = d.load(0, constant_index(1)),
               z = d.load(0, constant_index(2));
      Id count = 0;
      const auto keep = [&](Id value) { d.store(out, constant_index(count++), value); };
      for (const Id a : {x, y, z}) {
        keep(d.operation(Opcode::call, a, none, none, function_named("sin")));
        for (const Id b : {x, y, z}) {
          const Id less = d.operation(Opcode::less, a, b);
          keep(d.operation(Opcode::call, a, b, none, function_named("atan2")));
          keep(d.operation(Opcode::select, less, a, b));
          keep(d.operation(Opcode::select, less, b, a));
          keep(d.operation(Opcode::select, d.operation(Opcode::less_equal, a, b), a, b));
        }
      }
      run_three(d.program(), {{{{123456789123.0, -7, 16777217}, {3}}},
                              {{{0.0, -0.0, std::nan("")}, {3}}},
                              {{{std::nan(""), inf, -inf}, {3}}}});
    }
}

// More values wait than a page holds.
TEST(Straight, TwentyThousandOperations) {
  for (const unsigned seed : {1u, 2u}) {
    Draft d(Element::float64, {{Element::float64, 40}});
    const Id out = d.output(Element::float64, 1);
    std::mt19937 random(seed);
    std::vector<Id> values;
    values.reserve(20'040);
    for (Id k = 0; k < 40; ++k) values.push_back(d.load(0, constant_index(k)));
    for (int k = 0; k < 20'000; ++k) {
      const Id a = values[random() % values.size()], b = values[random() % values.size()];
      const Opcode opcode = k % 3 == 0 ? Opcode::sub : k % 3 == 1 ? Opcode::mul : Opcode::max;
      values.push_back(seed == 2 && k % 50 == 0 ? d.operation(Opcode::call, a, none, none, function_named("sin"))
                                                : d.operation(opcode, a, b));
    }
    Id sum = values[0];
    for (std::size_t k = 1; k < values.size(); k += 3) sum = d.operation(Opcode::add, sum, values[k]);
    d.store(out, constant_index(0), sum);
    run_both(d.program(), {{random_numbers(40, 0.1, 1), {40}}});
  }
}

// Indices that are computed, lengths that have names, guards that hold and do not.
TEST(Straight, Places) {
  for (const Element element : all_elements)
    for (const Element arithmetic : {Element::float64, Element::float32}) {
      Program p;
      p.arithmetic = arithmetic;
      p.sizes = {{"n", -1}, {"m", -1}, {"", 3}, {"", 100}};
      p.arrays = {{.name = "x", .role = Role::input, .shape = {0, 1, 2}, .element = element},
                  {.name = "i", .role = Role::input, .shape = {2}, .element = Element::int64},
                  {.name = "y", .role = Role::output, .shape = {0, 1, 2}, .element = element},
                  {.name = "z", .role = Role::output, .shape = {3}, .element = Element::float64}};
      p.inputs = p.outputs = 2;
      const auto put = [&](Instruction in) {
        p.code.push_back(std::move(in));
        return Id(p.code.size() - 1);
      };
      Id index[3], inside = none, count = 0;
      const Id zero = put({.number = 0});
      for (Id k = 0; k < 3; ++k) {
        index[k] = put({.opcode = Opcode::load, .target = 1, .index = {constant_index(k)}});
        const Id size = put({.opcode = Opcode::size, .target = k});
        const Id below = put({.opcode = Opcode::less, .a = index[k], .b = size}),
                 from = put({.opcode = Opcode::less_equal, .a = zero, .b = index[k]}),
                 both = put({.opcode = Opcode::logical_and, .a = below, .b = from});
        inside = inside == none ? both : put({.opcode = Opcode::logical_and, .a = inside, .b = both});
        put({.opcode = Opcode::store, .a = size, .target = 3, .index = {constant_index(count++)}});
      }
      const Id c0 = constant_index(0), c1 = constant_index(1), c2 = constant_index(2);
      for (const std::vector<Id>& at : {std::vector<Id>{index[0], index[1], index[2]},
                                        {c0, index[1], c2},
                                        {c1, index[1], c2},
                                        {index[0], c1, index[2]},
                                        {c0, c0, index[2]}}) {
        const Id x = put({.opcode = Opcode::load, .a = inside, .target = 0, .index = at});
        put({.opcode = Opcode::store, .a = x, .target = 3, .index = {constant_index(count++)}});
      }
      for (const std::vector<Id>& at : {std::vector<Id>{c0, c0, c2}, {c1, c1, c1}, {c0, c1, c0}}) {
        const Id x = put({.opcode = Opcode::load, .target = 0, .index = at});
        put({.opcode = Opcode::store, .a = x, .target = 3, .index = {constant_index(count++)}});
        put({.opcode = Opcode::store, .a = x, .target = 2, .index = at});
      }
      Numbers x = random_numbers(4 * 5 * 3, -3, 3);
      for (std::size_t k = 0; k < special.size(); ++k) x[3 * k] = element == Element::int64 ? double(k) : special[k];
      std::vector<std::vector<Argument>> calls;
      for (const Numbers& i : {Numbers{0, 0, 0}, {3, 4, 2}, {1, 2, 1}, {4, 0, 0}, {0, -1, 0}, {1e15, 1, -1e15}})
        calls.push_back({{x, {4, 5, 3}}, {i, {3}}});
      run_three(p, calls);
    }
}

TEST(Straight, ElementsOfEveryKindInAndOut) {
  Numbers values = special;
  for (const double edge : {9.2e18, -9.3e18, 9.3e18, 4503599627370497.0, 0.5, -0.99}) values.push_back(edge);
  for (const Element arithmetic : {Element::float64, Element::float32})
    for (const Element in : all_elements)
      for (const Element out : all_elements) {
        const auto n = std::int64_t(values.size());
        Draft d(arithmetic, {{in, n}});
        const Id to = d.output(out, n), less = d.output(out, n);
        for (Id k = 0; k < values.size(); ++k) {
          const Id x = d.load(0, constant_index(k));
          d.store(to, constant_index(k), x);
          d.store(less, constant_index(k), d.operation(Opcode::less, x, d.number(0.5)));
        }
        run_both(d.program(), {{values, {n}}});
      }
}

std::size_t pages_of_code() {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);)
    if (line.find("r-xp") != line.npos && line.find('/') == line.npos) ++count;
  return count;
}

TEST(Straight, MemoryIsGivenBack) {
  const Program p = random_program(1, 100, Element::float64);
  const auto kept = Executable::make(p, Engine::machine_code);  // what is made once
  const std::size_t before = pages_of_code();
  std::vector<std::shared_ptr<const Executable>> many;
  for (int k = 0; k < 100; ++k) {
    const auto e = Executable::make(p, Engine::machine_code);
    ASSERT_TRUE(e.ok()) << e.error().message;
    many.push_back(*e);
  }
  EXPECT_GT(pages_of_code(), before);
  many.clear();
  EXPECT_EQ(pages_of_code(), before);
}

TEST(Straight, ThreadsMakeAndRunAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  std::vector<Program> programs;
  std::vector<std::vector<Numbers>> expected;
  for (unsigned seed = 0; seed < 8; ++seed) {
    programs.push_back(random_program(seed, 80, Element::float64));
    expected.push_back(run_both(programs.back(), random_arguments(seed)));
  }
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      for (unsigned round = 0; round < 40; ++round) {
        const unsigned seed = (round + unsigned(t)) % 8;
        const auto e = Executable::make(programs[seed], Engine::machine_code);
        const auto r = e ? outputs_of(**e, random_arguments(seed), {}) : std::vector<Numbers>();
        bool same = r.size() == expected[seed].size();
        for (std::size_t k = 0; same && k < r.size(); ++k)
          same = std::equal(r[k].begin(), r[k].end(), expected[seed][k].begin(), same_bits);
        wrong[t] += same ? 0 : 1;
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

// LLVM's code of the same program goes to the cache; so it is known which of both made it.
TEST(Straight, IsMadeWithoutLlvm) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx") || !__builtin_cpu_supports("fma")) GTEST_SKIP() << "no AVX here";
  std::string folder = (std::filesystem::temp_directory_path() / "gradus-straight-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  setenv("GRADUS_CACHE", folder.c_str(), 1);
  const Program p = random_program(2, 50, Element::float64);
  EXPECT_TRUE(Executable::make(p, Engine::machine_code).ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  {
    const ByLlvm llvm;
    EXPECT_TRUE(Executable::make(p, Engine::machine_code).ok());
  }
  EXPECT_FALSE(std::filesystem::is_empty(folder));
  setenv("GRADUS_CACHE", "off", 1);
  std::filesystem::remove_all(folder);
#else
  GTEST_SKIP() << "LLVM's on this processor";
#endif
}

}  // namespace
}  // namespace gradus::program

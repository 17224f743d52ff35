// Straight-line programs written instruction by instruction: their machine code, made without LLVM, gives the bits of
// the interpreter and of LLVM's code. Elsewhere than on x86-64 with AVX both machine codes are LLVM's.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include "gradus/core/op_list.hpp"
#include "programs.hpp"

namespace gradus::program {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr Element all_elements[] = {Element::float64, Element::float32, Element::int64, Element::boolean};

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

Id function_named(std::string_view name) {
  Id op = 0;
  while (op_infos[op].name != name) ++op;
  return op;
}

// A program whose outputs get one value after the other.
class Draft {
 public:
  explicit Draft(Element arithmetic, std::vector<std::pair<Element, std::int64_t>> inputs = {}) {
    p_.arithmetic = arithmetic;
    for (const auto& [element, length] : inputs) add(Role::input, element, length);
    p_.inputs = Id(p_.arrays.size());
  }
  Id output(Element element, std::int64_t length) {
    add(Role::output, element, length);
    ++p_.outputs;
    return Id(p_.arrays.size() - 1);
  }
  Id put(Instruction in) {
    p_.code.push_back(std::move(in));
    return Id(p_.code.size() - 1);
  }
  Id number(double x) { return put({.number = x}); }
  Id load(Id array, Id index, Id guard = none) {
    return put({.opcode = Opcode::load, .a = guard, .target = array, .index = {index}});
  }
  Id operation(Opcode opcode, Id a, Id b = none, Id c = none, Id target = none) {
    return put({.opcode = opcode, .a = a, .b = b, .c = c, .target = target});
  }
  void store(Id array, Id index, Id value) {
    put({.opcode = Opcode::store, .a = value, .target = array, .index = {index}});
  }
  Program& program() { return p_; }

 private:
  void add(Role role, Element element, std::int64_t length) {
    p_.sizes.push_back({"", length});
    p_.arrays.push_back({.name = "a" + std::to_string(p_.arrays.size()),
                         .role = role,
                         .shape = {Id(p_.sizes.size() - 1)},
                         .element = element});
  }
  Program p_;
};

const Numbers special{0.0,    -0.0,   1.0,        -1.5, 2.5, -3.0, 1e300,        -1e-300,
                      5e-324, -1e-40, 16777217.0, 0.1,  inf, -inf, std::nan(""), -std::nan("")};
constexpr Opcode unary[] = {Opcode::negate, Opcode::abs,  Opcode::sqrt,       Opcode::floor,
                            Opcode::ceil,   Opcode::sign, Opcode::logical_not};
constexpr Opcode binary[] = {Opcode::add,   Opcode::sub,         Opcode::mul,       Opcode::div,
                             Opcode::min,   Opcode::max,         Opcode::less,      Opcode::less_equal,
                             Opcode::equal, Opcode::logical_and, Opcode::logical_or};

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

// Operands from near and far, so that values wait in registers and in memory; functions in between.
Program random_program(unsigned seed, std::size_t length, Element arithmetic) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return std::size_t(random() % n); };
  Draft d(arithmetic, {{Element::float64, 8}, {Element::float32, 8}, {Element::int64, 8}, {Element::boolean, 8}});
  std::vector<Id> outputs;
  for (const Element e : all_elements) outputs.push_back(d.output(e, 64));
  std::vector<Id> functions;
  functions.reserve(5);
  for (const char* name : {"exp", "sin", "log1p", "atan2", "elliptic_pi"}) functions.push_back(function_named(name));
  std::vector<Id> values;
  for (Id array = 0; array < 4; ++array)
    for (Id k = 0; k < 8; ++k) values.push_back(d.load(array, constant_index(k)));
  const bool calls = seed % 2 == 0;
  const auto operand = [&] {
    if (below(8) == 0) return d.number(double(below(9)) / 4 - 1);
    return values[values.size() - 1 - below(below(3) == 0 ? values.size() : std::min<std::size_t>(values.size(), 20))];
  };
  for (std::size_t k = 0; k < length; ++k) {
    const Id a = operand(), b = operand(), c = operand();
    const std::size_t which = below(40);
    if (which < 10) {
      values.push_back(d.operation(Opcode::fma, below(3) == 0 ? d.operation(Opcode::negate, a) : a, b, c));
    } else if (which < 12) {
      values.push_back(d.operation(Opcode::select, a, b, c));
    } else if (which < 16) {
      values.push_back(d.operation(unary[below(std::size(unary))], a));
    } else if (which == 16 && calls) {
      const Id op = functions[below(functions.size())];
      const int arity = op_infos[op].arity;
      values.push_back(d.operation(Opcode::call, a, arity > 1 ? b : none, arity > 2 ? c : none, op));
    } else if (which == 17) {
      const Id into = below(64);
      for (const Id array : outputs) d.store(array, constant_index(into), a);
      const Id array = outputs[below(outputs.size())];
      values.push_back(d.load(array, constant_index(into)));
      if (below(2) == 0)
        d.put({.opcode = Opcode::accumulate,
               .a = b,
               .b = below(2) == 0 ? c : none,
               .target = outputs[below(2)],
               .index = {constant_index(into)}});
    } else {
      values.push_back(d.operation(binary[below(std::size(binary))], a, b));
    }
  }
  for (const Id array : outputs)
    for (Id k = 0; k < 64; ++k) d.store(array, constant_index(k), values[values.size() - 1 - k % values.size()]);
  return d.program();
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

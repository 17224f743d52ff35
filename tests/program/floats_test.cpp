// Arithmetic in float32: every op against MPFR, the operations against those of C++, gradients against float64,
// threads, random functions; interpreter and machine code bit for bit at every width.
#include <limits>

#include "../support/every_op.hpp"
#include "../support/random_arrays.hpp"
#include "gradients.hpp"
#include "gradus/program/linear_algebra.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

using program::Argument;
using program::BothEngines;
using program::Machine;
using program::machines;
using program::Numbers;
using program::outputs_of;
using program::random_numbers;
using program::run_both;
using program::same_bits;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr Element all_elements[] = {Element::float64, Element::float32, Element::int64, Element::boolean};

// A bound in units of the last place of a float: libmvec promises 4 and less; a function of doubles, rounded, 1/2.
constexpr double most_ulp = 4;

// An op at arguments that floats hold, and what MPFR says.
struct Sampled {
  const char* name;
  std::vector<NodePtr> symbols;
  NodePtr node;
  std::vector<Argument> arguments;
  std::vector<Real> wanted;
};

template <class Record> Sampled sampled(Context& context, int count) {
  Sampled op{Record::info.name.data(), {}, nullptr, std::vector<Argument>(Record::info.arity, {{}, {count}}), {}};
  for (std::size_t k = 0; k < op.arguments.size(); ++k)
    op.symbols.push_back(context.symbol(std::string(Record::info.name) + std::to_string(k)));
  op.node = context.apply(op_of<Record>, op.symbols);
  std::mt19937_64 random(11);
  gradus::testing::Arguments<Record, double> x{};
  for (int i = 0; i < count; ++i) {
    if (i < gradus::testing::rounds<Record>(count)) {
      x = gradus::testing::draw<Record>(random);
      for (double& each : x) each = double(float(each));
      op.wanted.push_back(gradus::testing::value<Record>(gradus::testing::reals<Record>(x)));
    }
    for (std::size_t k = 0; k < x.size(); ++k) op.arguments[k].values.push_back(x[k]);
  }
  return op;
}

TEST(Floats, EveryOpAgainstMpfr) {
  const WorkingPrecision precision(128);
  Context context(Policy::exact());
  std::vector<Sampled> ops;
  std::vector<NodePtr> symbols, outputs;
  std::vector<Argument> arguments;
  PointwiseOps::for_each([&]<class Record> { ops.push_back(sampled<Record>(context, 150)); });
  for (const Sampled& op : ops) {
    symbols.insert(symbols.end(), op.symbols.begin(), op.symbols.end());
    arguments.insert(arguments.end(), op.arguments.begin(), op.arguments.end());
    outputs.push_back(op.node);
  }
  for (const Machine& machine : machines()) {
    program::LowerOptions options{.machine = machine, .rows = "rows"};
    options.arithmetic = Element::float32;
    const auto lowered = program::lower(context, symbols, outputs, options);
    ASSERT_TRUE(lowered.ok()) << lowered.error().message;
    ASSERT_EQ(lowered->lanes, 2 * machine.lanes);
    const auto r = run_both(*lowered, arguments);
    ASSERT_EQ(r.size(), ops.size());
    for (std::size_t k = 0; k < ops.size(); ++k)
      for (std::size_t i = 0; i < ops[k].wanted.size(); ++i) {
        const double near = ops[k].wanted[i].to_double(), got = r[k][i];
        if (std::isnan(near)) continue;
        const float there = std::max(float(std::fabs(near)), std::numeric_limits<float>::min());
        const double ulp = double(std::nextafter(there, INFINITY)) - double(there);
        EXPECT_TRUE(std::isinf(there) ? got == std::copysign(inf, near)
                                      : std::fabs((Real(got) - ops[k].wanted[i]).to_double()) <= most_ulp * ulp)
            << ops[k].name << "(" << ops[k].arguments[0].values[i] << ") = " << got << ", not " << near;
      }
  }
}

// The operations themselves: those of float in C++, to the last bit.
TEST(Floats, ArithmeticIsThatOfFloats) {
  Context context(Policy::traced());
  const NodePtr x = context.symbol("x"), y = context.symbol("y");
  const std::vector<NodePtr> outputs = {context.add(x, y),
                                        context.sub(x, y),
                                        context.mul(x, y),
                                        context.div(x, y),
                                        context.sqrt(x),
                                        context.add(context.mul(x, x), y),
                                        context.compare(Op::less, x, context.floating(0.1)),
                                        context.mul(x, context.floating(0.1))};
  Numbers a = random_numbers(90, -3, 3, 3), b = random_numbers(90, -3, 3, 4);
  const double edges[] = {0.0, -0.0, inf, -inf, std::nan(""), 1.0, 1e-45, 3e38, 0.1, -1e-38};
  for (const double e : edges)
    for (const double f : edges) a.push_back(e), b.push_back(f);
  const std::int64_t count = std::int64_t(a.size());
  for (const Machine& machine : machines()) {
    program::LowerOptions options{.machine = machine, .rows = "rows"};
    options.arithmetic = Element::float32;
    const auto lowered = program::lower(context, {x, y}, outputs, options);
    ASSERT_TRUE(lowered.ok()) << lowered.error().message;
    const auto r = run_both(*lowered, {{a, {count}}, {b, {count}}});
    ASSERT_EQ(r.size(), outputs.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      const float p = float(a[i]), q = float(b[i]);
      const float wanted[] = {p + q,           p - q,        p * q,
                              p / q,           std::sqrt(p), machine.fma ? std::fma(p, p, q) : p * p + q,
                              float(p < 0.1f), p * 0.1f};
      for (std::size_t k = 0; k < outputs.size(); ++k)
        EXPECT_TRUE(same_bits(r[k][i], double(wanted[k]))) << k << " of " << p << ", " << q << ": " << r[k][i];
    }
  }
}

// The gradient of each of these in float32, against float64; at every width, and at sizes around the blocks'.
TEST(Floats, GradientsAreNearThoseOfDoubles) {
  static const Dim narrow{3};
  const std::vector<Case> cases = {
      {"logsumexp", {{n}}, [](auto x) { return logsumexp(x[0]); }},
      {"least_squares", {{n, m}, {m}, {n}}, [](auto x) { return sum(pow(matmul(x[0], x[1]) - x[2], 2)); }},
      {"mixture",
       {{n, narrow}, {m, narrow}, {m}},
       [](auto x) {
         const Shape pairs{x[0].length(0), x[1].length(0), narrow};
         const Array away = broadcast(x[0], pairs, {0, 2}) - broadcast(x[1], pairs, {1, 2});
         return sum(logsumexp(rows(x[2], n) - 0.5 * sum(away * away, 2), 1));
       }},
      {"recurrent",
       {{m, m}, {n, m}},
       [](auto x) {
         const auto round = [&](const Arrays& state, const Arrays& row, const Array&) {
           return Round{{tanh(matmul(x[0], state[0]) + row[0])}};
         };
         return sum(scan(round, {zeros(x[1], {m})}, {x[1]}, n).carried[0]);
       }},
      {"places", {{n}, {m}}, [](auto x) { return sum(exp(x[0][floor(3.0 * abs(x[1]))] * x[1])); }},
      {"polynomial",
       {{m}, {n}},
       [](auto x) {
         const Shape all{n, m};
         const Array powers = pow(broadcast(x[1], all, {0}), broadcast(iota(x[0], m), all, {1}));
         return sum(pow(sum(powers * rows(x[0], n), 1), 2));
       }},
      {"linear_algebra", {{narrow, narrow}, {narrow}}, [](auto x) {
         return sum(solve(x[0] + 3.0 * eye(x[0], narrow), x[1])) + logdet(3.0 * eye(x[0], narrow) + x[0]);
       }}};
  for (std::size_t which = 0; which < cases.size(); ++which) {
    const Case& c = cases[which];
    CompileOptions options{.gradient = true, .engine = program::Engine::interpreter};
    options.machine = machines()[which % machines().size()];
    const auto doubles = compile_traced(c.function, c.shapes, options);
    options.arithmetic = Element::float32;
    const auto floats = compile_traced(c.function, c.shapes, options);
    ASSERT_TRUE(doubles.ok() && floats.ok()) << c.name;
    const BothEngines both((*floats)->program());
    for (const auto& [size_n, size_m] : Sizes{{5, 2}, {131, 4}}) {
      std::vector<Argument> arguments;
      for (std::size_t k = 0; k < c.shapes.size(); ++k) {
        Argument a;
        a.values = fill(c.shapes[k], size_n, size_m, unsigned(k + 1), a.shape);
        for (double& x : a.values) x = double(float(x));
        arguments.push_back(a);
      }
      const program::NamedSizes sizes{{"n", size_n}, {"m", size_m}};
      const auto wanted = outputs_of(**doubles, arguments, sizes), got = run_both(both, arguments, sizes);
      ASSERT_EQ(wanted.size(), got.size());
      for (std::size_t k = 0; k < wanted.size(); ++k) {
        double largest = 1e-3;
        for (const double x : wanted[k]) largest = std::max(largest, std::fabs(x));
        for (std::size_t i = 0; i < wanted[k].size(); ++i)
          ASSERT_NEAR(wanted[k][i], got[k][i], 1e-4 * largest) << c.name << " output " << k << " entry " << i;
      }
    }
  }
}

// Loops over the data in blocks that threads share: the bits of one thread, on both engines.
TEST(Floats, ThreadsGiveTheSameBits) {
  CompileOptions options{.gradient = true};
  options.arithmetic = Element::float32;
  const auto one = compile([](const Array& x) { return logsumexp(x) + sum(x < 0.5); }, {Shape{n}}, options);
  ASSERT_TRUE(one.ok()) << one.error().message;
  const program::Program& p = (*one)->program();
  ASSERT_TRUE(std::any_of(p.code.begin(), p.code.end(), [](const auto& in) { return in.parallel; })) << to_text(p);
  const std::vector<Argument> arguments{{random_numbers(500'003, -1, 1, 3), {500'003}}};
  const auto expected = outputs_of(**one, arguments, {});
  for (const auto engine : {program::Engine::interpreter, program::Engine::machine_code}) {
    program::Limits limits;
    limits.threads = 3;
    const auto made = program::Executable::make(p, engine, limits);
    ASSERT_TRUE(made.ok()) << made.error().message;
    const auto got = outputs_of(**made, arguments, {});
    ASSERT_EQ(got.size(), 2u);
    EXPECT_EQ(got[0], expected[0]);
    EXPECT_EQ(got[1], expected[1]);
  }
}

TEST(Floats, RandomOnesGiveTheSameBits) {
  const Shape shapes[] = {{n}, {n, m}, {}};
  for (unsigned seed = 0; seed < 100; ++seed) {
    const auto kind = seed % 2 == 0 ? RandomArrays::Kind::tame : RandomArrays::Kind::wild;
    const auto draw = [&] {
      return [engine = std::mt19937_64(seed)](std::size_t count) mutable {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine);
      };
    };
    const auto f = [&](std::span<const Array> x) { return RandomArrays(draw(), kind, 2)(x[0], x[1], x[2]); };
    CompileOptions options{.gradient = seed % 25 == 0, .engine = program::Engine::interpreter};
    options.machine = machines()[seed % machines().size()];
    options.arithmetic = Element::float32;
    const Element held_by[] = {all_elements[seed % 3], all_elements[seed / 3 % 4]};
    if (seed % 5 == 0) options.inputs = {held_by[0], held_by[1]};
    const auto compiled = compile_traced(f, shapes, options);
    ASSERT_TRUE(compiled.ok()) << "seed " << seed << ": " << compiled.error().message;
    const BothEngines both((*compiled)->program());
    for (const auto& [size_n, size_m] : Sizes{{5, 3}, {37, 2}, {0, 2}}) {
      const Argument arguments[] = {{random_numbers(std::size_t(size_n), -2, 2, seed), {size_n}},
                                    {random_numbers(std::size_t(size_n * size_m), -2, 2, seed + 1), {size_n, size_m}},
                                    {{0.7}, {}}};
      run_both(both, {std::begin(arguments), std::end(arguments)}, {{"n", size_n}, {"m", size_m}});
      ASSERT_FALSE(HasFailure()) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace gradus

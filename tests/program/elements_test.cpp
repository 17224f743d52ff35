// What arrays hold, and arithmetic in float32: every op against MPFR, storage of each kind in and out, gradients
// against float64, whole numbers and places that float32 has no room for; interpreter and machine code bit for bit at
// every width.
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
using program::name_of;
using program::Numbers;
using program::outputs_of;
using program::random_numbers;
using program::Room;
using program::run_both;
using program::same_bits;
using program::View;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr Element all_elements[] = {Element::float64, Element::float32, Element::int64, Element::boolean};

// What an element holds of a number, said another way than the program layer says it.
double held(Element e, double x) {
  switch (e) {
    case Element::float32:
      return double(float(x));
    case Element::int64:
      return std::isnan(x) ? 0 : std::fabs(x) < 9.2e18 ? std::trunc(x) + 0.0 : std::copysign(9223372036854775808.0, x);
    case Element::boolean:
      return x != 0 ? 1 : 0;
    default:
      return x;
  }
}

TEST(Elements, EachKindInAndOut) {
  Numbers values = random_numbers(41, -100, 100, 5);
  for (const double edge : {0.0, -0.0, 1.0, 0.5, -0.5, 1e-40, 1e300, -1e300, 9007199254740991.0, 16777217.0, 9.3e18,
                            -9.3e18, inf, -inf, std::nan("")})
    values.push_back(edge);
  const auto f = [](std::span<const Array> x) {
    return Arrays{x[0], reverse(x[0], 0), x[1] * x[0], select(x[0], x[1], 2.0 * x[1]), max(x[0]) + x[1]};
  };
  const Shape shapes[] = {{n}, {}};
  std::size_t round = 0;
  for (const Element arithmetic : {Element::float64, Element::float32})
    for (const Element in : all_elements)
      for (const Element out : all_elements) {
        const Machine machine = machines()[round++ / 3 % machines().size()];
        CompileOptions options{.engine = program::Engine::interpreter, .machine = machine};
        options.arithmetic = arithmetic;
        options.inputs = {in};
        options.outputs = {out, out, out, out, out};
        const auto compiled = compile_all(f, shapes, options);
        ASSERT_TRUE(compiled.ok()) << compiled.error().message;
        const std::int64_t count = std::int64_t(values.size());
        const auto r = run_both((*compiled)->program(), {{values, {count}}, {{1.0}, {}}});
        ASSERT_EQ(r.size(), 5u);
        for (std::size_t i = 0; i < values.size(); ++i) {
          // Whole numbers are float64 in both arithmetics.
          const double x = in == Element::int64 ? held(in, values[i]) : held(arithmetic, held(in, values[i]));
          const double wanted = held(out, x);
          const std::string where = std::string(name_of(in)) + " to " + name_of(out) + " in " + name_of(arithmetic) +
                                    ": " + std::to_string(values[i]);
          ASSERT_TRUE(same_bits(r[0][i], wanted)) << where << " gives " << r[0][i] << ", not " << wanted;
          ASSERT_TRUE(same_bits(r[1][values.size() - 1 - i], wanted)) << where << " turned round";
          ASSERT_TRUE(same_bits(r[2][i], held(out, held(arithmetic, x)))) << where << " times one";
          ASSERT_EQ(r[3][i], held(out, x != 0 ? 1 : 2)) << where << " as a condition";
        }
      }
}

TEST(Elements, WrongTypesAtACall) {
  const auto compiled = compile([](const Array& x, const Array& k) { return x[k]; },
                                {{Shape{n}, Element::float32}, {Shape{}, Element::int64}},
                                {.engine = program::Engine::interpreter, .outputs = {Element::boolean}});
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  const float x[] = {0, 3};
  const double wrong[] = {0, 3}, wrong_place = 1;
  const std::int64_t place = 1;
  bool result = false;
  double wrong_result = 0;
  const View right_views[] = {{x, {2}}, {&place}}, wrong_array[] = {{wrong, {2}}, {&place}},
             wrong_index[] = {{x, {2}}, {&wrong_place}};
  const Room right_room[] = {&result}, wrong_room[] = {&wrong_result};
  const auto says = [&](std::span<const View> views, std::span<const Room> rooms) {
    const auto done = (*compiled)->run(views, rooms);
    EXPECT_EQ((*compiled)->bind(views, rooms).ok(), done.ok());
    return done.ok() ? "" : std::string(code_name(done.error().code)) + ": " + done.error().message;
  };
  EXPECT_EQ(says(right_views, right_room), "");
  EXPECT_TRUE(result);
  EXPECT_EQ(says(wrong_array, right_room), "E202: argument 'x0' holds float32 in this program, the call has float64");
  EXPECT_EQ(says(wrong_index, right_room), "E202: argument 'x1' holds int64 in this program, the call has float64");
  EXPECT_EQ(says(right_views, wrong_room), "E202: result 'out0' holds bool in this program, the call has float64");
  double* const doubles[] = {&wrong_result};
  EXPECT_FALSE((*compiled)->run(right_views, doubles).ok());
  EXPECT_EQ(wrong_result, 0);

  CompileOptions options{.arithmetic = Element::int64};
  EXPECT_EQ(compile([](const Array& a) { return a; }, {Shape{}}, options).error().code, Code::E701);
  options = {.outputs = {Element::float64, Element::float64}};
  EXPECT_EQ(compile([](const Array& a) { return a; }, {Shape{}}, options).error().code, Code::E701);
}

TEST(Elements, DefaultsFollowArithmeticAndArguments) {
  const auto types = [](const CompileOptions& options) {
    const auto compiled = compile([](const Array& x, const Array& y, const Array& z) { return sum(x * y * z); },
                                  {{Shape{n}, Element::float32}, {Shape{n}, Element::int64}, Shape{n}}, options);
    std::string text;
    if (!compiled) return compiled.error().message;
    for (std::size_t k = 0; k < 7; ++k) text += std::string(name_of((*compiled)->program().arrays[k].element)) + " ";
    return text;
  };
  CompileOptions options{.gradient = true, .engine = program::Engine::interpreter};
  EXPECT_EQ(types(options), "float32 int64 float64 float64 float32 float64 float64 ");
  options.arithmetic = Element::float32;
  EXPECT_EQ(types(options), "float32 int64 float32 float32 float32 float32 float32 ");
  options.outputs = {Element::float64, Element::float64};
  EXPECT_EQ(types(options), "float32 int64 float32 float64 float64 float32 float32 ");
}

// --- float32

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

// --- whole numbers

constexpr std::int64_t beyond = (std::int64_t(1) << 24) + 9;  // the first that float32 has no room for is 2^24 + 1

TEST(Whole, PlacesBeyondFloat32AreExact) {
  std::vector<unsigned char> x(std::size_t(beyond), 0);
  const std::int64_t offset = beyond - 9;
  for (std::int64_t i = 1; i < 9; i += 2) x[std::size_t(offset + i)] = 1;
  const std::int64_t places[] = {offset + 1, offset + 2, offset + 3, offset + 7, beyond, -1};
  const auto f = [&](std::span<const Array> a) {
    const Array at = iota(a[0], Dim{8}) + double(offset + 1);
    return Arrays{a[0][a[1]],      a[0][at],   take_at(a[0], 0, offset + 5), sum(a[0] + a[0] * 0.0),
                  sum(a[0] < 2.0), a[1] + 1.0, a[1] == double(offset + 3)};
  };
  const Shape shapes[] = {{n}, {Dim{6}}};
  CompileOptions options{.engine = program::Engine::interpreter};
  options.arithmetic = Element::float32;
  options.inputs = {Element::boolean, Element::int64};
  options.outputs.assign(5, Element::float32);
  options.outputs[4] = Element::int64;
  options.outputs.push_back(Element::int64);
  options.outputs.push_back(Element::boolean);
  const auto compiled = compile_all(f, shapes, options);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  const auto fast = program::Executable::make((*compiled)->program(), program::Engine::machine_code);
  ASSERT_TRUE(fast.ok());
  for (const auto& e : {*compiled, *fast}) {
    float found[6], run[8], taken = 0, sum = 0;
    std::int64_t count = 0, next[6];
    bool equal[6];
    const View views[] = {{x.data(), {beyond}}, {places, {6}}};
    const Room rooms[] = {found, run, &taken, &sum, &count, next, equal};
    const auto done = e->run(views, rooms);
    ASSERT_TRUE(done.ok()) << done.error().message;
    const float wanted[] = {1, 0, 1, 1};
    for (int k = 0; k < 4; ++k) EXPECT_EQ(found[k], wanted[k]) << k;
    EXPECT_TRUE(std::isnan(found[4]) && std::isnan(found[5])) << "outside";
    for (int k = 0; k < 8; ++k) EXPECT_EQ(run[k], float((k + 1) % 2)) << k;
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(sum, 4);
    EXPECT_EQ(count, beyond);
    for (int k = 0; k < 6; ++k) EXPECT_EQ(next[k], places[k] + 1);
    for (int k = 0; k < 6; ++k) EXPECT_EQ(equal[k], k == 2);
  }
}

TEST(Whole, SumsAtPlaces) {
  const auto f = [](std::span<const Array> a) {
    const Array sums = scatter_add(Shape{n}, a[0], {a[1]});
    return Arrays{sums, sums[a[1]]};
  };
  const Shape shapes[] = {{m}, {m}};
  CompileOptions options{.engine = program::Engine::interpreter};
  options.arithmetic = Element::float32;
  options.inputs = {Element::float32, Element::int64};
  options.outputs = {Element::int64};
  const auto compiled = compile_all(f, shapes, options);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  const auto r = run_both((*compiled)->program(), {{{1.5, 2.5, -4, 8, 100}, {5}}, {{2, 0, 2, 1, 7}, {5}}}, {{"n", 3}});
  ASSERT_EQ(r.size(), 2u);
  EXPECT_EQ(r[0], (Numbers{2, 8, -2}));
  EXPECT_EQ(r[1][2], -2.5);
  EXPECT_TRUE(std::isnan(r[1][4]));
}

TEST(Whole, RoundsOfLoopsAreCounted) {
  const auto f = [](const Array& x) {
    const auto more = [&](const Arrays& s) { return s[0] < 16777220.0; };
    const auto round = [&](const Arrays& s) { return Arrays{s[0] + 1.0, s[1] + x}; };
    const Arrays last = while_loop(more, round, {x.like(16777210.0), x});
    return last[0] + last[1];
  };
  const auto compiled =
      compile(f, {Shape{}},
              {.engine = program::Engine::interpreter, .limits = {.rounds = 100}, .arithmetic = Element::float32});
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  const auto r = outputs_of(**compiled, {{{0.5}, {}}}, {});
  ASSERT_EQ(r.size(), 1u);
  EXPECT_EQ(r[0][0], double(16777220.0f + 5.5f));
}

// --- random functions

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

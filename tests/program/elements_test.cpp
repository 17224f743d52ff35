// What arrays hold: storage of each kind in and out, what a call is told of wrong types, whole numbers and places that
// float32 has no room for; interpreter and machine code bit for bit at every width.
#include <limits>

#include "gradients.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

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

}  // namespace
}  // namespace gradus

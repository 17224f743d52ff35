// Literals of arrays: rows that gather from several arrays at the same places, literals read turned round, literals
// deep within literals.
#include "gradients.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/program/buffer.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
#include "program/joined_gathers.hpp"

namespace gradus {
namespace {

// Places 0 ... m-1 in an order of their own, as data: they come from an argument.
Array places_of(const Array& a) { return floor(abs(a) * 2.99); }

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"columns_of_gathers",
       {{Dim{3}}, {n}},
       [](auto x) {
         const Array at = places_of(x[1]);
         const Array& a = x[0];
         const Array rows = stack({exp(a) * 2, a * a, sin(a), a * 3, exp(a * a)});
         Arrays columns;
         for (std::int64_t k = 0; k < 5; ++k) columns.push_back(-(x[1] * take(rows[k], at) + 0.5));
         const Array joined = transpose(stack(columns));
         return sum(joined * joined) + sum(joined[0]);
       }},
      {"columns_of_turned_gathers",
       {{m, Dim{3}}, {n}},
       [](auto x) {
         const Array at = places_of(x[1]);
         Arrays columns;
         for (const double k : {1.0, 2.0, 3.0, 4.0}) {
           const Array moved = transpose(stack({x[0] * k, exp(x[0] * k) * k}), {2, 0, 1});  // [3, 2, m]
           columns.push_back(take(moved, at));
         }
         return sum(exp(transpose(stack(columns), {1, 3, 2, 0}) * 0.3));
       }},
      {"other_places",
       {{Dim{3}}, {n}},
       [](auto x) {
         const Array at = places_of(x[1]), other = 2 - at;
         const Array a = exp(x[0]), b = sin(x[0]);
         return sum(stack({take(a, at), take(b, other), take(a, other), take(b, at)}) *
                    stack({x[1], x[1] * 2, x[1] * x[1], x[1]}));
       }},
      {"literal_in_a_product_in_a_literal", {{Dim{2}}, {n}}, [](auto x) {
         const Array pair = stack({exp(x[0][0]), sin(x[0][1])});
         const Array two = stack({pair * pair, pair});
         return sum(two * two * two) * sum(x[1]);
       }}};
  return all;
}

class Literals : public testing::TestWithParam<Case> {};
TEST_P(Literals, GradientAgreesWithDifferencesOnEveryEngine) { check_gradient(GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, Literals, testing::ValuesIn(cases()),
                         [](const auto& info) { return std::string(info.param.name); });

// Rows that are written whole, in lines of the cache; the last ones are so many that they go past it.
TEST(Literals, WholeRowsOfAnyLengthArriveWhereTheyBelong) {
  for (const auto& [columns, count] : {std::pair{5, 100}, {9, 100}, {11, 133}, {19, 70}, {30, 77}, {31, 150'000}}) {
    const auto f = [columns = columns](std::span<const Array> x) {
      Arrays list;
      for (int k = 0; k < columns; ++k) list.push_back(x[0] * double(k + 1) + double(k));
      return Arrays{transpose(stack(list))};
    };
    const Shape shapes[] = {{n}};
    const auto x = program::random_numbers(std::size_t(count), -1, 1, 8);
    for (const program::Machine& machine : program::machines()) {
      CompileOptions options;
      options.machine = machine;
      options.engine = program::Engine::machine_code;
      const auto compiled = compile_all(f, shapes, options);
      ASSERT_TRUE(compiled.ok()) << compiled.error().message;
      const std::size_t entries = std::size_t(columns) * std::size_t(count);
      program::Buffer rows(entries);  // at the start of a line
      const program::View given[] = {{x.data(), {count}}};
      const program::Room room[] = {rows.data()};
      ASSERT_TRUE((*compiled)->run(given, room, {}).ok());
      std::size_t wrong = 0;
      for (std::size_t k = 0; k < entries; ++k) {
        const double column = double(k % std::size_t(columns));
        wrong += rows.data()[k] != std::fma(x[k / std::size_t(columns)], column + 1, column);
      }
      EXPECT_EQ(wrong, 0u) << columns << " columns, " << count << " rows, " << int(machine.lanes) << " lanes";
    }
  }
}

TEST(JoinedGathers, NeedTheSamePlacesAndTheSameFormula) {
  Context c(Policy::traced());
  const Shape rows{Dim{7}}, many{n};
  const NodePtr places = c.symbol("places", total, many), others = c.symbol("others", total, many);
  std::vector<NodePtr> arrays;
  for (const double k : {1.0, 2.0, 3.0, 4.0})
    arrays.push_back(c.mul(c.floating(k), c.apply(op_of<ops::Exp>, c.symbol("a", total, rows))));
  const auto literal = [&](auto row) {
    std::vector<NodePtr> list;
    for (std::size_t k = 0; k < arrays.size(); ++k) list.push_back(row(k));
    return c.stack(list);
  };
  const auto at = [&](NodePtr i) { return std::vector<NodePtr>{i}; };
  const NodePtr same = literal([&](std::size_t k) { return c.neg(c.index(arrays[k], at(places))); });
  const NodePtr joined = program::joined_gathers(c, same);
  ASSERT_NE(joined, nullptr);
  EXPECT_EQ(*joined->shape, *same->shape);
  std::size_t gathers = 0;
  for (const NodePtr x : post_order(c, joined)) gathers += x->is(Op::index);
  EXPECT_EQ(gathers, 1u);
  EXPECT_EQ(program::joined_gathers(
                c, literal([&](std::size_t k) { return c.index(arrays[k], at(k == 2 ? others : places)); })),
            nullptr);
  EXPECT_EQ(program::joined_gathers(c, literal([&](std::size_t k) {
                                      const NodePtr row = c.index(arrays[k], at(places));
                                      return k == 1 ? c.apply(op_of<ops::Sin>, row) : row;
                                    })),
            nullptr);
  EXPECT_EQ(program::joined_gathers(c, c.stack(arrays)), nullptr);
}

}  // namespace
}  // namespace gradus

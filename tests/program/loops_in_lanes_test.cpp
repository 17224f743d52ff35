// Loops over numbers that run side by side: maps of loops, and scans of vectors whose entries do not meet.
#include "gradients.hpp"
#include "gradus/core/control.hpp"
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

const Dim three{3};

// Σ_j x_j T_j(t), T_j Chebyshev's polynomials: by a scan for one t, or for a vector.
Array chebyshev(const Array& x, const Array& t) {
  const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
    return Round{{c[1], 2 * t * c[1] - c[0], c[2] + row[0] * c[0]}};
  };
  return scan(round, {1 + 0 * t, t, 0 * t}, {x}, m).carried[2];
}

Array fit_by_vectors(std::span<const Array> x) { return sum(pow(chebyshev(x[0], x[1]) - sin(x[1]), 2)); }
Array fit_by_map(std::span<const Array> x) {
  return sum(pow(map([&](const Arrays& t) { return chebyshev(x[0], t[0]); }, {x[1]}) - sin(x[1]), 2));
}

// With a round's own rows, what all read, and what all add to.
Array rows_of_rounds(std::span<const Array> x, const ScanOptions& options) {
  const auto of_row = [&](const Arrays& row) {
    const auto round = [&](const Arrays& c, const Arrays& r, const Array& k) {
      return Round{{c[1], 2 * row[1] * c[1] - c[0] + r[0], c[2] + x[2][k] * tanh(c[0])}, {c[0] * r[1]}};
    };
    const auto all = scan(round, {row[1].like(1.0), row[1], row[1].like(0.0)}, {row[0], x[2]}, m, options);
    return all.carried[2] * row[1] + sum(all.rows[0] * x[2]);
  };
  return sum(exp(0.1 * map(of_row, {x[0], x[1]})));
}

// Vectors, a number that goes along, entries of a matrix, rows that are wanted; n paths of m steps.
Array paths(std::span<const Array> x, const ScanOptions& options) {
  const Array volatility = 0.2 + 0.1 * x[1];
  const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
    const Array next = c[0] * exp(volatility * row[0] - 0.01 * c[1]);
    return Round{{next, 0.5 * c[1] + k}, {maximum(next - 1, 0) * c[1]}};
  };
  const auto all = scan(round, {exp(x[1]), x[2]}, {x[0]}, m, options);
  return sum(all.carried[0] * x[1]) + sum(all.rows[0] * all.rows[0]) + all.carried[1];
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"fit_by_vectors", {{m}, {n}}, fit_by_vectors},
      {"fit_by_map", {{m}, {n}}, fit_by_map},
      {"rows_of_rounds", {{n, m}, {n}, {m}}, [](auto x) { return rows_of_rounds(x, {}); }},
      {"backwards", {{n, m}, {n}, {m}}, [](auto x) { return rows_of_rounds(x, {.reversed = true}); }},
      {"in_segments", {{n, m}, {n}, {m}}, [](auto x) { return rows_of_rounds(x, {.segment = 2}); }},
      {"paths", {{m, n}, {n}, {}}, [](auto x) { return paths(x, {}); }},
      {"paths_backwards", {{m, n}, {n}, {}}, [](auto x) { return paths(x, {.reversed = true}); }},
      {"paths_in_segments", {{m, n}, {n}, {}}, [](auto x) { return paths(x, {.segment = 3}); }},
      {"loops_in_loops",
       {{n, m}, {m}},
       [](auto x) {
         const auto of_row = [&](const Arrays& row) {
           const auto outer = [&](const Arrays& c, const Arrays& r, const Array&) {
             const auto inner = [&](const Arrays& d, const Arrays& e, const Array&) {
               return Round{{sin(d[0] + e[0] * r[0])}};
             };
             return Round{{scan(inner, {c[0]}, {row[0]}, m, true).carried[0]}, {c[0]}};
           };
           const auto all = scan(outer, {sum(row[0])}, {x[1]}, m);
           return all.carried[0] * sum(all.rows[0]);
         };
         return sum(map(of_row, {x[0]}));
       }},
      {"short_rounds",
       {{n, three}, {three}},
       [](auto x) {
         return sum(
             map([&](const Arrays& r) { return norm(r[0] - x[1]) * r[0][std::int64_t(1)] + sum(r[0]); }, {x[0]}));
       }},
      {"gradients_of_loops",
       {{n}, {m}},
       [](auto x) {
         const auto f = [&](const Array& t) { return sum(chebyshev(x[1], t)); };
         return sum(pow(grad(f, x[0]), 2)) + sum(jvp(f, x[0], sin(x[0])));
       }},
      {"read_by_number",  // a table at the entry's place
       {{n}, {m}},
       [](auto x) {
         const Array place = floor(length(x[1], m) * (0.5 + 0.49 * x[0]));
         const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
           return Round{{select(c[0] > row[0], c[0] * x[1][place], c[0] + row[0])}};
         };
         return sum(scan(round, {x[0]}, {x[1]}, m).carried[0]);
       }},
  };
  return all;
}

class LoopsInLanes : public ::testing::TestWithParam<Case> {};

// Less than a vector, more than a block of vectors, and more than the longest strip.
TEST_P(LoopsInLanes, GradientsAgree) {
  check_gradient(GetParam(), {{1, 1}, {3, 4}, {70, 5}});
  check_gradient(GetParam(), {{1030, 3}}, {program::Machine::host()});
}
INSTANTIATE_TEST_SUITE_P(All, LoopsInLanes, ::testing::ValuesIn(cases()),
                         [](const auto& c) { return std::string(c.param.name); });

program::Program gradient_of(const Case& c) {
  CompileOptions options;
  options.gradient = true;
  const auto compiled = compile_traced(c.function, c.shapes, options);
  EXPECT_TRUE(compiled.ok()) << compiled.error().message;
  return (*compiled)->program();
}

// Every loop that carries something stands in a lanes loop, one over strips aside; no room is needed for the product of
// rounds and entries.
TEST(LoopsInLanes, KeepWhatTheyCarryInRegistersAndTheirRowsInAStrip) {
  for (const Case& c : {cases()[0], cases()[1]}) {
    const program::Program p = gradient_of(c);
    bool lanes = false;
    std::size_t inside = 0;
    for (const program::Instruction& in : p.code) {
      if (in.opcode == program::Opcode::loop && in.lanes) lanes = true;
      if (in.opcode == program::Opcode::end && p.code[in.target].lanes) lanes = false;
      if (in.opcode != program::Opcode::phi) continue;
      EXPECT_TRUE(lanes) << to_text(p);
      ++inside;
    }
    EXPECT_GE(inside, 3u) << to_text(p);
    for (const program::Storage& array : p.arrays) {
      const bool points =
          std::any_of(array.shape.begin(), array.shape.end(), [&](program::Id s) { return p.sizes[s].name == "n"; });
      EXPECT_FALSE(points && array.shape.size() > 1) << to_text(p);
    }
  }
}

// Both ways to write it are one program.
TEST(LoopsInLanes, AScanOfVectorsIsAMapOfScans) {
  const Dim k{4};
  const Shape shapes[] = {{k}, {n}};
  const auto by_vectors = [&](auto x) {
    const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
      return Round{{sin(c[0]) * x[1] + row[0]}};
    };
    return Arrays{scan(round, {x[1]}, {x[0]}, k).carried[0]};
  };
  const auto by_map = [&](auto x) {
    const auto of_entry = [&](const Arrays& y) {
      const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
        return Round{{sin(c[0]) * y[0] + row[0]}};
      };
      return scan(round, {y[0]}, {x[0]}, k).carried[0];
    };
    return Arrays{map(of_entry, {x[1]})};
  };
  const auto text = [&](const auto& f) {
    const auto compiled = compile_all(f, shapes);
    EXPECT_TRUE(compiled.ok()) << compiled.error().message;
    return to_text((*compiled)->program());
  };
  EXPECT_EQ(text(by_vectors), text(by_map));
}

// Entries that meet are left as they are: a neighbour, a sum over all, a row that is no vector.
TEST(LoopsInLanes, EntriesThatMeetAreOneLoop) {
  const Shape shapes[] = {{n}};
  const auto carried_arrays = [&](const std::function<Round(const Array&)>& body) {
    const auto f = [&](auto x) {
      const auto round = [&](const Arrays& c, const Arrays&, const Array&) { return body(c[0]); };
      const auto all = scan(round, {x[0]}, {}, m);
      return Arrays{all.carried[0] + (all.rows.empty() ? 0 * x[0] : 0 * x[0] + sum(all.rows[0]))};
    };
    const auto compiled = compile_all(f, shapes);
    EXPECT_TRUE(compiled.ok()) << compiled.error().message;
    std::size_t count = 0;
    for (const program::Storage& array : (*compiled)->program().arrays) count += array.name.starts_with("carried");
    return count;
  };
  EXPECT_EQ(carried_arrays([](const Array& y) { return Round{{sin(y)}}; }), 0u);
  EXPECT_EQ(carried_arrays([](const Array& y) { return Round{{sin(reverse(y, 0))}}; }), 1u);
  EXPECT_EQ(carried_arrays([](const Array& y) { return Round{{y / sum(y)}}; }), 1u);
  EXPECT_EQ(carried_arrays([](const Array& y) { return Round{{sin(y)}, {sum(y)}}; }), 1u);
}

// A round that does not change a value does not carry it, and nothing is stored that nobody reads.
TEST(LoopsInLanes, WhatDoesNotChangeIsNotCarried) {
  const Shape shapes[] = {{}, {}};
  const auto f = [](auto x) {
    const auto round = [](const Arrays& c, const Arrays&, const Array&) { return Round{{c[0], c[1] * c[0], c[1]}}; };
    const auto all = scan(round, {x[0], x[1], x[1]}, {}, m).carried;
    return Arrays{all[0], all[1]};
  };
  const auto compiled = compile_all(f, shapes);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  const program::Program& p = (*compiled)->program();
  const auto phis = std::count_if(p.code.begin(), p.code.end(),
                                  [](const program::Instruction& in) { return in.opcode == program::Opcode::phi; });
  EXPECT_EQ(phis, 1) << to_text(p);
  EXPECT_EQ(p.arrays.size(), 4u) << to_text(p);
}

// A literal that lies turned round, as another reads it, is gone through row by row.
TEST(LoopsInLanes, RowsOfALiteralThatLiesTurnedRound) {
  const Shape shapes[] = {{n}};
  const auto f = [](auto x) {
    const Array both = stack({sin(x[0]), cos(x[0])}), turned = transpose(both);
    const auto round = [](const Arrays& c, const Arrays& row, const Array&) { return Round{{c[0] + max(row[0])}}; };
    return Arrays{turned, scan(round, {sum(x[0]) * 0}, {both}, Dim{2}).carried[0]};
  };
  const program::Numbers x = program::random_numbers(19, -1, 1);
  double greatest[2] = {-1, -1};
  for (const double v : x)
    greatest[0] = std::max(greatest[0], std::sin(v)), greatest[1] = std::max(greatest[1], std::cos(v));
  program::on_all_machines(f, shapes, {{x, {19}}}, [&](const auto& found, const program::Program& p) {
    ASSERT_EQ(found.size(), 2u);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(found[0][2 * i], std::sin(x[i]), 1e-15);
    EXPECT_NEAR(found[1][0], greatest[0] + greatest[1], 1e-14) << to_text(p);
  });
}

}  // namespace
}  // namespace gradus

// Corpora nobody here wrote: every formula is parsed, differentiated and evaluated at the points that came with it.
// The files stand in shared/data/calculus beside the source directory, or where GRADUS_SHARED says; without them the
// tests are skipped.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/text/parse.hpp"

namespace gradus {
namespace {

struct Row {
  std::string source, variable, expression, expected, points;
};

std::filesystem::path shared() {
  const char* given = std::getenv("GRADUS_SHARED");
  return given ? std::filesystem::path(given) : std::filesystem::path(GRADUS_SOURCE_DIR).parent_path() / "shared";
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \r"), last = text.find_last_not_of(" \r");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::vector<Row> read(const std::string& name) {
  std::vector<Row> rows;
  std::ifstream in(shared() / "data" / "calculus" / name);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    auto cells = split(line, '\t');
    cells.resize(7);
    rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[6]});
  }
  return rows;
}

// Long doubles, for one value is 1e3684; and a reference of 1e-40 is a zero with its rounding.
bool agree(const Value& value, long double expected) {
  const long double error = std::fabs(std::strtold(value.text.c_str(), nullptr) - expected);
  return error <= 1e-9L * std::max(std::fabs(expected), 1e-25L);
}

// The formula with each number rounded to a double.
NodePtr with_doubles(Context& context, NodePtr root) {
  std::vector<std::pair<NodePtr, NodePtr>> numbers;
  for (const NodePtr n : post_order(context, root))
    if (n->is(Op::symbol))
      numbers.emplace_back(n, n);  // where there is no symbol, substitute does not look
    else if (n->is_rational())
      numbers.emplace_back(n, context.floating(n->value().to_double()));
  return substitute(context, root, numbers);
}

// The value of the text at each point; what went wrong otherwise.
struct Judge {
  std::map<std::string, int> failures;
  int rows = 0, good = 0, points = 0, outside = 0, rounded = 0, complex = 0;
  std::vector<std::string> examples;

  void fail(const std::string& kind, const Row& row, const std::string& why) {
    failures[kind]++;
    if (std::getenv("GRADUS_CORPUS_ALL") || examples.size() < 12)
      examples.push_back(kind + ": d/d" + row.variable + " " + row.expression + ": " + why);
  }

  // The derivative of row.expression has the values of the points, to 1e-9.
  void check(const Row& row) {
    rows++;
    Context context;
    const auto parsed = parse(context, row.expression);
    if (!parsed) return fail("parse", row, parsed.error().message);
    const NodePtr derivative = diff(context, parsed->expr, context.symbol(row.variable));
    if (derivative->is(Op::error)) return fail("diff", row, derivative->data.diagnostic->message);
    for (const std::string& point : split(row.points, '|')) {
      const auto arrow = point.find("->");
      if (arrow == std::string::npos) continue;
      std::vector<Binding> bindings;
      for (const std::string& assignment : split(trimmed(point.substr(0, arrow)), ';')) {
        const auto equals = assignment.find('=');
        if (equals == std::string::npos) continue;
        const auto number = Rational::parse(assignment.substr(equals + 1));
        ASSERT_TRUE(number) << point;
        bindings.push_back({context.symbol(trimmed(assignment.substr(0, equals))), context.rational(*number)});
      }
      const long double expected = std::strtold(point.c_str() + arrow + 2, nullptr);
      const NodePtr variables[] = {context.symbol(row.variable)};
      const EvaluateOptions options{.complex = true, .variables = variables};
      const Value value = evaluate_certain(context, derivative, bindings, options);
      points++;
      complex += value.ok() && value.through_complex;
      if (value.status == Status::undefined) {
        // Some references are real values reached through complex ones (cos of the root of a negative number). There
        // the function itself has no value in real arithmetic.
        if (evaluate_certain(context, parsed->expr, bindings).status != Status::undefined)
          return fail("value", row, point + ": " + value.reason);
        outside++;
        continue;
      }
      const bool zero = value.status == Status::undetermined && value.number == 0;
      if (!value.ok() && !zero) return fail("value", row, point + ": " + value.reason);
      if (agree(value, expected)) continue;
      // The references took the coefficients as doubles, the points as decimals; cos(exp(21)) sees the difference.
      const NodePtr doubles = diff(context, with_doubles(context, parsed->expr), context.symbol(row.variable));
      if (!agree(evaluate_certain(context, doubles, bindings), expected))
        return fail("differs", row, point + ": " + value.text);
      rounded++;
    }
    good++;
  }

  std::string report() const {
    std::string text = std::to_string(good) + " of " + std::to_string(rows) + " rows, " + std::to_string(points) +
                       " points, " + std::to_string(outside) + " of them outside the real domain, " +
                       std::to_string(complex) + " through complex numbers, " + std::to_string(rounded) +
                       " with coefficients as doubles\n";
    for (const auto& [kind, count] : failures) text += kind + ": " + std::to_string(count) + "\n";
    for (const std::string& e : examples) text += e + "\n";
    return text;
  }
};

TEST(Corpora, SrbenchHalf) {
  const auto rows = read("srbench_half.tsv");
  if (rows.empty()) GTEST_SKIP() << "no srbench_half.tsv in " << shared();
  Judge judge;
  for (const Row& row : rows) judge.check(row);
  EXPECT_EQ(judge.good, judge.rows);
  EXPECT_LE(judge.outside, 0.01 * judge.points);
  EXPECT_LE(judge.rounded, 1);
  std::cout << judge.report();
}

TEST(Corpora, RubiRealTenth) {
  const auto rows = read("rubi_real_tenth.tsv");
  if (rows.empty()) GTEST_SKIP() << "no rubi_real_tenth.tsv in " << shared();
  Judge judge;
  for (const Row& row : rows) judge.check(row);
  EXPECT_GE(judge.good, 0.99 * judge.rows);
  EXPECT_EQ(judge.outside, 0);
  std::cout << judge.report();
}

TEST(Corpora, RubiSpecialThird) {
  const auto rows = read("rubi_special_third.tsv");
  if (rows.empty()) GTEST_SKIP() << "no rubi_special_third.tsv in " << shared();
  Judge judge;
  for (const Row& row : rows) judge.check(row);
  EXPECT_EQ(judge.good, judge.rows);
  std::cout << judge.report();
}

// Inputs with implicit multiplication and the derivative that math.js prints. Its text for acoth has the wrong sign,
// and it prints |2x|/(2x) without the brackets.
TEST(Corpora, MathjsInputsMeanWhatTheyLookLike) {
  const auto rows = read("mathjs_derivative_tests.tsv");
  if (rows.empty()) GTEST_SKIP() << "no mathjs_derivative_tests.tsv in " << shared();
  for (const Row& row : rows) {
    if (row.expression.find("acoth") != std::string::npos || row.expression.find("abs(2x)") != std::string::npos)
      continue;
    Context context;
    const auto input = parse(context, row.expression), expected = parse(context, row.expected);
    ASSERT_TRUE(input) << row.expression << ": " << input.error().message;
    ASSERT_TRUE(expected) << row.expected << ": " << expected.error().message;
    const NodePtr derivative = diff(context, input->expr, context.symbol(row.variable));
    int compared = 0;
    for (const char* x : {"0.3", "0.45", "1.7", "2.6"}) {
      std::vector<Binding> at;
      for (const char* name : {"x", "y", "z"})
        at.push_back({context.symbol(name), context.rational(*Rational::parse(name[0] == 'x' ? x : "1.3"))});
      const Value got = evaluate_certain(context, derivative, at), want = evaluate_certain(context, expected->expr, at);
      if (want.status != Status::certain && got.status != Status::certain) continue;
      EXPECT_NEAR(got.number, want.number, 1e-11 * std::abs(want.number)) << row.expression << " at " << x;
      compared++;
    }
    EXPECT_GT(compared, 0) << row.expression;
  }
}

}  // namespace
}  // namespace gradus

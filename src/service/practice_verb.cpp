// practice: exercises; or for one formula a verdict on an answer, hints, the solution.
#include <algorithm>
#include <chrono>

#include "gradus/algebra/algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/print.hpp"
#include "service/exercise.hpp"
#include "service/mistakes.hpp"
#include "service/present_table.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

// Of this moment, small enough to be typed again.
int some_seed() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return int(std::chrono::duration_cast<std::chrono::milliseconds>(now).count() % 1'000'000);
}

bool asks_about_one(const Request& request) {
  return !request.reply.empty() || request.hint > 0 || request.solve || !request.operands.empty();
}

void list_exercises(Session& s, int level, int seed) {
  Table table{
      "exercises", {{"number", "no."}, {"level", "level"}, {"topic", "topic"}, {"formula", "differentiate"}}, {}};
  const int count = std::max(1, s.request.count);
  for (int i = 0; i < count; ++i) {
    if (s.out_of_time()) return;
    const Exercise exercise = make_exercise(s.context, level, s.request.topic, std::uint64_t(seed), std::uint64_t(i));
    if (!s.check(exercise.formula)) return;
    table.rows.push_back({Cell::of(i + 1), Cell::of(level), Cell::word(std::string(exercise.topic)),
                          Cell::word(s.formula(exercise.formula).text)});
  }
  s.answer.tables.push_back(std::move(table));
  s.answer.figures.push_back({"seed", "seed", Cell::of(seed)});
}

// Right where it equals the derivative: proven by algebra, or by certain values at sample points.
void judge(Session& s, NodePtr f, NodePtr x) {
  ParseOptions options;
  options.differentiate = [](Context& c, NodePtr g, NodePtr v, int order) { return gradus::diff(c, g, v, order); };
  auto parsed = parse(s.context, s.request.reply, options);
  if (!parsed) {
    s.fail(parsed.errors(), s.request.reply, "--answer");
    return;
  }
  if (!parsed->expr) {
    s.fail({Code::E101, "the answer is a formula"}, s.request.reply, "--answer");
    return;
  }
  const NodePtr answer = parsed->expr, right = gradus::diff(s.context, f, x);
  if (!s.check(right) || !s.check(answer)) return;
  s.variables = {x};
  s.answer.variables = {std::string(x->name())};
  const NodePtr difference = simplify(s.context, s.context.sub(answer, right)).expr;
  StepChecker checker(s.context);
  const StepCheck check = checker.agree(right, answer);
  const bool proven = difference->is_zero();
  if (proven || check.outcome == StepCheck::Outcome::agrees) {
    s.answer.status = "right";
    Conditions conditions;
    const NodePtr tidy = s.tidy(right, conditions);
    s.answer.label = "f'(" + std::string(x->name()) + ")";
    s.answer.result = {s.formula(tidy)};
    s.answer.notes.emplace_back(proven ? "Right." : "Right, as far as numbers tell.");
    return;
  }
  if (check.outcome == StepCheck::Outcome::none) {
    s.fail({Code::E402, "it cannot be decided whether this is right: " + check.reason}, s.request.reply, "--answer");
    return;
  }
  s.answer.status = "wrong";
  s.answer.exit = 1;
  s.answer.notes.emplace_back("Not right.");
  std::string why = diagnose(s.context, checker, f, x, right, answer);
  if (why.empty()) why = "It is not the derivative at " + place_text(check.at.front()) + ", for instance.";
  s.answer.notes.push_back(std::move(why));
}

}  // namespace

void run_practice(Session& s) {
  const int level = std::max(1, s.request.level), seed = s.request.seed >= 0 ? s.request.seed : some_seed();
  if (s.functions.empty()) {
    if (!asks_about_one(s.request)) return list_exercises(s, level, seed);
    if (s.request.seed < 0) {
      s.fail({Code::E702, "which exercise? A formula, or the --seed it was made from"});
      return;
    }
    const Exercise exercise = make_exercise(s.context, level, s.request.topic, std::uint64_t(seed), 0);
    if (!s.check(exercise.formula)) return;
    s.functions.emplace_back().expr = exercise.formula;
    s.typed = to_text(s.context, exercise.formula);
  }
  if (!s.request.reply.empty()) {
    if (!s.choose_variable() || !s.need_scalars()) return;
    if (s.f().expr->shape) {
      s.fail({Code::E301, "an exercise is a scalar formula"});
      return;
    }
    const NodePtr x = s.variables[0];
    judge(s, s.f().expr, x);
    s.variables.clear();
    if (!s.ok() || (s.request.hint == 0 && !s.request.solve)) return;
  } else if (s.request.hint == 0 && !s.request.solve) {
    s.fail({Code::E702, "what is the derivative? --answer FORMULA; --hint helps, --solve shows it"});
    return;
  }
  run_explain(s);
}

}  // namespace gradus::service

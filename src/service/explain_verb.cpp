// explain: the derivative as `diff` gives it, and how it comes about; or hints only.
#include <algorithm>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "service/derivative_words.hpp"
#include "service/equation.hpp"
#include "service/explain_build.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

constexpr int highest_order = 6;

// One derivative: d/dx of `from`, which is f or a derivative of it. The last of a chain is also simplified.
struct Block {
  NodePtr from, x;
  std::string label;
  bool first, last;
};

// The blocks for `variables`, one derivative after the other.
bool chain(Session& s, std::span<const NodePtr> variables, std::vector<Block>& blocks) {
  NodePtr f = s.f().expr;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    blocks.push_back({f, variables[k], derivative_label(s.f(), variables.first(k + 1), s.symbols().size()), k == 0,
                      k + 1 == variables.size()});
    f = gradus::diff(s.context, f, variables[k]);
    if (!s.check(f)) return false;
  }
  return true;
}

// Which derivatives are asked for: one, one after the other, all of a gradient, all of a Hessian.
bool choose(Session& s, std::vector<Block>& blocks) {
  const int order = std::max(s.request.order, 1);
  if (order > highest_order) return s.fail({Code::E303, "'explain' goes up to order " + std::to_string(highest_order)});
  if (!s.request.gradient) {
    if (!s.choose_variable()) return false;
    if (s.request.order > 0) {
      if (distinct(s.variables).size() > 1)
        return s.fail({Code::E303, "--order goes with one variable; for a mixed derivative repeat names: --wrt x,x,y"});
      s.variables.assign(std::size_t(order), s.variables[0]);
    }
    if (s.variables.size() > std::size_t(highest_order))
      return s.fail({Code::E303, "'explain' goes up to order " + std::to_string(highest_order)});
    return chain(s, s.variables, blocks);
  }
  if (order > 2) return s.fail({Code::E303, "--gradient goes with --order 1 (the gradient) or 2 (the Hessian)"});
  if (!s.choose_variables()) return false;
  s.variables = distinct(s.variables);
  for (std::size_t i = 0; i < s.variables.size(); ++i) {
    if (order == 1 && !chain(s, std::span(s.variables).subspan(i, 1), blocks)) return false;
    for (std::size_t j = i; order == 2 && j < s.variables.size(); ++j) {
      const NodePtr both[] = {s.variables[i], s.variables[j]};
      std::vector<Block> entry;
      if (!chain(s, both, entry)) return false;
      if (j > i) entry.erase(entry.begin());  // told already
      blocks.insert(blocks.end(), entry.begin(), entry.end());
    }
  }
  return true;
}

// "u = x^2 and v = sin(x)"
std::string named_parts(const ExplanationStep& step) {
  std::string out;
  for (std::size_t i = 0; i < step.with.size(); ++i)
    out += (i == 0                      ? ""
            : i + 1 == step.with.size() ? " and "
                                        : ", ") +
           step.with[i].first.text + " = " + step.with[i].second.text;
  return out;
}

// The result stays out: what to do first (1), what that rule says and which rules come after it (2), what it gives (3).
std::vector<std::string> hints(const Explanation& explanation, int level) {
  std::vector<const ExplanationStep*> rules;
  for (const ExplanationStep& step : explanation.steps)
    if (step.kind == ExplanationStep::Kind::rule) rules.push_back(&step);
  if (rules.empty()) return {};
  const ExplanationStep& first = *rules.front();
  std::vector<std::string> out;
  std::string next = "Begin from outside, at " + explanation.from.text + ". " + first.title;
  const std::string parts = named_parts(first);
  next += parts.empty() ? "." : ": " + parts + ".";
  out.push_back(std::move(next));
  if (level < 2) return out;
  if (!first.statement.text.empty()) out.push_back("It says " + first.statement.text + ".");
  for (std::size_t i = 1; i < rules.size(); ++i)
    out.push_back("Then you need " + rules[i]->before.text + ": " + rules[i]->title + ".");
  if (level < 3) return out;
  out.push_back("The first step gives " + first.after.text + ".");
  return out;
}

}  // namespace

void run_explain(Session& s) {
  if (!s.request.dependent.empty() || s.f().expr->is(Op::equal)) {
    if (s.request.order > 1 || s.request.hint > 0) {
      s.fail({Code::E303, "of an equation the first derivative is explained, without hints"});
      return;
    }
    return explain_implicit(s);
  }
  std::vector<Block> blocks;
  if (!choose(s, blocks)) return;
  const NodePtr f = s.f().expr;
  std::vector<NodePtr> untidied, results;
  std::vector<std::vector<Rewrite>> rewrites(blocks.size());
  std::vector<Conditions> needed(blocks.size());
  for (std::size_t b = 0; b < blocks.size(); ++b) {  // first the results, as `diff` finds them
    NodePtr d = gradus::diff(s.context, blocks[b].from, blocks[b].x);
    if (!s.check(d)) return;
    untidied.push_back(d);
    const std::vector<NodePtr> differentiated{blocks[b].x};
    collect_conditions(s, f, differentiated, needed[b]);
    if (blocks[b].last) d = s.tidy(d, needed[b], &rewrites[b]);
    if (!s.check(d)) return;
    results.push_back(d);
  }
  Explainer explainer(s);
  Conditions all;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const Derivation derivation = derive(s.context, blocks[b].from, blocks[b].x);
    if (!s.check(derivation.result)) return;
    Explanation explanation;
    explanation.label = blocks[b].label;
    if (blocks[b].first && b == 0) explainer.canonical(explanation, s.typed, f);
    explainer.rules(explanation, derivation);
    explainer.gradient(explanation, derivation, untidied[b]);
    explainer.simplification(explanation, rewrites[b]);
    explainer.conclude(explanation, derivation, results[b]);
    explanation.conditions = condition_texts(s.context, needed[b]);
    if (s.out_of_time() || !s.check(results[b])) return;
    for (const Condition& condition : needed[b]) require(all, condition);
    if (s.request.hint > 0) {
      for (std::string& hint : hints(explanation, s.request.hint)) s.answer.hints.push_back(std::move(hint));
    } else {
      s.answer.explanations.push_back(std::move(explanation));
    }
  }
  s.answer.brief = s.request.brief;
  if (s.request.hint > 0) return;
  for (const NodePtr v : s.variables) s.answer.variables.emplace_back(v->name());
  s.show_conditions(all);
  if (!s.request.gradient) {
    s.answer.label = blocks.back().label;
    s.answer.result = {s.formula(results.back())};
    return;
  }
  const std::size_t n = s.variables.size();
  if (s.request.order != 2) {
    s.answer.label = "grad " + s.f().name;
    s.answer.shape = {n};
    for (const NodePtr r : results) s.answer.result.push_back(s.formula(r));
    return;
  }
  s.answer.label = "H";
  s.answer.shape = {n, n};
  s.answer.result.resize(n * n);
  std::size_t b = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i; j < n; ++j) {
      b += j == i ? 1 : 0;  // the first derivative
      s.answer.result[i * n + j] = s.answer.result[j * n + i] = s.formula(results[b++]);
    }
}

}  // namespace gradus::service

// A step of the explanation is one step of the derivation, or (short form) one with the minor steps below it. The whole
// formula is carried along by the same replacements that tests/calculus/trace_test.cpp replays.
#include "service/explain_build.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/text/print.hpp"
#include "service/explain_words.hpp"

namespace gradus::service {
namespace {

constexpr std::size_t longest_whole = 400;  // characters of a formula that is shown again after each step

// Steps that a practised reader takes without a word.
bool is_minor(const DerivativeStep& step, NodePtr x) {
  switch (step.rule) {
    case DerivativeRule::sum:
    case DerivativeRule::constant_multiple:
    case DerivativeRule::entries:
    case DerivativeRule::comparison:
      return true;
    case DerivativeRule::reduction:
      return step.of->is(Op::reduce_sum);
    case DerivativeRule::power:
      return step.of->operand(0) == x;
    default:
      return false;
  }
}

// The body of a sum or an integral with a letter for its index, as the printer has it: the pass uses a symbol without a
// name.
Derivation with_index_named(Context& context, Derivation body, NodePtr binder, NodePtr f) {
  constexpr std::string_view letters[2][6] = {{"k", "i", "j", "l", "m", "n"}, {"t", "s", "u", "v", "w", "z"}};
  auto taken = symbols_of(context, f);
  for (const NodePtr index : symbols_of(context, body.f)) {  // that of the binder, and those of binders around it
    if (index->name().find('#') == std::string_view::npos) continue;
    NodePtr letter = nullptr;
    for (const std::string_view name : letters[binder->is(Op::integral_over)])
      if (!letter && std::none_of(taken.begin(), taken.end(), [&](NodePtr s) { return s->name() == name; }))
        letter = context.symbol(name, index->data.symbol->facts);
    if (!letter) return body;
    taken.push_back(letter);
    const auto named = [&](NodePtr& n) { n = substitute(context, n, index, letter); };
    named(body.f);
    named(body.result);
    for (DerivativeStep& step : body.steps) {
      named(step.of);
      named(step.form);
      named(step.result);
      for (NodePtr& part : step.parts) named(part);
      for (NodePtr& part : step.vanishing) named(part);
    }
  }
  return body;
}

}  // namespace

struct Explainer::Group {
  NodePtr form = nullptr;                       // of the first step, after the others
  std::vector<const DerivativeStep*> merged{};  // the others
  NodePtr whole = nullptr;                      // the whole formula afterwards
};

Formula Explainer::formula(NodePtr n) {
  if (session_.out_of_time()) return {};
  PrintOptions options;
  options.decimals = session_.decimals;
  options.leibniz = true;
  return {to_text(context_, n, options), to_latex(context_, n, options)};
}

void Explainer::canonical(Explanation& explanation, std::string_view typed, NodePtr f) {
  // As typed: parsed without the algebra of canonical forms.
  Context as_typed(Policy::exact(), {1'000'000, std::size_t(200) << 20, context_.deadline()});
  Scope scope;
  ParseOptions options;
  options.scope = &scope;
  for (const std::string& definition : session_.request.definitions) (void)parse(as_typed, definition, options);
  auto parsed = parse(as_typed, typed, options);
  if (!parsed || !parsed->expr) return;
  PrintOptions print;
  print.decimals = session_.decimals;
  print.leibniz = true;
  const Formula before{to_text(as_typed, parsed->expr, print), to_latex(as_typed, parsed->expr, print)};
  const Formula after = formula(f);
  const auto sorted = [](std::string text) {
    std::erase_if(text, [](char c) { return c == '(' || c == ')' || c == ' '; });
    std::sort(text.begin(), text.end());
    return text;
  };
  if (sorted(before.text) == sorted(after.text)) return;  // but for order and brackets
  explanation.typed = before;
  ExplanationStep step;
  step.kind = ExplanationStep::Kind::canonical;
  step.rule = "canonical";
  step.title = "Put the formula in order";
  step.before = before;
  step.after = after;
  step.remarks = {"Terms and factors in their usual order, like ones together; it is the same function."};
  step.check = checker_.agree(as_typed, parsed->expr, f);
  explanation.steps.push_back(std::move(step));
}

ExplanationStep Explainer::step_of(const Derivation& derivation, const DerivativeStep& step, const Group& group) {
  ExplanationStep out;
  const RuleWords words = words_for(context_, step, derivation);
  out.rule = words.name;
  out.title = words.title;
  out.chain = words.chain;
  out.remarks = words.remarks;
  if (words.left) {
    const Formula left = formula(words.left), right = formula(words.right);
    out.statement = {left.text + " = " + right.text, left.latex + " = " + right.latex};
  }
  for (std::size_t i = 0; i < words.terms.size(); i++) {
    const Formula d = formula(context_.derivative(words.terms[i], derivation.x, 1));
    if (i == 0) {
      const Formula sum = formula(context_.derivative(context_.add(words.terms), derivation.x, 1));
      out.statement = {sum.text + " = ", sum.latex + " = "};
    }
    out.statement.text += (i ? " + " : "") + d.text;
    out.statement.latex += (i ? "+" : "") + d.latex;
  }
  for (const auto& [letter, part] : words.with) out.with.emplace_back(formula(letter), formula(part));
  const NodePtr open = context_.derivative(step.of, derivation.x, 1);
  out.before = formula(open);
  out.after = formula(group.form);
  if (out.statement.text == out.before.text + " = " + out.after.text) out.statement = {};
  if (group.whole != group.form) {
    out.whole = formula(group.whole);
    if (out.whole.text.size() > longest_whole) out.whole = {};
  }
  std::vector<std::string> also;
  for (const DerivativeStep* merged : group.merged) {
    const std::string title = words_for(context_, *merged, derivation).title;
    if (title != out.title && std::find(also.begin(), also.end(), title) == also.end()) also.push_back(title);
  }
  for (std::string& title : also) {
    title[0] = char(title[0] | 0x20);
    out.title += ", " + title;
  }
  if (step.inside) out.inside = steps_of(with_index_named(context_, *step.inside, step.of, derivation.f));
  out.check = checker_.agree(open, group.form);
  return out;
}

std::vector<ExplanationStep> Explainer::steps_of(const Derivation& derivation) {
  std::unordered_map<NodePtr, const DerivativeStep*> minor;
  if (session_.request.brief)
    for (const DerivativeStep& step : derivation.steps)
      if (is_minor(step, derivation.x)) minor.emplace(step.of, &step);
  std::vector<ExplanationStep> out;
  const auto open = [&](NodePtr u) { return context_.derivative(u, derivation.x, 1); };
  NodePtr whole = open(derivation.f);
  std::vector<NodePtr> taken;
  for (const DerivativeStep& step : derivation.steps) {
    if (session_.out_of_time()) return out;
    if (std::find(taken.begin(), taken.end(), step.of) != taken.end()) continue;
    Group group{step.form, {}, substitute(context_, whole, open(step.of), step.form)};
    if (group.whole == whole) continue;  // its factor is 0
    // What another step has taken along comes again where this one brings its derivative back.
    std::vector<NodePtr> here;
    for (std::vector<NodePtr> parts = step.parts; !parts.empty();) {
      const auto found = minor.find(parts.back());
      parts.pop_back();
      if (found == minor.end() || std::find(here.begin(), here.end(), found->first) != here.end()) continue;
      const DerivativeStep& below = *found->second;
      here.push_back(below.of);
      group.merged.push_back(&below);
      group.form = substitute(context_, group.form, open(below.of), below.form);
      group.whole = substitute(context_, group.whole, open(below.of), below.form);
      parts.insert(parts.end(), below.parts.begin(), below.parts.end());
    }
    taken.insert(taken.end(), here.begin(), here.end());
    whole = group.whole;
    out.push_back(step_of(derivation, step, group));
  }
  return out;
}

void Explainer::rules(Explanation& explanation, const Derivation& derivation) {
  if (derivation.direction) {
    checker_.along(derivation.x, derivation.direction);
    explanation.differential = "d" + session_.f().name;
  }
  explanation.from = formula(derivation.f);
  explanation.goal = formula(context_.derivative(derivation.f, derivation.x, 1));
  for (ExplanationStep& step : steps_of(derivation)) explanation.steps.push_back(std::move(step));
}

// The sum over all entries of g dx; of a vector J dx.
NodePtr Explainer::along(NodePtr gradient, const Derivation& derivation) {
  if (!derivation.direction) return gradient;
  if (derivation.f->shape) return matmul(context_, gradient, derivation.direction);
  std::vector<int> axes(derivation.x->rank());
  std::iota(axes.begin(), axes.end(), 0);
  return context_.reduce(Op::reduce_sum, context_.mul(gradient, derivation.direction), axes);
}

void Explainer::gradient(Explanation& explanation, const Derivation& derivation, NodePtr gradient) {
  if (!derivation.direction) return;
  const bool vector = derivation.f->shape != nullptr;
  const std::string letters[2][4] = {{"g", "G", "g1", "g2"}, {"J", "M", "J1", "J2"}};
  const NodePtr g = free_symbol(context_, derivation.f, letters[vector], total, *gradient->shape);
  ExplanationStep step;
  step.rule = "gradient";
  step.title = vector ? "Read off the Jacobian" : "Read off the gradient";
  step.before = formula(derivation.result);
  step.after = formula(along(g, derivation));
  step.with = {{formula(g), formula(gradient)}};
  const std::string dx(derivation.direction->name());
  step.remarks = {vector ? "It is the matrix that " + dx + " is multiplied by."
                         : "It is the array whose entries are what those of " + dx + " are multiplied by."};
  step.check = checker_.agree(derivation.result, along(gradient, derivation));
  explanation.steps.push_back(std::move(step));
}

void Explainer::simplification(Explanation& explanation, std::span<const Rewrite> rewrites) {
  const auto step_from = [&](NodePtr before, NodePtr after, NodePtr whole) {
    ExplanationStep step;
    step.kind = ExplanationStep::Kind::simplification;
    step.before = formula(before);
    step.after = formula(after);
    if (after != whole) step.whole = formula(whole);
    if (step.whole.text.size() > longest_whole) step.whole = {};
    step.check = checker_.agree(before, after);
    return step;
  };
  const auto listed = [](const std::vector<std::string>& rules) {
    std::string out;
    for (const std::string& rule : rules) out += (out.empty() ? "" : "; ") + rule;
    return out;
  };
  std::vector<std::string> all;
  Conditions needed;
  for (const Rewrite& r : rewrites) {
    std::vector<std::string> rules;
    for (const std::string_view name : r.also) rules.emplace_back(name);
    rules.emplace_back(r.name);
    if (!session_.request.brief) {
      ExplanationStep step = step_from(r.before, r.after, r.next);
      step.rule = listed(rules);
      step.title = "Simplify: " + step.rule;
      step.conditions = condition_texts(context_, r.conditions);
      explanation.steps.push_back(std::move(step));
      continue;
    }
    for (const std::string& rule : rules)
      if (std::find(all.begin(), all.end(), rule) == all.end()) all.push_back(rule);
    for (const Condition& c : r.conditions) needed.add(c);
  }
  if (rewrites.empty() || !session_.request.brief) return;
  ExplanationStep step = step_from(rewrites.front().root, rewrites.back().next, rewrites.back().next);
  step.rule = listed(all);
  step.title = "Simplify: " + step.rule;
  step.conditions = condition_texts(context_, needed);
  explanation.steps.push_back(std::move(step));
}

void Explainer::conclude(Explanation& explanation, const Derivation& derivation, NodePtr result) {
  explanation.variable = derivation.x->name();
  explanation.result = formula(result);
  explanation.check = checker_.agree(context_.derivative(derivation.f, derivation.x, 1), along(result, derivation));
}

}  // namespace gradus::service

#include "service/present_explanation.hpp"

#include "service/present_table.hpp"

namespace gradus::service {
namespace {

std::string joined(const std::vector<std::string>& list, std::string_view between) {
  std::string out;
  for (const std::string& each : list) out += (out.empty() ? "" : std::string(between)) + each;
  return out;
}

std::string with_text(const ExplanationStep& step) {
  std::string out;
  for (const auto& [letter, part] : step.with) out += (out.empty() ? "" : ", ") + letter.text + " = " + part.text;
  return out;
}

class TextPage {
 public:
  TextPage(bool brief, bool color) : brief_(brief), color_(color) {}

  void explanation(const Explanation& e) {
    line(strong((e.differential.empty() ? e.label : e.differential) + " = " + e.goal.text), 0);
    out_ += '\n';
    steps(e.steps, e.goal.text, 0);
    line(strong(e.label + " = " + e.result.text + (e.conditions.empty() ? "" : "   for " + joined(e.conditions, ", "))),
         0);
    line(faint(check_text(e.check)), 0);
  }
  void gap() { out_ += out_.empty() ? "" : "\n"; }
  std::string take() { return std::move(out_); }

 private:
  void steps(const std::vector<ExplanationStep>& list, const std::string& goal, std::size_t indent) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string number = std::to_string(i + 1) + ". ";
      const ExplanationStep& step = list[i];
      if (brief_) {
        line(number + step.title + ": " + step.before.text + " = " + step.after.text + for_conditions(step), indent);
        if (step.check.outcome == StepCheck::Outcome::differs) line("   " + check_text(step.check), indent);
        continue;
      }
      line(strong(number + step.title) + for_conditions(step), indent);
      const std::size_t in = indent + 3;
      if (!step.statement.text.empty()) line(step.statement.text, in);
      if (!step.with.empty()) line("with " + with_text(step), in);
      for (const std::string& remark : step.remarks) line(remark, in);
      if (!step.inside.empty()) steps(step.inside, {}, in);
      line("  " + step.before.text + " = " + step.after.text, in);
      if (!step.whole.text.empty() && !goal.empty()) line("so " + goal + " = " + step.whole.text, in);
      line(faint(check_text(step.check)), in);
    }
    if (!list.empty()) out_ += '\n';
  }
  static std::string for_conditions(const ExplanationStep& step) {
    return step.conditions.empty() ? "" : "   for " + joined(step.conditions, ", ");
  }
  std::string strong(const std::string& text) const { return color_ ? "\x1b[1m" + text + "\x1b[0m" : text; }
  std::string faint(const std::string& text) const { return color_ ? "\x1b[2m" + text + "\x1b[0m" : text; }
  void line(const std::string& text, std::size_t indent) { out_ += std::string(indent, ' ') + text + '\n'; }

  bool brief_, color_;
  std::string out_;
};

// Words in mathematics mode, with what TeX would read otherwise taken apart.
std::string words(std::string_view text) {
  std::string out = "\\text{";
  for (const char c : text) {
    if (c == '^')
      out += "\\^{}";
    else if (std::string_view("#$%&_{}").find(c) != std::string_view::npos)
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out + "}";
}

void latex_steps(std::string& out, const std::vector<ExplanationStep>& steps) {
  for (const ExplanationStep& step : steps) {
    latex_steps(out, step.inside);
    std::string why = words(step.title);
    for (std::size_t i = 0; i < step.with.size(); ++i)
      why += (i ? ",\\ " : ",\\quad ") + step.with[i].first.latex + "=" + step.with[i].second.latex;
    if (!step.conditions.empty()) why += ",\\quad " + words(joined(step.conditions, ", "));
    out += step.before.latex + " &= " + step.after.latex + " && " + why + " \\\\\n";
  }
}

}  // namespace

std::string check_text(const StepCheck& check) {
  if (check.outcome == StepCheck::Outcome::none)
    return check.reason.empty() ? "not checked" : "not checked by numbers: " + check.reason;
  std::string places;
  const bool agrees = check.outcome == StepCheck::Outcome::agrees;
  if (check.at.size() > 1 && check.at[0].size() == 1)  // x = 0.7, 1.3
    places = check.at[0][0].first + " = " + check.at[0][0].second.text + ", " + check.at[1][0].second.text;
  else
    for (const Place& place : check.at)  // sizes of arrays may be the same twice
      if (const std::string text = place_text(place); text != places) places += (places.empty() ? "" : "; ") + text;
  if (places.empty()) return agrees ? "checked by numbers" : "the two sides DIFFER";
  return (agrees ? "checked at " : "the two sides DIFFER at ") + places;
}

std::string explanation_text(const Answer& answer, bool color) {
  TextPage page(answer.brief, color);
  for (const Explanation& each : answer.explanations) {
    page.gap();
    page.explanation(each);
  }
  return page.take();
}

std::string explanation_latex(const Answer& answer) {
  std::string out;
  for (const Explanation& each : answer.explanations) {
    out += "\\begin{align*}\n";
    latex_steps(out, each.steps);
    const bool array = !each.differential.empty();
    out += (array ? words(each.label) : each.goal.latex) + " &= " + each.result.latex + " && " +
           words(!each.conditions.empty() ? "for " + joined(each.conditions, ", ")
                 : array                  ? "the gradient"
                                          : "the derivative") +
           "\n\\end{align*}\n";
  }
  return out;
}

}  // namespace gradus::service

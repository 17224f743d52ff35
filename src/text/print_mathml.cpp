// Presentation MathML: the same arrangement as LaTeX, in elements of <math>. Whatever stands in one place is one
// element or a <mrow>, so that every fragment may be put anywhere. Source: W3C, MathML Core.
#include <algorithm>

#include "text/lexer.hpp"
#include "text/printer.hpp"

namespace gradus {
namespace text {
namespace {

constexpr std::string_view apply_sign = "<mo>&#x2061;</mo>", times_sign = "<mo>&#x2062;</mo>";

bool is_root(NodePtr n) {
  return n->op == op_of<ops::Pow> && n->operand(1)->is_rational() && n->operand(1)->value() == Rational(1, 2);
}

// "arcsin" of R"(\arcsin\left({0}\right))", "erf" of R"(\operatorname{erf}\left({0}\right))"; else the name in text.
std::string_view function_name(const OpInfo& info) {
  std::string_view form = info.latex;
  constexpr std::string_view word = "\\operatorname{";
  const bool named = form.starts_with(word);
  form.remove_prefix(named ? word.size() : form.starts_with('\\') ? 1 : form.size());
  std::size_t end = 0;
  while (end < form.size() && ((form[end] >= 'a' && form[end] <= 'z') || (form[end] >= '0' && form[end] <= '9'))) end++;
  const std::string_view rest = form.substr(end + (named && end < form.size()));
  return end > 1 && rest.starts_with("\\left({0}") ? form.substr(0, end) : info.name;
}

class MathmlPrinter : public Printer {
 public:
  using Printer::Printer;

 protected:
  std::uint8_t precedence(NodePtr n) const override {
    if (n->op == op_of<ops::Exp>) return power;
    if (n->is_binder()) return term;
    if (n->is(Op::derivative)) return product;
    if (matrix_product(n) || n->is(Op::solve) || n->is(Op::triangular_solve)) return product;
    if (n->is(Op::inverse)) return power;
    return Printer::precedence(n);
  }
  std::uint8_t power_precedence(NodePtr, NodePtr, const Rational&) const override { return power; }
  void brackets(bool open) override { say(open ? "<mrow><mo>(</mo>" : "<mo>)</mo></mrow>"); }
  std::string_view minus(bool /*leading*/) const override { return "<mo>\u2212</mo>"; }
  std::string_view plus() const override { return "<mo>+</mo>"; }
  std::uint8_t fraction_level(bool several) const override { return several ? factor : anything; }
  void fraction(int part, bool) override {
    say(part == 0 ? "<mfrac><mrow>" : part == 1 ? "</mrow><mrow>" : "</mrow></mfrac>");
  }
  void root(NodePtr x) override { fill("<msqrt>{0}</msqrt>", {&x, 1}); }
  void number(const Rational& value) override {
    const std::string d = decimal(value);
    if (!d.empty()) return keep("<mn>" + d + "</mn>");
    if (value.is_integer()) return keep("<mn>" + value.to_string() + "</mn>");
    keep("<mfrac><mn>" + value.numerator().to_string() + "</mn><mn>" + value.denominator().to_string() +
         "</mn></mfrac>");
  }
  void raise(NodePtr b, NodePtr exponent, const Rational* e) override {
    say("<msup><mrow>");
    say(b, base);
    say("</mrow><mrow>");
    if (exponent) {
      say(exponent, anything);
    } else {
      if (e->sign() < 0) say(minus(true));
      number(e->sign() < 0 ? -*e : *e);
    }
    say("</mrow></msup>");
  }
  void times(const Rational*, NodePtr left, const Rational*, NodePtr right) override {
    NodePtr first = right;
    if (first->op == op_of<ops::Pow> && !is_root(first)) first = first->operand(0);
    say(first->is_rational() || (left && left->is_rational()) ? "<mo>\u22C5</mo>" : times_sign);
  }
  void symbol(NodePtr n) override { keep(spelt(n->name())); }
  std::string_view matrix_times() const override { return times_sign; }
  void transposed(NodePtr a) override { fill("<msup><mrow>{0}</mrow><mo>\u22A4</mo></msup>", {&a, 1}, atom); }
  void diagonal(NodePtr v) override { call_of("<mi>diag</mi>", {&v, 1}); }
  void outer(NodePtr x, NodePtr y) override {
    say(x, factor);
    say(times_sign);
    transposed(y);
  }
  static std::string spelt(std::string_view name) {
    name = name.substr(0, name.find('#'));
    std::size_t split = name.find('_');
    if (split == std::string_view::npos) {
      split = name.size();
      while (split > 1 && name[split - 1] >= '0' && name[split - 1] <= '9') split--;
    }
    const std::string_view stem = name.substr(0, split), greek = greek_letter(stem);
    std::string_view suffix = name.substr(split);
    while (!suffix.empty() && suffix[0] == '_') suffix.remove_prefix(1);
    std::string letter = "<mi>" + std::string(greek.empty() ? stem : greek) + "</mi>";
    if (suffix.empty()) return letter;
    const bool digits = std::all_of(suffix.begin(), suffix.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::string tag = digits ? "mn" : "mi";
    return "<msub>" + letter + "<" + tag + ">" + std::string(suffix) + "</" + tag + "></msub>";
  }
  void shared(NodePtr, const std::string& name) override { keep(spelt(name)); }
  void definition(const std::string& name, NodePtr n) override {
    say(out_.empty() ? "<mtable><mtr><mtd>" : "<mtr><mtd>");
    keep(spelt(name) + "</mtd><mtd><mo>=</mo></mtd><mtd>");
    say(n, anything);
    say("</mtd></mtr>");
  }
  void result(NodePtr n) override {
    const bool parts = !out_.empty();
    say(parts ? "<mtr><mtd></mtd><mtd></mtd><mtd>" : "<mrow>");
    say(n, anything);
    say(parts ? "</mtd></mtr></mtable>" : "</mrow>");
  }

  void relation(std::string_view sign, std::span<const NodePtr> x, bool flip = false) {
    say(x[flip], comparison + 1);
    say(sign);
    say(x[!flip], comparison + 1);
  }
  void call_of(std::string name, std::span<const NodePtr> x) {
    keep(std::move(name));
    say(apply_sign);
    say("<mrow><mo>(</mo>");
    list(x, "<mo>,</mo>");
    say("<mo>)</mo></mrow>");
  }
  void node(NodePtr n) override {
    const auto x = n->operands();
    switch (n->op) {
      case Op::pi:
        return say("<mi>\u03C0</mi>");
      case Op::bound:
        return keep(spelt(bound_name(n->bound_number(), n->bound_is_real())));
      case Op::min:
      case Op::max:
        return call_of(n->is(Op::min) ? "<mi>min</mi>" : "<mi>max</mi>", x);
      case Op::less:
      case Op::less_equal: {
        const bool flip = x[0]->is_constant() && !x[1]->is_constant();
        if (n->is(Op::less)) return relation(flip ? "<mo>&gt;</mo>" : "<mo>&lt;</mo>", x, flip);
        return relation(flip ? "<mo>\u2265</mo>" : "<mo>\u2264</mo>", x, flip);
      }
      case Op::equal:
        if (is_eye(n)) return say("<mi>I</mi>");
        return relation("<mo>=</mo>", x);
      case Op::solve:
      case Op::triangular_solve:
        say("<msup><mrow>");
        say(x[0], atom);
        say(reads_transposed(n) ? "</mrow><mrow><mo>-</mo><mo>\u22A4</mo></mrow></msup>"
                                : "</mrow><mrow><mo>-</mo><mn>1</mn></mrow></msup>");
        say(times_sign);
        return say(x[1], factor);
      case Op::inverse:
        return fill("<msup><mrow>{0}</mrow><mrow><mo>-</mo><mn>1</mn></mrow></msup>", x, atom);
      case Op::determinant:
        return call_of("<mi>" + std::string(determinant_name(n)) + "</mi>", x);
      case Op::cholesky:
        return call_of("<mi>chol</mi>", x);
      case Op::eigenvalues:
        return call_of("<mi>\u03BB</mi>", x);
      case Op::logical_not:
        if (x[0]->is(Op::equal) && !name_of(x[0])) return relation("<mo>\u2260</mo>", x[0]->operands());
        say("<mo>\u00AC</mo>");
        return say(x[0], atom);
      case Op::logical_and:
        return list(x, "<mo>\u2227</mo>", conjunction + 1);
      case Op::logical_or:
        return list(x, "<mo>\u2228</mo>", disjunction + 1);
      case Op::select:
        return fill(
            "<mrow><mo>&#x7B;</mo><mtable columnalign=\"left\"><mtr><mtd><mrow>{1}</mrow></mtd><mtd><mtext>if "
            "</mtext><mrow>{0}</mrow></mtd></mtr><mtr><mtd><mrow>{2}</mrow></mtd><mtd><mtext>otherwise</mtext></mtd>"
            "</mtr></mtable></mrow>",
            x);
      case Op::stack:
        return stack(n);
      case Op::index:
        say("<msub><mrow>");
        say(x[0], atom);
        say("</mrow><mrow>");
        for (std::size_t i = 1; i < x.size(); i++) {
          if (i > 1) say("<mo>,</mo>");
          say(context_.add(x[i], context_.integer(1)), anything);
        }
        return say("</mrow></msub>");
      case Op::broadcast:
        if (is_transpose(n)) return transposed(x[0]);
        return say(x[0], atom);
      case Op::reduce_sum:
      case Op::reduce_max: {
        if (const auto both = matrix_product(n)) return print_matrix_product(*both);
        if (const NodePtr a = traced(n)) return call_of("<mi>tr</mi>", {&a, 1});
        return call_of(n->is(Op::reduce_sum) ? "<mi>sum</mi>" : "<mi>max</mi>", x);
      }
      case Op::sum_over:
      case Op::prod_over:
        keep(std::string("<munderover><mo>") + (n->is(Op::sum_over) ? "\u2211" : "\u220F") + "</mo><mrow>" +
             spelt(bound_name(n->data.number)) + "<mo>=</mo>");
        say(x[1], anything);
        say("</mrow><mrow>");
        say(x[2], anything);
        say("</mrow></munderover>");
        return say(x[0], n->is(Op::sum_over) ? term : factor);
      case Op::integral_over:
        say("<msubsup><mo>\u222B</mo><mrow>");
        say(x[1], anything);
        say("</mrow><mrow>");
        say(x[2], anything);
        say("</mrow></msubsup>");
        say(x[0], term);
        return keep("<mspace width=\"0.17em\"/><mi>d</mi>" + spelt(bound_name(n->data.number, true)));
      case Op::derivative: {
        const int order = (*n->data.axes)[0];
        const auto power_of = [&](const std::string& what) {
          return order == 1 ? what : "<msup>" + what + "<mn>" + std::to_string(order) + "</mn></msup>";
        };
        keep("<mfrac><mrow>" + power_of("<mi>d</mi>") + "</mrow><mrow><mi>d</mi>" + power_of(spelt(x[1]->name())) +
             "</mrow></mfrac>");
        return say(x[0], factor);
      }
      case Op::apply: {
        const std::string_view full = n->name();
        const std::size_t hash = full.find('#');
        std::string name = spelt(full.substr(0, hash));
        if (hash != std::string_view::npos) {
          const std::string orders(full.substr(hash + 1));
          const int order = n->arity == 1 ? std::stoi(orders) : 0;
          std::string primes;
          for (int k = 0; k < order && order < 4; k++) primes += "\u2032";
          name = "<msup>" + name + "<mo>" + (primes.empty() ? "(" + orders + ")" : primes) + "</mo></msup>";
        }
        return call_of(std::move(name), x);
      }
      default:
        break;
    }
    if (n->op == op_of<ops::Exp> && x[0]->is_one()) return say("<mi>e</mi>");
    if (n->op == op_of<ops::Exp>) return fill("<msup><mi>e</mi><mrow>{0}</mrow></msup>", x);
    if (n->op == op_of<ops::Cbrt>) return fill("<mroot><mrow>{0}</mrow><mn>3</mn></mroot>", x);
    if (n->op == op_of<ops::Root>) return fill("<mroot><mrow>{0}</mrow><mrow>{1}</mrow></mroot>", x);
    if (n->op == op_of<ops::Abs>) return fill("<mrow><mo>|</mo>{0}<mo>|</mo></mrow>", x);
    if (n->op == op_of<ops::Floor>) return fill("<mrow><mo>\u230A</mo>{0}<mo>\u230B</mo></mrow>", x);
    if (n->op == op_of<ops::Ceil>) return fill("<mrow><mo>\u2308</mo>{0}<mo>\u2309</mo></mrow>", x);
    if (is_pointwise_record(n->op)) return call_of("<mi>" + std::string(function_name(info_of(n->op))) + "</mi>", x);
    say("<mtext>");
    Printer::node(n);
    say("</mtext>");
  }
  void stack(NodePtr n) {
    say("<mrow><mo>(</mo><mtable>");
    for (const NodePtr row : n->operands()) {
      say("<mtr>");
      const bool matrix = row->is(Op::stack) && !name_of(row);
      const auto cells = matrix ? row->operands() : std::span<const NodePtr>(&row, 1);
      for (const NodePtr cell : cells) {
        say("<mtd>");
        say(cell, anything);
        say("</mtd>");
      }
      say("</mtr>");
    }
    say("</mtable><mo>)</mo></mrow>");
  }
};
}  // namespace
}  // namespace text

std::string to_mathml(Context& context, NodePtr n, const PrintOptions& options) {
  return text::MathmlPrinter(context, options).print(n);
}

}  // namespace gradus

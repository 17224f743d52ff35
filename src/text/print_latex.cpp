// LaTeX: fractions, roots and superscripts carry their own braces, so brackets stand only where a reader needs them.
#include <algorithm>

#include "text/lexer.hpp"
#include "text/printer.hpp"

namespace gradus {
namespace text {
namespace {

bool is_root(NodePtr n) {
  return n->op == op_of<ops::Pow> && n->operand(1)->is_rational() && n->operand(1)->value() == Rational(1, 2);
}

class LatexPrinter : public Printer {
 public:
  using Printer::Printer;

 protected:
  std::uint8_t precedence(NodePtr n) const override {
    if (n->op == op_of<ops::Exp>) return power;
    if (n->is_binder()) return term;
    if (n->is(Op::derivative) && !options_.leibniz) return product;
    if (matrix_product(n) || n->is(Op::solve) || n->is(Op::triangular_solve)) return product;
    if (n->is(Op::inverse)) return power;
    return Printer::precedence(n);
  }
  std::uint8_t power_precedence(NodePtr, NodePtr, const Rational&) const override { return power; }
  void brackets(bool open) override { say(open ? "\\left(" : "\\right)"); }
  std::string_view minus(bool /*leading*/) const override { return "-"; }
  std::string_view plus() const override { return "+"; }
  std::uint8_t fraction_level(bool several) const override { return several ? factor : anything; }
  void fraction(int part, bool) override { say(part == 0 ? "\\frac{" : part == 1 ? "}{" : "}"); }
  void root(NodePtr x) override { fill("\\sqrt{{0}}", {&x, 1}); }

  void raise(NodePtr b, NodePtr exponent, const Rational* e) override {
    const bool whole = !exponent && e->is_integer() && e->sign() > 0;
    const bool named = is_pointwise_record(b->op) && info_of(b->op).origin == Origin::scalar;
    if (whole && named && b->arity == 1 && !name_of(b)) {  // \sin^{2}\left(x\right)
      const std::string_view form = info_of(b->op).latex;
      if (const auto bracket = form.find("\\left("); bracket != std::string_view::npos && bracket > 0) {
        say(form.substr(0, bracket));
        keep("^{" + e->to_string() + "}");
        return fill(form.substr(bracket), b->operands());
      }
    }
    if (b->op == op_of<ops::Exp> && b->operand(0)->is_one() && !name_of(b))
      say("\\mathrm{e}");  // e^{x} is exp(x)
    else
      say(b, base);
    say("^{");
    if (exponent)
      say(exponent, anything);
    else
      rational(*e);
    say("}");
  }
  void rational(const Rational& r) {
    if (r.is_integer() || !decimal(r).empty()) return keep(r.is_integer() ? r.to_string() : decimal(r));
    if (r.sign() < 0) say("-");
    const Rational p = r.numerator();
    keep("\\frac{" + (p.sign() < 0 ? -p : p).to_string() + "}{" + r.denominator().to_string() + "}");
  }
  // A sign only where two digits would meet; a thin space after a root or a word.
  void times(const Rational* left_number, NodePtr left, const Rational*, NodePtr right) override {
    NodePtr first = right;
    if (first->op == op_of<ops::Pow> && !is_root(first)) first = first->operand(0);
    if (first->is_rational() || (left && left->is_rational())) return say(" \\cdot ");
    if (left && left->op == op_of<ops::Pow> && left->operand(1)->is_integer(-1))
      left = left->operand(0);  // below a bar
    const bool bracket = precedence(first) < (first == right ? factor : base);
    if (left && is_callable(left) && bracket) return say(" \\cdot ");  // f (x + 1) would be a call
    const bool wide = !left_number && (is_word(left) || (left && is_root(left)));
    if (left && left->is(Op::pi)) return;
    say(wide || is_word(right) ? "\\," : left_number ? "" : " ");
  }
  static bool is_callable(NodePtr n) {
    return n->is(Op::symbol) &&
           (is_word(n) || std::string_view("fghuvwFGH").find(n->name()[0]) != std::string_view::npos);
  }
  static bool is_word(NodePtr n) { return n && n->is(Op::symbol) && n->name().size() > 1 && !is_short(n->name()); }
  static bool is_short(std::string_view name) {  // a letter with a subscript
    const auto stem = name.substr(0, name.find_first_of("0123456789_"));
    return stem.size() == 1 || !greek_letter(stem).empty();
  }
  void symbol(NodePtr n) override { keep(spelt(n->name())); }
  std::string_view matrix_times() const override { return " "; }
  void transposed(NodePtr a) override { fill("{0}^{\\top}", {&a, 1}, atom); }
  void diagonal(NodePtr v) override { fill("\\operatorname{diag}\\left({0}\\right)", {&v, 1}); }
  void outer(NodePtr x, NodePtr y) override {
    say(x, factor);
    say(" ");
    transposed(y);
  }
  static std::string spelt(std::string_view name) {
    const auto hash = name.find('#');
    if (hash != std::string_view::npos) name = name.substr(0, hash);
    std::size_t split = name.find('_');
    if (split == std::string_view::npos) {
      split = name.size();
      while (split > 0 && name[split - 1] >= '0' && name[split - 1] <= '9') split--;
    }
    const std::string_view stem = name.substr(0, split);
    std::string_view suffix = name.substr(split);
    while (!suffix.empty() && suffix[0] == '_') suffix.remove_prefix(1);
    const bool greek = !greek_letter(stem).empty();
    static constexpr std::string_view variants[][2] = {{"epsilon", "varepsilon"}, {"phi", "varphi"}};
    std::string_view letter = stem;
    for (const auto& v : variants)
      if (v[0] == stem) letter = v[1];
    std::string text = greek ? "\\" + std::string(letter) : stem.size() < 2 ? std::string(stem) : word(stem);
    if (suffix.empty()) return text;
    const bool digits = std::all_of(suffix.begin(), suffix.end(), [](char c) { return c >= '0' && c <= '9'; });
    return text + "_{" + (digits || suffix.size() == 1 ? std::string(suffix) : word(suffix)) + "}";
  }
  static std::string word(std::string_view w) {
    std::string out = "\\mathrm{";
    for (const char c : w) out += c == '_' ? std::string("\\_") : std::string(1, c);
    return out + "}";
  }
  void shared(NodePtr, const std::string& name) override { keep(spelt(name)); }
  void definition(const std::string& name, NodePtr n) override {
    say(out_.empty() ? "\\begin{aligned}" : "\\\\");
    keep(spelt(name) + "&=");
    say(n, anything);
  }
  void result(NodePtr n) override {
    if (out_.empty()) return say(n, anything);
    say("\\\\&");
    say(n, anything);
    say("\\end{aligned}");
  }

  void relation(std::string_view sign, std::span<const NodePtr> x, bool flip = false) {
    say(x[flip], comparison + 1);
    say(sign);
    say(x[!flip], comparison + 1);
  }
  void node(NodePtr n) override {
    const auto x = n->operands();
    switch (n->op) {
      case Op::pi:
        return say("\\pi ");
      case Op::min:
      case Op::max:
        say(n->is(Op::min) ? "\\min\\left(" : "\\max\\left(");
        list(x, ", ");
        return say("\\right)");
      case Op::less:
      case Op::less_equal: {
        const bool flip = x[0]->is_constant() && !x[1]->is_constant();
        if (n->is(Op::less)) return relation(flip ? ">" : "<", x, flip);
        return relation(flip ? "\\ge " : "\\le ", x, flip);
      }
      case Op::equal:
        if (is_eye(n)) return say("I");
        return relation("=", x);
      case Op::logical_not:
        if (x[0]->is(Op::equal) && !name_of(x[0])) return relation("\\ne ", x[0]->operands());
        say("\\lnot ");
        return say(x[0], atom);
      case Op::logical_and:
        return list(x, "\\land ", conjunction + 1);
      case Op::logical_or:
        return list(x, "\\lor ", disjunction + 1);
      case Op::select:
        return fill("\\begin{cases}{1}&\\text{if }{0}\\\\{2}&\\text{otherwise}\\end{cases}", x);
      case Op::stack:
        return stack(n);
      case Op::index:
        say(x[0], atom);
        say("_{");
        for (std::size_t i = 1; i < x.size(); i++) {
          if (i > 1) say(",");
          say(context_.add(x[i], context_.integer(1)), anything);
        }
        return say("}");
      case Op::broadcast:
        if (is_transpose(n)) return transposed(x[0]);
        return say(x[0], atom);
      case Op::reduce_sum:
      case Op::reduce_max: {
        if (const auto both = matrix_product(n)) return print_matrix_product(*both);
        if (const NodePtr a = traced(n)) return fill("\\operatorname{tr}\\left({0}\\right)", {&a, 1});
        say(n->is(Op::reduce_sum) ? "\\operatorname{sum}\\left(" : "\\max\\left(");
        say(x[0], anything);
        return say("\\right)");
      }
      case Op::solve:
      case Op::triangular_solve:
        say(x[0], atom);
        say(reads_transposed(n) ? "^{-\\top} " : "^{-1} ");
        return say(x[1], factor);
      case Op::inverse:
        return fill("{0}^{-1}", x, atom);
      case Op::determinant: {
        static constexpr std::string_view forms[] = {"\\det\\left({0}\\right)", "\\log\\det\\left({0}\\right)",
                                                     "\\log\\left|\\det\\left({0}\\right)\\right|",
                                                     "\\operatorname{sign}\\det\\left({0}\\right)"};
        return fill(forms[std::size_t(n->data.axes->front())], x);
      }
      case Op::cholesky:
        return fill("\\operatorname{chol}\\left({0}\\right)", x);
      case Op::eigenvectors:
        return fill("\\operatorname{eigenvectors}\\left({0}\\right)", x);
      case Op::eigenvalues:
        return fill("\\lambda\\left({0}\\right)", x);
      case Op::sum_over:
      case Op::prod_over:
        say(n->is(Op::sum_over) ? "\\sum_{" : "\\prod_{");
        keep(bound_name(n->data.number) + "=");
        say(x[1], anything);
        say("}^{");
        say(x[2], anything);
        say("} ");
        return say(x[0], n->is(Op::sum_over) ? term : factor);
      case Op::integral_over:
        say("\\int_{");
        say(x[1], anything);
        say("}^{");
        say(x[2], anything);
        say("} ");
        say(x[0], term);
        return keep("\\,d" + bound_name(n->data.number, true));
      case Op::derivative: {
        const int order = (*n->data.axes)[0];
        const std::string d = order == 1 ? "" : "^{" + std::to_string(order) + "}";
        if (options_.leibniz && x[1]->shape) {  // a differential
          keep("d");
        } else {
          keep("\\frac{d" + d + "}{d");
          say(x[1], atom);
          keep(d + "}");
        }
        if (!options_.leibniz) return say(x[0], factor);
        say("\\left[");
        say(x[0], anything);
        return say("\\right]");
      }
      case Op::apply: {
        std::string name(n->name());
        if (const auto hash = name.find('#'); hash != std::string::npos) {
          const std::string orders = name.substr(hash + 1);
          const int order = n->arity == 1 ? std::stoi(orders) : 0;
          name = spelt(name.substr(0, hash)) +
                 (order > 0 && order < 4 ? std::string(std::size_t(order), '\'') : "^{(" + orders + ")}");
        } else {
          name = spelt(name);
        }
        keep(std::move(name));
        say("\\left(");
        list(x, ", ");
        return say("\\right)");
      }
      default:
        break;
    }
    if (n->op == op_of<ops::Exp> && x[0]->is_one()) return say("e");
    if (is_pointwise_record(n->op)) return fill(info_of(n->op).latex, x);
    Printer::node(n);
  }
  void stack(NodePtr n) {
    say("\\begin{pmatrix}");
    for (std::size_t i = 0; i < n->arity; i++) {
      if (i) say("\\\\");
      const NodePtr row = n->operand(i);
      if (row->is(Op::stack) && !name_of(row))
        list(row->operands(), "&");
      else
        say(row, anything);
    }
    say("\\end{pmatrix}");
  }
};
}  // namespace
}  // namespace text

std::string to_latex(Context& context, NodePtr n, const PrintOptions& options) {
  return text::LatexPrinter(context, options).print(n);
}

}  // namespace gradus

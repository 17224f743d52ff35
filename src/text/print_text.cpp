// The two forms that the parser reads: ASCII, and the signs of mathematics.
#include <algorithm>

#include "text/lexer.hpp"
#include "text/printer.hpp"

namespace gradus {
namespace text {
namespace {

class TextPrinter : public Printer {
 public:
  using Printer::Printer;

 protected:
  std::uint8_t precedence(NodePtr n) const override {
    if (matrix_product(n)) return product;
    if (n->is(Op::mul) && n->rank() == 2 && is_call(n)) return atom;
    return Printer::precedence(n);
  }
  // outer(x, y), diag(v)
  bool is_call(NodePtr n) const {
    const ScaledMatrix m = readable_matrix(n->operands());
    const std::size_t vectors = std::size_t(m.left != nullptr) + std::size_t(m.right != nullptr);
    return vectors + m.inner.size() == n->arity && n->arity == 2 && (m.inner.empty() || m.is_diagonal());
  }
  void node(NodePtr n) override {
    if (n->op == op_of<ops::Exp> && n->operand(0)->is_one()) return say("e");
    Printer::node(n);
  }
  void symbol(NodePtr n) override {
    if (n->name().find('#') == std::string_view::npos) return say(n->name());
    std::string name(n->name());
    std::replace(name.begin(), name.end(), '#', '_');
    keep(std::move(name));
  }
};

constexpr std::string_view raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
constexpr std::string_view lowered[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};

class UnicodePrinter : public TextPrinter {
 public:
  using TextPrinter::TextPrinter;

 protected:
  std::uint8_t power_precedence(NodePtr, NodePtr exponent, const Rational& e) const override {
    return !exponent && e == Rational(1, 2) ? radical : power;
  }
  std::uint8_t precedence(NodePtr n) const override {
    if (n->op == op_of<ops::Cbrt>) return radical;
    return TextPrinter::precedence(n);
  }
  std::string_view minus(bool leading) const override { return leading ? "−" : " − "; }
  void root(NodePtr x) override { radical_sign("√", x); }
  void radical_sign(std::string_view sign, NodePtr x) {
    const bool plain = x->is(Op::symbol) || x->is(Op::pi) || (x->is_rational() && precedence(x) == atom);
    say(sign);
    if (!plain) say("(");
    say(x, anything);
    if (!plain) say(")");
  }
  void raise(NodePtr b, NodePtr exponent, const Rational* e) override {
    const auto n = exponent ? std::nullopt : e->to_int();
    if (!n || *n < 0 || *n > 999) return Printer::raise(b, exponent, e);
    say(b, base);
    std::string digits;
    for (const char c : std::to_string(*n)) digits += raised[c - '0'];
    keep(std::move(digits));
  }
  // 2x, 2π, but 2·e1 (2e1 is twenty) and 2·3ˣ.
  void times(const Rational* left, NodePtr, const Rational*, NodePtr right) override {
    NodePtr first = right;
    if (first->op == op_of<ops::Pow>) first = first->operand(0);
    const bool named =
        first->is(Op::pi) || (first->is(Op::symbol) && first->name()[0] != 'e' && first->name()[0] != 'E');
    say(left && !left->is_zero() && named && !name_of(right) && !name_of(first) ? "" : "·");
  }
  void symbol(NodePtr n) override {
    const std::string_view name = n->name();
    std::size_t digits = name.size();
    while (digits > 1 && name[digits - 1] >= '0' && name[digits - 1] <= '9') digits--;
    const std::string_view stem = name.substr(0, digits), greek = greek_letter(stem);
    const bool lower = digits < name.size() && stem.find('#') == std::string_view::npos && stem.back() != '_';
    if (greek.empty() && !lower) return TextPrinter::symbol(n);
    std::string text(greek.empty() ? stem : greek);
    for (const char c : name.substr(digits)) text += lowered[c - '0'];
    keep(std::move(text));
  }
  void node(NodePtr n) override {
    const auto x = n->operands();
    if (n->op == op_of<ops::Cbrt>) return radical_sign("∛", x[0]);
    if (n->op == op_of<ops::Abs> && simple(x[0])) {
      say("|");
      say(x[0], anything);
      return say("|");
    }
    switch (n->op) {
      case Op::pi:
        return say("π");
      case Op::less_equal: {
        const bool flip = x[0]->is_constant() && !x[1]->is_constant();
        say(x[flip], comparison + 1);
        say(flip ? " ≥ " : " ≤ ");
        return say(x[!flip], comparison + 1);
      }
      case Op::logical_not:
        if (x[0]->is(Op::equal) && !name_of(x[0])) return list(x[0]->operands(), " ≠ ", comparison + 1);
        return TextPrinter::node(n);
      default:
        return TextPrinter::node(n);
    }
  }
  // Without bars, inside or nested.
  static bool simple(NodePtr n) {
    if (n->height > 3 || n->arity > 4) return false;
    for (const NodePtr o : n->operands()) {
      if (o->arity > 4 || o->op == op_of<ops::Abs>) return false;
      for (const NodePtr p : o->operands())
        if (p->arity > 0) return false;
    }
    return n->op != op_of<ops::Abs>;
  }
};
}  // namespace
}  // namespace text

std::string to_text(Context& context, NodePtr n, const PrintOptions& options) {
  return text::TextPrinter(context, options).print(n);
}
std::string to_unicode(Context& context, NodePtr n, const PrintOptions& options) {
  return text::UnicodePrinter(context, options).print(n);
}

}  // namespace gradus

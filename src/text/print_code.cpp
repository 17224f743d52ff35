// C++ and Python. Arithmetic is that of doubles, so quotients of integers keep a decimal point in C++. The C++ form of
// an op is read off its NumPy form, whose names differ by a prefix only.
#include <algorithm>
#include <charconv>

#include "gradus/core/walk.hpp"
#include "text/printer.hpp"

namespace gradus {
namespace text {
namespace {

std::string shortest(double value) {
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return std::string(digits, end);
}

std::string identifier(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '#', '_');
  return out;
}

class CodePrinter : public Printer {
 public:
  using Printer::Printer;

 protected:
  std::vector<std::string> parameter_names() const {
    const auto& given = options_.parameters;
    std::vector<std::string> names;
    for (const NodePtr p : given.empty() ? symbols_of(context_, root_) : given) names.push_back(identifier(p->name()));
    return names;
  }
  void symbol(NodePtr n) override { keep(identifier(n->name())); }
  bool is_symbol(NodePtr n) const { return n->is(Op::symbol) || name_of(n) != nullptr; }
  void infix(std::string_view sign, std::span<const NodePtr> x, std::uint8_t level) { list(x, sign, level); }
};

class CppPrinter : public CodePrinter {
 public:
  using CodePrinter::CodePrinter;

 protected:
  std::uint8_t precedence(NodePtr n) const override {
    if (n->is(Op::logical_not)) return n->operand(0)->is(Op::equal) ? comparison : atom;
    return Printer::precedence(n);
  }
  std::uint8_t power_precedence(NodePtr b, NodePtr exponent, const Rational& e) const override {
    return !exponent && e == Rational(2) && is_symbol(b) ? product : atom;
  }
  void number(const Rational& value) override {
    if (!value.is_integer()) {
      const std::string d = decimal(value);
      return keep(d.empty() ? value.numerator().to_string() + ".0/" + value.denominator().to_string() + ".0" : d);
    }
    if (value.is_small() && value.small_num() < (std::int64_t(1) << 53)) return keep(value.to_string() + ".0");
    keep(value.bits() > 1000 ? "HUGE_VAL" : shortest(value.to_double()));
  }
  void root(NodePtr x) override { call("std::sqrt", {&x, 1}); }
  void raise(NodePtr b, NodePtr exponent, const Rational* e) override {
    if (!exponent && *e == Rational(2) && is_symbol(b)) {
      say(b, factor);
      say("*");
      return say(b, factor);
    }
    say("std::pow(");
    say(b, anything);
    say(", ");
    if (exponent) {
      say(exponent, anything);
    } else {
      if (e->sign() < 0) say("-");
      number(e->sign() < 0 ? -*e : *e);
    }
    say(")");
  }
  void definition(const std::string& name, NodePtr n) override {
    open_function();
    say(options_.function.empty() ? "const double " : "  const double ");
    say(name);
    say(" = ");
    say(n, anything);
    say(";\n");
  }
  void open_function() {
    if (options_.function.empty() || opened_) return;
    opened_ = true;
    std::string head = "double " + std::string(options_.function) + "(";
    bool first = true;
    for (const std::string& p : parameter_names()) {
      head += (first ? "double " : ", double ") + p;
      first = false;
    }
    keep(head + ") {\n");
  }
  void result(NodePtr n) override {
    open_function();
    if (opened_) say("  return ");
    say(n, anything);
    if (opened_) say(";\n}\n");
  }
  void nested(std::string_view name, std::span<const NodePtr> x) {  // fmax(a, fmax(b, c))
    for (std::size_t i = 0; i + 1 < x.size(); i++) {
      say(name);
      say("(");
      say(x[i], anything);
      say(", ");
    }
    say(x.back(), anything);
    keep(std::string(x.size() - 1, ')'));
  }
  void node(NodePtr n) override {
    const auto x = n->operands();
    switch (n->op) {
      case Op::pi:
        return say("3.141592653589793");
      case Op::min:
      case Op::max:
        return nested(n->is(Op::min) ? "std::fmin" : "std::fmax", x);
      case Op::less:
        return infix(" < ", x, comparison + 1);
      case Op::less_equal:
        return infix(" <= ", x, comparison + 1);
      case Op::logical_not:
        if (x[0]->is(Op::equal) && !name_of(x[0])) return infix(" != ", x[0]->operands(), comparison + 1);
        say("!");
        return say(x[0], atom);
      case Op::logical_and:
        return infix(" && ", x, conjunction + 1);
      case Op::logical_or:
        return infix(" || ", x, disjunction + 1);
      case Op::select:
        say(x[0], disjunction + 1);
        say(" ? ");
        say(x[1], choice + 1);
        say(" : ");
        return say(x[2], choice);
      case Op::index:
        say(x[0], atom);
        for (const NodePtr i : x.subspan(1)) {
          const bool literal = i->is_rational();
          say("[");
          if (literal) keep(i->value().to_string());
          if (!literal) fill("std::size_t({0})", {&i, 1});
          say("]");
        }
        return;
      case Op::stack:
        say("{");
        list(x, ", ");
        return say("}");
      case Op::sum_over:
      case Op::prod_over: {
        const std::string k = bound_name(n->data.number);
        const bool is_sum = n->is(Op::sum_over);
        keep("[&] { double value = " + std::string(is_sum ? "0" : "1") + "; for (double " + k + " = ");
        say(x[1], anything);
        keep("; " + k + " <= ");
        say(x[2], comparison + 1);
        keep("; " + k + "++) value " + (is_sum ? "+= " : "*= "));
        say(x[0], choice);
        return say("; return value; }()");
      }
      default:
        break;
    }
    if (n->op == op_of<ops::Sign>) return fill("(({0} > 0) - ({0} < 0))", x, comparison + 1);
    if (n->op == op_of<ops::Root>) return fill("std::copysign(std::pow(std::abs({0}), 1.0/({1})), {0})", x);
    if (n->op == op_of<ops::Softplus>) return fill("(std::fmax({0}, 0.0) + std::log1p(std::exp(-std::abs({0}))))", x);
    if (!is_pointwise_record(n->op)) return Printer::node(n);
    fill(form(n->op), x);
  }
  // "(1/np.cos({0}))" becomes "(1/std::cos({0}))".
  static std::string_view form(Op op) {
    static const auto forms = [] {
      std::array<std::string, PointwiseOps::size> made;
      for (std::size_t i = 0; i < made.size(); i++) {
        std::string f(op_infos[i].origin == Origin::scalar ? op_infos[i].python : op_infos[i].cpp);
        for (const auto& [from, to] : {std::pair("scipy.special.", "std::"), std::pair("np.arc", "std::a"),
                                       std::pair("np.", "std::"), std::pair("(1/", "(1.0/")})
          for (std::size_t at; (at = f.find(from)) != std::string::npos;)
            f.replace(at, std::string_view(from).size(), to);
        made[i] = f.empty() ? std::string(op_infos[i].name) + "({0})" : f;
      }
      return made;
    }();
    return forms[std::size_t(int(op) - int(Op::first_pointwise))];
  }
  bool opened_ = false;
};

class PythonPrinter : public CodePrinter {
 public:
  using CodePrinter::CodePrinter;

 protected:
  std::uint8_t precedence(NodePtr n) const override {
    switch (n->op) {
      case Op::select:
      case Op::logical_and:
      case Op::logical_or:
      case Op::logical_not:
        return n->is(Op::logical_not) && n->operand(0)->is(Op::equal) ? comparison : atom;
      default:
        break;
    }
    if (matrix_product(n)) return product;
    return Printer::precedence(n);
  }
  void root(NodePtr x) override { call("np.sqrt", {&x, 1}); }
  bool numbers_before_matrices() const override { return false; }  // NumPy would scale the matrix
  bool scales_by_diagonals() const override { return false; }      // and make one of each diagonal
  void transposed(NodePtr a) override { fill("{0}.T", {&a, 1}, atom); }
  void outer(NodePtr x, NodePtr y) override {
    const NodePtr both[] = {x, y};
    call("np.outer", both);
  }
  void number(const Rational& value) override {
    // NumPy turns integers of more than 64 bits into objects.
    if (value.is_integer() && !value.is_small())
      return keep(value.bits() > 1000 ? "np.inf" : shortest(value.to_double()));
    Printer::number(value);
  }
  void raise(NodePtr b, NodePtr exponent, const Rational* e) override {
    say(b, base);
    say("**");
    if (exponent) return say(exponent, power);
    const bool plain = e->is_integer() && e->sign() > 0;
    keep(plain ? e->to_string() : "(" + e->to_string() + ")");
  }
  void definition(const std::string& name, NodePtr n) override {
    open_function();
    if (opened_) say("    ");
    say(name);
    say(" = ");
    say(n, anything);
    say("\n");
  }
  void open_function() {
    if (options_.function.empty() || opened_) return;
    opened_ = true;
    std::string head = "import numpy as np\n\n\ndef " + std::string(options_.function) + "(";
    bool first = true;
    for (const std::string& p : parameter_names()) {
      head += (first ? "" : ", ") + p;
      first = false;
    }
    keep(head + "):\n");
  }
  void result(NodePtr n) override {
    open_function();
    if (opened_) say("    return ");
    say(n, anything);
    if (opened_) say("\n");
  }
  void nested(std::string_view name, std::span<const NodePtr> x) {
    for (std::size_t i = 0; i + 1 < x.size(); i++) {
      say(name);
      say("(");
      say(x[i], anything);
      say(", ");
    }
    say(x.back(), anything);
    keep(std::string(x.size() - 1, ')'));
  }
  void node(NodePtr n) override {
    const auto x = n->operands();
    switch (n->op) {
      case Op::pi:
        return say("np.pi");
      case Op::min:
      case Op::max:
        return nested(n->is(Op::min) ? "np.minimum" : "np.maximum", x);
      case Op::less:
        return infix(" < ", x, comparison + 1);
      case Op::less_equal:
        return infix(" <= ", x, comparison + 1);
      case Op::logical_not:
        if (x[0]->is(Op::equal) && !name_of(x[0])) return infix(" != ", x[0]->operands(), comparison + 1);
        return call("np.logical_not", x);
      case Op::equal:
        if (is_eye(n)) {
          const Dim& d = (*n->shape)[0];
          return keep("np.eye(" + (d.is_constant() ? std::to_string(d.size) : std::string(d.name)) + ")");
        }
        return Printer::node(n);
      case Op::solve:
      case Op::triangular_solve: {
        const bool triangle = n->is(Op::triangular_solve);
        say(triangle ? "scipy.linalg.solve_triangular(" : "np.linalg.solve(");
        if (!triangle && reads_transposed(n))
          transposed(x[0]);
        else
          say(x[0], anything);
        say(", ");
        say(x[1], anything);
        if (triangle)
          keep(std::string(has_form(n, 0) ? "" : ", lower=True") + (has_form(n, 1) ? ", trans='T'" : "") +
               (has_form(n, 2) ? ", unit_diagonal=True" : ""));
        return say(")");
      }
      case Op::inverse:
        return call("np.linalg.inv", x);
      case Op::determinant: {
        static constexpr std::string_view forms[] = {"np.linalg.det({0})", "np.log(np.linalg.det({0}))",
                                                     "np.linalg.slogdet({0})[1]", "np.linalg.slogdet({0})[0]"};
        return fill(forms[std::size_t(n->data.axes->front())], x);
      }
      case Op::cholesky:
        return call("np.linalg.cholesky", x);
      case Op::eigenvalues:
        return call("np.linalg.eigvalsh", x);
      case Op::eigenvectors:
        return fill("np.linalg.eigh({0})[1]", x);
      case Op::logical_and:
        return nested("np.logical_and", x);
      case Op::logical_or:
        return nested("np.logical_or", x);
      case Op::select:
        return call("np.where", x);
      case Op::stack:
        if (x[0]->is(Op::stack) || n == root_ || n == defining_) {
          say("np.array([");
          list(x, ", ");
          return say("])");
        }
        say("np.array([");
        list(x, ", ");
        return say("])");
      case Op::index:
        say(x[0], atom);
        say("[");
        list(x.subspan(1), ", ");
        return say("]");
      case Op::broadcast:
        if (is_transpose(n)) return transposed(x[0]);
        if (n->data.axes->empty()) {
          say("np.full(");
          std::string shape;
          for (const Dim& d : *n->shape)
            shape += (shape.empty() ? "" : ", ") + (d.is_constant() ? std::to_string(d.size) : std::string(d.name));
          keep("(" + shape + ",), ");
          say(x[0], anything);
          return say(")");
        }
        return Printer::node(n);
      case Op::reduce_sum:
      case Op::reduce_max: {
        if (matrix_product(n)) return Printer::node(n);
        if (const NodePtr a = traced(n)) return call("np.trace", {&a, 1});
        say(n->is(Op::reduce_sum) ? "np.sum(" : "np.max(");
        say(x[0], anything);
        if (n->data.axes->size() != x[0]->rank()) {
          std::string axes;
          for (const int axis : *n->data.axes) axes += std::to_string(axis) + ",";
          keep(", axis=(" + axes + ")");
        }
        return say(")");
      }
      case Op::sum_over:
      case Op::prod_over:
        say(n->is(Op::sum_over) ? "sum(" : "np.prod([");
        say(x[0], choice + 1);
        keep(" for " + bound_name(n->data.number) + " in range(int(");
        say(x[1], anything);
        say("), int(");
        say(x[2], anything);
        return say(n->is(Op::sum_over) ? ") + 1))" : ") + 1)])");
      default:
        break;
    }
    if (n->op == op_of<ops::Exp> && x[0]->is_one()) return say("np.e");
    const bool form = is_pointwise_record(n->op) && !info_of(n->op).python.empty();
    if (!form) return Printer::node(n);
    if (n->op == op_of<ops::Root>) return fill("(np.sign({0})*np.abs({0})**(1/({1})))", x);
    fill(info_of(n->op).python, x);
  }
  bool opened_ = false;
};
}  // namespace
}  // namespace text

std::string to_cpp(Context& context, NodePtr n, const PrintOptions& options) {
  return text::CppPrinter(context, options).print(n);
}
std::string to_python(Context& context, NodePtr n, const PrintOptions& options) {
  return text::PythonPrinter(context, options).print(n);
}

}  // namespace gradus

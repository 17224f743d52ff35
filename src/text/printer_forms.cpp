// The functional form of whatever has no operator, and the shapes of array expressions that have one.
#include "text/printer.hpp"

namespace gradus::text {

// k, i, j, l, m, n, k1, k2, ... as far as the formula leaves them free; the first belongs to number 1. Of integrals
// t, s, u, v, w, z, t1, t2, ...
const std::string& Printer::bound_name(std::int64_t number, bool real) {
  BoundNames& bound = bound_names_[real];
  if (bound.names.empty()) taken_ = names_below(context_, root_);
  static constexpr std::string_view letters[2][6] = {{"k", "i", "j", "l", "m", "n"}, {"t", "s", "u", "v", "w", "z"}};
  while (std::int64_t(bound.names.size()) < number) {
    const std::size_t next = bound.looked_at++;
    std::string name =
        next < 6 ? std::string(letters[real][next]) : std::string(letters[real][0]) + std::to_string(next - 5);
    if (!taken_.contains(name)) bound.names.push_back(std::move(name));
  }
  return bound.names[std::size_t(number) - 1];
}

void Printer::print_matrix_product(const MatrixProduct& p) {
  if (p.transposed_a)
    transposed(p.a);
  else
    say(p.a, reads_as_product(p.a) ? product : factor);  // A @ B @ C is (A @ B) @ C
  say(matrix_times());
  if (p.transposed_b)
    transposed(p.b);
  else
    say(p.b, factor);
}

// solve_lower(T', b) is of the upper triangle of T.
std::string_view Printer::triangle_name(NodePtr n) {
  static constexpr std::string_view names[] = {"solve_lower", "solve_upper", "solve_unit_lower", "solve_unit_upper"};
  return names[(has_form(n, 0) != has_form(n, 1) ? 1 : 0) + (has_form(n, 2) ? 2 : 0)];
}
bool Printer::reads_transposed(NodePtr n) { return has_form(n, n->is(Op::solve) ? 0 : 1); }

std::string_view Printer::determinant_name(NodePtr n) {
  static constexpr std::string_view names[] = {"det", "logdet", "logabsdet", "signdet"};
  return names[std::size_t(n->data.axes->front())];
}

void Printer::transposed(NodePtr a) {
  say(a, atom);
  say("'");
}

void Printer::outer(NodePtr x, NodePtr y) {
  const NodePtr both[] = {x, y};
  call("outer", both);
}

// The functional form of whatever has no operator.
void Printer::node(NodePtr n) {
  const auto x = n->operands();
  switch (n->op) {
    case Op::error:
      return say("error");
    case Op::floating: {
      char digits[40];
      std::snprintf(digits, sizeof digits, "%.17g", n->data.floating);
      return keep(digits);
    }
    case Op::pi:
      return say("pi");
    case Op::bound:
      return keep(bound_name(n->bound_number(), n->bound_is_real()));
    case Op::iota: {
      std::string text = "iota(" + std::to_string((*n->data.axes)[0] + 1);
      for (const Dim& d : *n->shape) text += ", " + (d.is_constant() ? std::to_string(d.size) : std::string(d.name));
      return keep(text + ")");
    }
    case Op::min:
      return call("min", x);
    case Op::max:
      return call("max", x);
    case Op::less:
    case Op::less_equal: {
      const bool flip = x[0]->is_constant() && !x[1]->is_constant();  // x > 0
      say(x[flip], comparison + 1);
      say(n->is(Op::less) ? flip ? " > " : " < " : flip ? " >= " : " <= ");
      return say(x[!flip], comparison + 1);
    }
    case Op::equal:
      if (is_eye(n)) {
        const Dim& d = (*n->shape)[0];
        return keep("eye(" + (d.is_constant() ? std::to_string(d.size) : std::string(d.name)) + ")");
      }
      return list(x, " == ", comparison + 1);
    case Op::solve:
    case Op::triangular_solve:
      say(n->is(Op::solve) ? "solve" : triangle_name(n));
      say("(");
      if (reads_transposed(n))
        transposed(x[0]);
      else
        say(x[0], anything);
      say(", ");
      say(x[1], anything);
      return say(")");
    case Op::inverse:
      return call("inv", x);
    case Op::determinant:
      return call(determinant_name(n), x);
    case Op::cholesky:
      return call("cholesky", x);
    case Op::eigenvalues:
      return call("eigenvalues", x);
    case Op::eigenvectors:
      return call("eigenvectors", x);
    case Op::held:
      return call("held", x);
    case Op::implicit:
    case Op::call:
      return call(n->is(Op::call) ? "call" : "implicit", x);
    case Op::logical_not:
      if (x[0]->is(Op::equal) && !name_of(x[0])) return list(x[0]->operands(), " != ", comparison + 1);
      say("not ");
      return say(x[0], negation + 1);
    case Op::logical_and:
      return list(x, " and ", conjunction + 1);
    case Op::logical_or:
      return list(x, " or ", disjunction + 1);
    case Op::select:
      say("if ");
      say(x[0], choice + 1);
      say(" then ");
      say(x[1], choice + 1);
      say(" else ");
      return say(x[2], choice);
    case Op::stack:
      say("[");
      list(x, ", ");
      return say("]");
    case Op::index:
      say(x[0], atom);
      say("[");
      for (std::size_t i = 1; i < x.size(); i++) {
        if (i > 1) say(", ");
        say(context_.add(x[i], context_.integer(1)), anything);
      }
      return say("]");
    case Op::scatter_add:
      return call("scatter_add", x);
    case Op::scan:
    case Op::while_loop:
    case Op::branch:
      return call(n->is(Op::scan) ? "scan" : n->is(Op::branch) ? "branch" : "while", x);
    case Op::result:
      keep("result(" + std::to_string(n->data.number + 1) + ", ");
      say(x[0], anything);
      return say(")");
    case Op::broadcast: {
      if (is_transpose(n)) return transposed(x[0]);
      if (n->rank() == 2 && x[0]->rank() == 1) {  // a vector as each row or column
        const bool by_rows = n->data.axes->front() == 1;
        const Dim& d = (*n->shape)[by_rows ? 0 : 1];
        if ((*x[0]->shape)[0] == (*n->shape)[by_rows ? 1 : 0]) {
          say(by_rows ? "rows(" : "columns(");
          say(x[0], anything);
          keep(", " + (d.is_constant() ? std::to_string(d.size) : std::string(d.name)));
          return say(")");
        }
      }
      const bool scalar = n->data.axes->empty();
      say(scalar ? "fill(" : "broadcast(");
      say(x[0], anything);
      if (scalar) {
        for (const Dim& d : *n->shape) keep(", " + (d.is_constant() ? std::to_string(d.size) : std::string(d.name)));
      } else {
        std::string axes;
        for (const int a : *n->data.axes) axes += ", " + std::to_string(a + 1);
        keep(", " + to_string(*n->shape) + axes);
      }
      return say(")");
    }
    case Op::reduce_sum:
    case Op::reduce_max: {
      if (const auto both = matrix_product(n)) return print_matrix_product(*both);
      if (const NodePtr a = traced(n)) return call("tr", {&a, 1});
      const bool is_sum = n->is(Op::reduce_sum);
      if (n->data.axes->size() == x[0]->rank()) return call(is_sum ? "sum" : "max", x);
      say(is_sum ? "reduce_sum(" : "reduce_max(");
      say(x[0], anything);
      for (const int a1 : *n->data.axes) keep(", " + std::to_string(a1 + 1));
      return say(")");
    }
    case Op::sum_over:
    case Op::prod_over:
      say(n->is(Op::sum_over) ? "sum(" : "prod(");
      keep(bound_name(n->data.number) + ", ");
      say(x[1], anything);
      say(", ");
      say(x[2], anything);
      say(", ");
      say(x[0], anything);
      return say(")");
    case Op::integral_over:
      say("int(");
      say(x[0], anything);
      keep(", " + bound_name(n->data.number, true) + ", ");
      list(x.subspan(1), ", ");
      return say(")");
    case Op::derivative: {
      if (options_.leibniz && x[1]->shape) {  // a differential
        say("d[");
        say(x[0], anything);
        return say("]");
      }
      if (options_.leibniz) {
        const int order = (*n->data.axes)[0];
        const std::string raised = order == 1 ? "" : "^" + std::to_string(order);
        keep("d" + raised + "/d");
        say(x[1], atom);
        keep(raised + "[");
        say(x[0], anything);
        return say("]");
      }
      say("diff(");
      list(x, ", ");
      if (const int order = (*n->data.axes)[0]; order != 1) keep(", " + std::to_string(order));
      return say(")");
    }
    case Op::apply: {  // f''(x), f^(12')(x), f^(1,0)(x, y)
      std::string name(n->name());
      if (const auto hash = name.find('#'); hash != std::string::npos) {
        const std::string orders = name.substr(hash + 1);
        name.resize(hash);
        const bool one = n->arity == 1;
        const int order = one ? std::stoi(orders) : 0;
        name += one && order < 10 ? std::string(std::size_t(order), '\'') : "^(" + orders + (one ? "')" : ")");
      }
      keep(std::move(name));
      say("(");
      list(x, ", ");
      return say(")");
    }
    default:
      return call(info_of(n->op).name, x);
  }
}

}  // namespace gradus::text

#include "text/printer.hpp"

#include <algorithm>

#include "gradus/core/walk.hpp"

namespace gradus::text {
namespace {
constexpr int decimal_places = 12;

bool is_power(NodePtr n) { return n->op == op_of<ops::Pow>; }
Rational magnitude_of(const Rational& r) { return r.sign() < 0 ? -r : r; }
const Rational half(1, 2);
}  // namespace

// May n = b^-e stand as 1/b^e? Not if the reader would make another node of it: (1/x)^(-2), 0^(-1).
bool Printer::under_bar(NodePtr n) const {
  if (!is_power(n) || !n->operand(1)->is_rational() || n->operand(1)->value().sign() >= 0) return false;
  const NodePtr b = n->operand(0);
  if (b->is_zero()) return false;
  if (!is_power(b) || n->operand(1)->is_integer(-1)) return true;
  return context_.pow(context_.pow(b, context_.rational(-n->operand(1)->value())), -1) == n;
}

std::string Printer::print(NodePtr root_node) {
  root_ = root_node;
  sharing_ = share(context_, root_, options_.share_above);
  for (const NodePtr n : sharing_.order()) {
    const std::string& name = *sharing_.name_of(n);
    defining_ = n;
    definition(name, n);
    run();
  }
  defining_ = nullptr;
  result(root_);
  run();
  return std::move(out_);
}

void Printer::definition(const std::string& name, NodePtr n) {
  say("let ");
  say(name);
  say(" = ");
  say(n, anything);
  say("; ");
}

void Printer::say(std::string_view text) {
  if (batch_.empty())
    out_ += text;
  else
    batch_.push_back({nullptr, text, 0, false});
}
void Printer::keep(std::string text) {
  if (batch_.empty())
    out_ += text;
  else
    say(kept_.emplace_back(std::move(text)));
}
void Printer::say(NodePtr n, std::uint8_t level, bool magnitude) { batch_.push_back({n, {}, level, magnitude}); }

void Printer::list(std::span<const NodePtr> nodes, std::string_view separator, std::uint8_t level) {
  for (std::size_t i = 0; i < nodes.size(); i++) {
    if (i) say(separator);
    say(nodes[i], level);
  }
}
void Printer::call(std::string_view name, std::span<const NodePtr> arguments) {
  say(name);
  say("(");
  list(arguments, ", ");
  say(")");
}
void Printer::fill(std::string_view form, std::span<const NodePtr> operands, std::uint8_t level) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 2 < form.size(); i++)
    if (form[i] == '{' && form[i + 2] == '}' && form[i + 1] >= '0' && form[i + 1] < '0' + int(operands.size())) {
      say(form.substr(begin, i - begin));
      say(operands[std::size_t(form[i + 1] - '0')], level);
      begin = i + 3;
      i += 2;
    }
  say(form.substr(begin));
}

void Printer::run() {
  do {
    while (!batch_.empty()) {
      stack_.push_back(batch_.back());
      batch_.pop_back();
    }
    while (!stack_.empty() && !stack_.back().node) {
      out_ += stack_.back().text;
      stack_.pop_back();
    }
    if (stack_.empty()) break;
    const Piece piece = stack_.back();
    stack_.pop_back();
    expand(piece);
  } while (true);
  kept_.clear();
}

const std::string* Printer::name_of(NodePtr n) const { return n == defining_ ? nullptr : sharing_.name_of(n); }

bool Printer::leads_negative(NodePtr n) {
  if (n->is_rational()) return n->value().sign() < 0;
  return n->is(Op::mul) && n->operand(0)->is_rational() && n->operand(0)->value().sign() < 0;
}

std::string Printer::decimal(const Rational& value) const {
  if (!options_.decimals || value.is_integer()) return {};
  const auto text = value.to_decimal(decimal_places + 6);
  if (!text || text->size() - text->find('.') - 1 > std::size_t(decimal_places)) return {};
  return *text;
}

std::uint8_t Printer::precedence(NodePtr n) const {
  switch (n->op) {
    case Op::rational:
      return leads_negative(n) ? negative : n->value().is_integer() || !decimal(n->value()).empty() ? atom : product;
    case Op::add:
      return sum;
    case Op::mul:
      return leads_negative(n) ? negative : product;
    case op_of<ops::Pow>:
      if (under_bar(n)) return product;
      if (!n->operand(1)->is_rational()) return power_precedence(n->operand(0), n->operand(1), Rational());
      return power_precedence(n->operand(0), nullptr, n->operand(1)->value());
    case Op::equal:
      if (is_eye(n)) return atom;
      return comparison;
    case Op::less:
    case Op::less_equal:
      return comparison;
    case Op::logical_not:
      return n->operand(0)->is(Op::equal) ? comparison : negation;
    case Op::logical_and:
      return conjunction;
    case Op::logical_or:
      return disjunction;
    case Op::select:
      return choice;
    default:
      return atom;
  }
}

void Printer::expand(const Piece& p) {
  const NodePtr n = p.node;
  if (const std::string* name = name_of(n)) return shared(n, *name);
  if (raw()) return node(n);
  const bool bracket = (p.magnitude ? std::max<std::uint8_t>(precedence(n), product) : precedence(n)) < p.level;
  if (bracket) brackets(true);
  switch (n->op) {
    case Op::rational:
    case Op::mul: {
      const auto [coefficient, factors] = factors_of(n);
      static const Rational one(1);
      const bool is_number = n->is_rational();
      const Rational& c = is_number ? n->value() : coefficient ? *coefficient : one;
      if (c.sign() < 0 && !p.magnitude) say(minus(true));
      print_product(n, magnitude_of(c), is_number ? std::span<const NodePtr>() : factors);
      break;
    }
    case Op::add:
      print_sum(n);
      break;
    case op_of<ops::Pow>:
      if (under_bar(n) && fractions()) {
        print_product(n, Rational(1), {&n, 1});
      } else {
        static const Rational none;
        const NodePtr exponent = n->operand(1);
        if (exponent->is_rational())
          print_power(n->operand(0), nullptr, exponent->value());
        else
          print_power(n->operand(0), exponent, none);
      }
      break;
    case Op::symbol:
      symbol(n);
      break;
    default:
      node(n);
  }
  if (bracket) brackets(false);
}

// The constant last, unless it is positive and saves a leading minus.
void Printer::print_sum(NodePtr n) {
  std::span<const NodePtr> terms = n->operands();
  const NodePtr constant = terms[0]->is_rational() ? terms[0] : nullptr;
  if (constant) terms = terms.subspan(1);
  const auto minus_before = [&](NodePtr t) { return leads_negative(t) && !name_of(t); };
  std::vector<NodePtr> rotated;  // A @ x - b, not -b + A @ x
  if (n->shape && !constant && minus_before(terms[0]))
    if (const auto found = std::find_if_not(terms.begin(), terms.end(), minus_before); found != terms.end()) {
      rotated.assign(terms.begin(), terms.end());
      const auto leading = rotated.begin() + (found - terms.begin());
      std::rotate(rotated.begin(), leading, leading + 1);
      terms = rotated;
    }
  const bool lead = constant && !terms.empty() && minus_before(terms[0]) && !leads_negative(constant);
  bool first = true;
  const auto next = [&](NodePtr t) {
    const bool is_minus = minus_before(t);
    if (is_minus)
      say(minus(first));
    else if (!first)
      say(plus());
    say(t, is_minus ? product : term, is_minus);
    first = false;
  };
  if (lead) next(constant);
  for (const NodePtr t : terms) next(t);
  if (constant && !lead) next(constant);
}

// coefficient (not negative) times the factors: numerator, and denominator of what has a negative exponent.
void Printer::print_product(NodePtr n, const Rational& coefficient, std::span<const NodePtr> factors) {
  std::vector<Part> above, below;
  // Under one bar (1/x) and sqrt(x) would merge: a power of a power stays out when its base is another factor's too.
  const auto innermost = [](NodePtr b) {
    while (is_power(b)) b = b->operand(0);
    return b;
  };
  const auto meets = [&](NodePtr f) {
    if (!is_power(f->operand(0))) return false;
    return std::any_of(factors.begin(), factors.end(),
                       [&](NodePtr other) { return other != f && innermost(other) == innermost(f); });
  };
  const ScaledMatrix scaled = readable_matrix(factors);
  for (const NodePtr f : factors) {
    if (scaled.has(f)) continue;
    if (fractions() && under_bar(f) && (f == n || !name_of(f)) && !meets(f))
      below.push_back({f, f->operand(0), -f->operand(1)->value()});
    else
      above.push_back({f});
  }
  if (scaled.left || scaled.right)
    above.push_back({.node = scaled.left ? scaled.left : scaled.right, .scaled = &scaled});
  // (x + 1)*sin(x): powers of names first, then sums, then the rest, what is still to be differentiated last.
  const auto place = [](const Part& part) {
    if (part.scaled) return 4;
    NodePtr b = part.base ? part.base : part.node;
    if (b->op == op_of<ops::Pow>) b = b->operand(0);
    if (b->is(Op::derivative)) return 3;
    return b->is(Op::symbol) || b->is(Op::pi) || b->is(Op::bound) ? 0 : b->is(Op::add) ? 1 : 2;
  };
  const auto earlier = [&](const Part& a, const Part& b) { return place(a) < place(b); };
  if (above.size() > 1) std::stable_sort(above.begin(), above.end(), earlier);
  if (below.size() > 1) std::stable_sort(below.begin(), below.end(), earlier);
  Rational p = coefficient, q(1);
  if (fractions() && !coefficient.is_integer() && decimal(coefficient).empty()) {
    p = coefficient.numerator();
    q = coefficient.denominator();
  }
  const bool number_above = above.empty() || !p.is_one(), number_below = !q.is_one();
  const std::size_t count_above = above.size() + number_above, count_below = below.size() + number_below;
  const bool bar = count_below > 0;
  const auto side = [&](const Rational& number_value, bool with_number, const std::vector<Part>& parts,
                        std::uint8_t level) {
    if (with_number) number(number_value);
    for (std::size_t i = 0; i < parts.size(); i++) {
      if (i == 0 && with_number) times(&number_value, nullptr, nullptr, parts[0].node);
      if (i > 0) times(nullptr, parts[i - 1].node, nullptr, parts[i].node);
      print_part(parts[i], level);
    }
  };
  if (bar) fraction(0, count_above > 1);
  std::uint8_t level = factor;
  if (bar && count_above == 1) level = std::min(level, fraction_level(false));
  // 2*A @ x is read as (2*A) @ x, which is the same node.
  const auto takes_number = [](const Part& part) {
    if (part.scaled && part.scaled->inner.empty()) return false;
    auto both = matrix_product(part.scaled ? part.scaled->inner.front() : part.node);
    bool plain = part.scaled || both;  // but 3*((0*A) @ x)
    for (; both; both = matrix_product(both->a)) plain = coefficient_of(both->a).is_one();
    return plain;
  };
  if (!bar && !p.is_zero() && above.size() == 1 && numbers_before_matrices() && takes_number(above[0])) level = product;
  side(p, number_above, above, level);
  if (!bar) return;
  fraction(1, count_below > 1);
  side(q, number_below, below, fraction_level(count_below > 1));
  fraction(2, count_below > 1);
}

// x y', or a matrix between diagonals; nothing where the factors are to be read entry by entry.
ScaledMatrix Printer::readable_matrix(std::span<const NodePtr> factors) const {
  ScaledMatrix m = scaled_matrix(factors);
  if (!m.left && !m.right) return {};
  const auto is_quotient = [this](NodePtr f) { return under_bar(f); };
  const bool between_diagonals = !m.inner.empty() && scales_by_diagonals() && !(m.is_diagonal() && m.right) &&
                                 std::none_of(m.inner.begin(), m.inner.end(), is_quotient);
  if (between_diagonals) return m;
  m.inner.clear();
  return m.left && m.right ? m : ScaledMatrix();
}

bool Printer::reads_as_product(NodePtr n) const {
  if (!n->is(Op::mul) || n->rank() != 2) return matrix_product(n).has_value();
  const ScaledMatrix m = readable_matrix(n->operands());
  const bool whole = std::all_of(n->operands().begin(), n->operands().end(), [&](NodePtr f) { return m.has(f); });
  return whole && !m.inner.empty();
}

void Printer::print_scaled(const ScaledMatrix& m, std::uint8_t level) {
  if (m.inner.empty()) return outer(m.left->operand(0), m.right->operand(0));
  if (m.is_diagonal()) return diagonal(m.left->operand(0));
  const bool bracket = level > product;
  if (bracket) brackets(true);
  if (m.left) {
    diagonal(m.left->operand(0));
    say(matrix_times());
  }
  const NodePtr inner = context_.mul(m.inner);
  say(inner, !m.left && matrix_product(inner) ? product : factor);
  if (m.right) {
    say(matrix_times());
    diagonal(m.right->operand(0));
  }
  if (bracket) brackets(false);
}

void Printer::print_part(const Part& part, std::uint8_t level) {
  if (part.scaled) return print_scaled(*part.scaled, level);
  if (!part.base) return say(part.node, level);
  if (part.exponent.is_one()) return say(part.base, level);
  const bool bracket = power_precedence(part.base, nullptr, part.exponent) < level;
  if (bracket) brackets(true);
  print_power(part.base, nullptr, part.exponent);
  if (bracket) brackets(false);
}

void Printer::print_power(NodePtr b, NodePtr exponent, const Rational& e) {
  if (!exponent && e == half) return root(b);
  raise(b, exponent, &e);
}

std::uint8_t Printer::power_precedence(NodePtr, NodePtr exponent, const Rational& e) const {
  return !exponent && e == half ? atom : power;
}

void Printer::times(const Rational*, NodePtr, const Rational*, NodePtr) { say("*"); }
void Printer::fraction(int part, bool several) {
  if (part == 1) say(several ? "/(" : "/");
  if (part == 2 && several) say(")");
}
void Printer::root(NodePtr x) { call("sqrt", {&x, 1}); }
void Printer::raise(NodePtr b, NodePtr exponent, const Rational* e) {
  say(b, base);
  say("^");
  if (exponent) return say(exponent, power);
  const bool plain = e->sign() >= 0 && (e->is_integer() || !decimal(*e).empty());
  if (!plain) say("(");
  if (e->sign() < 0) say(minus(true));
  if (plain && !e->is_integer())
    keep(decimal(*e));
  else
    keep(magnitude_of(*e).to_string());
  if (!plain) say(")");
}
void Printer::number(const Rational& value) {
  std::string d = decimal(value);
  keep(d.empty() ? value.to_string() : std::move(d));
}

}  // namespace gradus::text

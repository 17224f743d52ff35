// Products and powers: division by what stands to a negative power, whole powers by multiplication, powers along an
// iota as running products, their sums by Horner's rule.
#include <algorithm>
#include <cstdlib>

#include "evaluator.hpp"

namespace gradus::program {

void Evaluator::begin_power(Frame& f) {
  const NodePtr n = f.request.node;
  if (policy_.contract && !f.request.index.empty()) {
    f.power = power_along_any(f.request);
    if (f.power) {
      f.form = Form::running_product;
      f.needs.push_back(f.power->base);
      return;
    }
  }
  f.needs.push_back(operand(f.request, 0));
  if (!n->operand(1)->is_rational()) f.needs.push_back(operand(f.request, 1));
}

// x^p: whole p by multiplications, halves with a square root, anything else by the library.
Id Evaluator::power(NodePtr n, const std::vector<Id>& x) {
  const Id pow = Id(op_of<ops::Pow>) - Id(Op::first_pointwise);
  if (x.size() == 2) return b_.call(pow, x[0], x[1]);
  const Rational& p = n->operand(1)->value();
  const auto whole = p.to_int();
  if (whole && std::llabs(*whole) <= 64) return whole_power(x[0], *whole);
  const auto twice = (p * Rational(2)).to_int();
  if (twice && std::llabs(*twice) <= 9) {
    const Id root = b_.operation(Opcode::sqrt, x[0]);
    const std::int64_t k = std::llabs(*twice);
    const Id value = k == 1 ? root : b_.operation(Opcode::mul, whole_power(x[0], k / 2), root);
    return *twice > 0 ? value : b_.operation(Opcode::div, b_.constant(1), value);
  }
  return b_.call(pow, x[0], b_.constant(p.to_double()));
}

Id Evaluator::whole_power(Id base, std::int64_t exponent) {
  if (exponent == 0) return b_.constant(1);
  std::uint64_t k = std::uint64_t(std::llabs(exponent));
  Id square = base, result = none;
  for (; k != 0; k >>= 1) {
    if ((k & 1) != 0) result = result == none ? square : b_.operation(Opcode::mul, result, square);
    if (k > 1) square = b_.operation(Opcode::mul, square, square);
  }
  return exponent > 0 ? result : b_.operation(Opcode::div, b_.constant(1), result);
}

namespace {

// The whole k > 0 with n = b^-k, or 0.
std::int64_t inverse_power(NodePtr n) {
  if (n->op != op_of<ops::Pow> || !n->operand(1)->is_rational()) return 0;
  const auto k = n->operand(1)->value().to_int();
  return k && *k < 0 && *k >= -64 ? -*k : 0;
}

}  // namespace

void Evaluator::flatten(const Request& r, std::vector<Request>& factors) const {
  std::vector<Request> stack{r};
  while (!stack.empty()) {
    const Request s = peel(stack.back());
    stack.pop_back();
    if (s.node->is(Op::mul) && factors.size() + stack.size() < 32)
      for (std::size_t k = s.node->arity; k-- > 0;) stack.push_back(operand(s, k));
    else
      factors.push_back(s);
  }
}

std::optional<Evaluator::Power> Evaluator::power_along(const Request& r, Id loop) const {
  const Request p = peel(r);
  if (p.node->op != op_of<ops::Pow>) return std::nullopt;
  Request exponent = peel(operand(p, 1));
  std::int64_t offset = 0;
  if (exponent.node->is(Op::add) && exponent.node->arity == 2)
    for (const std::size_t k : {std::size_t(0), std::size_t(1)}) {
      const NodePtr c = exponent.node->operand(k);
      const auto whole = c->is_rational() ? c->value().to_int() : std::nullopt;
      if (!whole || std::llabs(*whole) > 16) continue;
      offset = *whole;
      exponent = peel(operand(exponent, 1 - k));
      break;
    }
  if (!exponent.node->is(Op::iota) || exponent.index[std::size_t((*exponent.node->data.axes)[0])] != loop)
    return std::nullopt;
  Request base = peel(operand(p, 0));
  if (depends_on(base, loop) || base.node->open != 0) return std::nullopt;
  return Power{std::move(base), loop, offset};
}

std::optional<Evaluator::Power> Evaluator::power_along_any(const Request& r) const {
  for (const Id loop : r.index) {
    if (!b_.is_loop(loop) || !b_.is_sequential(loop) || b_.at(loop).reversed || b_.at(loop).a != none) continue;
    if (auto found = power_along(r, loop)) return found;
  }
  return std::nullopt;
}

void Evaluator::begin_product(Frame& f) {
  const NodePtr n = f.request.node;
  std::vector<Request> factors;
  if (policy_.contract && !f.request.index.empty()) {
    flatten(f.request, factors);
    for (std::size_t k = 0; k < factors.size() && !f.power; ++k)
      if ((f.power = power_along_any(factors[k]))) factors.erase(factors.begin() + std::ptrdiff_t(k));
    if (f.power) {
      f.form = Form::running_product;
      f.needs.push_back(f.power->base);
      for (Request& r : factors) {
        f.fixed.push_back(!depends_on(r, f.power->loop) && r.node->open == 0);
        f.needs.push_back(std::move(r));
      }
      return;
    }
  }
  f.form = Form::product;
  std::vector<Request> below;
  for (std::size_t k = 0; k < n->arity; ++k) {
    const Request r = operand(f.request, k);
    if (r.node->is_rational())
      f.coefficient *= r.node->value().to_double();
    else if (inverse_power(r.node) == 1)
      below.push_back(operand(r, 0));
    else
      f.needs.push_back(r);
  }
  f.numerators = f.needs.size();
  for (Request& r : below) f.needs.push_back(std::move(r));
}

Id Evaluator::product_of(const std::vector<Id>& factors) {
  Id product = none;
  for (const Id x : factors) product = product == none ? x : b_.operation(Opcode::mul, product, x);
  return product;
}

Id Evaluator::finish_product(const Frame& f) {
  const auto middle = f.values.begin() + std::ptrdiff_t(f.numerators);
  std::vector<Id> above(f.values.begin(), middle);
  const Id below = product_of({middle, f.values.end()});
  const bool negative = f.coefficient == -1;
  if (!negative && (f.coefficient != 1 || above.empty())) above.insert(above.begin(), b_.constant(f.coefficient));
  if (above.empty()) above.push_back(b_.constant(1));
  Id value = product_of(above);
  if (below != none) value = b_.operation(Opcode::div, value, below);
  return negative ? b_.operation(Opcode::negate, value) : value;
}

// (fixed factors) b^offset b^j as a value that each round multiplies by b.
Id Evaluator::finish_running_product(const Frame& f) {
  const Id base = f.values[0];
  std::vector<Id> first, others;
  for (std::size_t k = 0; k < f.fixed.size(); ++k) (f.fixed[k] ? first : others).push_back(f.values[k + 1]);
  if (f.power->offset != 0) first.push_back(whole_power(base, f.power->offset));
  const Id start = first.empty() ? b_.constant(1) : product_of(first);
  const Id running = b_.phi(f.power->loop, start);
  b_.set_next(running, b_.operation(Opcode::mul, running, base));
  others.insert(others.begin(), running);
  return product_of(others);
}

Id Evaluator::finish_horner(Frame& f) {
  const Id base = f.values[0], loop = f.loops[0];
  std::vector<Id> outside, inside;
  for (std::size_t k = 0; k < f.fixed.size(); ++k) (f.fixed[k] ? outside : inside).push_back(f.values[k + 1]);
  const Id sum = b_.phi(loop, b_.constant(0));
  const Id coefficient = inside.empty() ? b_.constant(1) : product_of(inside);
  b_.set_next(sum, b_.operation(Opcode::add, b_.operation(Opcode::mul, sum, base), coefficient));
  b_.close(loop);
  b_.release(sum);
  if (f.power->offset != 0) outside.push_back(whole_power(base, f.power->offset));
  outside.insert(outside.begin(), sum);
  return product_of(outside);
}

}  // namespace gradus::program

#include "analysis/cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <queue>

#include "gradus/core/walk.hpp"
#include "gradus/numeric/decimal.hpp"

namespace gradus::analysis {

std::vector<Cell> cut(double lo, double hi, double finest, int& budget,
                      const std::function<int(double, double)>& test) {
  constexpr int first = 9;  // an odd number of cells, so that the middle of a symmetric range is no end
  std::vector<Cell> done;
  const auto narrower = [](const Cell& a, const Cell& b) { return a.hi - a.lo < b.hi - b.lo; };
  std::priority_queue<Cell, std::vector<Cell>, decltype(narrower)> todo(narrower);
  for (int i = 0; i < first; i++) {
    const auto end = [&](int k) {
      return k == 0 ? lo : k == first ? hi : lo + (hi - lo) * ((k + (k % 2 ? 0.0637 : -0.0713)) / first);
    };
    todo.push({end(i), end(i + 1)});
  }
  while (!todo.empty()) {
    Cell cell = todo.top();
    todo.pop();
    if (budget-- > 0) cell.label = test(cell.lo, cell.hi);
    const double middle = cell.lo + 0.4871 * (cell.hi - cell.lo);
    if (cell.label == Cell::open && budget > 0 && cell.hi - cell.lo > finest && cell.lo < middle && middle < cell.hi) {
      todo.push({cell.lo, middle});
      todo.push({middle, cell.hi});
    } else {
      done.push_back(cell);
    }
  }
  std::sort(done.begin(), done.end(), [](const Cell& a, const Cell& b) { return a.lo < b.lo; });
  return done;
}

namespace {
// Digits of numerator and denominator in base two; large for what does not fit a word.
std::size_t size_of(const Rational& r) {
  const auto num = r.numerator().to_int(), den = r.denominator().to_int();
  if (!num || !den) return 200;
  return std::size_t(std::bit_width(std::uint64_t(std::abs(*num))) + std::bit_width(std::uint64_t(*den)));
}
}  // namespace

std::optional<Rational> simplest(double lo, double hi, std::size_t bits) {
  if (!(lo <= hi) || !std::isfinite(lo) || !std::isfinite(hi)) return std::nullopt;
  if (lo <= 0 && hi >= 0) return Rational(0);
  if (hi < 0) {
    const auto mirrored = simplest(-hi, -lo, bits);
    if (!mirrored) return std::nullopt;
    return -*mirrored;
  }
  // Continued fraction of both ends while their parts agree.
  Rational a = Rational::from_double(lo), b = Rational::from_double(hi);
  std::vector<Rational> parts;
  for (int depth = 0; depth < 40; depth++) {
    const Rational whole = a.floor();
    if (whole == a || b >= whole + Rational(1)) {
      parts.push_back(whole == a ? whole : whole + Rational(1));
      Rational value = parts.back();
      for (std::size_t i = parts.size() - 1; i-- > 0;) value = parts[i] + Rational(1) / value;
      if (size_of(value) > bits) return std::nullopt;
      return value;
    }
    parts.push_back(whole);
    const Rational next = Rational(1) / (b - whole);
    b = Rational(1) / (a - whole);
    a = next;
  }
  return std::nullopt;
}

std::vector<NodePtr> candidates(Context& context, double lo, double hi) {
  std::vector<NodePtr> list;
  const double slack = 4e-16 * std::max(std::abs(lo), std::abs(hi));
  const auto scaled = [&](double unit, std::size_t bits) {
    return simplest((lo - slack) / unit, (hi + slack) / unit, bits);
  };
  if (const auto r = simplest(lo, hi)) list.push_back(context.rational(*r));
  if (const auto r = scaled(M_PI, 14); r && !r->is_zero()) list.push_back(context.scale(context.pi(), *r));
  if (lo > 0 || hi < 0) {
    const double a = std::min(std::abs(lo), std::abs(hi)), b = std::max(std::abs(lo), std::abs(hi));
    if (const auto r = simplest((a - slack) * (a - slack), (b + slack) * (b + slack), 16); r && r->sign() > 0) {
      const NodePtr root = context.sqrt(context.rational(*r));
      if (!root->is_rational()) list.push_back(lo < 0 ? context.neg(root) : root);
    }
    if (lo > 0)
      if (const auto r = simplest(std::log(a - slack) - 1e-15, std::log(b + slack) + 1e-15, 10); r && !r->is_zero())
        list.push_back(context.exp(context.rational(*r)));
  }
  return list;
}

bool is_zero_at(Context& context, NodePtr u, NodePtr x, NodePtr point) {
  const NodePtr there = substitute(context, u, x, point);  // exact constants fold: cos(pi/2)
  if (there->is(Op::error)) return false;
  EvaluateOptions options;
  options.max_bits = 256;
  const Value v = evaluate_certain(context, there, {}, options);
  return v.exact && v.exact->is_zero();
}

NodePtr pairwise(Context& context, NodePtr f) {
  auto memo = context.memo();
  std::vector<NodePtr> operands;
  for (const NodePtr n : post_order(context, f)) {
    operands.clear();
    bool changed = false;
    for (const NodePtr o : n->operands()) {
      operands.push_back(memo.get(o));
      changed = changed || operands.back() != o;
    }
    NodePtr now = n;
    if ((n->is(Op::max) || n->is(Op::min)) && n->arity > 2 && !n->shape) {  // (a + b ± |a - b|)/2
      now = operands[0];
      for (std::size_t i = 1; i < operands.size(); i++) {
        const NodePtr gap = context.apply(op_of<ops::Abs>, context.sub(now, operands[i]));
        const NodePtr sum = context.add(now, operands[i]);
        now = context.scale(n->is(Op::max) ? context.add(sum, gap) : context.sub(sum, gap), Rational(1, 2));
      }
    } else if (changed) {
      now = context.rebuild(n, operands);
    }
    memo.set(n, now);
  }
  return memo.get(f);
}

Value value_between(double lo, double hi, int digits) {
  Value v{};
  v.lower = lo, v.upper = hi;
  v.number = std::nan("");
  if (!std::isfinite(lo) || !std::isfinite(hi)) {
    v.status = Status::undetermined;
    v.reason = "no bounds are known";
    return v;
  }
  v.number = lo + (hi - lo) / 2;
  const double size = std::max(std::abs(lo), std::abs(hi));
  int known = digits;
  while (known > 1 && (hi - lo) / 2 > size * std::pow(10.0, -known)) known--;
  v.status = known > 3 || lo == hi ? Status::certain : Status::undetermined;
  if (v.status != Status::certain) v.reason = "too few digits are certain";
  v.text = decimal_text(Rational::from_double(v.number), known);
  if (lo == hi) v.exact = Rational::from_double(lo);
  return v;
}

}  // namespace gradus::analysis

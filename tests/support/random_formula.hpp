// Random formulas for property tests: every elementary pointwise op takes part, and where it is asked for
// special functions with constant orders; values may be missing somewhere.
#pragma once
#include <random>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus::testing {

class RandomFormula {
 public:
  RandomFormula(Context& context, std::uint64_t seed) : context_(context), random_(seed) {}

  /// A formula of about `size` operations in the given symbols. `smooth` leaves out ops with kinks and jumps.
  NodePtr operator()(std::span<const NodePtr> symbols, int size, bool smooth = true) {
    std::vector<NodePtr> pool(symbols.begin(), symbols.end());
    for (const int c : {1, 2, 3}) pool.push_back(context_.integer(c));
    pool.push_back(context_.rational(Rational(1, 2)));
    const int special_at = special_ && below(special_) == 0 ? int(below(std::size_t(size))) : -1;
    for (int i = 0; i < size; i++) pool.push_back(i == special_at ? special(pick(pool)) : operation(pool, smooth));
    return pool.back();
  }
  /// One in `share` of the formulas to come has a special function. They are slow: a thousand times an elementary one.
  void with_special(std::size_t share) { special_ = share; }
  double uniform(double lo, double hi) { return std::uniform_real_distribution<>(lo, hi)(random_); }
  std::size_t below(std::size_t n) { return std::size_t(random_() % n); }

 private:
  NodePtr pick(const std::vector<NodePtr>& pool) {
    // The latest half as likely as everything before: formulas grow deep enough and keep sharing.
    return random_() % 2 ? pool.back() : pool[below(pool.size())];
  }
  NodePtr special(NodePtr a) {
    while (true) {
      const Op op = Op(int(Op::first_pointwise) + int(below(PointwiseOps::size)));
      const OpInfo& info = info_of(op);
      if (info.origin == Origin::scalar) continue;
      if (info.arity == 1) return context_.apply(op, a);
      if (info.arity != 2 || info.rigid != 1) continue;
      const bool half = info.whole == 0 && below(3) == 0;
      return context_.apply(op, context_.rational(half ? Rational(1, 2) : Rational(std::int64_t(below(4)))), a);
    }
  }
  NodePtr operation(const std::vector<NodePtr>& pool, bool smooth) {
    const NodePtr a = pick(pool), b = pool[below(pool.size())];
    switch (random_() % 6) {
      case 0:
        return context_.add(a, b);
      case 1:
        return context_.sub(a, b);
      case 2:
        return context_.mul(a, b);
      case 3:
        return context_.div(a, b);
      case 4:
        return context_.pow(a, std::int64_t(random_() % 4) - 1);
      default:
        break;
    }
    while (true) {
      const Op op = Op(int(Op::first_pointwise) + int(below(PointwiseOps::size)));
      const OpInfo& info = info_of(op);
      if (smooth && info.breaks != Break::none) continue;
      if (info.origin != Origin::scalar) continue;
      return info.arity == 1 ? context_.apply(op, a) : context_.apply(op, a, b);
    }
  }

  Context& context_;
  std::mt19937_64 random_;
  std::size_t special_ = 0;
};

}  // namespace gradus::testing

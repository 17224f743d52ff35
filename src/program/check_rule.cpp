// Both derivatives in one program: of the call, which its rule gives, and of its body. Forward rules are compared with
// the tangent of one operand at a time, reverse rules by the cotangents of each operand.
#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/program/custom_rules.hpp"
#include "gradus/program/executable.hpp"
#include "gradus/program/lower.hpp"

namespace gradus {
namespace {

struct Compared {
  std::size_t operand;
  NodePtr by_rule, by_body;
};

struct Comparison {
  std::vector<NodePtr> inputs;
  std::vector<Compared> derivatives;
};

Comparison comparison(Context& context, NodePtr call) {
  const Control& c = *call->data.control;
  Comparison all;
  const auto fresh = [&](NodePtr like) {
    all.inputs.push_back(context.fresh_symbol("x", total, like->shape ? *like->shape : Shape{}));
    return all.inputs.back();
  };
  std::vector<NodePtr> x, values;
  x.reserve(call->arity);
  for (const NodePtr o : call->operands()) x.push_back(fresh(o));
  const NodePtr same = context.control(Op::call, x, c);
  for (std::size_t k = 0; k < c.body.size(); ++k) values.push_back(result(context, same, k));
  const auto body = open_body(context, c.body, x);
  if (c.rule == Rule::forward) {
    for (std::size_t k = 0; k < c.carried; ++k) {
      const std::pair<NodePtr, NodePtr> seed[] = {{x[k], fresh(x[k])}};
      for (std::size_t i = 0; i < values.size(); ++i)
        all.derivatives.push_back({k, jvp(context, values[i], seed), jvp(context, body[i], seed)});
    }
    return all;
  }
  std::vector<NodePtr> seeds;
  seeds.reserve(values.size());
  for (const NodePtr y : values) seeds.push_back(fresh(y));
  const auto ruled = std::span<const NodePtr>(x).first(c.carried);
  const auto by_rule = vjp(context, values, seeds, ruled), by_body = vjp(context, body, seeds, ruled);
  for (std::size_t k = 0; k < ruled.size(); ++k) all.derivatives.push_back({k, by_rule[k], by_body[k]});
  return all;
}

// Sizes of names as they are met.
class Sizes {
 public:
  explicit Sizes(std::int64_t first) : next_(first) {}
  std::int64_t of(const Dim& d) {
    if (d.is_constant()) return d.size;
    const auto n = size_of(d.name, [this](std::string_view name) -> std::optional<std::int64_t> {
      const auto [at, added] = known_.try_emplace(std::string(name), next_);
      if (added) ++next_;
      return at->second;
    });
    return std::max<std::int64_t>(n.value_or(0), 0);
  }
  std::vector<program::NamedSize> all() const { return {known_.begin(), known_.end()}; }

 private:
  std::int64_t next_;
  std::map<std::string, std::int64_t, std::less<>> known_;
};

bool is_zeros(NodePtr n) { return n->is_zero() || (n->is(Op::broadcast) && n->operand(0)->is_zero()); }

}  // namespace

Result<RuleCheckResult> check_rule(const Array& value, const RuleCheckOptions& options) {
  const NodePtr n = value.node();
  if (n->is(Op::error)) return *n->data.diagnostic;
  if (options.ranges.empty()) return Diagnostic{Code::E701, "no range to draw operands from"};
  if (!n->is(Op::result) || !n->operand(0)->is(Op::call) || n->operand(0)->data.control->rule == Rule::none)
    return Diagnostic{Code::E701, "no value of a call with a rule of its own"};
  Context& context = value.context();
  Comparison c = comparison(context, n->operand(0));
  std::erase_if(c.derivatives, [](const Compared& d) { return is_zeros(d.by_rule) && is_zeros(d.by_body); });
  if (c.derivatives.empty()) return RuleCheckResult{};
  std::vector<NodePtr> outputs;
  for (const Compared& d : c.derivatives)
    for (const NodePtr o : {d.by_rule, d.by_body}) outputs.push_back(o);
  auto lowered = program::lower(context, c.inputs, outputs);
  if (!lowered) return lowered.errors();
  const auto made = program::Executable::make(std::move(*lowered), program::Engine::interpreter);
  if (!made) return made.errors();

  Sizes sizes(options.size);
  std::mt19937_64 engine(options.seed);
  const auto room = [&](NodePtr like, std::vector<std::int64_t>& shape) {
    std::int64_t count = 1;
    if (like->shape)
      for (const Dim& d : *like->shape) shape.push_back(sizes.of(d)), count *= shape.back();
    return std::vector<double>(std::size_t(count));
  };
  std::vector<std::vector<double>> data, found;
  std::vector<program::View> views;
  std::vector<double*> places;
  for (const NodePtr i : c.inputs) {
    std::vector<std::int64_t> shape;
    data.push_back(room(i, shape));
    views.emplace_back(data.back().data(), std::move(shape));
  }
  for (const NodePtr o : outputs) {
    std::vector<std::int64_t> shape;
    found.push_back(room(o, shape));
  }
  places.reserve(found.size());
  for (auto& f : found) places.push_back(f.data());
  RuleCheckResult result;
  for (int point = 0; point < options.points; ++point) {
    const auto& [lower, upper] = options.ranges[std::size_t(point) % options.ranges.size()];
    std::uniform_real_distribution<double> uniform(lower, upper);
    for (auto& values : data)
      for (double& x : values) x = uniform(engine);
    if (const auto done = (*made)->run(views, places, sizes.all()); !done) return done.errors();
    for (std::size_t k = 0; k < c.derivatives.size(); ++k) {
      const auto &by_rule = found[2 * k], &by_body = found[2 * k + 1];
      double greatest = 0;
      for (const double x : by_body)
        if (std::isfinite(x)) greatest = std::max(greatest, std::fabs(x));
      for (std::size_t i = 0; i < by_rule.size(); ++i) {
        if (!std::isfinite(by_body[i])) continue;
        const double difference = std::fabs(by_rule[i] - by_body[i]) / (1 + greatest);
        ++result.compared;
        if (!(difference <= options.tolerance))
          return Diagnostic{Code::E305, "the rule gives the derivative in operand " +
                                            std::to_string(c.derivatives[k].operand + 1) + " as " +
                                            std::to_string(by_rule[i]) + " where that of the function is " +
                                            std::to_string(by_body[i])};
        result.greatest = std::max(result.greatest, difference);
      }
    }
  }
  return result;
}

}  // namespace gradus

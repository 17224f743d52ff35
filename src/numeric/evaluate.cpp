// evaluate_certain: the same plan at rising precision until the digits are certain; and the quick double value.
#include "gradus/numeric/evaluate.hpp"

#include <algorithm>

#include "gradus/core/walk.hpp"
#include "gradus/numeric/decimal.hpp"
#include "numeric/complex_value.hpp"
#include "numeric/reason.hpp"

namespace gradus {
using namespace numeric;
namespace {

constexpr double most_work = 5e8;  // steps times bits in one pass: some ten seconds
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

enum class Outcome { settled, more_bits };

// Proven to `bits` bits, or proven not to exist; more precision may help otherwise.
Outcome judge(const Certain& x, int bits) {
  if (x.exact()) return Outcome::settled;
  const Enclosure& e = x.enclosure();
  if (e.is_missing() || (e.is_zero() && !e.has(partial))) return Outcome::settled;
  if (e.has(partial) || e.contains_zero() || !e.is_bounded()) return Outcome::more_bits;
  if (e.is_point()) return Outcome::settled;
  const mpfr_srcptr least = mpfr_cmpabs(e.lower(), e.upper()) < 0 ? e.lower() : e.upper();
  mpfr_t width;
  mpfr_init2(width, 32);
  mpfr_sub(width, e.upper(), e.lower(), MPFR_RNDU);
  const bool narrow = mpfr_get_exp(width) <= mpfr_get_exp(least) - bits;
  mpfr_clear(width);
  return narrow ? Outcome::settled : Outcome::more_bits;
}

Value value_of(const Machine<Points>& machine, std::uint32_t root, const Certain& x, int digits, int bits) {
  Value v{.number = nan, .text = {}, .exact = {}, .lower = nan, .upper = nan, .reason = {}};
  if (x.exact()) {
    v.status = Status::certain;
    v.exact = *x.exact();
    v.number = v.lower = v.upper = x.exact()->to_double();
    v.text = decimal_text(*x.exact(), digits);
    return v;
  }
  const Enclosure& e = x.enclosure();
  if (e.is_missing()) {
    v.status = machine.problem() ? Status::failed : Status::undefined;
    v.code = machine.problem() ? machine.problem()->code : Code::E401;
    v.reason = machine.problem() ? machine.problem()->reason : reason_missing(machine, root);
    return v;
  }
  v.lower = e.lower_double();
  v.upper = e.upper_double();
  if (judge(x, bits) == Outcome::settled) {
    v.status = Status::certain;
    const Real middle = e.middle();
    v.number = middle.to_double();
    v.text = decimal_text(middle.get(), digits);
    return v;
  }
  v.status = Status::undetermined;
  v.reason = reason_undetermined(machine, root, x);
  if (!e.has(partial) && e.is_bounded() && v.lower > -1e-300 && v.upper < 1e-300) {
    v.number = 0;
    v.text = "0";
  }
  return v;
}

// Scalars bound to anything but a number are put into the formula, so that construction folds what is exact: sin(pi/2).
struct Prepared {
  std::vector<NodePtr> nodes;     // roots, then the array literals that are bound
  std::vector<Binding> bindings;  // the rest
};

Prepared prepare(Context& context, std::span<const NodePtr> roots, std::span<const Binding> bindings) {
  Prepared p{{roots.begin(), roots.end()}, {}};
  std::vector<std::pair<NodePtr, NodePtr>> expressions;
  for (const Binding& b : bindings) {
    if (b.value->is_rational() || b.value->shape)
      p.bindings.push_back(b);
    else
      expressions.emplace_back(b.symbol, b.value);
  }
  if (!expressions.empty())
    for (NodePtr& n : p.nodes) n = substitute(context, n, expressions);
  for (const Binding& b : p.bindings)
    if (b.value->shape) p.nodes.push_back(b.value);
  return p;
}

// Sizes of named dimensions, from the arrays bound to symbols whose shapes name them.
std::vector<std::pair<std::string_view, std::int64_t>> sizes_of(const std::vector<Binding>& bindings) {
  std::vector<std::pair<std::string_view, std::int64_t>> sizes;
  for (const Binding& b : bindings) {
    if (!b.value->shape || !b.symbol->shape || b.symbol->rank() != b.value->rank()) continue;
    for (std::size_t a = 0; a < b.symbol->rank(); a++)
      if (!(*b.symbol->shape)[a].is_constant())
        sizes.emplace_back((*b.symbol->shape)[a].name, (*b.value->shape)[a].size);
  }
  return sizes;
}

// The n of x: vector(n) is the size of x unless it is bound to something else.
void bind_sizes(Context& context, Prepared& p) {
  const auto sizes = sizes_of(p.bindings);
  if (sizes.empty()) return;
  for (const NodePtr root : std::vector(p.nodes))
    for (const NodePtr s : symbols_of(context, root)) {
      if (s->shape) continue;
      const auto size =
          std::find_if(sizes.begin(), sizes.end(), [&](const auto& known) { return known.first == s->name(); });
      const bool bound =
          std::any_of(p.bindings.begin(), p.bindings.end(), [&](const Binding& b) { return b.symbol == s; });
      if (size != sizes.end() && !bound) p.bindings.push_back({s, context.integer(size->second)});
    }
}

// Gives the symbols bound to numbers, or those bound to arrays, their values.
template <class N>
void give_values(Machine<N>& machine, const Plan& plan, const std::vector<Binding>& bindings, bool arrays) {
  for (const Binding& b : bindings) {
    const std::uint32_t at = plan.find(b.symbol);
    if (at == nowhere || bool(b.value->shape) != arrays) continue;
    if (!arrays) {
      std::fill_n(machine.fix(at), plan.steps[at].count, N::rational(b.value->value()));
      continue;
    }
    const std::uint32_t from = plan.find(b.value);
    if (plan.steps[from].count != plan.steps[at].count) continue;
    const auto* x = machine.evaluate(from);
    std::copy(x, x + plan.steps[from].count, machine.fix(at));
  }
}

Values failed(Code code, std::string reason) {
  Value v{
      .number = nan, .text = {}, .exact = {}, .lower = nan, .upper = nan, .code = code, .reason = std::move(reason)};
  return {{}, {std::move(v)}};
}
}  // namespace

std::vector<Values> evaluate_certain(Context& context, std::span<const NodePtr> roots, std::span<const Binding> given,
                                     const EvaluateOptions& options) {
  const auto deadline = std::min(options.deadline, context.deadline());
  if (deadline != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() > deadline)
    return std::vector<Values>(roots.size(), failed(Code::E602, "out of time"));
  Prepared p = prepare(context, roots, given);
  bind_sizes(context, p);
  Plan plan(context, p.nodes);
  if (const std::string name = plan.lay_out(sizes_of(p.bindings)); !name.empty())
    return std::vector<Values>(roots.size(), name == "#" ? failed(Code::E601, "arrays of more than 67,000,000 numbers")
                                                         : failed(Code::E403, "the size '" + name + "' is not known"));
  for (const Binding& b : p.bindings) {
    const std::uint32_t at = plan.find(b.symbol), from = b.value->shape ? plan.find(b.value) : nowhere;
    if (at == nowhere || from == nowhere || plan.shape_of(at) == plan.shape_of(from)) continue;
    return std::vector<Values>(
        roots.size(), failed(Code::E202, "'" + std::string(b.symbol->name()) + "' has the shape " +
                                             to_string(b.symbol->shape ? *b.symbol->shape : Shape{}) + ", its value " +
                                             to_string(*b.value->shape)));
  }
  Machine<Points> machine(plan);
  machine.deadline = deadline;
  give_values(machine, plan, p.bindings, false);
  const int wanted = int((options.digits + 4) * 3.3219280948873626) + 2;
  std::vector<Values> results(roots.size());
  std::vector<char> done(roots.size(), 0);
  for (int bits = (wanted + 8 + 63) / 64 * 64;; bits = std::min(bits * 2, options.max_bits)) {
    const WorkingPrecision precision(bits);
    const double work = double(std::max<std::uint64_t>(machine.work(), plan.total));
    const bool last = bits >= options.max_bits || work * bits > most_work;
    machine.reset(true);
    give_values(machine, plan, p.bindings, true);
    bool all = true;
    for (std::size_t r = 0; r < roots.size(); r++) {
      if (done[r]) continue;
      const std::uint32_t at = plan.roots[r];
      const Certain* x = machine.evaluate(at);
      const std::size_t count = plan.steps[at].count;
      bool settled = last || machine.problem().has_value();
      if (!settled)
        settled = std::all_of(x, x + count, [&](const Certain& c) { return judge(c, wanted) == Outcome::settled; });
      all = all && settled;
      if (!settled) continue;
      done[r] = 1;
      results[r].shape = plan.shape_of(at);
      for (std::size_t i = 0; i < count; i++)
        results[r].entries.push_back(value_of(machine, at, x[i], options.digits, wanted));
      if (options.complex && count == 1) take_complex_way(machine, at, options, results[r].entries.front());
    }
    if (all) return results;
  }
}

Value evaluate_certain(Context& context, NodePtr root, std::span<const Binding> bindings,
                       const EvaluateOptions& options) {
  return evaluate_certain(context, std::span<const NodePtr>(&root, 1), bindings, options).front().entries.front();
}

double evaluate_double(Context& context, NodePtr root, std::span<const Binding> bindings) {
  const Prepared p = prepare(context, std::span<const NodePtr>(&root, 1), bindings);
  Plan plan(context, p.nodes);
  if (!plan.lay_out(sizes_of(p.bindings)).empty()) return nan;
  Machine<Doubles> machine(plan);
  give_values(machine, plan, p.bindings, false);
  give_values(machine, plan, p.bindings, true);
  return plan.steps[plan.roots[0]].count == 1 ? *machine.evaluate(plan.roots[0]) : nan;
}

}  // namespace gradus

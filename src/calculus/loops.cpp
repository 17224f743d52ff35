// Bodies are opened with fresh symbols, differentiated like any expression, and closed again.
// Forward: the tangents are carried beside the values. Which values have a tangent is a fixed point: a carried value
// gets one as soon as one round gives it one. Reverse: a scan that runs the other way. It carries the cotangents of
// what was carried, adds up those of what was captured, and reads what the rounds went by: the carried values, kept
// from the way there by a copy of the loop that gives them as rows, and with them what would cost much to compute again
// (functions, sums, inner loops). Source: Griewank & Walther, Evaluating Derivatives (2008), ch. 12; the split of a
// scan into what is kept and what runs back is that of Frostig et al., "Decomposing reverse-mode automatic
// differentiation" (2021).
#include "calculus/loops.hpp"

#include <algorithm>
#include <optional>

#include "calculus/bodies.hpp"
#include "calculus/branches.hpp"
#include "calculus/calls.hpp"
#include "calculus/linear_algebra.hpp"
#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

constexpr int worth_keeping = 10;  // flops of an op whose value is kept for the way back, not computed again

/// A loop with symbols in the places of its operands.
struct Opened {
  LoopForm form;                  // `initial` and `scanned` are the operands
  std::vector<NodePtr> captured;  // operands,
  std::vector<NodePtr> captured_symbols;
  std::vector<NodePtr> symbols;  // all, in the order of the operands
};

Opened open_loop(Context& context, NodePtr n) {
  const Control& c = *n->data.control;
  Opened o;
  const auto x = n->operands();
  for (std::size_t k = 0; k < x.size(); ++k) {
    const bool scanned = k >= c.carried && k < c.carried + c.scanned;
    const Shape shape = scanned ? row_shape(x[k]) : x[k]->shape ? *x[k]->shape : Shape{};
    const NodePtr s = context.fresh_symbol("s", total, shape);
    o.symbols.push_back(s);
    (k < c.carried ? o.form.carried_symbols : scanned ? o.form.scanned_symbols : o.captured_symbols).push_back(s);
    (k < c.carried ? o.form.initial : scanned ? o.form.scanned : o.captured).push_back(x[k]);
  }
  const auto body = open_body(context, c.body, o.symbols);
  o.form.next.assign(body.begin(), body.begin() + std::ptrdiff_t(c.carried));
  o.form.rows.assign(body.begin() + std::ptrdiff_t(c.carried), body.end());
  o.form.length = c.length;
  o.form.reversed = c.reversed;
  o.form.keeps = c.keeps;
  o.form.segment = c.segment;
  if (n->is(Op::while_loop)) o.form.condition = open_body(context, c.otherwise, o.symbols)[0];
  return o;
}

/// The loop of a form in which symbols still stand for what is captured.
std::vector<NodePtr> close_loop(Context& context, LoopForm form,
                                std::span<const std::pair<NodePtr, NodePtr>> captured) {
  for (auto* list : {&form.next, &form.rows})
    for (NodePtr& n : *list) n = substitute(context, n, captured);
  if (!form.condition) return scan(context, form);
  form.condition = substitute(context, form.condition, captured);
  return while_loop(context, form);
}

std::vector<NodePtr> loop_tangents(Context& context, NodePtr n, std::span<const NodePtr> tangents) {
  const Opened o = open_loop(context, n);
  const std::size_t carried = o.form.next.size();
  std::vector<NodePtr> seeds(o.symbols.size(), nullptr);
  for (std::size_t k = 0; k < seeds.size(); ++k)
    if (tangents[k] && !is_zeros(tangents[k])) seeds[k] = fresh_like(context, "d", o.symbols[k]);
  std::vector<NodePtr> next(carried), rows;
  for (bool again = true; again;) {
    again = false;
    std::vector<std::pair<NodePtr, NodePtr>> seeded;
    for (std::size_t k = 0; k < seeds.size(); ++k)
      if (seeds[k]) seeded.emplace_back(o.symbols[k], seeds[k]);
    Forward forward(context, seeded);
    for (std::size_t k = 0; k < carried; ++k) {
      next[k] = forward(o.form.next[k]);
      if (seeds[k] || is_zeros(next[k])) continue;
      seeds[k] = fresh_like(context, "d", o.symbols[k]);
      again = true;
    }
    if (again) continue;
    rows.clear();
    for (const NodePtr row : o.form.rows) rows.push_back(forward(row));
  }
  LoopForm form = o.form;
  std::vector<std::pair<NodePtr, NodePtr>> captured = pairs(o.captured_symbols, o.captured);
  for (std::size_t k = 0; k < seeds.size(); ++k) {
    if (!seeds[k]) continue;
    const NodePtr given = tangents[k] ? tangents[k] : zeros(context, n->operand(k));
    if (k < carried) {
      form.carried_symbols.push_back(seeds[k]);
      form.initial.push_back(given);
      form.next.push_back(next[k]);
    } else if (k < carried + o.form.scanned.size()) {
      form.scanned_symbols.push_back(seeds[k]);
      form.scanned.push_back(given);
    } else {
      captured.emplace_back(seeds[k], given);
    }
  }
  std::vector<std::optional<std::size_t>> row_at(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (is_zeros(rows[k])) continue;
    row_at[k] = form.rows.size();
    form.rows.push_back(rows[k]);
  }
  const auto values = close_loop(context, form, captured);
  std::vector<NodePtr> result(carried + rows.size(), nullptr);
  std::size_t at = carried;
  for (std::size_t k = 0; k < carried; ++k)
    if (seeds[k]) result[k] = values[at++];
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (row_at[k]) result[carried + k] = values[form.next.size() + *row_at[k]];
  return result;
}

// --- reverse

/// What the way back reads of the way there: the carried values, and what is worth keeping, in the order met.
class Kept {
 public:
  Kept(Context& context, const Opened& o) : context_(context), varies_(context), o_(o) {
    std::vector<NodePtr> roots = o.form.next;
    roots.insert(roots.end(), o.form.rows.begin(), o.form.rows.end());
    for (const auto* list : {&o.form.carried_symbols, &o.form.scanned_symbols})
      for (const NodePtr s : *list) varies_.set(s, s);
    for (const NodePtr n : post_order(context, roots, [](NodePtr m) { return m->symbols != 0; })) {
      if (varies_.has(n)) continue;
      for (const NodePtr operand : n->operands())
        if (varies_.has(operand)) varies_.set(n, n);
    }
  }

  /// `roots` with a symbol in the place of everything that is kept.
  std::vector<NodePtr> replace(std::span<const NodePtr> roots) {
    post_order(context_, roots, [&](NodePtr n) {
      if (!is_kept(n)) return n->symbols != 0;
      if (std::find(nodes_.begin(), nodes_.end(), n) == nodes_.end()) {
        nodes_.push_back(n);
        symbols_.push_back(fresh_like(context_, "k", n));
      }
      return false;
    });
    std::vector<NodePtr> replaced;
    const auto list = pairs(nodes_, symbols_);
    for (const NodePtr root : roots) replaced.push_back(substitute(context_, root, list));
    return replaced;
  }
  const std::vector<NodePtr>& nodes() const { return nodes_; }
  const std::vector<NodePtr>& symbols() const { return symbols_; }

 private:
  bool is_kept(NodePtr n) const {
    if (!varies_.has(n) || has_own_length(n)) return false;
    const auto& scanned = o_.form.scanned_symbols;
    if (n->is(Op::symbol)) return std::find(scanned.begin(), scanned.end(), n) == scanned.end();
    if (is_pointwise_record(n->op)) {
      const bool whole_power = n->op == op_of<ops::Pow> && n->operand(1)->has(integral);
      return !whole_power && info_of(n->op).flops >= worth_keeping;
    }
    return n->is(Op::reduce_sum) || n->is(Op::reduce_max) || n->is(Op::result) || n->is(Op::scatter_add) ||
           is_linear_algebra(n);
  }

  // Over the rounds of a loop inside the body: another length in each round, so no rows of one shape.
  static bool has_own_length(NodePtr n) {
    return n->shape && std::any_of(n->shape->begin(), n->shape->end(), is_number_of_rounds);
  }

  Context& context_;
  Context::BorrowedMemo varies_;
  const Opened& o_;
  std::vector<NodePtr> nodes_, symbols_;
};

// The arrays over the rounds of what is kept, from a copy of the loop that gives them.
std::vector<NodePtr> keep_rows(Context& context, const Opened& o, const std::vector<NodePtr>& nodes,
                               std::span<const std::pair<NodePtr, NodePtr>> captured, Dim& length, NodePtr n) {
  LoopForm form = o.form;
  if (form.condition && !form.keeps) {
    form.length = rounds_of(context, n);
    form.keeps = true;
  }
  length = form.length;
  std::vector<std::size_t> places;
  for (const NodePtr node : nodes) {
    const auto at = std::find(form.rows.begin(), form.rows.end(), node);
    places.push_back(std::size_t(at - form.rows.begin()));
    if (at == form.rows.end()) form.rows.push_back(node);
  }
  const auto values = close_loop(context, form, captured);
  std::vector<NodePtr> rows;
  rows.reserve(places.size());
  for (const std::size_t k : places) rows.push_back(values[form.next.size() + k]);
  return rows;
}

std::vector<NodePtr> loop_cotangents(Context& context, NodePtr n, std::span<const NodePtr> given,
                                     const std::vector<bool>& needed) {
  const Opened o = open_loop(context, n);
  const std::size_t carried = o.form.next.size(), scanned = o.form.scanned.size(), all = o.symbols.size();
  const auto captured = pairs(o.captured_symbols, o.captured);
  const auto fresh = [&](NodePtr like) { return fresh_like(context, "w", like); };

  // Carried values that what is needed can change.
  std::vector<bool> varied(all, false);
  for (std::size_t k = 0; k < all; ++k) varied[k] = needed[k];
  for (bool again = true; again;) {
    again = false;
    for (std::size_t k = 0; k < carried; ++k) {
      if (varied[k]) continue;
      for (const NodePtr s : symbols_of(context, o.form.next[k]))
        for (std::size_t j = 0; j < all; ++j) varied[k] = varied[k] || (varied[j] && o.symbols[j] == s);
      again = again || varied[k];
    }
  }
  // Those whose cotangent is not zero: a fixed point from the end.
  std::vector<NodePtr> carried_seed(carried, nullptr), row_seed(o.form.rows.size(), nullptr);
  for (std::size_t k = 0; k < carried; ++k)
    if (given[k] && varied[k]) carried_seed[k] = fresh(o.symbols[k]);
  for (std::size_t k = 0; k < row_seed.size(); ++k)
    if (given[carried + k]) row_seed[k] = fresh(o.form.rows[k]);
  std::vector<NodePtr> variables, cotangents;
  std::vector<std::size_t> place;
  for (std::size_t k = 0; k < all; ++k)
    if (varied[k]) variables.push_back(o.symbols[k]), place.push_back(k);
  for (bool again = true; again;) {
    again = false;
    std::vector<NodePtr> roots, seeds;
    for (std::size_t k = 0; k < carried; ++k)
      if (carried_seed[k]) roots.push_back(o.form.next[k]), seeds.push_back(carried_seed[k]);
    for (std::size_t k = 0; k < row_seed.size(); ++k)
      if (row_seed[k]) roots.push_back(o.form.rows[k]), seeds.push_back(row_seed[k]);
    cotangents = vjp(context, roots, seeds, variables);
    for (std::size_t i = 0; i < place.size(); ++i) {
      if (cotangents[i]->is(Op::error)) return std::vector<NodePtr>(all, cotangents[i]);
      if (place[i] >= carried || carried_seed[place[i]] || is_zeros(cotangents[i])) continue;
      carried_seed[place[i]] = fresh(o.symbols[place[i]]);
      again = true;
    }
  }

  // Nothing need be kept where the way back reads nothing of what is carried, as it can go through each round again,
  // or where it carries nothing itself, as it can go along with the way there.
  const auto is_carried = [&](NodePtr s) {
    return std::find(o.form.carried_symbols.begin(), o.form.carried_symbols.end(), s) != o.form.carried_symbols.end();
  };
  const auto read = post_order(context, cotangents, [](NodePtr m) { return m->symbols != 0; });
  const bool reads = std::any_of(read.begin(), read.end(), is_carried);
  bool carries = false;
  for (std::size_t i = 0; i < place.size(); ++i)
    carries = carries || (place[i] < carried && carried_seed[place[i]] && carried_seed[place[i]] != cotangents[i]);
  const bool keeps = o.form.condition || (reads && carries);
  Kept kept(context, o);
  const auto back = keeps ? kept.replace(cotangents) : cotangents;
  LoopForm form;
  form.reversed = !o.form.reversed;
  form.segment = o.form.segment;
  if (reads && !keeps) {
    form.reversed = o.form.reversed;
    form.carried_symbols = o.form.carried_symbols;
    form.initial = o.form.initial;
    form.next = o.form.next;
  }
  auto nodes = kept.nodes();
  form.scanned_symbols = kept.symbols();
  if (nodes.empty() && o.form.condition) {  // the way back needs the number of rounds, if nothing else
    nodes.push_back(context.integer(0));
    form.scanned_symbols.push_back(context.fresh_symbol("k"));
  }
  form.scanned = keep_rows(context, o, nodes, captured, form.length, n);
  for (std::size_t k = 0; k < scanned; ++k) {
    form.scanned_symbols.push_back(o.form.scanned_symbols[k]);
    form.scanned.push_back(o.form.scanned[k]);
  }
  for (std::size_t k = 0; k < row_seed.size(); ++k)
    if (row_seed[k]) form.scanned_symbols.push_back(row_seed[k]), form.scanned.push_back(given[carried + k]);
  std::vector<std::pair<std::size_t, std::size_t>> results;  // operand, place among the values of the way back
  std::vector<std::pair<std::size_t, NodePtr>> rows;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const std::size_t k = place[i];
    if (k < carried) {
      if (!carried_seed[k]) continue;
      results.emplace_back(k, form.next.size());
      form.carried_symbols.push_back(carried_seed[k]);
      form.initial.push_back(given[k] ? given[k] : zeros(context, o.symbols[k]));
      form.next.push_back(back[i]);
    } else if (is_zeros(back[i]) || !needed[k]) {
      continue;
    } else if (k < carried + scanned) {
      rows.emplace_back(k, back[i]);
    } else {
      const NodePtr sum = fresh(o.symbols[k]);
      results.emplace_back(k, form.next.size());
      form.carried_symbols.push_back(sum);
      form.initial.push_back(zeros(context, sum));
      form.next.push_back(context.add(sum, back[i]));
    }
  }
  for (const auto& [k, row] : rows) {
    results.emplace_back(k, form.next.size() + form.rows.size());
    form.rows.push_back(row);
  }
  const auto values = close_loop(context, form, captured);
  std::vector<NodePtr> result(all, nullptr);
  for (const auto& [k, at] : results)
    if (needed[k]) result[k] = values[at];
  return result;
}

}  // namespace

std::vector<NodePtr> control_tangents(Context& context, NodePtr control, std::span<const NodePtr> tangents) {
  if (control->is(Op::implicit)) return implicit_tangents(context, control, tangents);
  if (control->is(Op::call)) return call_tangents(context, control, tangents);
  return control->is(Op::branch) ? branch_tangents(context, control, tangents)
                                 : loop_tangents(context, control, tangents);
}

std::vector<NodePtr> control_cotangents(Context& context, NodePtr control, std::span<const NodePtr> cotangents,
                                        const std::vector<bool>& needed) {
  if (control->is(Op::implicit)) return implicit_cotangents(context, control, cotangents, needed);
  if (control->is(Op::call)) return call_cotangents(context, control, cotangents, needed);
  return control->is(Op::branch) ? branch_cotangents(context, control, cotangents, needed)
                                 : loop_cotangents(context, control, cotangents, needed);
}

}  // namespace gradus

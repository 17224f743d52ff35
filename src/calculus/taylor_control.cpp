// Taylor coefficients of loops and choices: a round carries the coefficients beside the values. Which of them there are
// is a fixed point, as for tangents: one round after the other may give more.
#include <algorithm>

#include "calculus/bodies.hpp"
#include "calculus/series.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

using Pairs = std::vector<std::pair<NodePtr, NodePtr>>;

void forget_zeros(Coefficients& list) {
  for (NodePtr& c : list)
    if (c && is_zeros(c)) c = nullptr;
}

// For each operand's symbol, symbols for those of its coefficients that are not zero.
std::vector<Taylor::Seed> seeds_like(Context& context, std::span<const NodePtr> symbols,
                                     std::span<const Coefficients> given) {
  std::vector<Taylor::Seed> seeds;
  for (std::size_t k = 0; k < symbols.size(); ++k) {
    seeds.emplace_back(symbols[k], given[k]);
    forget_zeros(seeds[k].second);
    for (NodePtr& c : seeds[k].second)
      if (c) c = fresh_like(context, "c", symbols[k]);
  }
  return seeds;
}

std::vector<Coefficients> loop_series(Context& context, NodePtr n, const std::vector<Coefficients>& given, int order) {
  const Control& c = *n->data.control;
  const auto x = n->operands();
  const std::size_t scanned_end = std::size_t(c.carried) + c.scanned, all = std::size_t(order);
  std::vector<NodePtr> symbols;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const bool scanned = k >= c.carried && k < scanned_end;
    symbols.push_back(context.fresh_symbol("s", total,
                                           scanned       ? row_shape(x[k])
                                           : x[k]->shape ? *x[k]->shape
                                                         : Shape{}));
  }
  const auto body = open_body(context, c.body, symbols);
  auto seeds = seeds_like(context, symbols, given);
  std::vector<Coefficients> values(body.size());
  for (bool again = true; again;) {
    again = false;
    Taylor taylor(context, seeds, order);
    for (std::size_t k = 0; k < body.size(); ++k) {
      values[k] = taylor(body[k]);
      forget_zeros(values[k]);
      for (std::size_t j = 0; k < c.carried && j < all; ++j) {
        if (!values[k][j] || seeds[k].second[j]) continue;
        seeds[k].second[j] = fresh_like(context, "c", symbols[k]);
        again = true;
      }
    }
  }
  LoopForm form;
  form.length = c.length;
  form.reversed = c.reversed;
  form.keeps = c.keeps;
  Pairs captured;
  const auto place = [&](std::size_t k, NodePtr symbol, NodePtr value) {
    if (k < c.carried)
      form.carried_symbols.push_back(symbol), form.initial.push_back(value);
    else if (k < scanned_end)
      form.scanned_symbols.push_back(symbol), form.scanned.push_back(value);
    else
      captured.emplace_back(symbol, value);
  };
  for (std::size_t k = 0; k < x.size(); ++k) place(k, symbols[k], x[k]);
  form.next.assign(body.begin(), body.begin() + std::ptrdiff_t(c.carried));
  form.rows.assign(body.begin() + std::ptrdiff_t(c.carried), body.end());
  std::vector<std::pair<std::size_t, std::size_t>> carried, rows;  // value and order, in the order of the loop's values
  for (std::size_t k = 0; k < x.size(); ++k)
    for (std::size_t j = 0; j < all; ++j) {
      const NodePtr symbol = seeds[k].second[j];
      if (!symbol) continue;
      place(k, symbol, given[k][j] ? given[k][j] : zeros(context, x[k]));
      if (k >= c.carried) continue;
      form.next.push_back(values[k][j] ? values[k][j] : zeros(context, symbol));
      carried.emplace_back(k, j);
    }
  for (std::size_t k = c.carried; k < body.size(); ++k)
    for (std::size_t j = 0; j < all; ++j)
      if (values[k][j]) form.rows.push_back(values[k][j]), rows.emplace_back(k, j);
  for (auto* list : {&form.next, &form.rows})
    for (NodePtr& one : *list) one = substitute(context, one, captured);
  if (n->is(Op::while_loop)) form.condition = open_body(context, c.otherwise, symbols)[0];
  if (form.condition) form.condition = substitute(context, form.condition, captured);
  const auto found = form.condition ? while_loop(context, form) : scan(context, form);
  std::vector<Coefficients> result(body.size(), Coefficients(all, nullptr));
  const std::size_t first_row = form.next.size() + body.size() - c.carried;
  for (std::size_t i = 0; i < carried.size(); ++i) result[carried[i].first][carried[i].second] = found[c.carried + i];
  for (std::size_t i = 0; i < rows.size(); ++i) result[rows[i].first][rows[i].second] = found[first_row + i];
  return result;
}

std::vector<Coefficients> branch_series(Context& context, NodePtr n, const std::vector<Coefficients>& given,
                                        int order) {
  const Control& c = *n->data.control;
  const auto x = n->operands().subspan(1);
  std::vector<NodePtr> symbols, before, then, otherwise;
  Pairs captured;
  for (const NodePtr o : x) {
    symbols.push_back(fresh_like(context, "c", o));
    captured.emplace_back(symbols.back(), o);
  }
  const auto seeds = seeds_like(context, symbols, std::span(given).subspan(1));
  for (std::size_t k = 0; k < seeds.size(); ++k)
    for (std::size_t j = 0; j < std::size_t(order); ++j)
      if (seeds[k].second[j]) captured.emplace_back(seeds[k].second[j], given[k + 1][j]);
  Taylor taylor(context, seeds, order);
  std::vector<std::pair<std::size_t, std::size_t>> places;
  const auto first = open_body(context, c.body, symbols), second = open_body(context, c.otherwise, symbols);
  for (std::size_t k = 0; k < first.size(); ++k) {
    const Coefficients a = taylor(first[k]), b = taylor(second[k]);
    for (std::size_t j = 0; j < a.size(); ++j) {
      if (!a[j] && !b[j]) continue;
      then.push_back(substitute(context, a[j] ? a[j] : zeros(context, first[k]), captured));
      otherwise.push_back(substitute(context, b[j] ? b[j] : zeros(context, first[k]), captured));
      places.emplace_back(k, j);
    }
  }
  std::vector<Coefficients> result(first.size(), Coefficients(std::size_t(order), nullptr));
  if (places.empty()) return result;
  for (const auto& [symbol, value] : captured) before.push_back(value);
  const auto found = branch(context, n->operand(0), then, otherwise, before);
  for (std::size_t i = 0; i < places.size(); ++i) result[places[i].first][places[i].second] = found[i];
  return result;
}

}  // namespace

std::vector<Coefficients> control_series(Context& context, NodePtr control, const std::vector<Coefficients>& operands,
                                         int order) {
  switch (control->op) {
    case Op::call:
      return call_series(context, control, operands, order);
    case Op::implicit:
      return implicit_series(context, control, operands, order);
    case Op::branch:
      return branch_series(context, control, operands, order);
    default:
      return loop_series(context, control, operands, order);
  }
}

}  // namespace gradus

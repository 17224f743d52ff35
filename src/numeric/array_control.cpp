// Loops, choices and calls of arrays: a body is evaluated once a round in an environment of its own; bodies nest as
// loops do. A choice or an end that is not certain is an error.
#include <algorithm>

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "numeric/array_environment.hpp"
#include "numeric/numbers.hpp"

namespace gradus::numeric {
namespace {

constexpr std::int64_t most_rounds = 1'000'000;

EnclosedArray row_of(const EnclosedArray& array, std::int64_t k) {
  EnclosedArray v{{array.shape.begin() + 1, array.shape.end()}, {}};
  const std::size_t row = array.row();
  const auto first = array.entries->begin() + std::ptrdiff_t(std::size_t(k) * row);
  v.entries = std::make_shared<std::vector<Certain>>(first, first + std::ptrdiff_t(row));
  return v;
}

}  // namespace

EnclosedArrays ArrayEnvironment::body(std::span<const NodePtr> roots, const std::vector<NodePtr>& order,
                                      const EnclosedArrays& arguments, std::span<const NodePtr> operands) {
  ArrayEnvironment inside(context_, sizes_, failure_);
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const NodePtr like = operands[k];
    const Shape row = like->rank() > arguments[k].shape.size() ? row_shape(like) : like->shape ? *like->shape : Shape{};
    const NodePtr symbol = parameter(context_, k, row.empty() ? nullptr : &row);
    inside.give(symbol, arguments[k]);
  }
  return inside.run(roots, order);
}

bool ArrayEnvironment::control(NodePtr n) {
  const Control& c = *n->data.control;
  const auto x = n->operands();
  EnclosedArrays arguments;
  for (const NodePtr o : x.subspan(c.hidden(n->op))) arguments.push_back(known_.at(o));
  if (n->is(Op::branch)) {
    const Truth t = Points::truth(known_.at(x[0]).scalar());
    if (t == Truth::undecided) fail(Code::E402, "a choice that is not certain");
    const auto& side = t == Truth::no ? c.otherwise : c.body;
    controlled_[n] = body(side, post_order(context_, side), arguments, x.subspan(1));
    return true;
  }
  if (n->is(Op::call)) {
    controlled_[n] = body(c.body, post_order(context_, c.body), arguments, x);
    return true;
  }
  const auto size = n->is(Op::scan) ? length(c.length) : std::optional<std::int64_t>(0);
  if (!size) return false;
  const auto order = post_order(context_, c.body), decides = post_order(context_, c.otherwise);
  std::vector<EnclosedArrays> rows(c.body.size() - c.carried);
  EnclosedArrays now = arguments;
  for (std::int64_t k = 0; !failure_; ++k) {
    if (n->is(Op::scan) ? k == *size : k > most_rounds) break;
    for (std::size_t s = c.carried; s < c.carried + c.scanned; ++s)
      now[s] = row_of(arguments[s], c.reversed ? *size - 1 - k : k);
    if (n->is(Op::while_loop)) {
      const EnclosedArrays go_on = body(c.otherwise, decides, now, x);
      if (failure_) break;
      const Truth t = Points::truth(go_on[0].scalar());
      if (t == Truth::undecided) fail(Code::E402, "a loop whose end is not certain");
      if (t == Truth::no) break;
      if (k == most_rounds) fail(Code::E602, "a loop of more than a million rounds");
    }
    const EnclosedArrays next = body(c.body, order, now, x);
    if (failure_) break;
    for (std::size_t i = 0; i < next.size(); ++i)
      i < c.carried ? static_cast<void>(now[i] = next[i]) : rows[i - c.carried].push_back(next[i]);
  }
  if (failure_) return true;
  EnclosedArrays& results = controlled_[n];
  results.assign(now.begin(), now.begin() + c.carried);
  const std::int64_t rounds = rows.empty() ? 0 : std::int64_t(rows[0].size());
  if (n->is(Op::while_loop) && !rows.empty()) sizes_[std::string(c.length.name)] = rounds;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto inner = lengths(c.body[c.carried + i]);
    if (!inner) return fail(Code::E403, "rows of another length in each round"), true;
    EnclosedArray stacked{{rounds}, std::make_shared<std::vector<Certain>>()};
    stacked.shape.insert(stacked.shape.end(), inner->begin(), inner->end());
    if (c.reversed) std::reverse(rows[i].begin(), rows[i].end());
    for (const EnclosedArray& row : rows[i])
      stacked.entries->insert(stacked.entries->end(), row.entries->begin(), row.entries->end());
    results.push_back(std::move(stacked));
  }
  return true;
}

}  // namespace gradus::numeric

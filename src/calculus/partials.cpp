#include "calculus/partials.hpp"

#include "gradus/core/handle.hpp"

namespace gradus {
namespace {

using Rule = NodePtr (*)(Context&, NodePtr, std::size_t);

template <class Record> NodePtr rule(Context& context, NodePtr n, std::size_t i) {
  const Handle y{&context, n}, a{&context, n->operand(0)};
  if constexpr (Record::info.arity == 1) {
    return Record::partials(a, y)[i].node;
  } else {
    const Handle b{&context, n->operand(1)};
    return Record::partials(a, b, y)[i].node;
  }
}

constexpr auto rules = [] {
  std::array<Rule, PointwiseOps::size> table{};
  int i = 0;
  PointwiseOps::for_each([&]<class Record> { table[i++] = &rule<Record>; });
  return table;
}();
}  // namespace

NodePtr partial(Context& context, NodePtr n, std::size_t i) {
  return rules[std::size_t(n->op) - std::size_t(Op::first_pointwise)](context, n, i);
}

}  // namespace gradus

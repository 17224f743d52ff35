#include "calculus/partials.hpp"

#include "gradus/core/handle.hpp"

namespace gradus {
namespace {

using Rule = NodePtr (*)(Context&, NodePtr, std::size_t);

template <class Record> NodePtr rule(Context& context, NodePtr n, std::size_t i) {
  std::array<Handle, Record::info.arity> x;
  std::array<const Handle*, Record::info.arity> at;
  for (std::size_t k = 0; k < x.size(); k++) {
    x[k] = {&context, n->operand(k)};
    at[k] = &x[k];
  }
  return partials_at<Record>(at.data(), Handle{&context, n})[i].node;
}

constexpr auto rules = [] {
  std::array<Rule, PointwiseOps::size> table{};
  int i = 0;
  PointwiseOps::for_each([&]<class Record> { table[i++] = &rule<Record>; });
  return table;
}();
}  // namespace

NodePtr partial(Context& context, NodePtr n, std::size_t i) {
  if (info_of(n->op).rigid >> i & 1)
    return context.error({Code::E304, "the derivative of '" + std::string(info_of(n->op).name) +
                                          "' with respect to its " + (i == 0 ? "first" : "second") +
                                          " argument is not known"});
  return rules[std::size_t(n->op) - std::size_t(Op::first_pointwise)](context, n, i);
}

}  // namespace gradus

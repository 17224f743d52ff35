// Closing a body: what does not depend on the body's own symbols is captured, as large as it can be (a broadcast is
// captured before it is repeated).
#pragma once
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {

// Expressions over symbols, brought into the form of a body.
class Closing {
 public:
  Closing(Context& context, std::span<const NodePtr> own) : context_(context), own_(own.begin(), own.end()) {}

  void find_captured(std::span<const NodePtr> roots) {
    const auto order = post_order(context_, roots, [](NodePtr n) { return n->symbols != 0; });
    auto inside = context_.memo();
    for (const NodePtr s : own_) inside.set(s, s);
    for (const NodePtr n : order) {
      if (inside.has(n)) continue;
      const auto x = n->operands();
      bool in = n->open != 0;
      for (const NodePtr o : x) in = in || inside.has(o);
      if (in) inside.set(n, n);
    }
    const auto capture = [&](NodePtr n) {
      while (n->is(Op::broadcast)) n = n->operand(0);
      if (n->symbols != 0 && std::find(captured_.begin(), captured_.end(), n) == captured_.end())
        captured_.push_back(n);
    };
    // Those that are met from inside; the order is that of the ids, which does not depend on the walk.
    for (const NodePtr n : order)
      if (inside.has(n))
        for (const NodePtr o : n->operands())
          if (!inside.has(o)) capture(o);
    for (const NodePtr root : roots)
      if (!inside.has(root)) capture(root);
  }

  // Of a choice: what is computed already (`given`) and symbols are captured, everything else is computed inside.
  void find_captured(std::span<const NodePtr> roots, std::span<const NodePtr> given) {
    auto outside = context_.memo();
    for (const NodePtr n : given) outside.set(n, n);
    const auto captures = [&](NodePtr n) { return n->symbols != 0 && (n->is(Op::symbol) || outside.has(n)); };
    const auto capture = [&](NodePtr n) {
      if (captures(n) && std::find(captured_.begin(), captured_.end(), n) == captured_.end()) captured_.push_back(n);
    };
    const auto order = post_order(context_, roots, [&](NodePtr n) { return n->symbols != 0 && !captures(n); });
    for (const NodePtr n : order)
      for (const NodePtr o : n->operands()) capture(o);
    for (const NodePtr root : roots) capture(root);
  }

  /// Parameters: the first `first` of the own symbols, what is captured, the other own symbols.
  std::vector<NodePtr> close(std::span<const NodePtr> roots, std::size_t first = std::size_t(-1)) {
    std::vector<NodePtr> order(own_.begin(), own_.begin() + std::ptrdiff_t(std::min(first, own_.size())));
    order.insert(order.end(), captured_.begin(), captured_.end());
    if (first < own_.size()) order.insert(order.end(), own_.begin() + std::ptrdiff_t(first), own_.end());
    std::vector<std::pair<NodePtr, NodePtr>> replacements;
    replacements.reserve(order.size());
    std::size_t position = 0;
    for (const NodePtr n : order) replacements.emplace_back(n, parameter(context_, position++, n->shape));
    std::vector<NodePtr> body;
    for (const NodePtr root : roots) body.push_back(substitute(context_, root, replacements));
    return body;
  }

  const std::vector<NodePtr>& captured() const { return captured_; }

 private:
  Context& context_;
  std::vector<NodePtr> own_, captured_;
};

inline std::string shape_text(NodePtr n) { return to_string(n->shape ? *n->shape : Shape{}); }

inline std::vector<NodePtr> results_of(Context& context, NodePtr node, std::size_t count) {
  std::vector<NodePtr> results;
  results.reserve(count);
  for (std::size_t k = 0; k < count; ++k) results.push_back(result(context, node, k));
  return results;
}

}  // namespace gradus

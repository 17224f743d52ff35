#include "gradus/core/walk.hpp"

#include <algorithm>

#include "gradus/core/control.hpp"

namespace gradus {

std::vector<NodePtr> post_order(Context& context, std::span<const NodePtr> roots) {
  return post_order(context, roots, [](NodePtr) { return true; });
}
std::vector<NodePtr> post_order(Context& context, NodePtr root) {
  return post_order(context, std::span<const NodePtr>(&root, 1));
}

NodePtr substitute(Context& context, NodePtr root, std::span<const std::pair<NodePtr, NodePtr>> replacements) {
  std::uint64_t symbols = 0;
  bool bound = false;
  int binders = 0;
  for (const auto& [from, to] : replacements) {
    if (root == from) return to;
    symbols |= from->symbols, bound = bound || from->is(Op::bound);
    binders = std::max<int>(binders, to->binder);
  }
  if ((root->symbols & symbols) == 0 && !(bound && root->open != 0)) return root;
  auto memo = context.memo();
  const bool renumber = binders != 0 && root->binder != 0 && !bound;
  if (renumber) {  // then every binder is rebuilt, which gives it the least number again
    if (root->open != 0) return context.error({Code::E603, "a sum is put into a part of another one"});
    root = context.raise_numbers(root, binders);
    if (root->is(Op::error)) return root;
  }
  for (const auto& [from, to] : replacements) memo.set(renumber ? context.raise_numbers(from, binders) : from, to);
  const auto order = post_order(context, std::span<const NodePtr>(&root, 1), [&](NodePtr n) {
    return (n->symbols & symbols) != 0 || (bound && n->open != 0) || (renumber && n->binder != 0) || n == root;
  });
  std::vector<NodePtr> operands;
  for (const NodePtr n : order) {
    if (memo.has(n)) continue;
    operands.clear();
    bool changed = renumber && n->binder != 0;
    for (const NodePtr o : n->operands()) {
      const NodePtr now = memo.has(o) ? memo.get(o) : o;
      changed = changed || now != o;
      operands.push_back(now);
    }
    const NodePtr rebuilt = changed ? context.rebuild(n, operands) : n;
    if (rebuilt->is(Op::error)) return rebuilt;
    memo.set(n, rebuilt);
  }
  return memo.has(root) ? memo.get(root) : root;
}
NodePtr substitute(Context& context, NodePtr root, NodePtr from, NodePtr to) {
  const std::pair<NodePtr, NodePtr> one[] = {{from, to}};
  return substitute(context, root, one);
}

std::vector<NodePtr> symbols_of(Context& context, NodePtr root) {
  std::vector<NodePtr> symbols;
  for (const NodePtr n :
       post_order(context, std::span<const NodePtr>(&root, 1), [](NodePtr x) { return x->symbols != 0; }))
    if (n->is(Op::symbol)) symbols.push_back(n);
  std::sort(symbols.begin(), symbols.end(), [](NodePtr a, NodePtr b) { return a->name() < b->name(); });
  return symbols;
}

NodePtr free_symbol(Context& context, NodePtr root, std::span<const std::string> names, Facts facts,
                    const Shape& shape) {
  const auto taken = symbols_of(context, root);
  for (const std::string& name : names)
    if (std::none_of(taken.begin(), taken.end(), [&](NodePtr s) { return s->name() == name; }))
      return context.symbol(name, facts, shape);
  return context.fresh_symbol(names.front(), facts, shape);
}

NodePtr import(Context& to, Context& from, NodePtr root) {
  auto memo = from.memo();
  std::vector<NodePtr> operands;
  for (const NodePtr n : post_order(from, root)) {
    NodePtr copy = nullptr;
    switch (n->op) {
      case Op::rational:
        copy = to.rational(n->value());
        break;
      case Op::floating:
        copy = to.floating(n->data.floating);
        break;
      case Op::pi:
        copy = to.pi();
        break;
      case Op::symbol:
        copy = to.symbol(n->name(), n->data.symbol->facts, n->shape ? *n->shape : Shape{});
        break;
      case Op::bound:
        copy = to.bound(n->bound_number(), n->bound_is_real());
        break;
      case Op::iota:
        copy = to.iota(*n->shape, (*n->data.axes)[0]);
        break;
      case Op::error:
        copy = to.error(*n->data.diagnostic);
        break;
      case Op::scan:
      case Op::while_loop:
      case Op::branch:
      case Op::implicit:
      case Op::call: {
        Control control = *n->data.control;
        for (auto* body : {&control.body, &control.otherwise})
          for (NodePtr& of_body : *body) of_body = import(to, from, of_body);
        operands.clear();
        for (const NodePtr o : n->operands()) operands.push_back(memo.get(o));
        copy = to.control(n->op, operands, control);
        break;
      }
      default:
        operands.clear();
        for (const NodePtr o : n->operands()) operands.push_back(memo.get(o));
        copy = to.rebuild(n, operands);
    }
    memo.set(n, copy);
  }
  return memo.get(root);
}

}  // namespace gradus

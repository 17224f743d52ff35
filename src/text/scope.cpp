// What earlier inputs have defined and declared.
#include <algorithm>

#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"

namespace gradus {

const Definition* Scope::definition(std::string_view name) const {
  const auto found = definitions_.find(name);
  return found == definitions_.end() ? nullptr : &found->second;
}
NodePtr Scope::declared(std::string_view name) const {
  const auto found = declarations_.find(name);
  return found == declarations_.end() ? nullptr : found->second;
}
void Scope::define(std::string_view name, Definition definition) {
  definitions_.insert_or_assign(std::string(name), std::move(definition));
  functions_.erase(std::string(name));
}
void Scope::declare(Context& context, NodePtr symbol) {
  const NodePtr before = declared(symbol->name());
  const NodePtr old = before ? before : context.symbol(symbol->name());
  declarations_.insert_or_assign(std::string(symbol->name()), symbol);
  if (old == symbol) return;
  for (auto& [name, d] : definitions_) {
    if (std::find(d.parameters.begin(), d.parameters.end(), old) != d.parameters.end()) continue;
    const NodePtr body = substitute(context, d.body, old, symbol);
    if (!body->is(Op::error)) d.body = body;
  }
}
void Scope::forget(std::string_view name) {
  if (const auto d = definitions_.find(name); d != definitions_.end()) definitions_.erase(d);
  if (const auto d = declarations_.find(name); d != declarations_.end()) declarations_.erase(d);
}

}  // namespace gradus

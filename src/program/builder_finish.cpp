// The end of a Builder's work: divisors become reciprocals, products and sums multiply-adds (a product used once, by a
// sum in the same scope), what nobody wants goes, and the code is written in execution order. Who attains a maximum is
// told by comparing with it, often in another nest: such values are computed in the same way wherever they are.
#include <algorithm>

#include "builder.hpp"

namespace gradus::program {
namespace {

bool has_effect(const Instruction& in) {
  switch (in.opcode) {
    case Opcode::store:
    case Opcode::accumulate:
    case Opcode::when:
    case Opcode::leave:
    case Opcode::reserve:
    case Opcode::set_size:
    case Opcode::routine:
      return true;
    default:
      return in.opcode == Opcode::fold && in.array != none;
  }
}

Id array_written(const Instruction& in) {
  if (in.opcode == Opcode::fold) return in.array;
  return in.opcode == Opcode::store || in.opcode == Opcode::accumulate || in.opcode == Opcode::reserve ? in.target
                                                                                                       : none;
}

}  // namespace

// What stands in the list of `scope` and is a node of this scope, or holds it.
Id Builder::item_in(Id scope, Id node) const {
  Id item = node, at = home_[node];
  while (at != scope) {
    item = at;
    at = home_[at];
  }
  return item;
}

// What a greatest is sought of, or is compared for equality, and what that is computed from up to memory.
std::vector<bool> Builder::compared() const {
  std::vector<bool> found(nodes_.size(), false);
  std::vector<Id> pending;
  for (const Instruction& in : nodes_)
    if (in.opcode == Opcode::equal || (in.opcode == Opcode::fold && in.fold == Fold::max))
      for (const Id operand : {in.a, in.b})
        if (operand != none) pending.push_back(operand);
  while (!pending.empty()) {
    const Id i = pending.back();
    pending.pop_back();
    const Instruction& in = nodes_[i];
    if (found[i] || in.opcode == Opcode::load || in.opcode == Opcode::phi) continue;
    found[i] = true;
    for (const Id operand : {in.a, in.b, in.c})
      if (operand != none) pending.push_back(operand);
  }
  return found;
}

// One more rounding for each quotient; where 1 / d overflows (d below 2^-1022), so does the quotient unless x is as
// small.
void Builder::share_reciprocals(const std::vector<bool>& compared) {
  std::vector<std::vector<Id>> by(nodes_.size());  // divisions by a node
  for (const Scope& scope : scopes_)
    for (const Id i : scope.items)
      if (nodes_[i].opcode == Opcode::div && !compared[i] && nodes_[nodes_[i].b].opcode != Opcode::constant)
        by[nodes_[i].b].push_back(i);
  Id one = none;
  for (Id d = 0; d < Id(by.size()); ++d) {
    const std::vector<Id>& quotients = by[d];
    const Id scope = home_[d];
    if (quotients.empty() || (quotients.size() == 1 && home_[quotients[0]] == scope)) continue;
    if (nodes_[d].opcode == Opcode::phi) continue;  // one value in the loop, another after it
    if (nodes_[d].opcode == Opcode::size && program_.sizes[nodes_[d].target].chosen) continue;  // once for each block
    std::vector<Id>& items = scopes_[scope_index_[scope]].items;
    auto first = items.end();
    for (const Id q : quotients) first = std::min(first, std::find(items.begin(), items.end(), item_in(scope, q)));
    const auto add = [&](Instruction in, Id where) {
      nodes_.push_back(std::move(in));
      home_.push_back(where);
      scope_index_.push_back(none);
      return Id(nodes_.size() - 1);
    };
    const std::ptrdiff_t at = first - items.begin();
    if (one == none) one = add({.opcode = Opcode::constant, .number = 1}, top);
    const Id reciprocal = add({.opcode = Opcode::div, .a = one, .b = d}, scope);
    items.insert(items.begin() + at, reciprocal);
    for (const Id q : quotients) {
      nodes_[q].opcode = Opcode::mul;
      nodes_[q].b = reciprocal;
    }
  }
  if (one != none) scopes_[0].items.insert(scopes_[0].items.begin(), one);
}

void Builder::contract_scope(Scope& scope, const std::vector<unsigned>& uses, const std::vector<bool>& compared) {
  std::vector<Id> items;
  std::vector<bool> gone(nodes_.size(), false);
  const Id here = scope.loop == none ? top : scope.loop;
  const auto is_product = [&](Id i) {
    return i != none && nodes_[i].opcode == Opcode::mul && uses[i] == 1 && home_[i] == here && !gone[i];
  };
  for (const Id i : scope.items) {
    const auto opcode = nodes_[i].opcode;
    const Id a = nodes_[i].a, b = nodes_[i].b;
    if (i < compared.size() && compared[i]) {  // nothing that depends on who else uses a product, or where
      if (opcode == Opcode::fold && nodes_[i].fold == Fold::sum && b == none && nodes_[a].opcode == Opcode::mul) {
        gone[a] = is_product(a);
        nodes_[i].b = nodes_[a].b;
        nodes_[i].a = nodes_[a].a;
      }
      items.push_back(i);
      continue;
    }
    const auto fuse = [&](Id product, Id other) {
      gone[product] = true;
      nodes_[i].opcode = Opcode::fma;
      nodes_[i].a = nodes_[product].a;
      nodes_[i].b = nodes_[product].b;
      nodes_[i].c = other;
    };
    const auto negated = [&](Id value) {
      const Id id = Id(nodes_.size());
      nodes_.push_back({.opcode = Opcode::negate, .a = value});
      home_.push_back(home_[i]);
      items.push_back(id);
      return id;
    };
    if (opcode == Opcode::add && is_product(b)) {
      fuse(b, a);
    } else if (opcode == Opcode::add && is_product(a)) {
      fuse(a, b);
    } else if (opcode == Opcode::sub && is_product(b)) {  // a - x y = (-x) y + a
      fuse(b, a);
      const Id x = negated(nodes_[i].a);
      nodes_[i].a = x;
    } else if (opcode == Opcode::sub && is_product(a)) {
      const Id other = negated(b);
      fuse(a, other);
    } else if (opcode == Opcode::fold && nodes_[i].fold == Fold::sum && b == none && is_product(a)) {
      gone[a] = true;
      nodes_[i].b = nodes_[a].b;
      nodes_[i].a = nodes_[a].a;
    }
    items.push_back(i);
  }
  scope.items.clear();
  for (const Id i : items)
    if (i >= gone.size() || !gone[i]) scope.items.push_back(i);
}

// What neither a store nor a fold into an array that is read needs is left out.
void Builder::remove_dead() {
  std::vector<bool> live(nodes_.size(), false);
  std::vector<Id> pending;
  const auto mark = [&](Id i) {
    if (i == none || live[i]) return;
    live[i] = true;
    pending.push_back(i);
  };
  // What goes into an intermediate array is wanted as soon as somebody reads that.
  std::unordered_map<Id, std::vector<Id>> unread;
  const auto read = [&](Id array) {
    const auto at = unread.find(array);
    if (at == unread.end()) return;
    for (const Id i : at->second) mark(i);
    unread.erase(at);
  };
  for (Id i = 0; i < nodes_.size(); ++i) {
    const Instruction& in = nodes_[i];
    if (!has_effect(in)) continue;
    const Id array = array_written(in);
    if (array != none && program_.arrays[array].role == Role::temporary)
      unread[array].push_back(i);
    else
      mark(i);
  }
  while (!pending.empty()) {
    const Instruction& in = nodes_[pending.back()];
    pending.pop_back();
    if (in.opcode == Opcode::load) read(in.target);
    if (in.opcode == Opcode::routine)
      for (const Id array : in.index) read(constant_of(array));
    for (const Id operand : {in.a, in.b, in.c}) mark(operand);
    for (const Id k : in.index)
      if (is_value(k)) mark(k);
    if (in.opcode == Opcode::counter) mark(in.target);
  }
  for (Scope& scope : scopes_) {
    std::erase_if(scope.phis, [&](Id i) { return !live[i]; });
    std::erase_if(scope.items, [&](Id i) { return !is_bracket(nodes_[i]) && !live[i]; });
  }
  for (Id i = 0; i < nodes_.size(); ++i)
    if (!live[i] && !is_bracket(nodes_[i])) nodes_[i].a = nodes_[i].b = nodes_[i].c = none;
  for (std::size_t k = scopes_.size(); k-- > 1;)  // a loop opened later is never outside one opened before
    if (Scope& scope = scopes_[k]; scope.items.empty() && scope.phis.empty())
      std::erase(scopes_[scope_index_[home_[scope.loop]]].items, scope.loop);
}

void Builder::finish(bool contract) {
  remove_dead();
  if (contract) {
    const std::vector<bool> compared = this->compared();
    share_reciprocals(compared);
    std::vector<unsigned> uses(nodes_.size(), 0);
    for (const Instruction& in : nodes_)
      for (const Id operand : {in.a, in.b, in.c})
        if (operand != none) ++uses[operand];
    for (const Instruction& in : nodes_)
      for (const Id k : in.index)
        if (is_value(k)) uses[k] += 2;  // an index is no sum that takes in a product
    for (Scope& scope : scopes_)
      if (!scope.items.empty()) contract_scope(scope, uses, compared);
  }
  std::vector<Id> place(nodes_.size(), none);
  write(scopes_[0], place);
  for (Instruction& in : program_.code) {
    for (Id* operand : {&in.a, &in.b, &in.c})
      if (*operand != none) *operand = place[*operand];
    if (in.opcode == Opcode::counter || in.opcode == Opcode::fold || in.opcode == Opcode::end)
      in.target = place[in.target];
    for (Id& k : in.index)
      if (is_value(k)) k = place[k];
  }
  remove_arrays();
}

// Arrays that no instruction names any more.
void Builder::remove_arrays() {
  std::vector<bool> named(program_.arrays.size(), false);
  std::fill_n(named.begin(), program_.inputs + program_.outputs, true);
  const auto each = [&](auto visit) {
    for (Instruction& in : program_.code) {
      if (in.opcode == Opcode::load || (array_written(in) != none && in.opcode != Opcode::fold)) visit(in.target);
      if (in.opcode == Opcode::fold && in.array != none) visit(in.array), visit(in.partial);
      if (in.opcode != Opcode::routine) continue;
      for (Id& k : in.index) {
        Id array = constant_of(k);
        visit(array);
        k = constant_index(array);
      }
    }
  };
  each([&](Id& array) { named[array] = true; });
  std::vector<Id> now(named.size(), none);
  std::vector<Storage> arrays;
  for (std::size_t k = 0; k < named.size(); ++k)
    if (named[k]) {
      now[k] = Id(arrays.size());
      arrays.push_back(std::move(program_.arrays[k]));
    }
  program_.arrays = std::move(arrays);
  each([&](Id& array) { array = now[array]; });
  for (Segments& s : program_.segments)
    for (std::vector<Id>* list : {&s.rows, &s.checkpoints}) {
      std::erase_if(*list, [&](Id array) { return now[array] == none; });
      for (Id& array : *list) array = now[array];
    }
}

void Builder::write(const Scope& scope, std::vector<Id>& place) {
  const auto one = [&](Id i) {
    place[i] = Id(program_.code.size());
    program_.code.push_back(nodes_[i]);
  };
  for (const Id i : scope.phis) one(i);
  for (const Id i : scope.items) {
    one(i);
    if (!is_bracket(nodes_[i])) continue;
    write(scopes_[scope_index_[i]], place);
    program_.code.push_back({.opcode = Opcode::end, .target = i});
  }
}

}  // namespace gradus::program

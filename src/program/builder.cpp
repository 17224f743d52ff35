// See builder.hpp. Contraction: a product used once, by a sum in the same scope, becomes part of a fused multiply-add.
#include "builder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gradus::program {
namespace {

bool is_bracket(const Instruction& in) { return in.opcode == Opcode::loop || in.opcode == Opcode::when; }

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

}  // namespace

Builder::Builder(Program& program) : program_(program) {
  nodes_.emplace_back();
  home_.push_back(top);
  scope_index_.push_back(0);
  scopes_.emplace_back();
}

Id Builder::put(Instruction in, Id scope) {
  const Id id = Id(nodes_.size());
  nodes_.push_back(std::move(in));
  home_.push_back(scope);
  scope_index_.push_back(none);
  Scope& s = scopes_[scope_index_[scope]];
  (nodes_[id].opcode == Opcode::phi ? s.phis : s.items).push_back(id);
  return id;
}

std::size_t Builder::OperationHash::operator()(const Operation& operation) const {
  std::uint64_t h = 0;
  std::apply([&](auto... part) { ((h = (h ^ std::uint64_t(part)) * 0x9E3779B97F4A7C15u, h ^= h >> 32), ...); },
             operation);
  return h;
}

Id Builder::constant(double x) {
  const auto [at, is_new] = constants_.try_emplace(std::bit_cast<std::uint64_t>(x));
  if (is_new) at->second = put({.opcode = Opcode::constant, .number = x}, top);
  return at->second;
}

Id Builder::size(Id size, Id scope) {
  const bool fixed = !program_.sizes[size].computed;
  if (!fixed) return put({.opcode = Opcode::size, .target = size}, scope);
  const auto [at, is_new] = operations_.try_emplace(Operation{Opcode::size, size, none, none, none});
  if (is_new) at->second = put({.opcode = Opcode::size, .target = size}, top);
  return at->second;
}
Id Builder::counter(Id loop) {
  const auto [at, is_new] = operations_.try_emplace(Operation{Opcode::counter, loop, none, none, none});
  if (is_new) at->second = put({.opcode = Opcode::counter, .target = loop}, loop);
  return at->second;
}

Id Builder::scope_of(const std::vector<Id>& index) const {
  Id scope = top;
  for (const Id k : index)
    if (is_value(k)) scope = inner(scope, is_loop(k) ? k : home_[k]);
  return scope;
}

bool Builder::is_inside(Id scope, Id loop) const {
  while (scope != top && scope != loop) scope = home_[scope];
  return scope == loop;
}

Id Builder::load(Id array, const std::vector<Id>& index, Id guard, Id scope) {
  scope = inner(scope, scope_of(index));
  if (guard != none) scope = inner(scope, home_[guard]);
  return put({.opcode = Opcode::load, .a = guard, .target = array, .index = index}, scope);
}

Id Builder::operation(Opcode opcode, Id a, Id b, Id c) {
  if (opcode == Opcode::add && nodes_[b].opcode == Opcode::negate) return operation(Opcode::sub, a, nodes_[b].a);
  if (opcode == Opcode::add && nodes_[a].opcode == Opcode::negate) return operation(Opcode::sub, b, nodes_[a].a);
  if (opcode == Opcode::mul && nodes_[a].opcode == Opcode::constant && nodes_[a].number == 1) return b;
  if (opcode == Opcode::mul && nodes_[b].opcode == Opcode::constant && nodes_[b].number == 1) return a;
  return operation_of(opcode, none, a, b, c);
}

Id Builder::operation_of(Opcode opcode, Id target, Id a, Id b, Id c) {
  const auto [at, is_new] = operations_.try_emplace(Operation{opcode, target, a, b, c});
  if (!is_new && is_open(at->second)) return at->second;
  Id scope = home_[a];
  if (b != none) scope = inner(scope, home_[b]);
  if (c != none) scope = inner(scope, home_[c]);
  return at->second = put({.opcode = opcode, .a = a, .b = b, .c = c, .target = target}, scope);
}

Id Builder::call(Id op, Id a, Id b, Id c) { return operation_of(Opcode::call, op, a, b, c); }

Id Builder::open(Id parent, Id size, bool lanes, bool reversed) {
  const Id id = Id(nodes_.size());
  nodes_.push_back({.opcode = Opcode::loop, .lanes = lanes, .reversed = reversed, .target = size});
  home_.push_back(parent);
  scope_index_.push_back(Id(scopes_.size()));
  Scope scope;
  scope.loop = id;
  scope.depth = depth_of(parent) + 1;
  scopes_.push_back(std::move(scope));
  if (lanes) lanes_ = id;
  return id;
}

Id Builder::open_part(Id parent, Id blocks, bool lanes) {
  const Id id = open(parent, nodes_[blocks].target, lanes);
  nodes_[id].a = blocks;
  return id;
}

void Builder::close(Id loop) {
  scopes_[scope_index_[loop]].open = false;
  scopes_[scope_index_[home_[loop]]].items.push_back(loop);
  if (lanes_ == loop) lanes_ = none;
}

Id Builder::phi(Id loop, Id initial) {
  const Id id = put({.opcode = Opcode::phi, .a = initial}, loop);
  return id;
}

Id Builder::fold(Fold kind, Id loop, Id value) {
  const Id id = put({.opcode = Opcode::fold, .fold = kind, .a = value, .target = loop}, loop);
  home_[id] = home_[loop];  // its value is seen outside
  return id;
}

void Builder::fold_into(Fold kind, Id lanes_loop, Id value, Id array, Id partial, const std::vector<Id>& index,
                        std::size_t prefix) {
  put({.opcode = Opcode::fold,
       .fold = kind,
       .prefix = std::uint8_t(prefix),
       .a = value,
       .target = lanes_loop,
       .array = array,
       .partial = partial,
       .index = index},
      inner(scope_of(index), lanes_loop));
}

void Builder::store(Id array, const std::vector<Id>& index, Id value, Id scope) {
  put({.opcode = Opcode::store, .a = value, .target = array, .index = index},
      inner(scope, inner(scope_of(index), home_[value])));
}

void Builder::accumulate(Id array, const std::vector<Id>& index, Id value, Id guard, Id scope) {
  scope = inner(scope, inner(scope_of(index), home_[value]));
  if (guard != none) scope = inner(scope, home_[guard]);
  put({.opcode = Opcode::accumulate, .a = value, .b = guard, .target = array, .index = index}, scope);
}

Id Builder::open_when(Id parent, Id condition) {
  const Id id = open(parent, none, false);
  nodes_[id].opcode = Opcode::when;
  nodes_[id].a = condition;
  return id;
}
void Builder::leave(Id loop, Id condition) { put({.opcode = Opcode::leave, .a = condition}, loop); }
void Builder::reserve(Id array, Id rows, Id scope) {
  put({.opcode = Opcode::reserve, .a = rows, .target = array}, inner(scope, home_[rows]));
}
void Builder::set_size(Id size, Id value, Id scope) {
  put({.opcode = Opcode::set_size, .a = value, .target = size}, inner(scope, home_[value]));
}
void Builder::routine(Id which, const std::vector<Id>& arrays, Id scope) {
  Instruction in{.opcode = Opcode::routine, .target = which};
  for (const Id a : arrays) in.index.push_back(constant_index(a));
  put(std::move(in), scope);
}
Id Builder::index_value(Id index) {
  return index == none      ? constant(0)
         : !is_value(index) ? constant(double(constant_of(index)))
         : is_loop(index)   ? counter(index)
                            : index;
}

std::size_t Builder::instructions_in(Id loop) const {
  const Scope& s = scopes_[scope_index_[loop]];
  std::size_t count = s.items.size() + s.phis.size();
  for (const Id item : s.items)
    if (is_bracket(nodes_[item])) count += instructions_in(item);
  return count;
}

double Builder::work_in(Id loop, Id along, double length) const {
  constexpr double function = 12, some = 16;  // rounds of a loop whose length is not known
  double sum = 0;
  for (const Id item : scopes_[scope_index_[loop]].items) {
    const Instruction& in = nodes_[item];
    if (!is_bracket(in)) {
      sum += in.opcode == Opcode::call ? function : 1;
      continue;
    }
    double rounds = 1;
    if (in.opcode == Opcode::loop) {
      if (in.target == none)
        rounds = some;
      else if (in.a != none && nodes_[in.a].block != 0)
        rounds = nodes_[in.a].block;
      else if (in.target == along)
        rounds = length;
      else
        rounds = program_.sizes[in.target].value < 0 ? some : double(program_.sizes[in.target].value);
      if (in.block != 0) rounds = std::ceil(rounds / in.block);
    }
    sum += rounds * work_in(item, along, length);
  }
  return sum;
}

bool Builder::has_inner_loops(Id loop) const {
  for (const Id item : scopes_[scope_index_[loop]].items)
    if (is_bracket(nodes_[item])) return true;
  return false;
}

// What stands in the list of `scope` and is a node of this scope, or holds it.
Id Builder::item_in(Id scope, Id node) const {
  Id item = node, at = home_[node];
  while (at != scope) {
    item = at;
    at = home_[at];
  }
  return item;
}

// One more rounding for each quotient; where 1 / d overflows (d below 2^-1022), so does the quotient unless x is as
// small.
void Builder::share_reciprocals() {
  std::vector<std::vector<Id>> by(nodes_.size());  // divisions by a node
  for (const Scope& scope : scopes_)
    for (const Id i : scope.items)
      if (nodes_[i].opcode == Opcode::div && nodes_[nodes_[i].b].opcode != Opcode::constant)
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

bool Builder::has_calls(Id loop) const {
  const std::vector<Id>& items = scopes_[scope_index_[loop]].items;
  return std::any_of(items.begin(), items.end(), [&](Id i) { return nodes_[i].opcode == Opcode::call; });
}

bool Builder::has_scattered_sums(Id loop) const {
  const std::vector<Id>& items = scopes_[scope_index_[loop]].items;
  return std::any_of(items.begin(), items.end(), [&](Id i) {
    const Instruction& in = nodes_[i];
    return in.opcode == Opcode::accumulate && std::any_of(in.index.begin(), in.index.end(), [&](Id k) {
             return is_value(k) && nodes_[k].opcode != Opcode::loop && home_[k] == loop;
           });
  });
}

std::size_t Builder::live_values_in(Id loop) const {
  const Scope& s = scopes_[scope_index_[loop]];
  std::unordered_map<Id, std::size_t> last;  // use of a value made here
  for (std::size_t k = 0; k < s.items.size(); ++k) {
    for (const Id operand : {nodes_[s.items[k]].a, nodes_[s.items[k]].b, nodes_[s.items[k]].c})
      if (const auto at = last.find(operand); at != last.end()) at->second = k;
    last.emplace(s.items[k], k);
  }
  std::vector<std::size_t> ending(s.items.size(), 0);
  for (const auto& [value, k] : last) ++ending[k];
  std::size_t live = 0, most = 0;
  for (std::size_t k = 0; k < s.items.size(); ++k) {
    most = std::max(most, ++live);
    live -= ending[k];
  }
  return most;
}

void Builder::contract_scope(Scope& scope, const std::vector<unsigned>& uses) {
  std::vector<Id> items;
  std::vector<bool> gone(nodes_.size(), false);
  const Id here = scope.loop == none ? top : scope.loop;
  const auto is_product = [&](Id i) {
    return i != none && nodes_[i].opcode == Opcode::mul && uses[i] == 1 && home_[i] == here && !gone[i];
  };
  for (const Id i : scope.items) {
    const auto opcode = nodes_[i].opcode;
    const Id a = nodes_[i].a, b = nodes_[i].b;
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

// What neither a store nor a fold into an array needs is left out.
void Builder::remove_dead() {
  std::vector<bool> live(nodes_.size(), false);
  std::vector<Id> pending;
  const auto mark = [&](Id i) {
    if (i == none || live[i]) return;
    live[i] = true;
    pending.push_back(i);
  };
  for (Id i = 0; i < nodes_.size(); ++i)
    if (has_effect(nodes_[i])) mark(i);
  while (!pending.empty()) {
    const Instruction& in = nodes_[pending.back()];
    pending.pop_back();
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
    share_reciprocals();
    std::vector<unsigned> uses(nodes_.size(), 0);
    for (const Instruction& in : nodes_)
      for (const Id operand : {in.a, in.b, in.c})
        if (operand != none) ++uses[operand];
    for (const Instruction& in : nodes_)
      for (const Id k : in.index)
        if (is_value(k)) uses[k] += 2;  // an index is no sum that takes in a product
    for (Scope& scope : scopes_)
      if (!scope.items.empty()) contract_scope(scope, uses);
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

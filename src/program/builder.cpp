// See builder.hpp. What is done at the end: builder_finish.cpp.
#include "builder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gradus::program {

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
  scope = inner(inner(outermost_, scope), scope_of(index));
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
  Id scope = inner(outermost_, home_[a]);
  if (b != none) scope = inner(scope, home_[b]);
  if (c != none) scope = inner(scope, home_[c]);
  return at->second = put({.opcode = opcode, .a = a, .b = b, .c = c, .target = target}, scope);
}

Id Builder::call(Id op, Id a, Id b, Id c) { return operation_of(Opcode::call, op, a, b, c); }

Id Builder::open(Id parent, Id size, bool lanes, bool reversed) {
  parent = inner(outermost_, parent);
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
  if (outermost_ == loop) outermost_ = top;
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
      inner(inner(outermost_, lanes_loop), scope_of(index)));
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

std::size_t Builder::most_carried_in(Id loop) const {
  std::size_t most = 0;
  for (const Id item : scopes_[scope_index_[loop]].items)
    if (is_bracket(nodes_[item]))
      most = std::max({most, scopes_[scope_index_[item]].phis.size(), most_carried_in(item)});
  return most;
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

}  // namespace gradus::program

// Straight-line programs written instruction by instruction, and drawn at random.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gradus/core/op_list.hpp"
#include "gradus/program/program.hpp"

namespace gradus::program {

inline constexpr Element all_elements[] = {Element::float64, Element::float32, Element::int64, Element::boolean};
inline constexpr Opcode unary[] = {Opcode::negate, Opcode::abs,  Opcode::sqrt,       Opcode::floor,
                                   Opcode::ceil,   Opcode::sign, Opcode::logical_not};
inline constexpr Opcode binary[] = {Opcode::add,   Opcode::sub,         Opcode::mul,       Opcode::div,
                                    Opcode::min,   Opcode::max,         Opcode::less,      Opcode::less_equal,
                                    Opcode::equal, Opcode::logical_and, Opcode::logical_or};

inline Id function_named(std::string_view name) {
  Id op = 0;
  while (op_infos[op].name != name) ++op;
  return op;
}

/// A program whose outputs get one value after the other.
class Draft {
 public:
  explicit Draft(Element arithmetic, std::vector<std::pair<Element, std::int64_t>> inputs = {}) {
    p_.arithmetic = arithmetic;
    for (const auto& [element, length] : inputs) add(Role::input, element, length);
    p_.inputs = Id(p_.arrays.size());
  }
  Id output(Element element, std::int64_t length) {
    add(Role::output, element, length);
    ++p_.outputs;
    return Id(p_.arrays.size() - 1);
  }
  Id put(Instruction in) {
    p_.code.push_back(std::move(in));
    return Id(p_.code.size() - 1);
  }
  Id number(double x) { return put({.number = x}); }
  Id load(Id array, Id index, Id guard = none) {
    return put({.opcode = Opcode::load, .a = guard, .target = array, .index = {index}});
  }
  Id operation(Opcode opcode, Id a, Id b = none, Id c = none, Id target = none) {
    return put({.opcode = opcode, .a = a, .b = b, .c = c, .target = target});
  }
  void store(Id array, Id index, Id value) {
    put({.opcode = Opcode::store, .a = value, .target = array, .index = {index}});
  }
  Program& program() { return p_; }

 private:
  void add(Role role, Element element, std::int64_t length) {
    p_.sizes.push_back({"", length});
    p_.arrays.push_back({.name = "a" + std::to_string(p_.arrays.size()),
                         .role = role,
                         .shape = {Id(p_.sizes.size() - 1)},
                         .element = element});
  }
  Program p_;
};

/// Operands from near and far, so that values wait in registers and in memory; functions in between.
/// `below(n)` gives a number below n. Inputs: 8 each of float64, float32, int64, bool; outputs: 64 each.
template <class Below>
Program random_straight_program(Below below, std::size_t length, Element arithmetic, bool calls) {
  Draft d(arithmetic, {{Element::float64, 8}, {Element::float32, 8}, {Element::int64, 8}, {Element::boolean, 8}});
  std::vector<Id> outputs;
  for (const Element e : all_elements) outputs.push_back(d.output(e, 64));
  std::vector<Id> functions;
  functions.reserve(5);
  for (const char* name : {"exp", "sin", "log1p", "atan2", "elliptic_pi"}) functions.push_back(function_named(name));
  std::vector<Id> values;
  for (Id array = 0; array < 4; ++array)
    for (Id k = 0; k < 8; ++k) values.push_back(d.load(array, constant_index(k)));
  const auto operand = [&] {
    if (below(8) == 0) return d.number(double(below(9)) / 4 - 1);
    return values[values.size() - 1 - below(below(3) == 0 ? values.size() : std::min<std::size_t>(values.size(), 20))];
  };
  for (std::size_t k = 0; k < length; ++k) {
    const Id a = operand(), b = operand(), c = operand();
    const std::size_t which = below(40);
    if (which < 10) {
      values.push_back(d.operation(Opcode::fma, below(3) == 0 ? d.operation(Opcode::negate, a) : a, b, c));
    } else if (which < 12) {
      values.push_back(d.operation(Opcode::select, a, b, c));
    } else if (which < 16) {
      values.push_back(d.operation(unary[below(std::size(unary))], a));
    } else if (which == 16 && calls) {
      const Id op = functions[below(functions.size())];
      const int arity = op_infos[op].arity;
      values.push_back(d.operation(Opcode::call, a, arity > 1 ? b : none, arity > 2 ? c : none, op));
    } else if (which == 17) {
      const Id into = below(64);
      for (const Id array : outputs) d.store(array, constant_index(into), a);
      const Id array = outputs[below(outputs.size())];
      values.push_back(d.load(array, constant_index(into)));
      if (below(2) == 0)
        d.put({.opcode = Opcode::accumulate,
               .a = b,
               .b = below(2) == 0 ? c : none,
               .target = outputs[below(2)],
               .index = {constant_index(into)}});
    } else {
      values.push_back(d.operation(binary[below(std::size(binary))], a, b));
    }
  }
  for (const Id array : outputs)
    for (Id k = 0; k < 64; ++k) d.store(array, constant_index(k), values[values.size() - 1 - k % values.size()]);
  return d.program();
}

}  // namespace gradus::program

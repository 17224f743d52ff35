// The value of a formula in double precision, by the op records: what the tests of this folder compare.
#pragma once
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>

#include "gradus/core/walk.hpp"

namespace gradus {

inline double value_of(Context& context, NodePtr root, const std::map<std::string, double>& at) {
  std::unordered_map<NodePtr, double> v;
  for (const NodePtr n : post_order(context, root)) {
    const auto x = [&](std::size_t i) { return v.at(n->operand(i)); };
    double y = std::nan("");
    switch (n->op) {
      case Op::rational:
        y = n->value().to_double();
        break;
      case Op::pi:
        y = 3.141592653589793;
        break;
      case Op::symbol:
        if (const auto found = at.find(std::string(n->name())); found != at.end()) y = found->second;
        break;
      case Op::add:
        y = 0;
        for (std::size_t i = 0; i < n->arity; i++) y += x(i);
        break;
      case Op::mul:
        y = 1;
        for (std::size_t i = 0; i < n->arity; i++) y *= x(i);
        break;
      case Op::min:
      case Op::max:
        y = x(0);
        for (std::size_t i = 1; i < n->arity; i++) y = n->is(Op::min) ? std::fmin(y, x(i)) : std::fmax(y, x(i));
        break;
      case Op::less:
        y = x(0) < x(1);
        break;
      case Op::less_equal:
        y = x(0) <= x(1);
        break;
      case Op::equal:
        y = x(0) == x(1);
        break;
      case Op::logical_not:
        y = x(0) == 0;
        break;
      case Op::logical_and:
        y = 1;
        for (std::size_t i = 0; i < n->arity; i++) y = y != 0 && x(i) != 0;
        break;
      case Op::logical_or:
        y = 0;
        for (std::size_t i = 0; i < n->arity; i++) y = y != 0 || x(i) != 0;
        break;
      case Op::select:
        y = x(0) != 0 ? x(1) : x(2);
        break;
      default:
        PointwiseOps::for_each([&]<class Record> {
          if (n->op != op_of<Record>) return;
          std::array<double, Record::info.arity> values;
          std::array<const double*, Record::info.arity> at;
          for (std::size_t i = 0; i < values.size(); i++) {
            values[i] = x(i);
            at[i] = &values[i];
          }
          y = value_at<Record>(at.data());
        });
    }
    v[n] = y;
  }
  return v.at(root);
}

}  // namespace gradus

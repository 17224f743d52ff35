// A value of a Builder as a number with operators: what a record's composed form is instantiated with.
#include "composed.hpp"

#include "gradus/core/op_list.hpp"

namespace gradus::program {
namespace {

struct Value {
  Builder* builder;
  Id id;

  Value number(double x) const { return {builder, builder->constant(x)}; }
  Value make(Opcode opcode) const { return {builder, builder->operation(opcode, id)}; }
  Value make(Opcode opcode, const Value& b) const { return {builder, builder->operation(opcode, id, b.id)}; }
  template <class Record> Value call() const {
    return {builder, builder->call(Id(op_of<Record>) - Id(Op::first_pointwise), id)};
  }

  friend Value operator-(const Value& a) { return a.make(Opcode::negate); }
  friend Value operator+(const Value& a, const Value& b) { return a.make(Opcode::add, b); }
  friend Value operator+(double a, const Value& b) { return b.number(a) + b; }
  friend Value operator/(const Value& a, const Value& b) { return a.make(Opcode::div, b); }
  friend Value operator/(double a, const Value& b) { return b.number(a) / b; }
  friend Value max(const Value& a, double b) { return a.make(Opcode::max, a.number(b)); }
  friend Value abs(const Value& a) { return a.make(Opcode::abs); }
  friend Value exp(const Value& a) { return a.call<ops::Exp>(); }
  friend Value log1p(const Value& a) { return a.call<ops::Log1p>(); }
};

}  // namespace

Id composed(Builder& builder, Id op, Id x) {
  Id result = none, place = 0;
  PointwiseOps::for_each([&]<class Record> {
    if constexpr (requires(const Value& v) { Record::composed(v); })
      if (place == op) result = Record::composed(Value{&builder, x}).id;
    ++place;
  });
  return result;
}

}  // namespace gradus::program

// Checking a program: one walk with a stack of open loops.
#include "gradus/program/program.hpp"

#include <algorithm>

#include "gradus/core/op_list.hpp"

namespace gradus::program {
namespace {

class Checker {
 public:
  explicit Checker(Program& program) : p_(program) {}

  std::string run() {
    closed_.assign(p_.code.size(), false);
    for (Id i = 0; i < p_.code.size() && error_.empty(); ++i) step(i);
    if (error_.empty() && !open_.empty()) error_ = "a loop is not closed";
    return error_;
  }

 private:
  void fail(Id i, const char* why) {
    if (error_.empty()) error_ = "instruction %" + std::to_string(i) + ": " + why;
  }
  const Instruction& at(Id i) const { return p_.code[i]; }
  bool is_open(Id loop) const { return std::find(open_.begin(), open_.end(), loop) != open_.end(); }
  Id lanes_loop() const {
    for (const Id loop : open_)
      if (at(loop).lanes) return loop;
    return none;
  }

  void use(Id i, Id operand) {
    if (operand == none) return;
    if (operand >= i) return fail(i, "an operand stands later");
    if (closed_[operand]) fail(i, "an operand belongs to a loop that is closed");
  }

  bool operand_varies(Id operand) const { return operand != none && at(operand).varying; }

  bool index_varies(const Instruction& in) const {
    return std::any_of(in.index.begin(), in.index.end(), [&](Id l) { return is_loop(l) && at(l).lanes; });
  }

  void check_index(Id i, Id array) {
    if (array >= p_.arrays.size()) return fail(i, "no such array");
    const Instruction& in = at(i);
    if (in.index.size() != p_.arrays[array].shape.size()) fail(i, "wrong number of indices");
    for (const Id loop : in.index)
      if (is_loop(loop) && !is_open(loop)) fail(i, "an index is not an open loop");
  }

  // Values inside a loop end with it, except those that are its result.
  void close(Id loop, Id end) {
    for (Id k = loop + 1; k < end; ++k) {
      const bool result = (at(k).opcode == Opcode::phi && phi_loop(k) == loop) ||
                          (at(k).opcode == Opcode::fold && at(k).target == loop && at(k).array == none);
      if (!result) closed_[k] = true;
    }
  }
  Id phi_loop(Id phi) const {
    Id k = phi;
    while (k > 0 && at(k).opcode == Opcode::phi) --k;
    return k;
  }

  void fold(Id i) {
    Instruction& in = p_.code[i];
    if (in.target >= i || at(in.target).opcode != Opcode::loop || !is_open(in.target))
      return fail(i, "no loop to fold");
    if (in.array == none) {
      if (open_.back() != in.target) fail(i, "a fold of a value stands directly in its loop");
      // Over a sequential loop inside the lanes loop there is one result per lane.
      in.varying = !at(in.target).lanes && lanes_loop() != none && (operand_varies(in.a) || operand_varies(in.b));
    } else {
      if (!at(in.target).lanes || open_.front() != in.target)
        fail(i, "a fold into an array is over an outermost lanes loop");
      check_index(i, in.array);
      if (in.partial >= p_.arrays.size() || p_.arrays[in.partial].role != Role::partial) fail(i, "no partial results");
      if (index_varies(in)) fail(i, "a fold into an array has an index that varies");
      in.varying = true;
    }
  }

  void step(Id i) {
    Instruction& in = p_.code[i];
    if (in.opcode == Opcode::end) {
      if (open_.empty() || open_.back() != in.target) return fail(i, "loops are not nested");
      for (Id k = in.target + 1; k < i && at(k).opcode == Opcode::phi; ++k) {
        const Instruction& phi = at(k);
        if (phi.b >= i || phi.b <= in.target || closed_[phi.b]) return fail(k, "a phi without a next value");
        if (operand_varies(phi.b) && !phi.varying) return fail(k, "a phi varies in one place only");
      }
      open_.pop_back();
      return close(in.target, i);
    }
    use(i, in.a);
    if (in.opcode != Opcode::phi) use(i, in.b);
    use(i, in.c);
    if (!error_.empty()) return;
    in.varying = operand_varies(in.a) || operand_varies(in.b) || operand_varies(in.c);
    switch (in.opcode) {
      case Opcode::loop:
        if (in.target >= p_.sizes.size()) return fail(i, "no such size");
        if (in.lanes && (lanes_loop() != none || in.reversed || (in.unroll & (in.unroll - 1)) != 0 || in.unroll == 0))
          return fail(i, "misplaced lanes loop");
        open_.push_back(i);
        break;
      case Opcode::phi:
        if (open_.empty() || at(open_.back()).lanes || phi_loop(i) != open_.back()) return fail(i, "misplaced phi");
        in.varying = lanes_loop() != none;
        break;
      case Opcode::counter:
        if (!is_open(in.target)) return fail(i, "counter of a loop that is not open");
        in.varying = at(in.target).lanes;
        break;
      case Opcode::size:
        if (in.target >= p_.sizes.size()) return fail(i, "no such size");
        break;
      case Opcode::load:
        check_index(i, in.target);
        in.varying = index_varies(in);
        break;
      case Opcode::store:
        check_index(i, in.target);
        if (error_.empty() && p_.is_input(in.target)) fail(i, "store into an input");
        if (in.varying && !index_varies(in)) fail(i, "a store of many values into one place");
        break;
      case Opcode::call:
        if (in.target >= Id(PointwiseOps::size)) return fail(i, "no such function");
        break;
      case Opcode::fold:
        fold(i);
        break;
      default:
        break;
    }
  }

  Program& p_;
  std::vector<Id> open_;
  std::vector<bool> closed_;
  std::string error_;
};

}  // namespace

std::string finish(Program& program) {
  if (program.lanes == 0 || program.inputs + program.outputs > program.arrays.size()) return "malformed tables";
  return Checker(program).run();
}

Id end_of(const Program& program, Id loop) {
  for (Id i = loop + 1; i < program.code.size(); ++i)
    if (program.code[i].opcode == Opcode::end && program.code[i].target == loop) return i;
  return none;
}

std::string function_name(Id op) {
  return op < Id(PointwiseOps::size) ? std::string(op_infos[op].name) : std::string("?");
}

}  // namespace gradus::program

// Checking a program: one walk with a stack of open loops.
#include "gradus/program/program.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "gradus/core/op_list.hpp"
#include "routine.hpp"
#include "wide.hpp"

namespace gradus::program {
namespace {

class Checker {
 public:
  explicit Checker(Program& program) : p_(program) {}

  std::string run() {
    closed_.assign(p_.code.size(), false);
    for (Id i = 0; i < p_.code.size() && error_.empty(); ++i) step(i);
    if (error_.empty() && !open_.empty()) error_ = "a loop is not closed";
    if (error_.empty()) check_written();
    if (error_.empty()) set_own();
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
    return std::any_of(in.index.begin(), in.index.end(), [&](Id k) {
      return is_value(k) && (at(k).opcode == Opcode::loop ? at(k).lanes : at(k).varying);
    });
  }

  void check_index(Id i, Id array) {
    if (array >= p_.arrays.size()) return fail(i, "no such array");
    const Instruction& in = at(i);
    if (in.index.size() != p_.arrays[array].shape.size()) fail(i, "wrong number of indices");
    for (const Id k : in.index) {
      if (!is_value(k)) continue;
      if (k >= i) return fail(i, "an index stands later");
      if (at(k).opcode == Opcode::loop ? !is_open(k) : closed_[k]) fail(i, "an index belongs to a loop that is closed");
    }
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
      if (!at(in.target).lanes) fail(i, "a fold into an array is over a lanes loop");
      check_index(i, in.array);
      if (in.partial >= p_.arrays.size() || p_.arrays[in.partial].role != Role::partial) fail(i, "no partial results");
      if (in.prefix > in.index.size()) fail(i, "a prefix longer than the index");
      if (index_varies(in)) fail(i, "a fold into an array has an index that varies");
      in.varying = true;
    }
  }

  // Whole numbers that are affine in the lane: addresses of neighbours.
  void set_step(Instruction& in) {
    in.affine = false;
    in.step = 0;
    if (!in.varying) return;
    const auto known = [&](Id k) { return !at(k).varying || at(k).affine; };
    const auto step = [&](Id k) { return at(k).varying ? at(k).step : 0; };
    const auto whole = [&](Id k) {
      return at(k).opcode == Opcode::constant && std::fabs(at(k).number) < 1e6 &&
             std::floor(at(k).number) == at(k).number;
    };
    switch (in.opcode) {
      case Opcode::add:
      case Opcode::sub:
        in.affine = known(in.a) && known(in.b);
        in.step = in.opcode == Opcode::add ? step(in.a) + step(in.b) : step(in.a) - step(in.b);
        break;
      case Opcode::negate:
        in.affine = known(in.a);
        in.step = -step(in.a);
        break;
      case Opcode::mul:
        for (const auto& [c, x] : {std::pair(in.a, in.b), std::pair(in.b, in.a)})
          if (whole(c) && known(x)) in.affine = true, in.step = std::int64_t(at(c).number) * step(x);
        break;
      case Opcode::fma:
        for (const auto& [c, x] : {std::pair(in.a, in.b), std::pair(in.b, in.a)})
          if (whole(c) && known(x) && known(in.c))
            in.affine = true, in.step = std::int64_t(at(c).number) * step(x) + step(in.c);
        break;
      default:
        break;
    }
    in.affine = in.affine && std::llabs(in.step) < (1 << 30);
  }

  // What cannot be done in several places at the same time.
  void check_parallel(Id i) {
    const Instruction& in = at(i);
    const bool around = in.opcode == Opcode::phi || in.opcode == Opcode::fold;
    if (around && (in.opcode == Opcode::phi ? phi_loop(i) : in.target) == open_[0])
      fail(i, "carried by a parallel loop");
    if (in.opcode == Opcode::leave || in.opcode == Opcode::reserve || in.opcode == Opcode::set_size ||
        in.opcode == Opcode::routine || (in.opcode == Opcode::loop && in.target == none))
      fail(i, "misplaced in a parallel loop");
  }

  // Which jammed loops a value depends on; what has effects must touch a place of its own in each of their rounds.
  void set_jams(Id i) {
    Instruction& in = p_.code[i];
    std::uint8_t bit = 1, all = 0, named = 0;
    in.jams = 0;
    const auto operand = [&](Id k) {
      if (k != none && at(k).opcode != Opcode::loop) in.jams = std::uint8_t(in.jams | at(k).jams);
    };
    operand(in.a);
    if (in.opcode != Opcode::phi) operand(in.b);
    operand(in.c);
    for (const Id k : in.index)
      if (is_value(k)) operand(k);
    for (const Id loop : open_) {
      if (at(loop).jam <= 1) continue;
      if (std::find(in.index.begin(), in.index.end(), loop) != in.index.end()) named = std::uint8_t(named | bit);
      if (in.opcode == Opcode::counter && in.target == loop) named = std::uint8_t(named | bit);
      all = std::uint8_t(all | bit);
      bit = std::uint8_t(bit << 1);
    }
    in.jams = std::uint8_t(in.jams | named);
    switch (in.opcode) {
      case Opcode::phi:  // its next value is not known yet
        in.jams = all;
        break;
      case Opcode::store:
      case Opcode::accumulate:
        if ((in.jams & ~named) != 0 || (in.opcode == Opcode::accumulate && named != all))
          fail(i, "rounds of a jammed loop in one place");
        break;
      case Opcode::when:
      case Opcode::leave:
      case Opcode::reserve:
      case Opcode::set_size:
        return fail(i, "misplaced in a jammed loop");
      case Opcode::fold:
        if (at(in.target).jam > 1) fail(i, "a fold over a jammed loop");
        if (in.array != none && named != all) fail(i, "rounds of a jammed loop in one place");
        break;
      default:
        break;
    }
  }

  void check_written() {
    std::vector<bool> written(p_.arrays.size(), false);
    for (Id i = 0; i < p_.inputs; ++i) written[i] = true;
    for (const Instruction& in : p_.code) {
      if (in.opcode == Opcode::store || in.opcode == Opcode::accumulate) written[in.target] = true;
      if (in.opcode == Opcode::fold && in.array != none) written[in.array] = true;
      if (in.opcode == Opcode::routine)
        for (const Id k : in.index) written[constant_of(k)] = true;
    }
    for (Id i = 0; i < p_.code.size(); ++i)
      if (at(i).opcode == Opcode::load && !written[at(i).target]) fail(i, "an array that nothing writes");
  }

  // Arrays of which nothing is seen outside one parallel loop.
  void set_own() {
    std::vector<Id> user(p_.arrays.size(), none);
    std::vector<bool> several(p_.arrays.size(), false);
    Id parallel = 0;  // instruction 0 stands for none: no loop has its place and uses of its own
    const auto use = [&](Id array) {
      if (user[array] != none && user[array] != parallel) several[array] = true;
      user[array] = parallel;
    };
    for (Id i = 0; i < p_.code.size(); ++i) {
      const Instruction& in = at(i);
      if (in.opcode == Opcode::loop && in.parallel) parallel = i + 1;
      if (in.opcode == Opcode::end && in.target + 1 == parallel) parallel = 0;
      if (in.opcode == Opcode::load || in.opcode == Opcode::store || in.opcode == Opcode::accumulate) use(in.target);
      if (in.opcode == Opcode::fold && in.array != none) use(in.array), use(in.partial);
    }
    for (std::size_t k = 0; k < p_.arrays.size(); ++k) {
      Storage& array = p_.arrays[k];
      const bool ours = array.role == Role::temporary || array.role == Role::partial;
      array.own = ours && !several[k] && user[k] != none && user[k] != 0;
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
      if (at(in.target).jam > 1) --jammed_;
      return close(in.target, i);
    }
    use(i, in.a);
    if (in.opcode != Opcode::phi) use(i, in.b);
    use(i, in.c);
    if (!error_.empty()) return;
    in.varying = operand_varies(in.a) || operand_varies(in.b) || operand_varies(in.c);
    set_step(in);
    if (jammed_ > 0) set_jams(i);
    if (!open_.empty() && at(open_[0]).parallel) check_parallel(i);
    if (!error_.empty()) return;
    switch (in.opcode) {
      case Opcode::loop:
        if (in.target == none ? in.lanes || in.reversed : in.target >= p_.sizes.size()) return fail(i, "no such size");
        if (in.lanes && (lanes_loop() != none || in.reversed || (in.unroll & (in.unroll - 1)) != 0 || in.unroll == 0))
          return fail(i, "misplaced lanes loop");
        if (in.a != none && (at(in.a).opcode != Opcode::loop || (at(in.a).block == 0 && at(in.a).segment == none) ||
                             at(in.a).target != in.target || !is_open(in.a)))
          return fail(i, "a loop over a block of no loop");
        if (in.parallel && (!open_.empty() || in.segment == none || in.reversed || in.lanes || in.target == none))
          return fail(i, "misplaced parallel loop");
        if (in.jam > 1 && (in.lanes || in.target == none || in.reversed || in.block != 0 || in.segment != none ||
                           ++jammed_ > most_jams))
          return fail(i, "misplaced jam");
        open_.push_back(i);
        break;
      case Opcode::phi:
        if (open_.empty() || at(open_.back()).lanes || at(open_.back()).jam > 1 || phi_loop(i) != open_.back())
          return fail(i, "misplaced phi");
        in.varying = lanes_loop() != none;
        break;
      case Opcode::when:
        open_.push_back(i);
        break;
      case Opcode::leave:
        if (in.varying || open_.empty() || at(open_.back()).opcode != Opcode::loop || at(open_.back()).target != none)
          return fail(i, "misplaced leave");
        break;
      case Opcode::reserve:
        if (in.varying || in.target >= p_.arrays.size() || !p_.arrays[in.target].growing) fail(i, "no growing array");
        break;
      case Opcode::set_size:
        if (in.varying || in.target >= p_.sizes.size() || !p_.sizes[in.target].computed) fail(i, "no computed size");
        break;
      case Opcode::routine:
        if (const std::string why = routine_problem(p_, in); !why.empty()) fail(i, why.c_str());
        if (lanes_loop() != none) fail(i, "a routine in a lanes loop");
        break;
      case Opcode::counter:
        if (!is_open(in.target)) return fail(i, "counter of a loop that is not open");
        in.varying = at(in.target).lanes;
        in.affine = in.varying;
        in.step = in.varying ? 1 : 0;
        break;
      case Opcode::size:
        if (in.target >= p_.sizes.size()) return fail(i, "no such size");
        break;
      case Opcode::load:
        check_index(i, in.target);
        in.varying = in.varying || index_varies(in);
        in.affine = false;
        break;
      case Opcode::store:
        check_index(i, in.target);
        if (error_.empty() && p_.is_input(in.target)) fail(i, "store into an input");
        if (in.varying && !index_varies(in)) fail(i, "a store of many values into one place");
        break;
      case Opcode::accumulate:
        check_index(i, in.target);
        if (error_.empty() && p_.is_input(in.target)) fail(i, "a sum into an input");
        in.varying = in.varying || index_varies(in);
        break;
      case Opcode::call:
        if (in.target >= Id(PointwiseOps::size)) return fail(i, "no such function");
        break;
      case Opcode::fold:
        fold(i);
        in.affine = false;
        break;
      default:
        break;
    }
  }

  Program& p_;
  std::vector<Id> open_;
  std::size_t jammed_ = 0;
  std::vector<bool> closed_;
  std::string error_;
};

}  // namespace

std::string finish(Program& program) {
  if (program.lanes == 0 || program.inputs + program.outputs > program.arrays.size()) return "malformed tables";
  if (!is_floating(program.arithmetic)) return "arithmetic on what are no floating-point numbers";
  std::string why = Checker(program).run();
  if (why.empty()) set_elements(program);
  return why;
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

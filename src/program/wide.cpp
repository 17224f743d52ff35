// In a float32 program two kinds of values are float64. Whole numbers: counters, lengths, elements of int64 arrays, how
// many truths there are, and sums, differences and products of these; found forwards, from what they are made of. And
// what places and numbers of rounds depend on, up to the functions (exp, ...) it is made with; found backwards, from
// where it is used. Both go through intermediate arrays, which then hold float64. So no place is rounded to float32.
// Method: the least fixed points of both rules, by walks over the code until nothing changes.
#include "wide.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace gradus::program {
namespace {

// Whole of whole numbers; and what a place made with it depends on are its operands.
constexpr bool keeps_whole(Opcode opcode) {
  constexpr Opcode all[] = {Opcode::add, Opcode::sub,   Opcode::mul,  Opcode::fma,  Opcode::negate, Opcode::abs,
                            Opcode::min, Opcode::floor, Opcode::ceil, Opcode::sign, Opcode::max};
  return std::find(std::begin(all), std::end(all), opcode) != std::end(all);
}

class Widening {
 public:
  explicit Widening(Program& program)
      : p_(program),
        kind_(program.code.size(), Kind::any),
        kind_of_array_(program.arrays.size(), Kind::any),
        wanted_(program.code.size(), false),
        wanted_array_(program.arrays.size(), false) {}

  void run() {
    for (Instruction& in : p_.code)
      if (in.opcode == Opcode::routine)
        for (const Id array : in.index) {
          kind_of_array_[constant_of(array)] = Kind::real;
          wanted_array_[constant_of(array)] = true;
        }
    do {
      changed_ = false;
      for (Id i = 0; i < p_.code.size(); ++i) find_kind(i);
    } while (changed_);
    do {
      changed_ = false;
      for (Id i = Id(p_.code.size()); i-- > 0;) want_operands(i);
    } while (changed_);
    for (Id i = 0; i < p_.code.size(); ++i) p_.code[i].wide = is_wide(i);
    for (Id k = p_.inputs + p_.outputs; k < p_.arrays.size(); ++k) {
      const bool whole = kind_of_array_[k] == Kind::whole;
      p_.arrays[k].element = whole || wanted_array_[k] ? Element::float64 : p_.arithmetic;
    }
    for (Instruction& in : p_.code) {
      if (in.opcode == Opcode::fold && in.array != none) p_.arrays[in.partial].element = p_.type_of(in);
      if (in.opcode == Opcode::accumulate) in.wide = p_.arrays[in.target].element == Element::float64;
    }
  }

 private:
  // `any`: whole numbers among whole ones, real among others. Truths are that, and constants that a float holds whole
  // or that are no finite numbers.
  enum class Kind : std::uint8_t { any, whole, real };
  static Kind kind_of(double constant) {
    if (constant - constant != 0) return Kind::any;
    if (constant != std::floor(constant)) return Kind::real;
    const double size = std::fabs(constant);
    return size > 0x1p24 && size <= 0x1p53 ? Kind::whole : Kind::any;
  }

  bool is_intermediate(Id array) const { return p_.arrays[array].role == Role::temporary; }
  void raise(Kind& to, Kind kind) {
    if (kind <= to) return;
    to = kind;
    changed_ = true;
  }
  void want(Id i) {
    if (i == none || wanted_[i]) return;
    wanted_[i] = true;
    changed_ = true;
  }
  void want_array(Id array) {
    if (wanted_array_[array] || !is_intermediate(array)) return;
    wanted_array_[array] = true;
    changed_ = true;
  }
  Kind joined(const Instruction& in) const {
    Kind all = Kind::any;
    for (const Id operand : {in.a, in.b, in.c})
      if (operand != none) all = std::max(all, kind_[operand]);
    return all;
  }

  void find_kind(Id i) {
    const Instruction& in = p_.code[i];
    Kind kind = Kind::any;
    switch (in.opcode) {
      case Opcode::constant:
        kind = kind_of(in.number);
        break;
      case Opcode::size:
      case Opcode::counter:
        kind = Kind::whole;
        break;
      case Opcode::load: {
        const Storage& array = p_.arrays[in.target];
        kind = array.role == Role::temporary       ? kind_of_array_[in.target]
               : array.element == Element::int64   ? Kind::whole
               : array.element == Element::boolean ? Kind::any
                                                   : Kind::real;
        break;
      }
      case Opcode::store:
      case Opcode::accumulate:
        raise(kind_of_array_[in.target], counted(kind_[in.a]));  // so that a loop may count in it
        return;
      case Opcode::select:
        kind = std::max(kind_[in.b], kind_[in.c]);
        break;
      case Opcode::fold:
        kind = in.fold == Fold::sum ? counted(joined(in)) : joined(in);
        if (in.array != none) raise(kind_of_array_[in.array], kind);
        break;
      case Opcode::phi:
        kind = counted(joined(in));
        break;
      case Opcode::div:
      case Opcode::sqrt:
      case Opcode::call:
        kind = Kind::real;
        break;
      default:
        if (keeps_whole(in.opcode)) kind = joined(in);
        break;
    }
    raise(kind_[i], kind);
  }
  static Kind counted(Kind kind) { return std::max(kind, Kind::whole); }

  void want_operands(Id i) {
    const Instruction& in = p_.code[i];
    for (const Id k : in.index)
      if (in.opcode != Opcode::routine && is_value(k)) want(k);
    switch (in.opcode) {
      case Opcode::set_size:
      case Opcode::reserve:
        want(in.a);
        return;
      case Opcode::store:
      case Opcode::accumulate:
        if (wanted_array_[in.target]) want(in.a);
        return;
      case Opcode::fold:
        if (in.array != none && wanted_array_[in.array]) want(i);
        break;
      default:
        break;
    }
    if (!wanted_[i]) return;
    switch (in.opcode) {
      case Opcode::load:
        want_array(in.target);
        return;
      case Opcode::select:
        want(in.b);
        want(in.c);
        return;
      default:
        if (keeps_whole(in.opcode) || in.opcode == Opcode::div || in.opcode == Opcode::phi || in.opcode == Opcode::fold)
          for (const Id operand : {in.a, in.b, in.c}) want(operand);
    }
  }

  bool is_wide(Id i) const {
    const Instruction& in = p_.code[i];
    if (is_comparison(in.opcode)) return is_wide_operand(in.a) || is_wide_operand(in.b);
    switch (in.opcode) {
      case Opcode::constant:
      case Opcode::size:
      case Opcode::counter:
        return true;
      case Opcode::sqrt:
      case Opcode::call:
      case Opcode::logical_and:
      case Opcode::logical_or:
      case Opcode::logical_not:
        return false;
      default:
        return kind_[i] == Kind::whole || wanted_[i];
    }
  }
  // Constants are what they are compared with.
  bool is_wide_operand(Id i) const { return p_.code[i].opcode != Opcode::constant && is_wide(i); }

  Program& p_;
  std::vector<Kind> kind_, kind_of_array_;
  std::vector<bool> wanted_, wanted_array_;
  bool changed_ = false;
};

}  // namespace

void set_elements(Program& program) {
  if (program.arithmetic == Element::float32) return Widening(program).run();
  for (Instruction& in : program.code) in.wide = false;
  for (Id k = program.inputs + program.outputs; k < program.arrays.size(); ++k)
    program.arrays[k].element = Element::float64;
}

}  // namespace gradus::program

// Places in arrays, and what they hold as numbers: as ../stored.hpp has it. A place is a sum by Horner's rule over the
// axes, known where indices and lengths are. A number of an input at a known place is read when it is wanted: nothing
// writes there.
#include <limits>

#include "code.hpp"

namespace gradus::program::jit {
namespace {

bool fits(std::int64_t x) { return x == std::int64_t(std::int32_t(x)); }

}  // namespace

Form StraightCode::form_in(Element element) const {
  return element == Element::boolean ? Form::truth : element == Element::float32 ? Form::f32 : Form::f64;
}

// Its number in the array, if no length or index has to be read for it and its bytes can be told in an instruction.
bool StraightCode::fixed_place(const Instruction& in, std::int64_t& entry) const {
  const Storage& array = p_.arrays[in.target];
  entry = 0;
  for (std::size_t axis = 0; axis < in.index.size(); ++axis) {
    const std::int64_t length = fixed_size(array.shape[axis]);
    if (entry != 0 && length < 0) return false;
    const Id k = in.index[axis];
    if (is_value(k)) return false;
    if (entry != 0 && __builtin_mul_overflow(entry, length, &entry)) return false;
    if (__builtin_add_overflow(entry, std::int64_t(constant_of(k)), &entry)) return false;
  }
  std::int64_t bytes = 0;
  return !__builtin_mul_overflow(entry, std::int64_t(bytes_of(array.element)), &bytes) && fits(bytes);
}

void StraightCode::times_size(Id size) {
  const std::int64_t length = fixed_size(size);
  const x86::Mem given = x86::qword_ptr(bases_.sizes(), std::int32_t(8 * size));
  if (length < 0)
    code_.imul(x86::rax, given);
  else if (fits(length))
    code_.imul(x86::rax, x86::rax, length);
  else
    code_.mov(x86::rcx, length), code_.imul(x86::rax, x86::rcx);
}

// Stays good until rax, rcx or a base is used.
x86::Mem StraightCode::place(const Instruction& in) {
  const Element element = p_.arrays[in.target].element;
  const auto size = std::uint32_t(bytes_of(element));
  if (std::int64_t entry = 0; fixed_place(in, entry))
    return x86::ptr(bases_.base(in.target), std::int32_t(entry * size), size);
  bool begun = false;
  for (std::size_t axis = 0; axis < in.index.size(); ++axis) {
    if (begun) times_size(p_.arrays[in.target].shape[axis]);
    const Id k = in.index[axis];
    if (is_value(k) && p_.code[k].opcode != Opcode::constant) {
      const x86::Xmm x = registers_.in(k, Form::f64);
      code_.vcvttsd2si(begun ? x86::rcx : x86::rax, x);
      if (begun) code_.add(x86::rax, x86::rcx);
    } else {
      const std::int64_t index = is_value(k) ? std::int64_t(p_.code[k].number) : constant_of(k);
      if (!begun)
        code_.mov(x86::rax, index);
      else if (fits(index))
        code_.add(x86::rax, index);
      else
        code_.mov(x86::rcx, index), code_.add(x86::rax, x86::rcx);
    }
    begun = true;
  }
  const std::uint32_t shift = size == 8 ? 3 : size == 4 ? 2 : 0;
  return x86::ptr(bases_.base(in.target), x86::rax, shift, 0, size);
}

void StraightCode::size(Id i) {
  const Id size = p_.code[i].target;
  const x86::Xmm to = registers_.result();
  if (const std::int64_t length = fixed_size(size); length >= 0) {
    code_.vmovsd(to, pool_.number(double(length)));
  } else {
    code_.vxorpd(to, to, to);
    code_.vcvtsi2sd(to, to, x86::qword_ptr(bases_.sizes(), std::int32_t(8 * size)));
  }
  registers_.define(i, to, Form::f64);
}

// In a form that is a number's for numbers; a truth comes as one.
void StraightCode::from_memory(const x86::Xmm& to, const x86::Mem& at, Element element, Form form) {
  switch (element) {
    case Element::float64:
      code_.vmovsd(to, at);
      if (form == Form::f32) code_.vcvtsd2ss(to, to, to);
      return;
    case Element::float32:
      code_.vmovss(to, at);
      if (form == Form::f64) code_.vcvtss2sd(to, to, to);
      return;
    case Element::int64:
      code_.vxorpd(to, to, to);
      code_.vcvtsi2sd(to, to, at);
      if (form == Form::f32) code_.vcvtsd2ss(to, to, to);
      return;
    case Element::boolean:
      code_.movzx(x86::eax, at);
      code_.neg(x86::eax);  // the carry says whether it was not 0
      code_.sbb(x86::rax, x86::rax);
      code_.vmovq(to, x86::rax);
      return;
  }
}

// x in the form of the element; a whole number comes as a double or a truth. The conversion gives the least whole
// number for all that is not in range.
void StraightCode::to_memory(const x86::Mem& at, Element element, const x86::Xmm& x, Form form) {
  switch (element) {
    case Element::float64:
      code_.vmovsd(at, x);
      return;
    case Element::float32:
      code_.vmovss(at, x);
      return;
    case Element::boolean:
      code_.vmovd(x86::ecx, x);
      code_.and_(x86::ecx, 1);
      code_.mov(at, x86::cl);
      return;
    case Element::int64:
      break;
  }
  if (form == Form::truth) {
    code_.vmovd(x86::ecx, x);
    code_.and_(x86::ecx, 1);
    code_.mov(at, x86::rcx);
    return;
  }
  code_.vcvttsd2si(x86::rcx, x);
  code_.vucomisd(x, pool_.number(9223372036854775808.0));
  code_.cmovae(x86::rcx, pool_.word(std::numeric_limits<std::int64_t>::max()));
  code_.vucomisd(x, x);
  code_.cmovp(x86::rcx, pool_.word(0));
  code_.mov(at, x86::rcx);
}

void StraightCode::load(Id i) {
  const Instruction& in = p_.code[i];
  const Element element = p_.arrays[in.target].element;
  const Form form = element == Element::boolean ? Form::truth : type_of(in);
  const bool as_it_is =
      (element == Element::float64 && form == Form::f64) || (element == Element::float32 && form == Form::f32);
  std::int64_t entry = 0;
  if (in.a == none && as_it_is && p_.is_input(in.target) && fixed_place(in, entry))
    return registers_.define_there(i, in.target, std::int32_t(entry * std::int64_t(bytes_of(element))), form);
  if (in.a == none) {
    const x86::Mem at = place(in);
    const x86::Xmm to = registers_.result();
    from_memory(to, at, element, form);
    return registers_.define(i, to, form);
  }
  // Where the guard does not hold, another place is read, which is always there, and nothing of it is left.
  const x86::Xmm guard = registers_.in(in.a, Form::truth), x = registers_.fresh();
  x86::Mem at = place(in);
  code_.lea(x86::rax, at);
  code_.vmovq(x86::rcx, guard);
  code_.test(x86::rcx, x86::rcx);
  code_.cmovz(x86::rax, bases_.runtime());
  from_memory(x, x86::ptr(x86::rax, 0, std::uint32_t(bytes_of(element))), element, form);
  code_.vandpd(x, x, guard);
  registers_.define(i, x, form);
}

void StraightCode::store(Id i) {
  const Instruction& in = p_.code[i];
  const Element element = p_.arrays[in.target].element;
  const bool truth = registers_.form(in.a) == Form::truth;
  const Form form = element == Element::int64 && truth ? Form::truth : form_in(element);
  const x86::Xmm x = registers_.in(in.a, form);
  to_memory(place(in), element, x, form);
}

// Floating-point numbers only; where the guard does not hold, nothing is touched.
void StraightCode::accumulate(Id i) {
  const Instruction& in = p_.code[i];
  const Element element = p_.arrays[in.target].element;
  const Form form = type_of(in), there = form_in(element);
  const x86::Xmm x = registers_.in(in.a, form), sum = registers_.fresh();
  const bool guarded = in.b != none;
  const x86::Xmm guard = guarded ? registers_.in(in.b, Form::truth) : sum;
  const x86::Mem at = place(in);
  const asmjit::Label after = code_.newLabel();
  if (guarded) {
    code_.vmovd(x86::ecx, guard);
    code_.test(x86::ecx, x86::ecx);
    code_.jz(after);
  }
  from_memory(sum, at, element, form);
  code_.emit(by(form, x86::Inst::kIdVaddsd, x86::Inst::kIdVaddss), sum, sum, x);
  if (form == Form::f64 && there == Form::f32) code_.vcvtsd2ss(sum, sum, sum);
  if (form == Form::f32 && there == Form::f64) code_.vcvtss2sd(sum, sum, sum);
  to_memory(at, element, sum, there);
  code_.bind(after);
}

}  // namespace gradus::program::jit

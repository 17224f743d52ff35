#include "registers.hpp"

#include <algorithm>
#include <bit>

namespace gradus::program::jit {
namespace {

namespace Inst = x86::Inst;
constexpr std::uint32_t bit(std::uint32_t r) { return std::uint32_t(1) << r; }

}  // namespace

Registers::Registers(x86::Assembler& code, const Program& program, const Uses& uses, Pool& pool, Bases& bases)
    : code_(code), p_(program), uses_(uses), pool_(pool), bases_(bases), values_(program.code.size()) {
  std::fill_n(held_, count, none);
}

void Registers::begin(Id i) {
  now_ = i;
  values_[i].next = uses_.first(i);
  uses_.each(i, [&](Id v, Id next) {
    values_[v].next = next;
    if (values_[v].reg >= 0) given_ |= bit(std::uint32_t(values_[v].reg));
  });
}

void Registers::end() {
  uses_.each(now_, [&](Id v, Id) {
    Value& x = values_[v];
    if (x.next != none) return;
    if (x.reg >= 0) leave(v);
    if (x.place >= 0 && x.array == none) free_slots_.push_back(x.place);
    x.place = -1;
  });
  free_ |= passing_;
  given_ = passing_ = 0;
}

void Registers::hold(std::uint32_t r, Id v, Form form) {
  if (held_[r] != none) values_[held_[r]].reg = -1;
  held_[r] = v;
  values_[v].reg = std::int32_t(r);
  values_[v].form = form;
  free_ &= ~bit(r);
  passing_ &= ~bit(r);
}

void Registers::leave(Id v) {
  const auto r = std::uint32_t(values_[v].reg);
  held_[r] = none;
  free_ |= bit(r);
  values_[v].reg = -1;
}

// Of the registers that are not given. None of `next` is none: what nobody wants has left.
std::uint32_t Registers::farthest() const {
  std::uint32_t found = count;
  for (std::uint32_t r = 0; r < count; ++r)
    if (held_[r] != none && (given_ & bit(r)) == 0 &&
        (found == count || values_[held_[r]].next > values_[held_[found]].next))
      found = r;
  return found;
}

std::uint32_t Registers::room() {
  if (free_ == 0) {
    const Id v = held_[farthest()];
    if (!has_home(v)) write(v);
    leave(v);
  }
  const auto r = std::uint32_t(std::countr_zero(free_));
  free_ &= ~bit(r);
  given_ |= bit(r);
  passing_ |= bit(r);
  return r;
}

void Registers::write(Id v) {
  Value& x = values_[v];
  if (free_slots_.empty()) free_slots_.push_back(std::int32_t(slots_++));
  x.place = free_slots_.back();
  free_slots_.pop_back();
  const x86::Mem to = home(v, x.form);
  const x86::Xmm from = x86::xmm(std::uint32_t(x.reg));
  x.form == Form::f32 ? code_.vmovss(to, from) : code_.vmovsd(to, from);
}

x86::Mem Registers::home(Id v, Form form) {
  const Value& x = values_[v];
  const std::uint32_t size = form == Form::f32 ? 4 : 8;
  if (is_constant(v)) {
    const double number = p_.code[v].number;
    return form == Form::f32 ? pool_.number(float(number)) : pool_.number(number);
  }
  return x.array == none ? x86::ptr(bases_.frame(), 8 * x.place, size) : x86::ptr(bases_.base(x.array), x.place, size);
}

void Registers::load(std::uint32_t r, Id v, Form form) {
  const x86::Mem from = home(v, form);
  form == Form::f32 ? code_.vmovss(x86::xmm(r), from) : code_.vmovsd(x86::xmm(r), from);
}

// Instructions that leave the upper part of a register as it is take it from where the operand comes from, so that
// nothing older is waited for.
void Registers::convert(std::uint32_t to, std::uint32_t from, Form has, Form wanted) {
  const x86::Xmm t = x86::xmm(to), s = x86::xmm(from);
  if (has == wanted) return;
  if (wanted == Form::truth) {  // NaN is one
    constexpr std::uint32_t not_equal_or_unordered = 4;
    if (has == Form::f64) {
      code_.vcmpsd(t, s, pool_.number(0.0), not_equal_or_unordered);
    } else {
      code_.vcmpss(t, s, pool_.number(0.0f), not_equal_or_unordered);
      code_.vmovsldup(t, t);
    }
  } else if (has == Form::truth) {
    code_.vandpd(t, s, pool_.wide(wanted == Form::f64 ? Pool::one64 : Pool::one32));
  } else if (wanted == Form::f32) {
    code_.vcvtsd2ss(t, s, s);
  } else {
    code_.vcvtss2sd(t, s, s);
  }
}

// In the form that it is kept in.
std::uint32_t Registers::as_kept(Id v, Form form) {
  const Value& x = values_[v];
  if (x.reg >= 0 && x.form == form) return std::uint32_t(x.reg);
  const std::uint32_t r = room();
  load(r, v, form);
  if (x.reg < 0) hold(r, v, form);
  return r;
}

x86::Xmm Registers::in(Id v, Form form) {
  const Form has = is_constant(v) ? (form == Form::truth ? Form::f64 : form) : values_[v].form;
  const std::uint32_t kept = as_kept(v, has);
  if (has == form) return x86::xmm(kept);
  const std::uint32_t r = room();
  convert(r, kept, has, form);
  return x86::xmm(r);
}

bool Registers::stays(Id v, Form form) const {
  const Value& x = values_[v];
  if ((x.reg >= 0 && x.form == form) || form == Form::truth) return false;
  if (is_constant(v)) return true;
  if (x.form != form) return false;
  if (x.next == none) return true;
  return free_ == 0 && values_[held_[farthest()]].next <= x.next;
}

x86::Xmm Registers::fresh() { return x86::xmm(room()); }

bool Registers::is_last(const x86::Xmm& r) const {
  return (passing_ & bit(r.id())) != 0 || (held_[r.id()] != none && values_[held_[r.id()]].next == none);
}

x86::Xmm Registers::result() {
  for (std::uint32_t left = given_; left != 0; left &= left - 1) {
    const x86::Xmm r = x86::xmm(std::uint32_t(std::countr_zero(left)));
    if (is_last(r)) return r;
  }
  return fresh();
}

void Registers::define(Id v, const x86::Xmm& r, Form form) { hold(r.id(), v, form); }

void Registers::define_there(Id v, Id array, std::int32_t bytes, Form form) {
  values_[v].array = array;
  values_[v].place = bytes;
  values_[v].form = form;
}

// Moves into places that no move waiting has yet to read; where they wait for each other in a ring, one goes to another
// register first.
void Registers::arguments(const Id* values, std::size_t many, Form form) {
  for (const Id v : held_)
    if (v != none && values_[v].next != none && !has_home(v)) write(v);
  std::uint32_t waiting = bit(std::uint32_t(many)) - 1;
  std::int32_t from[3] = {-1, -1, -1};
  for (std::size_t k = 0; k < many; ++k)
    if (!is_constant(values[k])) from[k] = values_[values[k]].reg;
  const auto is_read = [&](std::uint32_t r, std::size_t by_others_than) {
    for (std::size_t k = 0; k < many; ++k)
      if (k != by_others_than && (waiting & bit(std::uint32_t(k))) != 0 && from[k] == std::int32_t(r)) return true;
    return false;
  };
  while (waiting != 0) {
    bool moved = false;
    for (std::uint32_t k = 0; k < many; ++k) {
      if ((waiting & bit(k)) == 0 || is_read(k, k)) continue;
      const Form has = is_constant(values[k]) ? Form::f64 : values_[values[k]].form;
      if (from[k] < 0)
        load(k, values[k], has);
      else if (from[k] != std::int32_t(k))
        code_.vmovapd(x86::xmm(k), x86::xmm(std::uint32_t(from[k])));
      convert(k, k, has, form);
      convert(k, k, form, Form::f64);
      waiting &= ~bit(k);
      moved = true;
    }
    if (moved) continue;
    std::uint32_t other = 3, k = std::uint32_t(std::countr_zero(waiting));
    while (is_read(other, many)) ++other;
    code_.vmovapd(x86::xmm(other), x86::xmm(std::uint32_t(from[k])));
    from[k] = std::int32_t(other);
  }
  for (const Id v : held_)
    if (v != none) leave(v);
  free_ = bit(count) - 1;
  given_ = passing_ = 0;
}

}  // namespace gradus::program::jit

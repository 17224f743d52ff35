// The inside of a lanes loop: where the counter is away from both ends, comparisons of it (and of what is it plus a
// number) with numbers near 0 and near the length are known. Shifted loads need no masks there, choices none of their
// branches. The values are the same in every bit; only whole blocks away from the ends are emitted so.
#include <algorithm>
#include <cmath>

#include "emitter.hpp"

namespace gradus::program::jit {
namespace {
constexpr std::int64_t reach = 64;  // how far from an end a comparison may change
}

// i + c of the loop's counter: c.
std::optional<std::int64_t> Emitter::shift_of(Id k, Id loop) const {
  const Instruction& in = p_.code[k];
  const auto number = [&](Id x) -> std::optional<std::int64_t> {
    const Instruction& c = p_.code[x];
    if (c.opcode != Opcode::constant || c.number != std::floor(c.number) || std::fabs(c.number) > 1e9) return {};
    return std::int64_t(c.number);
  };
  if (in.opcode == Opcode::counter && in.target == loop) return 0;
  if (in.opcode != Opcode::add && in.opcode != Opcode::sub) return {};
  const bool minus = in.opcode == Opcode::sub;
  if (const auto c = number(in.b)) {
    const auto inner = in.a < loop ? std::nullopt : shift_of(in.a, loop);
    if (inner) return minus ? *inner - *c : *inner + *c;
  } else if (const auto d = number(in.a); d && !minus && in.b > loop) {
    if (const auto inner = shift_of(in.b, loop)) return *inner + *d;
  }
  return {};
}

// What a value is near: `from_end` counts from the length of the loop.
std::optional<Emitter::Limit> Emitter::limit_of(Id k, Id loop) const {
  const Instruction& in = p_.code[k];
  const Id size = p_.code[loop].target;
  if (in.opcode == Opcode::size) return in.target == size ? std::optional(Limit{0, true}) : std::nullopt;
  if (in.opcode != Opcode::constant || in.number != std::floor(in.number) || std::fabs(in.number) > 1e12) return {};
  const std::int64_t x = std::int64_t(in.number), n = p_.sizes[size].value;
  if (n >= 0 && std::abs(x - n) < x) return Limit{x - n, true};
  return Limit{x, false};
}

Emitter::Inside Emitter::inside_of(Id loop) const {
  Inside inside;
  const Id around = p_.code[loop].a;  // a block is as near the ends of the whole as it is
  if ((around != none && !p_.code[around].parallel) || p_.code[loop].target == none) return inside;
  for (Id i = loop + 1; i < ends_[loop]; ++i) {
    const Instruction& in = p_.code[i];
    if (!in.varying || !is_comparison(in.opcode)) continue;
    const bool left = p_.code[in.a].varying;
    const Id moving = left ? in.a : in.b, fixed = left ? in.b : in.a;
    if (p_.code[fixed].varying || moving < loop) continue;
    const auto shift = shift_of(moving, loop);
    const auto limit = shift ? limit_of(fixed, loop) : std::nullopt;
    if (!limit) continue;
    const std::int64_t at = limit->number - *shift;  // where i makes both equal, from its end
    if (at > reach || at < -reach) continue;
    if (limit->from_end)
      inside.last = std::min(inside.last, at);
    else
      inside.first = std::max(inside.first, at + 1);
    // Beyond the limit near 0, before the one near the length.
    inside.known[i] = in.opcode != Opcode::equal && limit->from_end == left;
  }
  return inside;
}

Value* Emitter::both(Value* a, Value* b) {
  for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)})
    if (const auto* c = dyn_cast<Constant>(x)) {
      if (c->isAllOnesValue()) return y;
      if (c->isNullValue()) return x;
    }
  return b_.CreateAnd(a, b);
}

Value* Emitter::either(Value* a, Value* b) {
  for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)})
    if (const auto* c = dyn_cast<Constant>(x)) {
      if (c->isNullValue()) return y;
      if (c->isAllOnesValue()) return x;
    }
  return b_.CreateOr(a, b);
}

Value* Emitter::choice(Value* condition, Value* a, Value* b) {
  if (const auto* c = dyn_cast<Constant>(condition)) {
    if (c->isAllOnesValue()) return a;
    if (c->isNullValue()) return b;
  }
  return b_.CreateSelect(condition, a, b);
}

}  // namespace gradus::program::jit

// A number known exactly (a rational) or enclosed at the working precision. An enclosure that shrinks to a short point
// becomes exact again: exp(0), log(1), floor(x) lead back to rationals. Only one point is meant, so kinks and jumps are
// of no concern here, only whether there is a value (partial, missing).
#pragma once
#include <variant>

#include "gradus/numeric/enclosure.hpp"

namespace gradus::numeric {

class Certain {
 public:
  Certain() = default;
  explicit Certain(Rational value) : value_(std::move(value)) {}
  explicit Certain(Enclosure value) : value_(std::move(value)) {}
  /// Exact if it can be.
  static Certain settle(Enclosure e) {
    if (e.is_missing() || e.has(partial) || !e.is_point()) return Certain(std::move(e));
    if (auto r = e.exact(128)) return Certain(std::move(*r));
    return Certain(std::move(e));
  }

  const Rational* exact() const { return std::get_if<Rational>(&value_); }
  const Enclosure& enclosure() const { return *std::get_if<Enclosure>(&value_); }  // only when not exact
  Enclosure to_enclosure() const { return exact() ? Enclosure(*exact()) : enclosure(); }
  bool has(Doubts d) const { return !exact() && enclosure().has(d); }

 private:
  std::variant<Rational, Enclosure> value_;
};

}  // namespace gradus::numeric

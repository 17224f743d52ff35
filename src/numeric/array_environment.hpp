// Enclosures of arrays (gradus/numeric/array_enclosure.hpp): what has been found of an expression or of a loop's body.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gradus/core/context.hpp"
#include "numeric/certain.hpp"

namespace gradus::numeric {

using Lengths = std::vector<std::int64_t>;
constexpr std::int64_t most_entries = std::int64_t(1) << 24;

/// The product, or more than `most_entries`.
std::int64_t entries_of(const Lengths& shape);

/// Numbers of a shape, in the order of rows; shared, and never changed once they are known.
struct EnclosedArray {
  Lengths shape;
  std::shared_ptr<std::vector<Certain>> entries;
  const Certain& scalar() const { return entries->front(); }
  std::size_t row() const;
};
using EnclosedArrays = std::vector<EnclosedArray>;

EnclosedArray array_of(Lengths shape, const Certain& fill = Certain(Rational(0)));
inline EnclosedArray scalar_of(const Certain& x) { return array_of({}, x); }

class ArrayEnvironment {
 public:
  ArrayEnvironment(Context& context, std::map<std::string, std::int64_t, std::less<>> sizes,
                   std::optional<Diagnostic>& failure)
      : context_(context), sizes_(std::move(sizes)), failure_(failure) {}

  void give(NodePtr symbol, EnclosedArray value) { known_.insert_or_assign(symbol, std::move(value)); }
  /// The values of `roots`, where `order` has all below them; nothing after a failure.
  EnclosedArrays run(std::span<const NodePtr> roots, const std::vector<NodePtr>& order);

 private:
  void fail(Code code, std::string why) {
    if (!failure_) failure_ = Diagnostic{code, std::move(why)};
  }
  std::optional<std::int64_t> length(const Dim& d) const;
  std::optional<Lengths> lengths(NodePtr n) const;
  bool compute(NodePtr n);
  const EnclosedArray& operand(NodePtr n, std::size_t i) const { return known_.at(n->operand(i)); }
  EnclosedArray plain(NodePtr n, const Lengths& shape);

  // --- array_operations.cpp
  EnclosedArray pointwise(NodePtr n, const Lengths& shape);
  std::optional<std::int64_t> place(const Certain& x, std::int64_t length);
  std::vector<std::int64_t> places(NodePtr n, const Lengths& of);
  EnclosedArray at_places(NodePtr n, const Lengths& shape);
  EnclosedArray add_at_places(NodePtr n, const Lengths& shape);
  EnclosedArray spread(NodePtr n, const Lengths& shape);
  EnclosedArray reduce(NodePtr n, const Lengths& shape);

  // --- array_control.cpp
  EnclosedArrays body(std::span<const NodePtr> roots, const std::vector<NodePtr>& order,
                      const EnclosedArrays& arguments, std::span<const NodePtr> operands);
  bool control(NodePtr n);

  Context& context_;
  std::map<std::string, std::int64_t, std::less<>> sizes_;
  std::optional<Diagnostic>& failure_;
  std::unordered_map<NodePtr, EnclosedArray> known_;
  std::unordered_map<NodePtr, EnclosedArrays> controlled_;
};

}  // namespace gradus::numeric

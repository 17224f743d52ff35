// Which entries of expressions depend on which entries of variables, read from the DAG once sizes are known and the
// values of what places and conditions are computed from.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "gradus/core/context.hpp"
#include "index_sets.hpp"

namespace gradus::program {

/// An array of a given shape: its numbers where they are needed and known, and for each entry the set of columns that
/// it depends on (no sets: none depends on any).
struct Dependent {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
  std::vector<std::uint32_t> sets;

  std::size_t entries() const;
  bool known() const { return !values.empty() || entries() == 0; }
  std::uint32_t set(std::size_t entry) const { return sets.empty() ? 0 : sets[entry]; }
};

class Structure {
 public:
  Structure(Context& context, std::uint32_t columns) : context_(context), sets_(columns) {}

  void size(std::string name, std::int64_t value) { lengths_[std::move(name)] = value; }
  /// A symbol that is no variable, with its values; the values are copied.
  void give(NodePtr symbol, std::span<const double> values);
  /// A variable whose entries are the columns from `first` on.
  void vary(NodePtr symbol, std::uint32_t first);

  /// The dependence of each root. Numeric: a place or a condition that depends on a variable may be any.
  /// Errors: E605 for what has no shape before it is run (rows of a while loop whose rounds depend on a variable).
  Result<std::vector<Dependent>> of(std::span<const NodePtr> roots);

  IndexSets& sets() { return sets_; }
  std::vector<std::int64_t> lengths(NodePtr n);

 private:
  using Scope = std::unordered_map<NodePtr, Dependent>;
  struct Order {
    std::vector<NodePtr> nodes;
    std::vector<bool> wanted;  // the values are needed
  };
  const Order& order_of(std::span<const NodePtr> roots);
  void walk(std::span<const NodePtr> roots, Scope& scope, std::span<const Dependent> arguments);
  void step(NodePtr n, Scope& scope, bool wanted);
  void pointwise(NodePtr n, Scope& scope, bool wanted);
  void broadcast(NodePtr n, Scope& scope);
  void reduce(NodePtr n, Scope& scope, bool wanted);
  void index(NodePtr n, Scope& scope);
  void scatter(NodePtr n, Scope& scope, bool wanted);
  void loop(NodePtr n, Scope& scope);
  void choice(NodePtr n, Scope& scope);
  void call(NodePtr n, Scope& scope);
  void whole(NodePtr n, Scope& scope);
  std::vector<Dependent> transposed_rule(NodePtr n, std::span<const Dependent> arguments,
                                         std::span<const Dependent> values);
  std::vector<Dependent> round(std::span<const NodePtr> body, std::span<const Dependent> arguments);
  void until_none_grows(NodePtr n, std::vector<Dependent>& arguments);
  Dependent row(const Dependent& a, std::size_t at);
  Dependent stacked(const std::vector<Dependent>& rows, NodePtr like);
  Dependent merged(const Dependent& a, const Dependent& b);
  std::int64_t length(const Dim& d);

  Context& context_;
  IndexSets sets_;
  std::map<std::string, std::int64_t, std::less<>> lengths_;
  Scope given_;
  std::map<std::vector<NodePtr>, Order> orders_;
  std::unordered_map<NodePtr, std::vector<Dependent>> results_;  // of control nodes, while they are used
  std::optional<Diagnostic> failed_;
};

}  // namespace gradus::program

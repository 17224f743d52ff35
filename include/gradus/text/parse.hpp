// From text to expressions: formulas, definitions and declarations as people type them (docs/language.md,
// docs/formulas.md).
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

/// Where a variable may lie: from `for -1 <= x < 1`. A bound that was not given is null.
struct Range {
  NodePtr variable = nullptr;
  NodePtr lower = nullptr, upper = nullptr;
  bool lower_open = false, upper_open = false;
  Span span{};
};

/// What a name stands for: a value (no parameters) or a function of its parameters (symbols of `body`).
struct Definition {
  std::vector<NodePtr> parameters;
  NodePtr body = nullptr;
  std::vector<Range> ranges;
};

/// Definitions and declarations that later inputs see. A value; its nodes belong to one context.
class Scope {
 public:
  const Definition* definition(std::string_view name) const;
  /// The symbol a declaration made of the name (its facts and shape), or null.
  NodePtr declared(std::string_view name) const;
  void define(std::string_view name, Definition definition);
  /// From now on `symbol->name()` is this symbol; definitions that mention the name are changed to it.
  void declare(Context& context, NodePtr symbol);
  void forget(std::string_view name);
  /// `f: function`: calls of it are left as they are, whatever they mean.
  void declare_function(std::string_view name) { functions_.emplace(name); }
  bool is_function(std::string_view name) const { return functions_.find(name) != functions_.end(); }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  template <class T> using Table = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  const Table<Definition>& definitions() const { return definitions_; }
  const Table<NodePtr>& declarations() const { return declarations_; }

 private:
  Table<Definition> definitions_;
  Table<NodePtr> declarations_;
  std::unordered_set<std::string, Hash, std::equal_to<>> functions_;
};

/// How `diff(f, x)`, f'(x) and d/dx f are resolved at once; text itself knows no calculus.
using Differentiate = std::function<NodePtr(Context&, NodePtr f, NodePtr variable, int order)>;

struct ParseOptions {
  Scope* scope = nullptr;         // read, and extended when the parse succeeds
  bool allow_undefined = false;   // foo(x) of any unknown name is an undefined function, not only f(x), g(x) and kin
  Differentiate differentiate{};  // without it derivatives become Op::derivative nodes
  std::size_t max_errors = 20;
  std::size_t max_digits = 100'000;                // of one number
  std::size_t max_length = std::size_t(64) << 20;  // bytes of text
};

struct Statement {
  enum class Kind { expression, definition, declaration };
  Kind kind = Kind::expression;
  NodePtr expr = nullptr;           // null for a declaration (unless it also reads as a condition, like x > 0)
  std::string name;                 // of a definition
  std::vector<NodePtr> parameters;  // of a function definition
  std::vector<Range> ranges;
  Span span{};
};

/// The last statement of the text, and those before it.
struct Parsed : Statement {
  std::vector<Statement> before;
  bool decimals = false;  // a number was typed with a decimal point: results read best as decimals
  std::vector<std::pair<NodePtr, Span>> names;  // each symbol and where it stands first
};

/// Statements separated by `;` or line ends: an expression, `f(x) = …`, `y = …`, `let t = …`, `x: vector(n)`,
/// `f: function`, `x > 0`.
/// Errors:  E101–E109 syntax, E201–E205 names and shapes, E601–E604 limits; several per input, each with its span.
/// Numeric: decimals are exact; nothing is rounded.
/// Cost:    O(length + nodes); no recursion, so nesting is bounded by memory only.
Result<Parsed> parse(Context& context, std::string_view text, const ParseOptions& options = {});

}  // namespace gradus

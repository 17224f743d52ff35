// Expressions as text: for people, for typesetting, for other languages, for programs. All printers are iterative, and
// their output is linear in the nodes: what a large DAG shares is named once (`let t1 = …`).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gradus/core/context.hpp"

namespace gradus {

struct PrintOptions {
  bool decimals = false;  // finite decimals of at most 12 places instead of fractions (Parsed::decimals)
  bool leibniz = false;   // unevaluated derivatives as d/dx[u], d[u] in an array x: for people, not for the parser
  std::size_t share_above = 2000;     // characters from which shared parts get a name; 0: always, SIZE_MAX: never
  std::string_view function{};        // C++ and Python: print a whole function of this name
  std::vector<NodePtr> parameters{};  // its parameters; all symbols by name when empty
};

/// What a person types: `3*x^2/2 + sin(x) - 1`. For formulas (Policy::formula) parse(to_text(e)) is e.
/// Cost: O(nodes + characters).
std::string to_text(Context& context, NodePtr n, const PrintOptions& options = {});
/// The same with the signs of mathematics: `3x²/2 + sin(x) − 1`, √, π, ≤. The parser reads it too.
std::string to_unicode(Context& context, NodePtr n, const PrintOptions& options = {});
/// LaTeX for mathematics mode.
std::string to_latex(Context& context, NodePtr n, const PrintOptions& options = {});
/// Presentation MathML without the enclosing <math>.
std::string to_mathml(Context& context, NodePtr n, const PrintOptions& options = {});
/// A C++ expression of doubles in terms of <cmath>, or a whole function. Of arrays only elements have a C++ form.
std::string to_cpp(Context& context, NodePtr n, const PrintOptions& options = {});
/// A Python expression in terms of numpy as np, or a whole function. erf and erfc are scipy.special's.
std::string to_python(Context& context, NodePtr n, const PrintOptions& options = {});
/// {"op": "add", "args": [{"op": "symbol", "name": "x"}, {"op": "number", "value": "1/2"}]}; shared parts stand in
/// "let": [{"name": "t1", "value": …}, …] beside "in" and are {"op": "ref", "name": "t1"}.
std::string to_json_tree(Context& context, NodePtr n, const PrintOptions& options = {});

}  // namespace gradus

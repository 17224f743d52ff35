// A node with its context, so that the ops' records can be instantiated with formulas: `1 / (x * x + 1)` builds nodes.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

struct Handle {
  Context* context;
  NodePtr node;
  Handle like(NodePtr n) const { return {context, n}; }
};

inline Handle operator+(Handle a, Handle b) { return a.like(a.context->add(a.node, b.node)); }
inline Handle operator-(Handle a, Handle b) { return a.like(a.context->sub(a.node, b.node)); }
inline Handle operator*(Handle a, Handle b) { return a.like(a.context->mul(a.node, b.node)); }
inline Handle operator/(Handle a, Handle b) { return a.like(a.context->div(a.node, b.node)); }
inline Handle operator-(Handle a) { return a.like(a.context->neg(a.node)); }
inline Handle operator+(Handle a, int b) { return a + a.like(a.context->integer(b)); }
inline Handle operator+(int a, Handle b) { return b + a; }
inline Handle operator-(Handle a, int b) { return a + -b; }
inline Handle operator-(int a, Handle b) { return -b + a; }
inline Handle operator*(Handle a, int b) { return a.like(a.context->scale(a.node, Rational(b))); }
inline Handle operator*(int a, Handle b) { return b * a; }
inline Handle operator/(Handle a, int b) { return a.like(a.context->scale(a.node, Rational(1, b))); }
inline Handle operator/(int a, Handle b) { return a * b.like(b.context->pow(b.node, -1)); }

inline Handle pow(Handle a, Handle b) { return a.like(a.context->pow(a.node, b.node)); }
inline Handle sqrt(Handle a) { return a.like(a.context->sqrt(a.node)); }
inline Handle pi_like(Handle a) { return a.like(a.context->pi()); }

// The functions that partials mention.
#define GRADUS_HANDLE_FUNCTION(name, Record) \
  inline Handle name(Handle a) { return a.like(a.context->apply(op_of<ops::Record>, a.node)); }
GRADUS_HANDLE_FUNCTION(exp, Exp)
GRADUS_HANDLE_FUNCTION(log, Log)
GRADUS_HANDLE_FUNCTION(sin, Sin)
GRADUS_HANDLE_FUNCTION(cos, Cos)
GRADUS_HANDLE_FUNCTION(tan, Tan)
GRADUS_HANDLE_FUNCTION(cot, Cot)
GRADUS_HANDLE_FUNCTION(sinh, Sinh)
GRADUS_HANDLE_FUNCTION(cosh, Cosh)
GRADUS_HANDLE_FUNCTION(tanh, Tanh)
GRADUS_HANDLE_FUNCTION(coth, Coth)
GRADUS_HANDLE_FUNCTION(abs, Abs)
GRADUS_HANDLE_FUNCTION(sign, Sign)
#undef GRADUS_HANDLE_FUNCTION

}  // namespace gradus

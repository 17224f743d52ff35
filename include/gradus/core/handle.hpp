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

inline Handle sqrt(Handle a) { return a.like(a.context->sqrt(a.node)); }
inline Handle pi_like(Handle a) { return a.like(a.context->pi()); }

#define X(Record, name) \
  inline Handle name(Handle a) { return a.like(a.context->apply(op_of<ops::Record>, a.node)); }
GRADUS_UNARY_OPS(X)
#undef X
#define X(Record, name) \
  inline Handle name(Handle a, Handle b) { return a.like(a.context->apply(op_of<ops::Record>, a.node, b.node)); }
GRADUS_BINARY_OPS(X)
#undef X
#define X(Record, name)                                            \
  inline Handle name(Handle a, Handle b, Handle c) {               \
    const NodePtr operands[] = {a.node, b.node, c.node};           \
    return a.like(a.context->apply(op_of<ops::Record>, operands)); \
  }
GRADUS_TERNARY_OPS(X)
#undef X

}  // namespace gradus

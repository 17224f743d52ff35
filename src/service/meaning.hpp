// What values of derivatives mean, in words, beside the values.
#pragma once
#include "service/session.hpp"

namespace gradus::service {

/// For `diff --at`: a table of x, f(x), f'(x) and what it says; for mixed and several variables without the last
/// column.
void put_meaning(Session& session, NodePtr derivative, std::span<const Condition> conditions);

/// For `grad --at`: value, length of the gradient, the direction in which f rises fastest.
void put_ascent(Session& session, std::span<const NodePtr> gradient);

/// Says where the integrals of f must have continuous integrands for its derivatives to hold, unless that is proven.
void note_integrals(Session& session, NodePtr f);

}  // namespace gradus::service

// Sums of fractions over one denominator.
#pragma once
#include "gradus/core/context.hpp"

namespace gradus {

/// a/b + c → (a + c b)/b, bottom-up. The denominator stays, so the domain does.
NodePtr together(Context& context, NodePtr root);

}  // namespace gradus

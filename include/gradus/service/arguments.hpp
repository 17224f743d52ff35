// Argument lists read by the command table.
#pragma once
#include <span>
#include <string_view>

#include "gradus/core/result.hpp"
#include "gradus/service/request.hpp"

namespace gradus::service {

/// The request that `arguments` (without the program's name) make. Options may stand anywhere: --name value,
/// --name=value, -o value; a value may begin with '-'. An operand that begins with '-' and is no option is a formula;
/// after "--" all are. Errors:  E701, with "did you mean".
Result<Request> read_arguments(std::span<const char* const> arguments);

}  // namespace gradus::service

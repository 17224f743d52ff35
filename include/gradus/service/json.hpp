// Requests and answers as JSON, schema 1. docs/commands.md describes it.
#pragma once
#include <string>
#include <string_view>

#include "gradus/core/result.hpp"
#include "gradus/plot/render.hpp"
#include "gradus/service/answer.hpp"
#include "gradus/service/request.hpp"

namespace gradus::service {

/// One line of JSON, without a line end.
std::string to_json(const Answer& answer, const plot::Style& style = {});

/// The line that answers `line`, a request in JSON; never fails: a malformed request is answered by an error (E702).
/// `defaults` gives what the line does not name (limits, digits).
std::string answer_line(std::string_view line, const Request& defaults);

}  // namespace gradus::service

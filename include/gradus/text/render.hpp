// Diagnostics drawn under the text they speak of.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "gradus/core/result.hpp"

namespace gradus {

/// Each diagnostic as a compiler shows it: code and message, source:line:column, the line, carets with the hint.
/// Columns count characters, not bytes; of a very long line only the part around the mistake is shown.
/// A diagnostic whose span is empty and whose text is empty is shown without a line.
std::string render(std::span<const Diagnostic> diagnostics, std::string_view text, bool color = false,
                   std::string_view source = "<input>");

}  // namespace gradus

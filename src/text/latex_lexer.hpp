// LaTeX as a source of the tokens that the parser of formulas reads.
#pragma once
#include <string_view>

#include "text/lexer.hpp"

namespace gradus::text {

/// A text is LaTeX when a command like \frac or a brace stands in it.
bool is_latex(std::string_view text);

/// The tokens of a formula in LaTeX, in the places of the text where they stand. Errors go to `errors`.
Lexed lex_latex(std::string_view text, std::vector<Diagnostic>& errors, std::size_t max_errors);

}  // namespace gradus::text

// The pieces of a LaTeX text: commands, letters, numbers, signs, braces with their partners.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "gradus/core/result.hpp"

namespace gradus::text {

struct LatexPiece {
  enum class Kind : std::uint8_t {
    command,  // \frac, also \, and \\ (one sign after the backslash)
    letter,   // one letter, or a word that is a function or a keyword of the language
    number,   // one digit where LaTeX takes one: after ^, _, \frac
    sign,     // any other character
    open,     // {
    close,    // }
  };
  std::uint32_t begin, end;
  std::uint32_t partner = 0;  // of a brace; of \begin the piece \end
  Kind kind;
  Span span() const { return {begin, end}; }
};

/// Spaces, comments and what only concerns the setting (\, \quad \displaystyle $ …) are left out.
/// Errors: E103 for braces and environments without partner, E106 for bytes that are no text.
std::vector<LatexPiece> latex_pieces(std::string_view text, std::vector<Diagnostic>& errors);

}  // namespace gradus::text

// Tables in lines of text, CSV (RFC 4180) and LaTeX.
#pragma once
#include <string>

#include "gradus/service/answer.hpp"

namespace gradus::service {

/// Columns aligned, numbers to the right; a value that does not exist is "-", with its reason in a line below.
std::string table_text(const Table& table, bool color);
std::string table_csv(const Table& table, bool header = true);
std::string table_latex(const Table& table);
/// The cell as CSV: quoted where commas, quotes or line ends ask for it.
std::string csv_field(std::string_view text);

/// "x = 1, y = 2"
std::string place_text(const Place& place);

}  // namespace gradus::service

// Tables in lines of text, CSV and LaTeX.
#include "service/present_table.hpp"

#include <algorithm>

namespace gradus::service {
namespace {

// Characters, as a terminal counts them: no combining or wide ones stand in tables.
std::size_t width(std::string_view text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string shown(const Cell& cell) { return cell.kind == Cell::Kind::missing ? "-" : cell.text; }

bool is_words(const Table& table, std::size_t column) {
  return std::all_of(table.rows.begin(), table.rows.end(),
                     [&](const auto& row) { return column >= row.size() || row[column].kind == Cell::Kind::word; });
}

}  // namespace

std::string place_text(const Place& place) {
  std::string out;
  for (const auto& [name, cell] : place) out += (out.empty() ? "" : ", ") + name + " = " + cell.text;
  return out;
}

std::string table_text(const Table& table, bool color) {
  const std::size_t n = table.columns.size();
  std::vector<std::size_t> widths(n);
  std::vector<bool> left(n);
  for (std::size_t c = 0; c < n; ++c) {
    left[c] = is_words(table, c);
    widths[c] = width(table.columns[c].title);
    for (const auto& row : table.rows) widths[c] = std::max(widths[c], width(shown(row[c])));
  }
  std::string out;
  const auto line = [&](auto text_of) {
    std::string built;
    for (std::size_t c = 0; c < n; ++c) {
      const std::string text = text_of(c);
      const std::string pad(widths[c] - width(text), ' ');
      built += (c == 0 ? "" : "   ") + (left[c] ? text + pad : pad + text);
    }
    while (!built.empty() && built.back() == ' ') built.pop_back();
    return built;
  };
  out += (color ? "\x1b[1m" : "") + line([&](std::size_t c) { return table.columns[c].title; }) +
         (color ? "\x1b[0m\n" : "\n");
  std::vector<std::string> reasons;
  constexpr std::size_t first = 12, last = 4;
  const bool brief = table.brief && table.rows.size() > first + last + 4;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    if (brief && r == first) {
      r = table.rows.size() - last - 1;
      out += "...\n";
      continue;
    }
    out += line([&](std::size_t c) { return shown(row[c]); }) + '\n';
    std::vector<std::string> seen;
    for (std::size_t c = 0; c < n; ++c) {
      if (row[c].kind != Cell::Kind::missing || std::count(seen.begin(), seen.end(), row[c].text)) continue;
      seen.push_back(row[c].text);
      reasons.push_back((left[0] ? "" : table.columns[0].title + " = ") + shown(row[0]) + ": no " +
                        table.columns[c].title + ", " + row[c].text);
    }
  }
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < reasons.size() && i < most; ++i) out += "  " + reasons[i] + '\n';
  if (reasons.size() > most) out += "  and " + std::to_string(reasons.size() - most) + " more without value\n";
  return out;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string table_csv(const Table& table, bool header) {
  std::string out;
  if (header) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) out += (c ? "," : "") + csv_field(table.columns[c].title);
    out += '\n';
  }
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c)
      out += (c ? "," : "") + (row[c].kind == Cell::Kind::missing ? std::string() : csv_field(row[c].text));
    out += '\n';
  }
  return out;
}

std::string table_latex(const Table& table) {
  std::string out = "\\begin{tabular}{";
  for (std::size_t c = 0; c < table.columns.size(); ++c) out += is_words(table, c) ? 'l' : 'r';
  out += "}\n";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const bool words = is_words(table, c);
    out += (c ? " & " : "") + (words ? table.columns[c].title : "$" + table.columns[c].title + "$");
  }
  out += " \\\\ \\hline\n";
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string text = shown(row[c]);
      out += (c ? " & " : "") + (row[c].is_number() ? "$" + text + "$" : text == "-" ? "--" : text);
    }
    out += " \\\\\n";
  }
  return out + "\\end{tabular}\n";
}

}  // namespace gradus::service

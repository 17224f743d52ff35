// What values of derivatives mean, in words.
#include "service/meaning.hpp"

#include <algorithm>
#include <cmath>

#include "service/analysis_words.hpp"

namespace gradus::service {
namespace {

std::string places(std::span<const NodePtr> symbols) {
  std::string out;
  for (const NodePtr s : symbols) out += (out.empty() ? "" : ", ") + std::string(s->name());
  return out;
}

const char* word(int order, double value) {
  if (order == 1) return value > 0 ? "rising" : value < 0 ? "falling" : "stationary";
  return value > 0 ? "curving up" : value < 0 ? "curving down" : "no curvature";
}

}  // namespace

void put_meaning(Session& s, NodePtr, std::span<const Condition> conditions) {
  const auto symbols = s.symbols();
  const bool one_variable =
      std::all_of(s.variables.begin(), s.variables.end(), [&](NodePtr v) { return v == s.variables[0]; });
  const bool explained = one_variable && s.variables.size() <= 2;
  const std::string x(s.variables[0]->name());

  Table table{"table", {}, {}};
  for (const auto& [name, cell] : s.points.front().shown) table.columns.push_back({name, name});
  table.columns.push_back(
      {"f",
       s.f().name + "(" + places(symbols.empty() ? std::span<const NodePtr>(s.variables.data(), 1) : symbols) + ")"});
  table.columns.push_back({"derivative", s.answer.label});
  if (explained) table.columns.push_back({"meaning", "meaning"});
  for (std::size_t p = 0; p < s.points.size(); ++p) {
    std::vector<Cell> row;
    for (std::size_t i = 0; i + (explained ? 3 : 2) < table.columns.size(); ++i) {
      row.push_back(i < s.points[p].shown.size() ? s.points[p].shown[i].second : Cell::word(""));
    }
    row.push_back(s.evaluate(s.f().expr, s.points[p]));
    const Cell& value = s.answer.values[p][0];
    row.push_back(value);
    if (explained) {
      const bool both = value.is_number() && row[row.size() - 2].is_number();
      std::string meaning = both ? word(int(s.variables.size()), value.number) : "";
      if (s.variables.size() == 1 && both) {
        // Without conditions the derivative's sign says it all; beyond real arithmetic there is nothing else to go by.
        if (!conditions.empty() && !value.through_complex && !row[row.size() - 2].through_complex)
          meaning = meaning_of(s.look_at(s.f().expr, s.variables[0], s.points[p]));
      } else if (both && !conditions.empty() && !value.through_complex) {
        const Value second = s.higher_derivative(s.f().expr, s.points[p]);
        if (!second.ok() && second.code == Code::E401) meaning = "not differentiable: " + second.reason;
      }
      row.push_back(Cell::word(meaning));
    }
    if (!s.ok()) return;
    table.rows.push_back(std::move(row));
  }
  s.answer.tables.push_back(std::move(table));
}

void put_ascent(Session& s, std::span<const NodePtr> gradient) {
  Table table{"table", {}, {}};
  for (const auto& [name, cell] : s.points.front().shown) table.columns.push_back({name, name});
  const std::size_t given = table.columns.size();
  table.columns.push_back({"f", s.f().name});
  for (const NodePtr v : s.variables)
    table.columns.push_back({"d" + std::string(v->name()), "d" + s.f().name + "/d" + std::string(v->name())});
  table.columns.push_back({"length", "|grad " + s.f().name + "|"});
  for (std::size_t p = 0; p < s.points.size(); ++p) {
    std::vector<Cell> row;
    for (std::size_t i = 0; i < given; ++i)
      row.push_back(i < s.points[p].shown.size() ? s.points[p].shown[i].second : Cell::word(""));
    row.push_back(s.evaluate(s.f().expr, s.points[p]));
    row.insert(row.end(), s.answer.values[p].begin(), s.answer.values[p].end());
    NodePtr squares = s.context.integer(0);
    for (const NodePtr entry : gradient) squares = s.context.add(squares, s.context.pow(entry, 2));
    const bool all =
        std::all_of(s.answer.values[p].begin(), s.answer.values[p].end(), [](const Cell& c) { return c.is_number(); });
    const Cell length =
        all ? s.evaluate(s.context.sqrt(squares), s.points[p]) : Cell::missing(s.answer.values[p][0].text);
    row.push_back(length);
    if (!s.ok()) return;
    table.rows.push_back(std::move(row));
    if (!length.is_number()) continue;
    std::string place, direction;
    for (const auto& [name, cell] : s.points[p].shown) place += (place.empty() ? "" : ", ") + name + " = " + cell.text;
    if (length.number == 0) {
      s.answer.notes.push_back("At " + place + " the gradient is zero: a stationary point.");
      continue;
    }
    for (const Cell& cell : s.answer.values[p])
      direction += (direction.empty() ? "" : ", ") + number_text(cell.number / length.number, 4);
    s.answer.notes.push_back("At " + place + " f rises fastest along [" + direction + "], by " +
                             number_text(length.number, 6) + " per unit of length.");
  }
  s.answer.tables.push_back(std::move(table));
}

}  // namespace gradus::service

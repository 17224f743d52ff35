// cost: what a formula and its derivatives take, counted on the programs that would be compiled. They are counted for a
// machine with vectors of four numbers, whatever runs this, so that a question has one answer.
#include <algorithm>
#include <charconv>

#include "gradus/calculus/array_form.hpp"
#include "gradus/core/linear_algebra.hpp"
#include "gradus/core/shape.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/program/cost.hpp"
#include "gradus/program/jacobian.hpp"
#include "service/split.hpp"
#include "service/verbs.hpp"

namespace gradus::service {
namespace {

using program::Count;
using program::NamedSizes;

constexpr program::Machine counted_for{4, true};

// The names that sizes may be given for: those in the shapes of the symbols, and those in the counts.
std::vector<std::string> names_in(const std::vector<NodePtr>& symbols, const program::CostReport& report) {
  std::vector<std::string> names;
  const auto add = [&](const Dim& d) {
    for (std::string& name : names_of(d))
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  };
  for (const NodePtr symbol : symbols)
    if (symbol->shape) std::for_each(symbol->shape->begin(), symbol->shape->end(), add);
  for (const program::CostRow& row : report.rows)
    for (const Count* count : {&row.cost.operations, &row.cost.functions, &row.cost.bytes, &row.cost.memory})
      for (const auto& [factors, number] : count->terms)
        for (const std::string& factor : factors) add(Dim{1, factor});
  return names;
}

// --sizes n=1000,m=30.
bool read_sizes(Session& s, const std::vector<std::string>& names, NamedSizes& sizes) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "it has " : ", ") + name;
  for (const std::string& text : s.request.sizes)
    for (const std::string_view item : split(text, ',')) {
      const auto wrong = [&](Code code, std::string why, std::string_view part, std::string hint = {}) {
        const auto begin = std::uint32_t(part.data() - text.data());
        return s.fail({code, std::move(why), {begin, begin + std::uint32_t(part.size())}, std::move(hint)}, text,
                      "--sizes");
      };
      const std::size_t equals = item.find('=');
      if (equals == std::string_view::npos) return wrong(Code::E701, "a name is missing: n=1000, say", item);
      const std::string_view name = trimmed(item.substr(0, equals)), number = trimmed(item.substr(equals + 1));
      if (std::find(names.begin(), names.end(), name) == names.end())
        return wrong(Code::E302, "'" + std::string(name) + "' is not a size of the formula", name,
                     names.empty() ? "it has none" : list);
      std::int64_t size = 0;
      const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), size);
      if (error != std::errc() || end != number.data() + number.size() || size < 0)
        return wrong(Code::E701, "a size is a whole number, not negative", number.empty() ? item : number);
      sizes.emplace_back(name, size);
    }
  return true;
}

Cell cell_of(const Count& count, const NamedSizes& sizes) {
  const std::string text = count.text(sizes);
  if (text.find_first_not_of("0123456789.e+") != std::string::npos) return Cell::word(text);
  return {Cell::Kind::number, text, count.at(sizes)};
}

// Rounded as a prediction deserves.
Cell rounded(double x) { return {Cell::Kind::number, number_text(x, x < 1e6 ? 6 : 3), x}; }

Count entries_of(NodePtr n) {
  Count count(1);
  for (const Dim& d : n->shape ? *n->shape : Shape{}) {
    Count length(double(d.size));
    if (!d.is_constant()) {
      length = {};
      length.terms[{std::string(d.name)}] = 1;
    }
    count = count * length;
  }
  return count;
}

// The derivative by forward and by reverse sweeps; the Hessian of a scalar, whose sweeps cost `second` each.
Table ways(Session& s, const NamedSizes& sizes, double second) {
  Table table{
      "ways",
      {{"of", "derivative"}, {"mode", "mode"}, {"sweeps", "sweeps"}, {"work", "predicted work"}, {"chosen", "chosen"}},
      {}};
  const NodePtr f = s.f().expr;
  const auto put = [&](const char* of, const std::string& mode, const Count& sweeps, double work, bool chosen) {
    table.rows.push_back(
        {Cell::word(of), Cell::word(mode), cell_of(sweeps, sizes), rounded(work), Cell::word(chosen ? "yes" : "no")});
  };
  Count columns;
  for (const NodePtr x : s.variables) columns += entries_of(x);
  const auto modes = jacobian_modes(s.context, f, s.variables, sizes, counted_for);
  const bool reverse = modes[1].predicted < modes[0].predicted;
  put(f->shape ? "Jacobian" : "gradient", modes[0].name, columns, modes[0].predicted, !reverse);
  put(f->shape ? "Jacobian" : "gradient", modes[1].name, entries_of(f), modes[1].predicted, reverse);
  if (!f->shape) put("Hessian", "forward over reverse", columns, columns.at(sizes) * second, true);
  return table;
}

}  // namespace

void run_cost(Session& s) {
  if (!s.choose_variables()) return;
  s.variables = distinct(s.variables);
  const auto symbols = s.symbols_but_sizes();
  s.functions.front().expr = array_form(s.context, s.f().expr, ArrayFormFor::programs, s.variables);
  if (!s.check(s.f().expr)) return;
  const auto report = cost_report(s.context, s.f().expr, symbols, {}, counted_for, Element::float64, s.variables);
  if (!report) {
    if (!s.out_of_time()) s.fail(report.errors(), {}, {});
    return;
  }
  const auto names = names_in(symbols, *report);
  NamedSizes sizes;
  if (!read_sizes(s, names, sizes)) return;
  Table table{"costs",
              {{"of", "of"},
               {"operations", "operations"},
               {"functions", "functions"},
               {"bytes", "bytes"},
               {"memory", "memory"},
               {"ratio", "ratio"}},
              {}};
  const double first = report->rows.front().cost.work(sizes);
  for (const auto& [name, cost] : report->rows) {
    const double ratio = first > 0 ? cost.work(sizes) / first : 1;
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", ratio);
    table.rows.push_back({Cell::word(name),
                          cell_of(cost.operations, sizes),
                          cell_of(cost.functions, sizes),
                          cell_of(cost.bytes, sizes),
                          cell_of(cost.memory, sizes),
                          {Cell::Kind::number, text, ratio}});
  }
  s.answer.tables.push_back(std::move(table));
  s.answer.tables.push_back(ways(s, sizes, report->rows.back().cost.work(sizes)));
  if (!s.check(s.f().expr)) return;
  const auto nodes = post_order(s.context, s.f().expr);
  if (std::any_of(nodes.begin(), nodes.end(), [](NodePtr n) { return is_linear_algebra(n); }))
    s.answer.notes.emplace_back(
        "What LAPACK does for linear algebra is not counted, only what leads to it and from it.");
  std::string unknown;
  for (const std::string& name : names)
    if (std::none_of(sizes.begin(), sizes.end(), [&](const auto& known) { return known.first == name; }))
      unknown += (unknown.empty() ? "" : ", ") + name;
  if (!unknown.empty())
    s.answer.notes.push_back("In ratios and predictions " + unknown + " count" +
                             (unknown.find(',') == std::string::npos ? "s" : "") + " as 64; --sizes gives others.");
}

}  // namespace gradus::service

// Answers as text, CSV and LaTeX. One presenter serves all verbs: it shows what the answer holds, in a fixed order.
#include "gradus/service/present.hpp"

#include "gradus/service/json.hpp"
#include "gradus/text/render.hpp"
#include "service/present_explanation.hpp"
#include "service/present_table.hpp"

namespace gradus::service {
namespace {

// The entries in the shape of the result, with `open`, `next` and `close` around and between: "[a, b]".
struct Brackets {
  std::string_view open, next, close;
};
constexpr Brackets rows_of_text{"[", ", ", "]"}, rows_of_latex{"", " & ", ""};

template <class Entry> std::string row(std::size_t begin, std::size_t end, const Brackets& brackets, Entry entry) {
  std::string out(brackets.open);
  for (std::size_t i = begin; i < end; ++i) out += (i == begin ? std::string() : std::string(brackets.next)) + entry(i);
  return out + std::string(brackets.close);
}

template <class Entry> std::string shaped(const std::vector<std::size_t>& shape, Entry entry) {
  if (shape.empty()) return entry(0);
  if (shape.size() == 1) return row(0, shape[0], rows_of_text, entry);
  std::string out = "[";
  for (std::size_t r = 0; r < shape[0]; ++r)
    out += (r ? ",\n " : "") + row(r * shape[1], (r + 1) * shape[1], rows_of_text, entry);
  return out + "]";
}

std::string conditions_text(const Answer& answer) {
  std::string out;
  for (const std::string& condition : answer.conditions) out += (out.empty() ? "" : ", ") + condition;
  return out;
}

constexpr std::size_t widest_matrix = 12;

bool is_listed(const Answer& answer) {  // a matrix too wide to read, entry by entry
  return answer.shape.size() == 2 && !answer.places.empty() && answer.shape[1] > widest_matrix;
}

// Formulas by place, "0" where a sparse matrix has none.
std::string entry_text(const Answer& answer, std::size_t i, std::string Formula::*form, const char* zero = "0") {
  if (answer.places.empty()) return i < answer.result.size() ? answer.result[i].*form : zero;
  const auto found = std::lower_bound(answer.places.begin(), answer.places.end(), i);
  if (found == answer.places.end() || *found != i) return zero;
  return answer.result[std::size_t(found - answer.places.begin())].*form;
}

std::string result_text(const Answer& answer) {
  if (is_listed(answer)) {
    std::string out;
    for (std::size_t k = 0; k < answer.places.size(); ++k) {
      out += (k ? "\n[" : "[") + std::to_string(answer.places[k] / answer.shape[1] + 1) + ", " +
             std::to_string(answer.places[k] % answer.shape[1] + 1) + "] = " + answer.result[k].text;
    }
    return out;
  }
  return shaped(answer.shape, [&](std::size_t i) { return entry_text(answer, i, &Formula::text); });
}

std::string values_text(const Answer& answer, std::size_t point) {
  return shaped(answer.shape, [&](std::size_t i) {
    const Cell& cell = answer.values[point][i];
    return cell.kind == Cell::Kind::missing ? std::string("-") : cell.text;
  });
}

std::string quiet_text(const Answer& answer) {
  if (!answer.bare.empty()) return answer.bare + '\n';
  std::string out;
  for (std::size_t p = 0; p < answer.values.size(); ++p) out += values_text(answer, p) + '\n';
  if (!out.empty()) return out;
  for (const Figure& figure : answer.figures) return figure.cell.text + '\n';
  if (!answer.result.empty()) return result_text(answer) + '\n';
  if (!answer.source.empty()) return answer.source;
  for (const Table& table : answer.tables) return table_csv(table, false);
  for (const std::string& hint : answer.hints) out += hint + '\n';
  for (const std::string& note : answer.notes) out += note + '\n';
  return out;
}

// Paragraphs with an empty line between them.
class Page {
 public:
  void paragraph(const std::string& text) {
    if (text.empty()) return;
    if (!out_.empty()) out_ += '\n';
    out_ += text;
    if (out_.back() != '\n') out_ += '\n';
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

std::string text(const Answer& answer, const Presentation& how) {
  if (how.quiet) return quiet_text(answer);
  Page page;
  page.paragraph(explanation_text(answer, how.color));
  if (!answer.result.empty() && (answer.explanations.empty() || !answer.shape.empty())) {  // else told already
    const bool alone =
        answer.values.empty() && answer.tables.empty() && answer.figures.empty() && answer.pictures.empty();
    std::string line = result_text(answer);
    if (!alone && !answer.label.empty() && !is_listed(answer)) {
      line = answer.label + (answer.shape.size() == 2 ? " =\n" : " = ") + line;
    }
    if (!answer.conditions.empty()) line += "   for " + conditions_text(answer);
    page.paragraph(line);
  }
  page.paragraph(answer.source);
  if (answer.tables.empty()) {
    std::string lines;
    for (std::size_t p = 0; p < answer.values.size(); ++p) {
      lines += "at " + place_text(answer.points[p]) + (answer.shape.size() == 2 ? ":\n" : ": ") +
               values_text(answer, p) + '\n';
      for (const Cell& cell : answer.values[p]) {
        if (cell.kind != Cell::Kind::missing) continue;
        lines += "  no value: " + cell.text + '\n';
        break;
      }
    }
    page.paragraph(lines);
  }
  for (const Table& table : answer.tables) page.paragraph(table_text(table, how.color));
  std::string figures;
  std::size_t widest = 0;
  for (const Figure& figure : answer.figures) widest = std::max(widest, figure.title.size());
  for (const Figure& figure : answer.figures) {
    figures += figure.title + std::string(widest - figure.title.size() + 2, ' ') +
               (figure.cell.kind == Cell::Kind::missing ? "none: " : "") + figure.cell.text + '\n';
  }
  page.paragraph(figures);
  std::string notes;
  for (const std::string& hint : answer.hints) notes += hint + '\n';
  for (const std::string& note : answer.notes) notes += note + '\n';
  page.paragraph(notes);
  for (const plot::Scene& scene : answer.pictures)
    page.paragraph(plot::render_terminal(scene, {how.columns, how.rows, how.ascii, how.color}));
  return page.take();
}

std::string csv(const Answer& answer) {
  if (!answer.tables.empty()) return table_csv(answer.tables.front());
  if (!answer.values.empty()) {
    Table table{"values", {}, {}};
    for (const auto& [name, cell] : answer.points.front()) table.columns.push_back({name, name});
    for (std::size_t i = 0; i < answer.values.front().size(); ++i) {
      const std::string title = entry_text(answer, i, &Formula::text);
      table.columns.push_back({title, title});
    }
    for (std::size_t p = 0; p < answer.values.size(); ++p) {
      std::vector<Cell> cells;
      for (const auto& [name, cell] : answer.points[p]) cells.push_back(cell);
      cells.insert(cells.end(), answer.values[p].begin(), answer.values[p].end());
      table.rows.push_back(std::move(cells));
    }
    return table_csv(table);
  }
  if (!answer.figures.empty()) {
    std::string out = "name,value\n";
    for (const Figure& figure : answer.figures) out += csv_field(figure.key) + ',' + csv_field(figure.cell.text) + '\n';
    return out;
  }
  for (const plot::Scene& scene : answer.pictures) return plot::render_csv(scene);
  if (!answer.source.empty()) return csv_field(answer.source) + '\n';
  std::string out;
  if (answer.shape.size() == 2) {
    out = "row,column,result\n";
    for (std::size_t i = 0; i < answer.result.size(); ++i) {
      const std::size_t place = answer.places.empty() ? i : answer.places[i];
      out += std::to_string(place / answer.shape[1] + 1) + ',' + std::to_string(place % answer.shape[1] + 1) + ',' +
             csv_field(answer.result[i].text) + '\n';
    }
    return out;
  }
  out = "result,conditions\n";
  for (const Formula& formula : answer.result)
    out += csv_field(formula.text) + ',' + csv_field(conditions_text(answer)) + '\n';
  return out;
}

std::string latex(const Answer& answer, const Presentation& how) {
  if (!answer.explanations.empty() && !how.quiet) return explanation_latex(answer);
  std::string out;
  const auto entry = [&](std::size_t i) { return entry_text(answer, i, &Formula::latex); };
  if (!answer.result.empty()) {
    if (answer.shape.empty()) {
      out = entry(0);
    } else {
      const std::size_t rows = answer.shape[0], columns = answer.shape.size() == 2 ? answer.shape[1] : 1;
      out = "\\begin{pmatrix}";
      for (std::size_t r = 0; r < rows; ++r)
        out += (r ? " \\\\ " : " ") + row(r * columns, (r + 1) * columns, rows_of_latex, entry);
      out += " \\end{pmatrix}";
    }
    out += '\n';
  }
  if (!how.quiet)
    for (const Table& table : answer.tables) out += table_latex(table);
  return out;
}

std::string mathml(const Answer& answer) {
  if (answer.result.empty()) return {};
  std::string out = R"(<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">)";
  const auto entry = [&](std::size_t i) { return entry_text(answer, i, &Formula::mathml, "<mn>0</mn>"); };
  if (answer.shape.empty()) return out + entry(0) + "</math>\n";
  const std::size_t rows = answer.shape[0], columns = answer.shape.size() == 2 ? answer.shape[1] : 1;
  constexpr Brackets cells{"<mtr><mtd>", "</mtd><mtd>", "</mtd></mtr>"};
  out += "<mrow><mo>(</mo><mtable>";
  for (std::size_t r = 0; r < rows; ++r) out += row(r * columns, (r + 1) * columns, cells, entry);
  return out + "</mtable><mo>)</mo></mrow></math>\n";
}

}  // namespace

int exit_code(const Answer& answer) {
  return answer.errors.empty() ? answer.exit : exit_code(answer.errors.front().code);
}

std::string present(const Answer& answer, const Presentation& how) {
  if (how.format == Format::json) return to_json(answer, how.style) + '\n';
  if (!answer.errors.empty()) return {};
  if (how.format == Format::csv) return csv(answer);
  if (how.format == Format::latex) return latex(answer, how);
  if (how.format == Format::mathml) return mathml(answer);
  return text(answer, how);
}

std::string present_errors(const Answer& answer, const Presentation& how) {
  if (answer.errors.empty() || how.format == Format::json) return {};
  return render(answer.errors, answer.input, how.color, answer.input_name);
}

Result<std::string> draw(const plot::Scene& scene, std::string_view file, const plot::Style& style) {
  if (file.ends_with(".svg")) return plot::render_svg(scene, style);
  if (file.ends_with(".png")) return plot::render_png(scene, style);
  if (file.ends_with(".csv")) return plot::render_csv(scene);
  if (file.ends_with(".txt")) return plot::render_terminal(scene);
  return Diagnostic{Code::E701, "pictures are written as .svg, .png, .csv or .txt, not as '" + std::string(file) + "'"};
}

}  // namespace gradus::service

// What Gradus answers: one type for every verb, in the units of the question and before anyone decides how it looks.
// present.hpp shows it as text, CSV or LaTeX, json.hpp as JSON. Invariant: with errors there is nothing else.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gradus/core/result.hpp"
#include "gradus/plot/scene.hpp"
#include "gradus/service/explanation.hpp"
#include "gradus/service/request.hpp"

namespace gradus::service {

struct Column {
  std::string key, title;  // in JSON, and above the column elsewhere
};

struct Table {
  std::string key;  // in JSON
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  bool brief = false;  // as text, a long one shows its first and last rows only
};

/// A value by itself: "rate": 4.472.
struct Figure {
  std::string key, title;
  Cell cell;
};

struct Answer {
  Verb verb = Verb::help;
  std::vector<Diagnostic> errors;
  std::string input;                   // what the spans of the errors refer to
  std::string input_name = "<input>";  // and where it came from

  std::string label;                    // what the result is, "f'(x)"
  std::vector<std::size_t> shape;       // of the result: empty for a scalar, {n}, {rows, columns}
  std::vector<Formula> result;          // row-major
  std::vector<std::uint32_t> places;    // of the entries of `result` when the others are zero; empty: all are there
  std::vector<std::string> variables;   // what was differentiated in
  std::vector<std::string> conditions;  // "x > 0"
  std::vector<Place> points;
  std::vector<std::vector<Cell>> values;  // of the result, for each point, row-major
  std::vector<Figure> figures;
  std::vector<Table> tables;
  std::vector<Explanation> explanations;
  bool brief = false;              // they are shown in the short form
  std::vector<std::string> hints;  // instead of the result
  std::vector<std::string> notes;  // sentences
  std::vector<plot::Scene> pictures;
  std::string source;  // code
  std::string status;  // of a method: "converged", "steps", "diverged"
  std::string bare;    // what --quiet prints, where it is neither the values nor the result
  int exit = 0;        // 1: no result; 4: a value that was asked for does not exist
};

/// The process's exit code: that of the first error, or `exit`.
int exit_code(const Answer& answer);

}  // namespace gradus::service

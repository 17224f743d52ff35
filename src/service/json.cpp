// Requests and answers as JSON: the only file that knows a JSON library. A request's keys are the names of the options
// (command_table.hpp), so a line of JSON and an argument list mean the same; lists are joined as the options take them.
#include "gradus/service/json.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "gradus/service/command_table.hpp"
#include "gradus/service/run.hpp"

namespace gradus::service {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema = 1;

Json error_json(const Diagnostic& error) {
  Json out{{"code", code_name(error.code)}, {"message", error.message}, {"span", {error.span.begin, error.span.end}}};
  if (!error.hint.empty()) out["hint"] = error.hint;
  return out;
}

Json number_json(const Cell& cell) {
  if (cell.is_number() && std::isfinite(cell.number)) return cell.number == 0 ? 0.0 : cell.number;
  if (cell.kind == Cell::Kind::word) return cell.text;
  return nullptr;
}

// `entry(i)` in the shape given: a value, a list, a list of rows.
template <class Entry> Json shaped(const std::vector<std::size_t>& shape, Entry entry) {
  if (shape.empty()) return entry(0);
  Json out = Json::array();
  if (shape.size() == 1) {
    for (std::size_t i = 0; i < shape[0]; ++i) out.push_back(entry(i));
    return out;
  }
  for (std::size_t r = 0; r < shape[0]; ++r) {
    Json row = Json::array();
    for (std::size_t c = 0; c < shape[1]; ++c) row.push_back(entry(r * shape[1] + c));
    out.push_back(std::move(row));
  }
  return out;
}

Json entries_json(const Answer& answer, std::string Formula::*form) {
  return shaped(answer.shape, [&](std::size_t i) -> Json {
    if (answer.places.empty()) return answer.result[i].*form;
    const auto found = std::lower_bound(answer.places.begin(), answer.places.end(), i);
    if (found == answer.places.end() || *found != i) return "0";
    return answer.result[std::size_t(found - answer.places.begin())].*form;
  });
}

void put_result(Json& out, const Answer& answer) {
  constexpr std::size_t dense = 10'000;  // entries; a larger matrix is given by those that are not zero
  if (answer.shape.size() == 2 && !answer.places.empty() && answer.shape[0] * answer.shape[1] > dense) {
    out["shape"] = answer.shape;
    Json& entries = out["entries"] = Json::array();
    for (std::size_t k = 0; k < answer.places.size(); ++k) {
      entries.push_back(
          {answer.places[k] / answer.shape[1], answer.places[k] % answer.shape[1], answer.result[k].text});
    }
    return;
  }
  out["result"] = entries_json(answer, &Formula::text);
  out["latex"] = entries_json(answer, &Formula::latex);
}

void put_values(Json& out, const Answer& answer) {
  Json points = Json::array(), values = Json::array(), reasons = Json::array(), decimals = Json::array();
  bool missing = false, long_digits = false;
  for (std::size_t p = 0; p < answer.values.size(); ++p) {
    Json point = Json::object();
    for (const auto& [name, cell] : answer.points[p]) point[name] = number_json(cell);
    points.push_back(std::move(point));
    const auto& cells = answer.values[p];
    values.push_back(shaped(answer.shape, [&](std::size_t i) { return number_json(cells[i]); }));
    Json reason = nullptr;
    for (const Cell& cell : cells) {
      if (cell.kind == Cell::Kind::missing && reason.is_null()) reason = cell.text;
      long_digits = long_digits || (cell.is_number() && cell.text.size() > 22);
    }
    missing = missing || !reason.is_null();
    reasons.push_back(std::move(reason));
    decimals.push_back(shaped(answer.shape, [&](std::size_t i) -> Json {
      return cells[i].kind == Cell::Kind::missing ? Json(nullptr) : Json(cells[i].text);
    }));
  }
  out["at"] = std::move(points);
  out["values"] = std::move(values);
  if (long_digits) out["decimals"] = std::move(decimals);
  if (missing) out["reasons"] = std::move(reasons);
}

Json table_json(const Table& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows) {
    Json out = Json::object();
    for (std::size_t c = 0; c < row.size(); ++c) {
      out[table.columns[c].key] = number_json(row[c]);
      if (row[c].kind == Cell::Kind::missing && !out.contains("reason")) out["reason"] = row[c].text;
    }
    rows.push_back(std::move(out));
  }
  return rows;
}

Json check_json(const StepCheck& check) {
  static constexpr std::string_view outcomes[] = {"agrees", "differs", "none"};
  Json out{{"outcome", outcomes[std::size_t(check.outcome)]}};
  for (const Place& place : check.at) {
    Json at = Json::object();
    for (const auto& [name, cell] : place) at[name] = number_json(cell);
    out["at"].push_back(std::move(at));
  }
  if (!check.reason.empty()) out["reason"] = check.reason;
  return out;
}

Json formula_json(const Formula& formula) { return {{"text", formula.text}, {"latex", formula.latex}}; }

Json step_json(const ExplanationStep& step) {
  static constexpr std::string_view kinds[] = {"canonical", "rule", "simplification"};
  Json out{{"kind", kinds[std::size_t(step.kind)]}, {"rule", step.rule}, {"title", step.title}};
  if (step.kind == ExplanationStep::Kind::rule) out["chain"] = step.chain;
  if (!step.statement.text.empty()) out["statement"] = formula_json(step.statement);
  for (const auto& [letter, part] : step.with)
    out["with"].push_back({{"name", letter.text}, {"text", part.text}, {"latex", part.latex}});
  out["before"] = formula_json(step.before);
  out["after"] = formula_json(step.after);
  if (!step.whole.text.empty()) out["whole"] = formula_json(step.whole);
  if (!step.conditions.empty()) out["conditions"] = step.conditions;
  if (!step.remarks.empty()) out["remarks"] = step.remarks;
  for (const ExplanationStep& inner : step.inside) {  // bodies of sums in sums: a few deep
    Json each{{"kind", "rule"}, {"rule", inner.rule}, {"title", inner.title}};
    each["before"] = formula_json(inner.before);
    each["after"] = formula_json(inner.after);
    out["inside"].push_back(std::move(each));
  }
  out["check"] = check_json(step.check);
  return out;
}

Json explanation_json(const Explanation& explanation) {
  Json out{{"label", explanation.label}, {"variable", explanation.variable}};
  if (!explanation.typed.text.empty()) out["typed"] = formula_json(explanation.typed);
  out["from"] = formula_json(explanation.from);
  out["goal"] = formula_json(explanation.goal);
  if (!explanation.differential.empty()) out["differential"] = explanation.differential;
  out["steps"] = Json::array();
  for (const ExplanationStep& step : explanation.steps) out["steps"].push_back(step_json(step));
  out["result"] = formula_json(explanation.result);
  out["conditions"] = explanation.conditions;
  out["check"] = check_json(explanation.check);
  return out;
}

Json answer_json(const Answer& answer, const plot::Style& style) {
  Json out;
  out["ok"] = answer.errors.empty();
  out["schema"] = schema;
  if (!answer.errors.empty()) {
    out["error"] = error_json(answer.errors.front());
    if (!answer.input_name.empty() && answer.input_name != "<input>") out["error"]["in"] = answer.input_name;
    if (answer.errors.size() > 1) {
      for (const Diagnostic& error : answer.errors) out["errors"].push_back(error_json(error));
    }
    return out;
  }
  out["op"] = info_of(answer.verb).name;
  if (!answer.result.empty() || !answer.shape.empty()) put_result(out, answer);
  if (!answer.variables.empty()) out["variables"] = answer.variables;
  if (!answer.conditions.empty()) out["conditions"] = answer.conditions;
  if (!answer.values.empty()) put_values(out, answer);
  for (const Figure& figure : answer.figures) {
    out[figure.key] = number_json(figure.cell);
    if (figure.cell.kind == Cell::Kind::missing) out[figure.key + "_reason"] = figure.cell.text;
  }
  for (const Table& table : answer.tables) out[table.key] = table_json(table);
  for (const Explanation& each : answer.explanations) out["explanations"].push_back(explanation_json(each));
  if (!answer.hints.empty()) out["hints"] = answer.hints;
  if (!answer.status.empty()) out["status"] = answer.status;
  if (!answer.notes.empty()) out["notes"] = answer.notes;
  if (!answer.source.empty()) out["source"] = answer.source;
  if (!answer.pictures.empty()) out["svg"] = plot::render_svg(answer.pictures.front(), style);
  return out;
}

std::string written(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Diagnostic malformed(std::string message) { return {Code::E702, std::move(message)}; }

// A number or text as an option takes it.
Result<std::string> word(const Json& value, std::string_view key) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  return malformed("'" + std::string(key) + "' takes a number or text");
}

// {"x": 1, "y": 2} as x=1,y=2; [1, 2] as 1,2.
Result<std::string> point(const Json& value, std::string_view key) {
  if (!value.is_structured()) return word(value, key);
  std::string out;
  for (const auto& [name, entry] : value.items()) {
    auto text = word(entry, key);
    if (!text) return text;
    out += (out.empty() ? "" : ",") + (value.is_object() ? name + '=' : std::string()) + *text;
  }
  return out;
}

// The texts by which the option of this name is set, one call each.
Result<std::vector<std::string>> texts_of(const OptionInfo& option, const Json& value) {
  const bool points = option.name == "at";
  std::vector<std::string> out;
  if (points && value.is_array()) {
    for (const Json& each : value) {
      auto text = point(each, option.name);
      if (!text) return text.errors();
      out.push_back(*text);
    }
    return out;
  }
  auto text = point(value, option.name);
  if (!text) return text.errors();
  out.push_back(*text);
  return out;
}

Result<bool> set_option(Request& request, const std::string& key, const Json& value) {
  const OptionInfo* option = find_option(key);
  if (!option || (option->verbs & set_of(request.verb)) == 0) {
    return malformed("'" + std::string(info_of(request.verb).name) + "' has no key '" + key + "'." +
                     did_you_mean_option(key, request.verb));
  }
  if (option->argument.empty()) {
    if (!value.is_boolean()) return malformed("'" + key + "' takes true or false");
    if (value.get<bool>()) option->set(request, "");
    return true;
  }
  if (value.is_array() && value.empty()) return true;
  const auto texts = texts_of(*option, value);
  if (!texts) return texts.errors();
  for (const std::string& text : *texts) {
    if (!option->set(request, text))
      return malformed("'" + key + "' does not take '" + text + "': " + std::string(option->help));
  }
  return true;
}

Result<Request> read_request(const Json& json, const Request& defaults) {
  if (!json.is_object()) return malformed("a request is an object: {\"op\": \"diff\", \"expr\": \"x^2\"}");
  const auto op = json.find("op");
  if (op == json.end() || !op->is_string()) return malformed("'op' is missing: the name of a verb");
  const VerbInfo* verb = find_verb(op->get<std::string>());
  const bool optional = verb && verb->operand == "[FORMULA]";
  if (!verb || !(optional || verb->operand.starts_with("FORMULA"))) {
    return malformed("there is no op '" + op->get<std::string>() + "'." +
                     (verb ? "" : did_you_mean_verb(op->get<std::string>())));
  }
  Request request = defaults;
  request.verb = verb->verb;
  request.operands.clear();
  request.format = Format::json;
  for (const auto& [key, value] : json.items()) {
    if (key == "op" || key == "id") continue;
    if (key == "expr") {
      if (value.is_string())
        request.operands.push_back(value.get<std::string>());
      else if (value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_string(); }))
        request.operands = value.get<std::vector<std::string>>();
      else
        return malformed("'expr' takes a formula, or a list of formulas");
      continue;
    }
    if (key == "output" || key == "color" || key == "format" || key == "quiet")
      return malformed("'" + key + "' has no meaning in a batch");
    if (auto set = set_option(request, key, value); !set) return set.errors();
  }
  if (request.operands.empty() && !optional) return malformed("'expr' is missing: a formula");
  if (request.operands.size() > 1 && !verb->operand.ends_with("...")) {
    return malformed("'" + std::string(verb->name) + "' takes one formula");
  }
  return request;
}

}  // namespace

std::string to_json(const Answer& answer, const plot::Style& style) { return written(answer_json(answer, style)); }

std::string answer_line(std::string_view line, const Request& defaults) {
  constexpr int deepest = 64;
  bool too_deep = false;
  const auto watch = [&](int depth, Json::parse_event_t, Json&) {
    return depth <= deepest || (too_deep = true, false);
  };
  const Json json = Json::parse(line, watch, false);
  Answer failed;
  Json out;
  if (json.is_discarded() || too_deep) {
    failed.errors = {malformed(too_deep ? "nested too deeply" : "not JSON")};
    return written(answer_json(failed, {}));
  }
  auto request = read_request(json, defaults);
  if (request) {
    const Answer answer = run(*request);
    plot::Style style;
    style.theme = request->dark ? plot::Theme::dark : plot::Theme::light;
    style.width = request->width;
    style.height = request->height;
    out = answer_json(answer, style);
  } else {
    failed.errors = request.errors();
    out = answer_json(failed, {});
  }
  if (json.is_object() && json.contains("id")) out["id"] = json["id"];
  return written(out);
}

}  // namespace gradus::service

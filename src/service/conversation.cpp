// Definitions are kept as they were typed and read again before each formula, in their order: so a later definition
// uses the earlier ones as they were then, and every request has a context of its own that its limits hold for.
#include "gradus/service/conversation.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/core/walk.hpp"
#include "gradus/numeric/evaluate.hpp"
#include "gradus/service/arguments.hpp"
#include "gradus/service/command_table.hpp"
#include "gradus/service/help.hpp"
#include "gradus/service/run.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "service/split.hpp"

namespace gradus::service {
namespace {

constexpr std::string_view commands_text =
    "A line is a formula (x^2 + 1), a verb with a formula (diff x^2, plot sin(x) --from 0 --to pi),\n"
    "or a definition (f(x) = x^2, c = 3, x > 0). `ans` is the last result.\n\n"
    "  .help [VERB]   this page, or a verb and its options\n"
    "  .verbs         the verbs\n"
    "  .defs          what is defined\n"
    "  .forget NAME   forget a definition; without a name all of them\n"
    "  .load FILE     read the lines of a file\n"
    "  .quit          leave (also Ctrl-D)\n\n"
    "Tab completes names, the arrows go through what was typed before, Ctrl-C stops a computation.\n";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

std::string_view first_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && !is_blank(text[end])) ++end;
  return text.substr(0, end);
}

Conversation::Turn mistake(Diagnostic error, std::string_view input = {}) {
  Conversation::Turn turn;
  turn.kind = Conversation::Turn::Kind::mistake;
  turn.answer.errors = {std::move(error)};
  turn.answer.input = input;
  if (input.empty()) turn.answer.input_name = "";
  return turn;
}

// The words of a line: blanks part them, quotes hold them together.
struct Word {
  std::string text;
  bool quoted = false;
};
std::vector<Word> words_of(std::string_view line) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < line.size();) {
    if (is_blank(line[i])) {
      ++i;
      continue;
    }
    Word word;
    if (line[i] == '"') {
      const std::size_t end = std::min(line.find('"', i + 1), line.size());
      word = {std::string(line.substr(i + 1, end - i - 1)), true};
      i = end + 1;
    } else {
      const std::size_t begin = i;
      while (i < line.size() && !is_blank(line[i])) ++i;
      word.text = line.substr(begin, i - begin);
    }
    words.push_back(std::move(word));
  }
  return words;
}

Differentiate at_once() {
  return [](Context& c, NodePtr f, NodePtr x, int order) { return gradus::diff(c, f, x, order); };
}

}  // namespace

std::vector<std::string> Conversation::texts() const {
  std::vector<std::string> out;
  for (const Statement& each : definitions_) out.push_back(each.text);
  return out;
}

bool Conversation::defines(std::string_view name) const {
  return std::any_of(definitions_.begin(), definitions_.end(), [&](const Statement& s) { return s.name == name; });
}

Conversation::Turn Conversation::command(std::string_view line) const {
  const std::string_view word = first_word(line), rest = trimmed(line.substr(word.size()));
  Turn turn;
  if (word == ".quit" || word == ".exit" || word == ".q") {
    turn.kind = Turn::Kind::quit;
  } else if (word == ".help" || word == ".h" || word == ".?") {
    const VerbInfo* info = rest.empty() ? nullptr : find_verb(rest);
    if (!rest.empty() && !info)
      return mistake({Code::E701, "there is no verb '" + std::string(rest) + "'." + did_you_mean_verb(rest)});
    turn.text = info ? help_text(info->verb) : std::string(commands_text);
  } else if (word == ".verbs") {
    turn.text = overview();
  } else if (word == ".defs") {
    for (const Statement& each : definitions_) turn.text += each.text + '\n';
    if (turn.text.empty()) turn.text = "nothing yet: f(x) = x^2, say\n";
  } else if (word == ".load") {
    if (rest.empty()) return mistake({Code::E701, "which file? .load FILE"});
    turn.kind = Turn::Kind::load;
    turn.text = rest;
  } else {
    return mistake({Code::E701, "there is no command '" + std::string(word) + "'; .help lists them"});
  }
  return turn;
}

Conversation::Turn Conversation::verb(std::string_view line, const Request& defaults) const {
  const std::vector<Word> words = words_of(line);
  const VerbInfo& info = *find_verb(words[0].text);
  std::vector<std::string> options, operands;
  bool open = false;  // the last operand goes on
  for (std::size_t i = 1; i < words.size(); ++i) {
    const Word& word = words[i];
    // Short ones only behind others, for "x -n" is a difference.
    const bool is_short =
        !options.empty() && word.text.size() == 2 && word.text[0] == '-' && std::isalpha(word.text[1]);
    const bool is_option = !word.quoted && (is_short || (word.text.size() > 2 && word.text.starts_with("--")));
    if (is_option) {
      options.push_back(word.text);
      open = false;
      const std::size_t equals = word.text.find('=');
      const OptionInfo* option =
          is_short ? find_option(word.text[1]) : find_option(std::string_view(word.text).substr(2));
      const bool takes = option && !option->argument.empty() && equals == std::string::npos;
      const bool may_do_without = takes && option->argument.starts_with('[');
      if (takes && i + 1 < words.size() && !(may_do_without && !std::isdigit(words[i + 1].text[0])))
        options.push_back(words[++i].text);
    } else if (word.quoted || !open) {
      operands.push_back(word.text);
      open = !word.quoted;
    } else {
      operands.back() += ' ' + word.text;
    }
  }
  if (info.operand.ends_with("...") && operands.size() == 1) {
    const std::string text = operands[0];
    operands.clear();
    for (const std::string_view formula : split(text, ',')) operands.emplace_back(formula);
  }
  std::vector<std::string> all{words[0].text};
  all.insert(all.end(), options.begin(), options.end());
  all.emplace_back("--");
  all.insert(all.end(), operands.begin(), operands.end());
  std::vector<const char*> arguments;
  arguments.reserve(all.size());
  for (const std::string& each : all) arguments.push_back(each.c_str());
  auto request = read_arguments(arguments);
  if (!request) return mistake(request.error());
  Turn turn;
  if (request->verb == Verb::help) {
    const VerbInfo* about = request->operands.empty() ? nullptr : find_verb(request->operands[0]);
    turn.text = about ? help_text(about->verb) : overview();
    return turn;
  }
  if (request->verb == Verb::version) {
    turn.text = version_text();
    return turn;
  }
  if (!info.operand.starts_with("FORMULA") && !info.operand.starts_with("[FORMULA"))
    return mistake(
        {Code::E701, "'" + std::string(info.name) + "' is a program of its own: gradus " + std::string(info.name)});
  turn.kind = Turn::Kind::ask;
  turn.request = std::move(*request);
  turn.request.limits = defaults.limits.seconds > 0 ? defaults.limits : turn.request.limits;
  turn.request.definitions = texts();
  return turn;
}

Conversation::Turn Conversation::read(std::string_view line, const Request& defaults) {
  line = trimmed(line);
  if (line.empty() || line[0] == '#') return {};
  if (line[0] == '.' && line.size() > 1 && !std::isdigit(line[1])) {
    const std::string_view word = first_word(line);
    if (word != ".forget") return command(line);
    const std::string_view name = trimmed(line.substr(word.size()));
    if (!name.empty() && !defines(name)) return mistake({Code::E205, "'" + std::string(name) + "' is not defined"});
    std::erase_if(definitions_, [&](const Statement& s) { return name.empty() || s.name == name; });
    return {};
  }
  const std::string_view word = first_word(line), rest = trimmed(line.substr(word.size()));
  if (find_verb(word) && !find_verb(word)->hidden && !rest.starts_with('=')) return verb(line, defaults);

  Context context(Policy::formula(), {defaults.limits.nodes, defaults.limits.bytes,
                                      std::chrono::steady_clock::now() + std::chrono::seconds(10)});
  Scope scope;
  ParseOptions options;
  options.scope = &scope;
  options.differentiate = at_once();
  for (const Statement& each : definitions_) (void)parse(context, each.text, options);
  const auto parsed = parse(context, line, options);
  if (!parsed) {
    Turn turn = mistake(parsed.error(), line);
    turn.answer.errors = parsed.errors();
    return turn;
  }
  Turn turn;
  const auto take_in = [&](const gradus::Statement& statement) {
    definitions_.push_back(
        {statement.name, std::string(line.substr(statement.span.begin, statement.span.end - statement.span.begin))});
  };
  for (const gradus::Statement& statement : parsed->before)
    if (statement.kind != gradus::Statement::Kind::expression) take_in(statement);
  if (parsed->kind != gradus::Statement::Kind::expression) {
    take_in(*parsed);
    if (parsed->expr && parsed->kind == gradus::Statement::Kind::definition) {
      std::string parameters;
      for (const NodePtr p : parsed->parameters)
        parameters += (parameters.empty() ? "" : ", ") + std::string(p->name());
      PrintOptions print;
      print.decimals = parsed->decimals;
      turn.text = parsed->name + (parameters.empty() ? "" : "(" + parameters + ")") + " = " +
                  to_text(context, parsed->expr, print) + '\n';
    }
    return turn;
  }
  turn.kind = Turn::Kind::ask;
  turn.bare = true;
  turn.request = defaults;
  turn.request.verb = Verb::simplify;
  turn.request.definitions = texts();
  turn.request.operands = {std::string(line.substr(parsed->span.begin, parsed->span.end - parsed->span.begin))};
  return turn;
}

Answer Conversation::answer(const Turn& turn) {
  Answer answer = run(turn.request);
  if (!turn.bare || answer.result.size() != 1 || !answer.errors.empty()) return answer;
  Context context;
  const auto parsed = parse(context, answer.result[0].text);
  if (!parsed || !parsed->expr || parsed->expr->is_rational() || parsed->expr->shape ||
      !symbols_of(context, parsed->expr).empty())
    return answer;
  const Value value = evaluate_certain(context, parsed->expr, {});
  answer.figures.push_back(
      {"value", "value",
       value.ok() ? Cell{Cell::Kind::number, value.text, value.number} : Cell::missing(value.reason)});
  return answer;
}

std::string Conversation::ans_of(const Answer& answer) {
  if (!answer.errors.empty() || answer.result.empty() || !answer.places.empty()) return {};
  std::string text;
  if (answer.shape.empty()) {
    text = answer.result[0].text;
  } else if (answer.shape.size() == 1) {
    for (const Formula& entry : answer.result) text += (text.empty() ? "[" : ", ") + entry.text;
    text += ']';
  }
  return text.empty() || text.find("let ") != std::string::npos ? std::string() : "ans = " + text;
}

}  // namespace gradus::service

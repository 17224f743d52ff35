// From an argument list to a request, by the command table.
#include "gradus/service/arguments.hpp"

#include "gradus/service/command_table.hpp"

namespace gradus::service {
namespace {

Diagnostic usage(std::string message) { return {Code::E701, std::move(message)}; }

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

Result<bool> check_operands(const Request& request) {
  const VerbInfo& verb = info_of(request.verb);
  const std::size_t given = request.operands.size();
  const bool optional = verb.operand.starts_with('['), many = verb.operand.ends_with("...");
  if (given == 0 && !optional && !verb.operand.empty()) {
    std::string article = verb.operand.starts_with("FORMULA") ? "a formula" : "a folder";
    return usage(quoted(verb.name) + " needs " + article + ": gradus " + std::string(verb.name) +
                 " \"x^2\", for instance");
  }
  const std::size_t most = many ? 1000 : verb.operand.empty() ? 0 : 1;
  if (given > most) {
    std::string hint = most == 0 ? "" : " (quote a formula that contains blanks)";
    return usage(quoted(verb.name) + (most == 0 ? " takes no argument" : " takes one argument") + ", got " +
                 quoted(request.operands[most]) + " too" + hint);
  }
  return true;
}

}  // namespace

Result<Request> read_arguments(std::span<const char* const> arguments) {
  Request request;
  bool named = false, only_operands = false, wants_help = false;
  struct Pending {
    const OptionInfo* option;
    std::string_view shown;
  };
  std::vector<Pending> used;  // checked against the verb at the end: options may stand before it

  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    const bool is_long = !only_operands && word.size() > 2 && word.starts_with("--");
    const bool is_short = !only_operands && word.size() == 2 && word[0] == '-' && word[1] != '-';
    if (!only_operands && word == "--") {
      only_operands = true;
      continue;
    }
    const OptionInfo* option = nullptr;
    std::string_view value;
    bool has_value = false;
    if (is_long) {
      const std::size_t equals = word.find('=');
      const std::string_view name = word.substr(2, equals == word.npos ? equals : equals - 2);
      if (name == "help") {
        wants_help = true;
        continue;
      }
      if (name == "version") {
        request.verb = Verb::version;
        return request;
      }
      option = find_option(name);
      if (!option) {
        return usage("there is no option " + quoted("--" + std::string(name)) + "." +
                     did_you_mean_option(name, request.verb));
      }
      if (equals != word.npos) {
        has_value = true;
        value = word.substr(equals + 1);
      }
    } else if (is_short) {
      if (word == "-h") {
        wants_help = true;
        continue;
      }
      option = find_option(word[1]);
    }
    if (!option) {
      if (!named) {
        const VerbInfo* verb = find_verb(word);
        if (!verb) return usage("there is no verb " + quoted(word) + "." + did_you_mean_verb(word));
        request.verb = verb->verb;
        named = true;
      } else {
        request.operands.emplace_back(word);
      }
      continue;
    }
    if (option->argument.empty()) {
      if (has_value) return usage("the option " + quoted("--" + std::string(option->name)) + " takes no value");
    } else if (!has_value && option->argument.starts_with('[') &&
               (i + 1 >= arguments.size() || arguments[i + 1][0] < '0' || arguments[i + 1][0] > '9' ||
                arguments[i + 1][1] != 0)) {
      value = "1";  // --hint, or --hint 2
    } else if (!has_value) {
      if (i + 1 >= arguments.size()) {
        return usage("the option " + quoted(word) + " needs a value: " + std::string(option->argument));
      }
      value = arguments[++i];
    }
    if (!option->set(request, value)) {
      return usage("the option " + quoted("--" + std::string(option->name)) + " does not take " + quoted(value) + ": " +
                   std::string(option->help));
    }
    used.push_back({option, word});
  }

  if (wants_help || !named) {
    if (named && request.verb != Verb::help) request.operands = {std::string(info_of(request.verb).name)};
    request.verb = Verb::help;
    return request;
  }
  for (const Pending& each : used) {
    if ((each.option->verbs & set_of(request.verb)) == 0) {
      return usage(quoted(info_of(request.verb).name) + " has no option " +
                   quoted("--" + std::string(each.option->name)) + "; see gradus " +
                   std::string(info_of(request.verb).name) + " --help");
    }
  }
  if (auto checked = check_operands(request); !checked) return checked.error();
  return request;
}

}  // namespace gradus::service

// Help on a terminal from the command table.
#include "gradus/service/help.hpp"

#include <algorithm>

#include "gradus/service/command_table.hpp"
#include "service/version.hpp"

namespace gradus::service {
namespace {

// Words of `text` in lines of at most `columns`, each after `indent` blanks; the first line has `used` columns already.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t used, std::size_t columns) {
  std::string out;
  std::size_t column = used;
  if (column < indent) {
    out.append(indent - column, ' ');
    column = indent;
  }
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!first && column + 1 + word.size() > columns) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
      first = true;
    }
    if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  }
  return out + '\n';
}

std::string option_head(const OptionInfo& option) {
  std::string head = option.letter ? std::string("-") + option.letter + ", " : "    ";
  head += "--" + std::string(option.name);
  if (!option.argument.empty()) head += ' ' + std::string(option.argument);
  return head;
}

}  // namespace

std::string version_text() { return "gradus " GRADUS_VERSION "\n"; }

std::string overview() {
  std::string out =
      "gradus: derivatives and gradients of formulas, as formulas, numbers, pictures and code\n\n"
      "  gradus VERB FORMULA [options]      a formula '-' is read from standard input\n\n";
  for (const VerbInfo& verb : verbs()) {
    if (verb.hidden) continue;
    std::string line = "  " + std::string(verb.name);
    line.resize(14, ' ');
    out += line + std::string(verb.summary) + '\n';
  }
  out +=
      "\nFor instance\n"
      "  gradus diff \"x^2\"\n"
      "  gradus plot \"x^2\" --from -1 --to 1 --tangent 0.5\n"
      "  gradus tutorial\n"
      "\ngradus VERB --help tells more about a verb.\n";
  return out;
}

std::string help_text(Verb verb, int width) {
  const VerbInfo& info = info_of(verb);
  const auto columns = std::size_t(std::clamp(width, 40, 120));
  std::string out = "gradus " + std::string(info.name) + (info.operand.empty() ? "" : " ") + std::string(info.operand) +
                    " [options]\n\n" + wrapped(info.description, 0, 0, columns);
  std::size_t widest = 0;
  for (const OptionInfo& option : options())
    if (option.verbs & set_of(verb)) widest = std::max(widest, option_head(option).size());
  if (widest > 0) out += "\nOptions\n";
  for (const OptionInfo& option : options()) {
    if ((option.verbs & set_of(verb)) == 0) continue;
    const std::string head = "  " + option_head(option);
    out += head + wrapped(option.help, widest + 4, head.size(), columns);
  }
  if (!info.examples.empty()) {
    out += "\nExamples\n";
    for (std::string_view rest = info.examples; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      out += "  " + std::string(rest.substr(0, end)) + '\n';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return out;
}

}  // namespace gradus::service

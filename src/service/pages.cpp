// Manual pages (man(7) macros) and completions of bash, zsh and fish, from the command table.
#include "gradus/service/command_table.hpp"
#include "gradus/service/help.hpp"
#include "service/version.hpp"

namespace gradus::service {
namespace {

std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '^') {
      out += "\\(ha";
    } else {
      out += c;
    }
  }
  return out;
}

std::string head(std::string_view page, std::string_view summary) {
  std::string upper;
  for (const char c : page) upper += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  return ".TH " + roff(upper) + " 1 \"\" \"gradus " GRADUS_VERSION "\"\n.SH NAME\n" + roff(page) + " \\- " +
         roff(summary) + "\n";
}

void describe_option(std::string& out, const OptionInfo& option) {
  out += ".TP\n";
  if (option.letter)
    out += std::string(".BR \\-") + option.letter + " \", \" ";
  else
    out += ".B ";
  out += "\\-\\-" + roff(option.name);
  if (!option.argument.empty())
    out += option.letter ? " \" \\fI" + roff(option.argument) + "\\fR\"" : " \\fI" + roff(option.argument);
  out += "\n" + roff(option.help) + "\n";
}

std::string verb_page(const VerbInfo& verb) {
  const std::string page = "gradus-" + std::string(verb.name);
  std::string out = head(page, verb.summary) + ".SH SYNOPSIS\n.B gradus " + std::string(verb.name) + "\n";
  if (!verb.operand.empty()) out += ".I " + roff(verb.operand) + "\n";
  out += ".RI [ options ]\n.SH DESCRIPTION\n" + roff(verb.description) + "\n.SH OPTIONS\n";
  for (const OptionInfo& option : options())
    if (option.verbs & set_of(verb.verb)) describe_option(out, option);
  if (!verb.examples.empty()) out += ".SH EXAMPLES\n.nf\n" + roff(verb.examples) + "\n.fi\n";
  return out + ".SH SEE ALSO\n.BR gradus (1)\n";
}

std::string main_page() {
  std::string out = head("gradus", "derivatives and gradients of formulas") +
                    ".SH SYNOPSIS\n.B gradus\n.I VERB\n.RI [ FORMULA ]\n.RI [ options ]\n.SH DESCRIPTION\n"
                    "Gradus differentiates formulas and shows the result as a formula, a number, a picture or code.\n"
                    "A formula\n.B \\-\nis read from standard input.\n.SH VERBS\n";
  for (const VerbInfo& verb : verbs()) {
    if (!verb.hidden) out += ".TP\n.B " + std::string(verb.name) + "\n" + roff(verb.summary) + "\n";
  }
  out += ".SH EXIT STATUS\n";
  const std::pair<int, const char*> codes[] = {{0, "Done."},
                                               {1, "No result: not converged, say."},
                                               {2, "Wrong usage."},
                                               {3, "The formula could not be read."},
                                               {4, "Outside the domain, or a value that could not be determined."},
                                               {5, "A file could not be read or written."},
                                               {6, "A limit or the time was exceeded."}};
  for (const auto& [code, text] : codes) out += ".TP\n.B " + std::to_string(code) + "\n" + text + "\n";
  out +=
      ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colours unless asked for.\n.TP\n.B COLUMNS\nWidth of pages and "
      "pictures.\n.SH SEE ALSO\n";
  std::string comma;
  for (const VerbInfo& verb : verbs()) {
    if (verb.hidden) continue;
    out += comma + ".BR gradus\\-" + std::string(verb.name) + " (1)";
    comma = ",\n";
  }
  return out + "\n";
}

bool is_files(const OptionInfo& option) { return option.choices == "FILE"; }

std::string bash() {
  std::string out =
      "# Completion of gradus for bash, made by the program.\n_gradus() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
      "  case $before in\n";
  for (const OptionInfo& option : options()) {
    if (option.choices.empty()) continue;
    out += "    --" + std::string(option.name) + (option.letter ? std::string("|-") + option.letter : "") +
           ") COMPREPLY=($(compgen " +
           (is_files(option) ? std::string("-f") : "-W '" + std::string(option.choices) + "'") +
           " -- \"$current\")); return ;;\n";
  }
  out += "  esac\n  if [ \"$COMP_CWORD\" = 1 ]; then\n    COMPREPLY=($(compgen -W '";
  for (const VerbInfo& verb : verbs())
    if (!verb.hidden) out += std::string(verb.name) + ' ';
  out += "--help --version' -- \"$current\"))\n    return\n  fi\n  case $verb in\n";
  for (const VerbInfo& verb : verbs()) {
    if (verb.hidden) continue;
    out += "    " + std::string(verb.name) + ") COMPREPLY=($(compgen -W '";
    for (const OptionInfo& option : options())
      if (option.verbs & set_of(verb.verb)) out += "--" + std::string(option.name) + ' ';
    out += "--help' -- \"$current\")) ;;\n";
  }
  return out + "  esac\n}\ncomplete -F _gradus gradus\n";
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string zsh() {
  const auto plain = [](std::string_view text) {  // brackets and colons mean something to _arguments
    std::string out;
    for (const char c : text) out += c == '[' || c == ']' || c == ':' ? '-' : c;
    return out;
  };
  std::string out = "#compdef gradus\n# Completion of gradus for zsh, made by the program.\nlocal -a verbs=(\n";
  for (const VerbInfo& verb : verbs())
    if (!verb.hidden) out += "  " + shell_quoted(std::string(verb.name) + ":" + plain(verb.summary)) + "\n";
  out += ")\nif (( CURRENT == 2 )); then\n  _describe verb verbs\n  return\nfi\ncase $words[2] in\n";
  for (const VerbInfo& verb : verbs()) {
    if (verb.hidden) continue;
    out += std::string(verb.name) + ")\n  _arguments";
    for (const OptionInfo& option : options()) {
      if ((option.verbs & set_of(verb.verb)) == 0) continue;
      std::string spec = "--" + std::string(option.name) + "[" + plain(option.help) + "]";
      if (!option.argument.empty()) {
        spec += ":" + plain(option.argument) + ":";
        if (is_files(option))
          spec += "_files";
        else if (!option.choices.empty())
          spec += "(" + std::string(option.choices) + ")";
      }
      out += " \\\n    " + shell_quoted(spec);
    }
    out += "\n  ;;\n";
  }
  return out + "esac\n";
}

std::string fish() {
  std::string out = "# Completion of gradus for fish, made by the program.\ncomplete -c gradus -f\n";
  for (const VerbInfo& verb : verbs()) {
    if (verb.hidden) continue;
    out += "complete -c gradus -n __fish_use_subcommand -a " + std::string(verb.name) + " -d " +
           shell_quoted(verb.summary) + "\n";
  }
  for (const OptionInfo& option : options()) {
    std::string where;
    for (const VerbInfo& verb : verbs())
      if (!verb.hidden && (option.verbs & set_of(verb.verb))) where += " " + std::string(verb.name);
    out += "complete -c gradus -n '__fish_seen_subcommand_from" + where + "' -l " + std::string(option.name);
    if (option.letter) out += std::string(" -s ") + option.letter;
    if (is_files(option))
      out += " -r -F";
    else if (!option.choices.empty())
      out += " -x -a " + shell_quoted(option.choices);
    else if (!option.argument.empty())
      out += " -x";
    out += " -d " + shell_quoted(option.help) + "\n";
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> installed_pages() {
  std::vector<std::pair<std::string, std::string>> files{{"man/man1/gradus.1", main_page()}};
  for (const VerbInfo& verb : verbs())
    if (!verb.hidden) files.emplace_back("man/man1/gradus-" + std::string(verb.name) + ".1", verb_page(verb));
  files.emplace_back("bash-completion/completions/gradus", bash());
  files.emplace_back("zsh/site-functions/_gradus", zsh());
  files.emplace_back("fish/vendor_completions.d/gradus.fish", fish());
  return files;
}

}  // namespace gradus::service

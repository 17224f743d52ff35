// While a line is typed: what its parts are, how a word may end, whether the line does. Works on text that need not
// make sense yet, so by characters, not by the parser.
#include <algorithm>
#include <cctype>

#include "gradus/service/command_table.hpp"
#include "gradus/service/conversation.hpp"
#include "gradus/text/vocabulary.hpp"
#include "service/split.hpp"

namespace gradus::service {
namespace {

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0; }
bool in_name(char c) { return begins_name(c) || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_known(std::string_view name) {
  const auto& all = vocabulary();
  return std::any_of(all.begin(), all.end(), [&](const KnownName& known) { return known.name == name; });
}

constexpr std::string_view dot_commands[] = {".help", ".verbs", ".defs", ".forget", ".load", ".quit"};

}  // namespace

bool Conversation::unfinished(std::string_view text) {
  std::vector<char> open;
  for (const char c : text) {
    if (c == '(' || c == '[') open.push_back(c);
    if ((c == ')' || c == ']') && !open.empty()) open.pop_back();
  }
  const std::string_view end = trimmed(text);
  const bool operation = !end.empty() && std::string_view("+*/^=,").find(end.back()) != std::string_view::npos;
  return !open.empty() || (operation && !end.starts_with('.'));
}

std::vector<std::string> Conversation::completions(std::string_view line, std::size_t cursor,
                                                   std::size_t& begin) const {
  begin = std::min(cursor, line.size());
  while (begin > 0 && (in_name(line[begin - 1]))) --begin;
  if (begin > 0 && line[begin - 1] == '.' && trimmed(line.substr(0, begin - 1)).empty()) --begin;
  const bool is_option = begin > 1 && line.substr(begin - 2, 2) == "--";
  if (is_option) begin -= 2;
  const std::string_view stem = line.substr(begin, cursor - begin);
  std::vector<std::string> out;
  const auto offer = [&](std::string_view name, std::string_view ending = {}) {
    if (name.starts_with(stem)) out.push_back(std::string(name) + std::string(ending));
  };
  const std::string_view before = trimmed(line.substr(0, begin));
  if (is_option) {
    const VerbInfo* verb = find_verb(before.substr(0, before.find(' ')));
    for (const OptionInfo& option : options())
      if (verb && (option.verbs & set_of(verb->verb)) != 0) offer("--" + std::string(option.name), " ");
  } else if (stem.starts_with('.')) {
    for (const std::string_view command : dot_commands) offer(command, " ");
  } else {
    if (before.empty() || before == ".help")
      for (const VerbInfo& verb : verbs())
        if (!verb.hidden) offer(verb.name, " ");
    if (before != ".help" && !stem.empty())
      for (const KnownName& known : vocabulary()) offer(known.name, known.function ? "(" : "");
    for (const Statement& each : definitions_)
      if (!each.name.empty()) {
        const std::size_t after = each.text.find(each.name) + each.name.size();
        offer(each.name, after < each.text.size() && each.text[after] == '(' ? "(" : "");
      }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<Tone> Conversation::tones(std::string_view line) const {
  std::vector<Tone> out;
  std::vector<std::size_t> open;
  std::size_t i = 0;
  while (i < line.size() && line[i] == ' ') ++i;
  if (i < line.size() && line[i] == '.' && i + 1 < line.size() && begins_name(line[i + 1])) {
    const std::size_t end = std::min(line.find(' ', i), line.size());
    return {{i, end, Tone::Kind::verb}};
  }
  for (bool first = true; i < line.size(); first = false) {
    const std::size_t begin = i;
    const char c = line[i];
    if (begins_name(c)) {
      while (i < line.size() && in_name(line[i])) ++i;
      const std::string_view name = line.substr(begin, i - begin);
      const bool alone = i == line.size() || line[i] == ' ';
      if (first && alone && find_verb(name) && !trimmed(line.substr(i)).starts_with('='))
        out.push_back({begin, i, Tone::Kind::verb});
      else if (defines(name))
        out.push_back({begin, i, Tone::Kind::defined});
      else if (is_known(name))
        out.push_back({begin, i, Tone::Kind::function});
    } else if (is_digit(c) || (c == '.' && i + 1 < line.size() && is_digit(line[i + 1]))) {
      while (i < line.size() && (is_digit(line[i]) || line[i] == '.')) ++i;
      out.push_back({begin, i, Tone::Kind::number});
    } else if (c == '"') {
      i = std::min(line.find('"', i + 1), line.size() - 1) + 1;
      out.push_back({begin, i, Tone::Kind::text});
    } else if (c == '-' && line.substr(i).starts_with("--") && i + 2 < line.size() && begins_name(line[i + 2])) {
      i += 2;
      while (i < line.size() && in_name(line[i])) ++i;
      const bool known = find_option(line.substr(begin + 2, i - begin - 2)) != nullptr;
      out.push_back({begin, i, known || i == line.size() ? Tone::Kind::option : Tone::Kind::mistake});
    } else {
      ++i;
      if (c == '(' || c == '[') open.push_back(begin);
      if (c == ')' || c == ']') {
        const bool fits = !open.empty() && (line[open.back()] == '(') == (c == ')');
        if (!fits) out.push_back({begin, i, Tone::Kind::mistake});
        if (!open.empty()) open.pop_back();
      }
    }
  }
  return out;
}

}  // namespace gradus::service

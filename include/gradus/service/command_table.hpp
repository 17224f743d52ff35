// The one table of verbs and options. From it come the reading of argument lists and of JSON requests, --help, the
// manual pages and the completions of shells.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "gradus/service/request.hpp"

namespace gradus::service {

using VerbSet = std::uint64_t;
constexpr VerbSet set_of(Verb verb) { return VerbSet{1} << unsigned(verb); }

struct VerbInfo {
  Verb verb;
  std::string_view name;
  std::string_view operand;  // "FORMULA"; "FORMULA..." for one or more; "[FILE]" for at most one; empty for none
  std::string_view summary;  // one line
  std::string_view description;
  std::string_view examples;  // lines: a command, after '#' what it shows
  bool hidden = false;
};

struct OptionInfo {
  std::string_view name;      // without dashes; also the key in JSON
  char letter;                // of the short form, or 0
  std::string_view argument;  // what follows; empty for a switch
  std::string_view help;
  VerbSet verbs;
  /// Puts the value into the request; false if it is not one that the option takes.
  bool (*set)(Request& request, std::string_view value);
  std::string_view choices = {};  // what may follow, separated by blanks; "FILE" or "FOLDER" for completion
};

std::span<const VerbInfo> verbs();
std::span<const OptionInfo> options();

const VerbInfo& info_of(Verb verb);
/// Null when there is none.
const VerbInfo* find_verb(std::string_view name);
const OptionInfo* find_option(std::string_view name);
const OptionInfo* find_option(char letter);

/// " Did you mean 'diff'?" for a name close to one of those that may stand here, else nothing.
std::string did_you_mean_verb(std::string_view name);
std::string did_you_mean_option(std::string_view name, Verb verb);

}  // namespace gradus::service

// What the command table says in prose: help on a terminal, manual pages, completions of shells.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gradus/service/request.hpp"

namespace gradus::service {

/// The verbs, each with a line.
std::string overview();
/// One verb: how it is called, its options, examples. `columns` is the width of the page.
std::string help_text(Verb verb, int columns = 80);
std::string version_text();

/// Files below a data folder (/usr/share, say) and what stands in them: man/man1/gradus.1 and one page a verb, and the
/// completions of bash, zsh and fish.
std::vector<std::pair<std::string, std::string>> installed_pages();

}  // namespace gradus::service

// The command `gradus`: an argument list becomes a request, its answer is printed. No mathematics here.
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "asking.hpp"
#include "files.hpp"
#include "gradus/service/arguments.hpp"
#include "gradus/service/batch.hpp"
#include "gradus/service/command_table.hpp"
#include "gradus/service/help.hpp"
#include "gradus/service/present.hpp"
#include "gradus/service/run.hpp"
#include "repl.hpp"
#include "storyteller.hpp"
#include "terminal.hpp"
#include "trainer.hpp"

namespace {

using namespace gradus;
using namespace gradus::service;

int help(const Request& request, const Presentation& how) {
  if (request.operands.empty()) return print(overview());
  const VerbInfo* verb = find_verb(request.operands[0]);
  if (!verb) {
    return complain(
        {Code::E701, "there is no verb '" + request.operands[0] + "'." + did_you_mean_verb(request.operands[0])}, how);
  }
  return print(help_text(verb->verb, how.columns));
}

int batch(const Request& request, const Presentation& how) {
  std::FILE* in = stdin;
  if (!request.operands.empty() && request.operands[0] != "-") in = std::fopen(request.operands[0].c_str(), "rb");
  if (!in) return complain({Code::E501, "'" + request.operands[0] + "' cannot be read: " + std::strerror(errno)}, how);
  Request defaults = request;
  defaults.limits.ordinary = 10;
  const int status = run_batch(in, stdout, defaults);
  if (std::ferror(in))
    return complain({Code::E501, "the requests cannot be read: " + std::string(std::strerror(errno))}, how);
  if (in != stdin) std::fclose(in);
  return status;
}

int pages(const Request& request, const Presentation& how) {
  for (const auto& [name, text] : installed_pages())
    if (auto written = write_file(request.operands[0] + "/" + name, text, true); !written)
      return complain(written.error(), how);
  return 0;
}

int answer(Request& request, const Presentation& how) {
  for (std::string& operand : request.operands) {
    if (operand != "-") continue;
    auto text = read_input();
    if (!text) return complain(text.error(), how);
    operand = *text;
  }
  if (const double seconds = seconds_allowed(request); std::isfinite(seconds)) exit_when_out_of_time(seconds);
  return show(run(request), request, how);
}

}  // namespace

int main(int count, char** words) {
  if (count == 1 && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) return converse();
  auto request = read_arguments({const_cast<const char* const*>(words) + 1, std::size_t(count > 0 ? count - 1 : 0)});
  if (!request) {
    Presentation how = presentation({});
    for (int i = 1; i < count; ++i)
      if (std::strcmp(words[i], "--format=json") == 0 ||
          (i + 1 < count && std::strcmp(words[i], "--format") == 0 && std::strcmp(words[i + 1], "json") == 0))
        how.format = Format::json;
    return complain(request.error(), how);
  }
  const Presentation how = presentation(*request);
  switch (request->verb) {
    case Verb::help:
      return help(*request, how);
    case Verb::version:
      return print(version_text());
    case Verb::pages:
      return pages(*request, how);
    case Verb::batch:
      return batch(*request, how);
    case Verb::practice:
      return asks_one_by_one(*request) ? train(*request, how) : answer(*request, how);
    case Verb::tutorial:
      return tell(*request, how);
    default:
      return answer(*request, how);
  }
}

#include "storyteller.hpp"

#include <cstdio>

#include "files.hpp"
#include "gradus/service/tutorial.hpp"

using namespace gradus;
using namespace gradus::service;

namespace {

// Lines of at most `columns` characters.
std::string wrapped(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > 0 && column + 1 + word.size() > columns) {
      out += '\n';
      column = 0;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out + '\n';
}

std::string heading(const std::string& title, bool color) {
  return color ? "\n\x1b[1m" + title + "\x1b[0m\n\n" : "\n" + title + "\n" + std::string(title.size(), '=') + "\n\n";
}

}  // namespace

int tell(const Request& request, const Presentation& how) {
  int status = 0;
  const auto say = [&](const std::string& text) {
    if (!request.quiet && std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) status = 5;
  };
  const auto draw_into_folder = [&](const Passage& passage) {
    for (const char* ending : {".svg", ".png"}) {
      const std::string file = request.output + "/" + passage.picture + ending;
      auto picture = draw(passage.answer.pictures.front(), file, how.style);
      auto written = picture ? write_file(file, *picture, true) : Result<bool>(picture.error());
      if (written) continue;
      std::fprintf(stderr, "error[%s]: %s\n", std::string(code_name(written.error().code)).c_str(),
                   written.error().message.c_str());
      status = exit_code(written.error().code);
      return;
    }
    say("(" + request.output + "/" + passage.picture + ".svg and .png)\n\n");
  };
  tell_tutorial([&](const Chapter& chapter) {
    say(heading(chapter.title, how.color));
    for (const Passage& passage : chapter.passages) {
      if (!passage.prose.empty()) say(wrapped(passage.prose, std::size_t(std::min(how.columns, 88))) + "\n");
      if (passage.command.empty()) continue;
      Presentation text = how;
      text.format = Format::text;
      text.quiet = false;
      say((how.color ? "\x1b[2m$ gradus " : "$ gradus ") + passage.command + (how.color ? "\x1b[0m\n" : "\n") +
          present(passage.answer, text) + "\n");
      if (!passage.answer.errors.empty()) {
        const std::string errors = present_errors(passage.answer, text);
        std::fwrite(errors.data(), 1, errors.size(), stderr);
        status = exit_code(passage.answer);
      }
      if (!request.output.empty() && !passage.picture.empty() && !passage.answer.pictures.empty())
        draw_into_folder(passage);
      if (status != 0) break;
    }
    std::fflush(stdout);
    return status == 0;
  });
  return status;
}

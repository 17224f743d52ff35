#include "asking.hpp"

#include <cstdio>

#include "files.hpp"

using namespace gradus;
using namespace gradus::service;

int print(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return written ? 0 : 5;
}

int complain(const Diagnostic& error, const Presentation& how) {
  Answer answer;
  answer.errors = {error};
  answer.input_name = "";
  if (how.format == Format::json) print(present(answer, how));
  const std::string text = present_errors(answer, how);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return exit_code(answer);
}

int show(const Answer& answered, const Request& request, const Presentation& how) {
  const std::string errors = present_errors(answered, how);
  std::fwrite(errors.data(), 1, errors.size(), stderr);
  if (!answered.errors.empty() || request.output.empty()) {
    const int written = print(present(answered, how));
    return written ? written : exit_code(answered);
  }
  Answer rest = answered;  // the picture goes to the file, the rest to the terminal
  rest.pictures.clear();
  for (const plot::Scene& scene : answered.pictures) {
    auto picture = draw(scene, request.output, how.style);
    if (!picture) return complain(picture.error(), how);
    if (auto written = write_file(request.output, *picture); !written) return complain(written.error(), how);
  }
  const int written = print(present(rest, how));
  return written ? written : exit_code(answered);
}

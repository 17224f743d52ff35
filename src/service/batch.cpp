// Requests line by line. A line is kept up to a bound, so that endless input without a line end cannot fill memory.
#include "gradus/service/batch.hpp"

#include <string>

#include "gradus/service/json.hpp"

namespace gradus::service {
namespace {

constexpr std::size_t longest = std::size_t(64) << 20;

enum class Read { line, too_long, end };

Read read_line(std::FILE* in, std::string& line) {
  line.clear();
  bool too_long = false;
  int c = getc_unlocked(in);
  if (c == EOF) return Read::end;
  for (; c != EOF && c != '\n'; c = getc_unlocked(in)) {
    if (line.size() < longest)
      line += char(c);
    else
      too_long = true;
  }
  if (line.ends_with('\r')) line.pop_back();
  return too_long ? Read::too_long : Read::line;
}

}  // namespace

int run_batch(std::FILE* in, std::FILE* out, const Request& defaults) {
  std::string line;
  while (true) {
    const Read read = read_line(in, line);
    if (read == Read::end) return 0;
    if (read == Read::line && line.find_first_not_of(" \t") == line.npos) continue;
    std::string answer;
    if (read == Read::too_long) {
      Answer failed;
      failed.errors = {{Code::E601, "the line is longer than 64 MB"}};
      answer = to_json(failed);
    } else {
      answer = answer_line(line, defaults);
    }
    answer += '\n';
    if (std::fwrite(answer.data(), 1, answer.size(), out) != answer.size() || std::fflush(out) != 0) return 5;
    constexpr std::size_t keep = std::size_t(1) << 20;
    if (line.capacity() > keep) std::string().swap(line);
  }
}

}  // namespace gradus::service

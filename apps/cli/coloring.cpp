#include "coloring.hpp"

using namespace gradus::service;

namespace {

std::string_view color_of(Tone::Kind kind) {
  switch (kind) {
    case Tone::Kind::verb:
      return "\x1b[1;34m";
    case Tone::Kind::option:
      return "\x1b[36m";
    case Tone::Kind::function:
      return "\x1b[34m";
    case Tone::Kind::defined:
      return "\x1b[35m";
    case Tone::Kind::number:
      return "\x1b[33m";
    case Tone::Kind::text:
      return "\x1b[32m";
    case Tone::Kind::mistake:
      break;
  }
  return "\x1b[4;31m";
}

}  // namespace

std::string colored(const Conversation& conversation, std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (const Tone& tone : conversation.tones(text)) {
    out += text.substr(done, tone.begin - done);
    out += color_of(tone.kind);
    out += text.substr(tone.begin, tone.end - tone.begin);
    out += "\x1b[0m";
    done = tone.end;
  }
  return out + std::string(text.substr(done));
}

// Reading and writing UTF-8, one code point at a time. A malformed byte reads as U+FFFD and is skipped alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::plot {

inline char32_t next_code_point(std::string_view s, std::size_t& i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const unsigned lead = byte(i++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  if (more == 0 || lead >= 0xF5 || i + static_cast<std::size_t>(more) > s.size()) return 0xFFFD;
  char32_t c = lead & (0x3Fu >> more);
  for (int k = 0; k < more; ++k) {
    const unsigned b = byte(i + static_cast<std::size_t>(k));
    if ((b & 0xC0u) != 0x80u) return 0xFFFD;
    c = (c << 6) | (b & 0x3Fu);
  }
  i += static_cast<std::size_t>(more);
  const char32_t least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
  return c < least || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : c;
}

inline void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

inline std::u32string decode_utf8(std::string_view s) {
  std::u32string out;
  for (std::size_t i = 0; i < s.size();) out += next_code_point(s, i);
  return out;
}

/// The same text in correct UTF-8, with U+FFFD for what cannot be drawn (control characters, stray bytes).
inline std::string printable(std::string_view s) {
  std::string out;
  for (char32_t c : decode_utf8(s)) append_utf8(out, c < 0x20 || c == 0x7F || c == 0xFFFE || c == 0xFFFF ? 0xFFFD : c);
  return out;
}

}  // namespace gradus::plot

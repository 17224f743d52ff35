#include "files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

using gradus::Code;
using gradus::Diagnostic;
using gradus::Result;

namespace {
Result<std::string> read_all(std::FILE* file, const std::string& name) {
  constexpr std::size_t most = std::size_t(256) << 20;
  std::string text;
  char part[1 << 16];
  while (const std::size_t n = std::fread(part, 1, sizeof part, file)) {
    text.append(part, n);
    if (text.size() > most) return Diagnostic{Code::E601, name + " is longer than 256 MB"};
  }
  if (std::ferror(file)) return Diagnostic{Code::E501, name + " cannot be read"};
  return text;
}
}  // namespace

Result<std::string> read_input() {
  Result<std::string> text = read_all(stdin, "standard input");
  while (text && (text->ends_with('\n') || text->ends_with('\r'))) text->pop_back();
  return text;
}

Result<std::string> read_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return Diagnostic{Code::E501, "'" + path + "' cannot be read: " + std::strerror(errno)};
  Result<std::string> text = read_all(file, "'" + path + "'");
  std::fclose(file);
  return text;
}

Result<bool> write_file(const std::string& path, const std::string& text, bool make_folders) {
  for (std::size_t slash = path.find('/', 1); make_folders && slash != path.npos; slash = path.find('/', slash + 1))
    ::mkdir(path.substr(0, slash).c_str(), 0777);  // what cannot be made shows when the file is opened
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file && std::fclose(file) == 0;
  if (!written || !closed) return Diagnostic{Code::E502, "'" + path + "' cannot be written: " + std::strerror(errno)};
  return true;
}

// dlopen over a short list of folders.
#include "gradus/core/late_library.hpp"

#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace gradus {
namespace {

std::string folder_of_executable() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0 || length == ssize_t(sizeof path)) return {};
  const std::string whole(path, std::size_t(length));
  return whole.substr(0, whole.rfind('/'));
}

// The folder of the library or program this code is in: right for a shared libgradus in any process.
std::string folder_of_this_code() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<void*>(&open_late), &info) || !info.dli_fname) return {};
  const std::string whole = info.dli_fname;
  const auto slash = whole.rfind('/');
  return slash == std::string::npos ? std::string() : whole.substr(0, slash);
}

std::vector<std::string> folders() {
  std::vector<std::string> list;
  if (const char* path = std::getenv("GRADUS_LIBRARY_PATH")) {
    std::string rest = path;
    for (std::size_t colon; !rest.empty(); rest = colon == std::string::npos ? "" : rest.substr(colon + 1)) {
      colon = rest.find(':');
      if (colon != 0) list.push_back(rest.substr(0, colon));
    }
  }
  for (const std::string& folder : {folder_of_executable(), folder_of_this_code()})
    if (!folder.empty())
      for (const char* relative : {"/../lib", "/../lib/gradus", "/gradus", ""}) list.push_back(folder + relative);
#ifdef GRADUS_INSTALL_LIBDIR
  list.push_back(GRADUS_INSTALL_LIBDIR "/gradus");
  list.push_back(GRADUS_INSTALL_LIBDIR);
#endif
  return list;
}

}  // namespace

void* open_late(const char* name, std::string* error) {
  const std::string file = std::string("lib") + name + ".so";
  for (const std::string& folder : folders()) {
    const std::string path = folder + "/" + file;
    if (access(path.c_str(), R_OK) != 0) continue;
    if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    if (const char* why = dlerror(); why && error) *error = why;
  }
  if (void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  if (const char* why = dlerror(); why && error && error->empty()) *error = why;
  return nullptr;
}

void* find_late(void* library, const char* symbol) { return dlsym(library, symbol); }

}  // namespace gradus

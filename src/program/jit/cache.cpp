// A file is `magic`, the lengths of the bytes and of the object, the SHA-256 of all that follows, the bytes, the
// object. It is named by the SHA-256 of the bytes. Its time of modification is when it was last used.
#include "cache.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

namespace gradus::program::jit {
namespace {

struct Header {
  char magic[8];
  std::uint64_t bytes, object;
  std::array<std::uint8_t, 32> sum;
};
constexpr char magic[8] = {'G', 'r', 'a', 'd', 'u', 's', ' ', '1'};
constexpr std::uint64_t longest = std::uint64_t(1) << 30;

std::array<std::uint8_t, 32> sum_of(llvm::StringRef a, llvm::StringRef b = {}) {
  llvm::SHA256 hash;
  hash.update(a);
  hash.update(b);
  return hash.final();
}

std::string name_of(const std::string& bytes) { return llvm::toHex(sum_of(bytes), true); }

// Whether all of it was read or written, as far as interruptions go.
template <class Call, class Byte> bool whole(Call call, int file, Byte* at, std::size_t count) {
  while (count > 0) {
    const ssize_t done = call(file, at, count);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    at += done;
    count -= std::size_t(done);
  }
  return true;
}

class File {
 public:
  explicit File(int file) : file_(file) {}
  File(const File&) = delete;
  ~File() { close(); }
  bool close() {
    const bool closed = file_ < 0 || ::close(file_) == 0;
    file_ = -1;
    return closed;
  }
  explicit operator bool() const { return file_ >= 0; }
  bool get(void* to, std::size_t count) const { return whole(::read, file_, static_cast<char*>(to), count); }
  bool put(const void* from, std::size_t count) const {
    return whole(::write, file_, static_cast<const char*>(from), count);
  }
  int number() const { return file_; }

 private:
  int file_;
};

// Makes the folders above too.
void make_folders(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    mkdir(path.substr(0, at).c_str(), 0700);
    if (at == path.npos) return;
  }
}

int open_folder(const std::string& path) {
  make_folders(path);
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat is {};
  if (folder >= 0 && fstat(folder, &is) == 0 && is.st_uid == geteuid() && (is.st_mode & 077) == 0) return folder;
  if (folder >= 0) close(folder);
  return -1;
}

// A relative XDG_CACHE_HOME is to be ignored, says its specification.
std::string path_of_folder() {
  if (const char* asked = secure_getenv("GRADUS_CACHE"); asked && *asked)
    return asked == llvm::StringRef("off") ? std::string() : std::string(asked);
  if (const char* base = secure_getenv("XDG_CACHE_HOME"); base && *base == '/') return std::string(base) + "/gradus";
  const char* home = secure_getenv("HOME");
  return home && *home == '/' ? std::string(home) + "/.cache/gradus" : std::string();
}

std::atomic<std::uint64_t> written_since_shrinking{~std::uint64_t(0) / 2};  // the first store of a process looks

}  // namespace

Cache::Cache() {
  if (const std::string path = path_of_folder(); !path.empty()) folder_ = open_folder(path);
  if (const char* asked = secure_getenv("GRADUS_CACHE_BYTES"); asked && *asked)
    most_bytes_ = std::strtoull(asked, nullptr, 10);
}

Cache::~Cache() {
  if (folder_ >= 0) close(folder_);
}

std::unique_ptr<llvm::MemoryBuffer> Cache::find(const std::string& bytes) const {
  if (folder_ < 0) return nullptr;
  const File file(openat(folder_, name_of(bytes).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat is {};
  Header header{};
  if (!file || fstat(file.number(), &is) != 0 || !S_ISREG(is.st_mode) || is.st_uid != geteuid()) return nullptr;
  if (!file.get(&header, sizeof header) || std::memcmp(header.magic, magic, sizeof magic) != 0) return nullptr;
  if (header.bytes != bytes.size() || header.object > longest ||
      std::uint64_t(is.st_size) != sizeof header + header.bytes + header.object)
    return nullptr;
  std::string stored(header.bytes, '\0');
  auto object = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(header.object, "gradus");
  if (!object || !file.get(stored.data(), stored.size()) || !file.get(object->getBufferStart(), header.object))
    return nullptr;
  if (stored != bytes || sum_of(stored, {object->getBufferStart(), header.object}) != header.sum) return nullptr;
  futimens(file.number(), nullptr);
  return object;
}

void Cache::store(const std::string& bytes, llvm::StringRef object) const {
  if (folder_ < 0 || object.size() > longest) return;
  static std::atomic<unsigned> count{0};
  const std::string name = name_of(bytes), draft = "draft-" + std::to_string(getpid()) + "-" + std::to_string(count++);
  unlinkat(folder_, draft.c_str(), 0);  // of a process that had this number before
  File file(openat(folder_, draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return;
  Header header{{}, bytes.size(), object.size(), sum_of(bytes, object)};
  std::memcpy(header.magic, magic, sizeof magic);
  const bool written = file.put(&header, sizeof header) && file.put(bytes.data(), bytes.size()) &&
                       file.put(object.data(), object.size());
  if (!file.close() || !written || renameat(folder_, draft.c_str(), folder_, name.c_str()) != 0)
    unlinkat(folder_, draft.c_str(), 0);
  const std::uint64_t size = sizeof header + bytes.size() + object.size();
  if (written_since_shrinking.fetch_add(size) + size > most_bytes_ / 16) shrink();
}

void Cache::shrink() const {
  written_since_shrinking = 0;
  struct Entry {
    timespec used;
    std::uint64_t size;
    std::string name;
  };
  std::vector<Entry> entries;
  std::uint64_t all = 0;
  const int again = openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // a place of its own to read from
  DIR* const listing = again < 0 ? nullptr : fdopendir(again);
  if (!listing) {
    if (again >= 0) close(again);
    return;
  }
  const std::time_t now = std::time(nullptr);
  while (const dirent* found = readdir(listing)) {
    const llvm::StringRef name(found->d_name);
    const bool draft = name.starts_with("draft-");
    struct stat is {};
    if ((!draft && name.size() != 64) || fstatat(folder_, found->d_name, &is, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (draft && is.st_mtim.tv_sec > now - 3600) continue;  // somebody writes it
    if (draft) unlinkat(folder_, found->d_name, 0);
    if (draft) continue;
    entries.push_back({is.st_mtim, std::uint64_t(is.st_size), name.str()});
    all += entries.back().size;
  }
  closedir(listing);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec : a.used.tv_nsec < b.used.tv_nsec;
  });
  for (const Entry& e : entries) {
    if (all <= most_bytes_) return;
    if (unlinkat(folder_, e.name.c_str(), 0) == 0) all -= e.size;
  }
}

}  // namespace gradus::program::jit

// Machine code on disk: found again, checked, bounded, shared by processes; and every way in which a folder or a file
// can be of no use is no more than a compilation.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "programs.hpp"

namespace gradus::program {
namespace {

namespace fs = std::filesystem;

class Cache : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "gradus-cache-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    base_ = name;
    folder_ = base_ / "cache";
    setenv("GRADUS_CACHE", folder_.c_str(), 1);
    setenv("GRADUS_JIT_STRAIGHT", "off", 1);  // what is made without LLVM is not kept
  }
  void TearDown() override {
    setenv("GRADUS_CACHE", "off", 1);
    unsetenv("GRADUS_JIT_STRAIGHT");
    unsetenv("GRADUS_CACHE_BYTES");
    fs::permissions(base_, fs::perms::owner_all);
    fs::remove_all(base_);
  }

  // x -> k x^2, made and called.
  static bool hit(double k = 1) {
    const auto e = compile([&](const Array& x) { return k * x * x; }, {Shape{}},
                           {.engine = Engine::machine_code, .machine = Machine::host()});
    if (!e) {
      ADD_FAILURE() << e.error().message;
      return false;
    }
    EXPECT_EQ(outputs_of(**e, {{{3.0}, {}}}, {})[0][0], 9 * k);
    return (*e)->is_from_cache();
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> all;
    if (fs::exists(folder_))
      for (const auto& entry : fs::directory_iterator(folder_)) all.push_back(entry.path());
    return all;
  }
  static std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }

  fs::path base_, folder_;
};

TEST_F(Cache, FindsWhatItStored) {
  EXPECT_FALSE(hit());
  EXPECT_TRUE(hit());
  EXPECT_FALSE(hit(2)) << "another constant is another program";
  EXPECT_TRUE(hit(2));
  EXPECT_EQ(files().size(), 2u);
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
}

TEST_F(Cache, MachineCodeFromItGivesTheSameBits) {
  const Dim n{1, "n"};
  const auto f = [](const Array& x) { return sum(exp(x) * log1p(x * x)) + max(x); };
  const auto slow = compile(f, {Shape{n}}, {.gradient = true, .engine = Engine::interpreter});
  ASSERT_TRUE(slow.ok());
  run_both((*slow)->program(), {{random_numbers(37, -1, 1), {37}}});
  const auto again = Executable::make((*slow)->program(), Engine::machine_code);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE((*again)->is_from_cache());
  run_both((*slow)->program(), {{random_numbers(37, -1, 1), {37}}});
}

TEST_F(Cache, DamageIsNeverLoadedAndIsMended) {
  ASSERT_FALSE(hit());
  const fs::path file = files().at(0);
  const std::string good = content(file);
  std::vector<std::string> bad{"",
                               "short",
                               good.substr(0, good.size() - 1),
                               good + "x",
                               std::string(good.size(), '\0'),
                               good.substr(good.size() / 2) + good.substr(0, good.size() / 2)};
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 40) {
    bad.push_back(good);
    bad.back()[at] = char(bad.back()[at] ^ 1);
  }
  for (const std::string& text : bad) {
    write(file, text);
    EXPECT_FALSE(hit());
    EXPECT_EQ(content(file), good);
  }
  EXPECT_TRUE(hit());
}

TEST_F(Cache, AnotherProgramUnderThisNameIsNotTaken) {
  ASSERT_FALSE(hit(1));
  const fs::path one = files().at(0);
  ASSERT_FALSE(hit(2));
  fs::path other;
  for (const fs::path& p : files())
    if (p != one) other = p;
  fs::copy_file(other, one, fs::copy_options::overwrite_existing);
  EXPECT_FALSE(hit(1));
  EXPECT_TRUE(hit(1));
}

TEST_F(Cache, WhatIsNoFileIsNotRead) {
  ASSERT_FALSE(hit());
  const fs::path file = files().at(0), target = base_ / "target";
  fs::rename(file, target);
  fs::create_symlink(target, file);
  EXPECT_FALSE(hit());
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_FALSE(hit());
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_FALSE(hit()) << "a folder stands where the file should";
  EXPECT_FALSE(hit());
}

TEST_F(Cache, FoldersOfOthersAreNotUsed) {
  fs::create_directory(folder_);
  for (const mode_t mode : {0770, 0702, 0750, 0755}) {
    ASSERT_EQ(chmod(folder_.c_str(), mode), 0);
    EXPECT_FALSE(hit());
    EXPECT_FALSE(hit());
    EXPECT_TRUE(files().empty());
  }
  if (geteuid() == 0) {
    ASSERT_EQ(chmod(folder_.c_str(), 0700), 0);
    ASSERT_EQ(chown(folder_.c_str(), 12345, 12345), 0);
    EXPECT_FALSE(hit());
    EXPECT_FALSE(hit());
    EXPECT_TRUE(files().empty());
  }
}

TEST_F(Cache, WorksWithoutAPlace) {
  for (const char* place : {"off", "/dev/null/here", "/proc/nothing"}) {
    setenv("GRADUS_CACHE", place, 1);
    EXPECT_FALSE(hit()) << place;
    EXPECT_FALSE(hit()) << place;
  }
  const std::string home = std::getenv("HOME") ? std::getenv("HOME") : "";
  unsetenv("GRADUS_CACHE");
  unsetenv("XDG_CACHE_HOME");
  unsetenv("HOME");
  EXPECT_FALSE(hit());
  EXPECT_FALSE(hit());
  setenv("HOME", base_.c_str(), 1);
  EXPECT_FALSE(hit());
  EXPECT_TRUE(hit());
  EXPECT_TRUE(fs::exists(base_ / ".cache/gradus"));
  setenv("XDG_CACHE_HOME", (base_ / "xdg").c_str(), 1);
  EXPECT_FALSE(hit());
  EXPECT_TRUE(hit());
  EXPECT_TRUE(fs::exists(base_ / "xdg/gradus"));
  unsetenv("XDG_CACHE_HOME");
  setenv("HOME", home.c_str(), 1);
}

TEST_F(Cache, ReadOnly) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  ASSERT_FALSE(hit());
  ASSERT_EQ(chmod(folder_.c_str(), 0500), 0);
  EXPECT_TRUE(hit());
  EXPECT_FALSE(hit(2));
  EXPECT_FALSE(hit(2));
  ASSERT_EQ(chmod(folder_.c_str(), 0700), 0);
}

TEST_F(Cache, TheLeastRecentlyUsedGo) {
  ASSERT_FALSE(hit(1));
  const auto one = fs::file_size(files().at(0));
  setenv("GRADUS_CACHE_BYTES", std::to_string(3 * one + one / 2).c_str(), 1);
  for (int k = 2; k <= 3; ++k) EXPECT_FALSE(hit(k));
  ASSERT_EQ(files().size(), 3u);
  for (const fs::path& file : files()) {  // all of them old
    const timespec old[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), old, 0), 0);
  }
  EXPECT_TRUE(hit(1));
  EXPECT_TRUE(hit(3));
  EXPECT_FALSE(hit(4));  // two is the oldest
  EXPECT_EQ(files().size(), 3u);
  EXPECT_TRUE(hit(1));
  EXPECT_TRUE(hit(3));
  EXPECT_TRUE(hit(4));
  EXPECT_FALSE(hit(2));
}

TEST_F(Cache, ProcessesShareIt) {
  ASSERT_FALSE(hit(100));  // opens the code generator, so that the children need not
  constexpr int processes = 3;
  pid_t children[processes];
  for (pid_t& child : children) {
    child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int k = 0; k < 24; ++k) hit(k % 8 + 1);
      _exit(HasFailure() ? 1 : 0);
    }
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  for (int k = 1; k <= 8; ++k) EXPECT_TRUE(hit(k));
  EXPECT_EQ(files().size(), 9u);
}

}  // namespace
}  // namespace gradus::program

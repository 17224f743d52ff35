// Emitted C++ of random array functions and their gradients, loops and places included, many to a file: compiled by the
// system's compiler and held against the interpreter. Sums round in another order there and functions are the C
// library's, so bounded values agree to 1e-9. GRADUS_EMITTED_PROGRAMS=1000 takes so many, a hundred a file; else there
// are ten.
#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gradus/program/cpp_source.hpp"
#include "programs.hpp"
#include "support/random_arrays.hpp"

namespace gradus {
namespace {

using program::Argument;
using program::Numbers;

// A source in a namespace of its own, its includes before it.
void wrap(const std::string& source, const std::string& name, std::string& includes, std::string& rest) {
  std::istringstream lines(source);
  rest += "namespace " + name + " {\n";
  for (std::string line; std::getline(lines, line);)
    (line.starts_with("#include") || line.starts_with("#pragma") ? includes : rest) += line + "\n";
  rest += "}\n";
}

TEST(CppSource, RandomProgramsAgree) {
  if (std::system("c++ --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no compiler";
  std::string folder = (std::filesystem::temp_directory_path() / "gradus-emitted-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const char* asked = std::getenv("GRADUS_EMITTED_PROGRAMS");
  const unsigned count = asked ? unsigned(std::atoi(asked)) : 10, per_file = std::min(count, 100u);
  const Dim n{1, "n"}, m{1, "m"};
  const Shape shapes[] = {{n}, {n, m}, {}};
  for (unsigned first = 0; first < count; first += per_file) {
    std::string includes, rest;
    std::vector<std::shared_ptr<const program::Executable>> made;
    for (unsigned seed = first; seed < first + per_file; ++seed) {
      CompileOptions options;
      options.engine = program::Engine::interpreter;
      options.gradient = true;
      const auto e = compile_traced(
          [&](std::span<const Array> x) {
            std::mt19937_64 engine(seed);
            const auto draw = [&](std::size_t k) {
              return std::uniform_int_distribution<std::size_t>(0, k - 1)(engine);
            };
            return RandomArrays(draw)(x[0], x[1], x[2]);
          },
          shapes, options);
      ASSERT_TRUE(e.ok()) << "seed " << seed << e.error().message;
      made.push_back(*e);
      const std::string name = "p" + std::to_string(seed);
      const std::string source = to_cpp((*e)->program(), "f");
      ASSERT_FALSE(source.empty()) << "seed " << seed;
      wrap(source, name, includes, rest);
      std::string call;
      for (const program::Size& s : (*e)->program().sizes)
        if (s.value < 0 && (s.name == "n" || s.name == "m")) call += ", " + s.name;
      rest += "extern \"C\" void call" + std::to_string(seed) +
              "(const double* const* x, double* const* y, std::size_t n, std::size_t m) {\n  (void)n, (void)m;\n  " +
              name + "::f(x[0], x[1], x[2], y[0], y[1], y[2], y[3]" + call + ");\n}\n";
    }
    std::ofstream(folder + "/emitted.cpp") << includes << rest;
    const std::string library = folder + "/emitted" + std::to_string(first) + ".so";
    ASSERT_EQ(std::system(("c++ -std=c++17 -O0 -ffp-contract=off -shared -fPIC -o " + library + " " + folder +
                           "/emitted.cpp 2>&1 | head -30; test -f " + library)
                              .c_str()),
              0);
    void* const opened = dlopen(library.c_str(), RTLD_NOW);
    ASSERT_NE(opened, nullptr) << dlerror();
    for (unsigned seed = first; seed < first + per_file; ++seed) {
      using Function = void (*)(const double* const*, double* const*, std::size_t, std::size_t);
      const auto f = reinterpret_cast<Function>(dlsym(opened, ("call" + std::to_string(seed)).c_str()));
      ASSERT_NE(f, nullptr);
      const std::int64_t rows = 1 + seed % 9, columns = 1 + seed % 4;
      const std::vector<Argument> arguments{
          {program::random_numbers(std::size_t(rows), -1, 1, seed), {rows}},
          {program::random_numbers(std::size_t(rows * columns), -1, 1, seed + 1), {rows, columns}},
          {program::random_numbers(1, -1, 1, seed + 2), {}}};
      const auto expected = outputs_of(*made[seed - first], arguments, {});
      auto got = expected;
      for (Numbers& g : got) std::fill(g.begin(), g.end(), -12345.0);
      const double* const x[] = {arguments[0].values.data(), arguments[1].values.data(), arguments[2].values.data()};
      double* const y[] = {got[0].data(), got[1].data(), got[2].data(), got[3].data()};
      f(x, y, std::size_t(rows), std::size_t(columns));
      for (std::size_t k = 0; k < got.size(); ++k)
        for (std::size_t i = 0; i < got[k].size(); ++i)
          ASSERT_NEAR(got[k][i], expected[k][i], 1e-9 * (1 + std::fabs(expected[k][i])))
              << "seed " << seed << " output " << k << " entry " << i;
    }
    dlclose(opened);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace gradus

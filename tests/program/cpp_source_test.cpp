// Emitted C++ is compiled with the system's compiler, loaded and held against the interpreter.
#include "gradus/program/cpp_source.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gradus/program/control.hpp"
#include "programs.hpp"

namespace gradus::program {
namespace {

using gradus::Array;
using gradus::Arrays;
using gradus::Round;

void* build(const std::string& source, const std::filesystem::path& folder) {
  std::ofstream(folder / "emitted.cpp") << source;
  const std::string library = (folder / "emitted.so").string();
  const std::string command = "c++ -std=c++17 -O1 -Wall -Wextra -Werror -Wno-unused -shared -fPIC -o " + library + " " +
                              (folder / "emitted.cpp").string();
  return std::system(command.c_str()) == 0 ? dlopen(library.c_str(), RTLD_NOW) : nullptr;
}

TEST(CppSource, CompilesAndAgrees) {
  if (std::system("c++ --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no compiler";
  std::string name = (std::filesystem::temp_directory_path() / "gradus-emitted-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const Dim n{.size = 1, .name = "n"}, m{.size = 1, .name = "m"};
  CompileOptions options;
  options.gradient = true;
  options.engine = Engine::interpreter;
  const auto f = compile(
      [&](const Array& x) {
        const Array t = -1 + 2 * iota(x, n) / (length(x, n) - 1);
        const Array fit = sum(rows(x, n) * pow(columns(t, m), rows(iota(x, m), n)), 1);
        const Array coth = x.like(x.context().apply(op_of<ops::Coth>, (1 + x * x).node()));
        const auto round = [](const Arrays& c, const Arrays& row, const Array&) { return Round{{sin(c[0] + row[0])}}; };
        const Array last = scan(round, {sum(x)}, {t}, n, {.reversed = true, .segment = 7}).carried[0];
        return log(sum(exp(fit - max(fit)))) + sum(coth) + max(x) + last;
      },
      {{m}}, options);
  ASSERT_TRUE(f.ok()) << f.error().message;
  const std::string source = to_cpp((*f)->program(), "emitted");
  void* const library =
      build(source +
                "\nextern \"C\" void call(const double* x, double* v, double* g, std::size_t m, std::size_t n) "
                "{ emitted(x, v, g, " +
                std::string((*f)->program().sizes[0].name == "m" ? "m, n" : "n, m") + "); }\n",
            name);
  ASSERT_NE(library, nullptr) << source;
  const auto call =
      reinterpret_cast<void (*)(const double*, double*, double*, std::size_t, std::size_t)>(dlsym(library, "call"));
  ASSERT_NE(call, nullptr);
  const Numbers x = random_numbers(6, -1, 1);
  const auto expected = outputs_of(**f, {{x, {6}}}, {{"n", 50}});
  double value = 0;
  Numbers gradient(6);
  call(x.data(), &value, gradient.data(), 6, 50);
  EXPECT_NEAR(value, expected[0][0], 1e-12 * std::fabs(value));
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(gradient[i], expected[1][i], 1e-12);
  dlclose(library);
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace gradus::program

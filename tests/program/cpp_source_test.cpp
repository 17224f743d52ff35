// Emitted C++ is compiled with the system's compiler, loaded and held against the interpreter.
#include "gradus/program/cpp_source.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
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

// Each kind of element goes in and out; counters and places are doubles among the floats.
TEST(CppSource, FloatsAndOtherElements) {
  if (std::system("c++ --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no compiler";
  std::string name = (std::filesystem::temp_directory_path() / "gradus-emitted-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const Dim n{.size = 1, .name = "n"};
  const auto f = [&](std::span<const Array> x) {
    const Array picked = x[0][x[1]], kept = select(x[2], sin(x[0]), maximum(x[0], 0.25));
    const auto round = [&](const Arrays& s, const Arrays& row, const Array& k) {
      return Round{{s[0] * row[0] + k / 8.0, maximum(s[1], row[0])}};
    };
    const auto last = scan(round, {x[0].like(1.0), x[0].like(0.0)}, {kept}, n).carried;
    return Arrays{picked * kept + 0.1 * iota(x[0], n), sum(kept) + last[0] + last[1], 3.0 * picked, picked < kept};
  };
  CompileOptions options;
  options.engine = Engine::interpreter;
  options.arithmetic = Element::float32;
  options.inputs = {Element::float32, Element::int64, Element::boolean};
  options.outputs = {Element::float32, Element::float64, Element::int64, Element::boolean};
  const Shape shapes[] = {{n}, {n}, {n}};
  const auto e = compile_all(f, shapes, options);
  ASSERT_TRUE(e.ok()) << e.error().message;
  const std::string source = to_cpp((*e)->program(), "emitted");
  void* const library =
      build(source +
                "\nextern \"C\" void call(const float* x, const std::int64_t* k, const bool* c, float* "
                "a, double* b, std::int64_t* w, bool* t, std::size_t n) { emitted(x, k, c, a, b, w, t, n); }\n",
            name);
  ASSERT_NE(library, nullptr) << source;
  using Function =
      void (*)(const float*, const std::int64_t*, const bool*, float*, double*, std::int64_t*, bool*, std::size_t);
  const auto call = reinterpret_cast<Function>(dlsym(library, "call"));
  ASSERT_NE(call, nullptr);
  constexpr std::size_t count = 7;
  float x[count], a[count];
  std::int64_t places[count], whole[count];
  bool condition[count], truths[count];
  double b = 0;
  std::vector<Argument> arguments(3, {{}, {count}});
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = 0.3f * float(i) - 0.7f;
    places[i] = std::int64_t(5 * i % count);
    condition[i] = i % 3 != 0;
    arguments[0].values.push_back(double(x[i]));
    arguments[1].values.push_back(double(places[i]));
    arguments[2].values.push_back(condition[i] ? 1 : 0);
  }
  call(x, places, condition, a, &b, whole, truths, count);
  const auto expected = outputs_of(**e, arguments, {});
  ASSERT_EQ(expected.size(), 4u);
  EXPECT_NEAR(b, expected[1][0], 1e-6);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_NEAR(double(a[i]), expected[0][i], 1e-6);
    EXPECT_EQ(double(whole[i]), expected[2][i]);
    EXPECT_EQ(truths[i] ? 1.0 : 0.0, expected[3][i]);
  }
  dlclose(library);
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace gradus::program

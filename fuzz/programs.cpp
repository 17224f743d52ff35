// Array functions grown from the fuzzer's bytes, their gradients too: the interpreter and machine code of every width
// give the same bits, whatever the data and the lengths. Programs without loops too, instruction by instruction.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "gradus/program/compile.hpp"
#include "support/random_arrays.hpp"
#include "support/straight_programs.hpp"

using namespace gradus;
using program::Engine;
using program::Executable;
using program::View;

namespace {

// Bytes one after the other, zeros when they are used up.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint8_t next() { return at_ < size_ ? data_[at_++] : 0; }
  std::size_t below(std::size_t count) { return next() % count; }

 private:
  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
};

double number(Bytes& bytes) {
  static constexpr double odd[] = {0, -0.0, 1, -1, NAN, HUGE_VAL, -HUGE_VAL, 1e308, 5e-324, 2.5, -1e18, 0.5};
  const std::uint8_t b = bytes.next();
  return b < 24 ? odd[b % 12] : (double(b) - 140) / 64;
}

std::vector<std::vector<double>> run(const Executable& e, const std::vector<View>& views, std::int64_t rows,
                                     std::int64_t columns) {
  std::vector<std::vector<double>> results;
  std::vector<double*> places;
  for (const std::int64_t count : {std::int64_t(1), rows, rows * columns, std::int64_t(1)})
    if (results.size() < e.program().outputs) results.emplace_back(std::size_t(count), 0.0);
  places.reserve(results.size());
  for (auto& r : results) places.push_back(r.data());
  const auto done = e.run(views, places);
  if (!done) results.assign(1, std::vector<double>(1, double(done.error().code)));
  return results;
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::memcmp(&a[i], &b[i], sizeof(double)) != 0 && !(a[i] != a[i] && b[i] != b[i])) return false;
  return true;
}

// A program without loops from the first bytes, on numbers from the others: every kind of memory in and out.
void straight(Bytes choices, Bytes numbers) {
  const auto arithmetic = choices.below(2) == 0 ? Element::float64 : Element::float32;
  const bool calls = choices.below(2) == 0;
  const std::size_t length = 1 + choices.next();
  const program::Program p =
      program::random_straight_program([&](std::size_t n) { return choices.below(n); }, length, arithmetic, calls);
  double doubles[8];
  float floats[8];
  std::int64_t wholes[8];
  bool truths[8];
  for (int k = 0; k < 8; ++k) {
    doubles[k] = number(numbers);
    floats[k] = float(number(numbers));
    wholes[k] = std::int64_t(numbers.next()) << numbers.next() % 56;
    truths[k] = numbers.below(2) == 0;
  }
  const std::vector<View> views{{doubles, {8}}, {floats, {8}}, {wholes, {8}}, {truths, {8}}};
  double results[2][4 * 64] = {};  // room for the longest kind
  for (const Engine engine : {Engine::interpreter, Engine::machine_code}) {
    double* const to = results[engine == Engine::interpreter ? 0 : 1];
    const std::vector<program::Room> rooms{to, reinterpret_cast<float*>(to + 64),
                                           reinterpret_cast<std::int64_t*>(to + 128),
                                           reinterpret_cast<bool*>(to + 192)};
    const auto e = Executable::make(p, engine);
    if (e && (*e)->run(views, rooms)) continue;
    std::fprintf(stderr, "no result\n%s\n", to_text(p).c_str());
    std::abort();
  }
  for (std::size_t k = 0; k < 64; ++k) {
    const auto f = [&](int of) { return double(reinterpret_cast<const float*>(results[of] + 64)[k]); };
    if (same({results[0][k], f(0)}, {results[1][k], f(1)}) &&
        std::memcmp(results[0] + 128, results[1] + 128, 128 * sizeof(double)) == 0)
      continue;
    std::fprintf(stderr, "entry %zu differs\n%s\n", k, to_text(p).c_str());
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool alone = setenv("GRADUS_CACHE", "off", 1) == 0;
  if (size < 8 || !alone) return 0;
  if (data[3] >= 192) {
    straight({data + 4, size / 2 - 4}, {data + size / 2, size - size / 2});
    return 0;
  }
  const Dim n{1, "n"}, m{1, "m"};
  const Shape shapes[] = {{n}, {n, m}, {}};
  const std::int64_t rows = data[0] % 40, columns = data[1] % 10;
  const int steps = 1 + data[2] % 5;
  CompileOptions options;
  options.gradient = data[3] % 2 == 0;
  options.engine = Engine::interpreter;
  if (data[3] / 2 % 3 == 0) {  // float32 between doubles
    options.arithmetic = Element::float32;
    options.inputs.assign(3, Element::float64);
    options.outputs.assign(options.gradient ? 4 : 1, Element::float64);
  }
  options.limits = {.bytes = std::int64_t(64) << 20, .rounds = 100'000};
  Bytes numbers(data + size / 2, size - size / 2);
  std::vector<double> values[3];
  const std::size_t counts[] = {std::size_t(rows), std::size_t(rows * columns), 1};
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t i = 0; i < counts[k]; ++i) values[k].push_back(number(numbers));
  const double nothing = 0;
  const std::vector<View> views{{counts[0] ? values[0].data() : &nothing, {rows}},
                                {counts[1] ? values[1].data() : &nothing, {rows, columns}},
                                {values[2].data(), {}}};
  for (const std::uint8_t lanes : {2, 4, 8}) {
    if (lanes > program::Machine::host().lanes) break;
    options.machine = {lanes, program::Machine::host().fma};
    const auto slow = compile_traced(
        [&](std::span<const Array> x) {
          Bytes choices(data + 4, size / 2 - 4);
          return RandomArrays([&](std::size_t count) { return choices.below(count); }, RandomArrays::Kind::wild, steps)(
              x[0], x[1], x[2]);
        },
        shapes, options);
    if (!slow) {
      std::fprintf(stderr, "no program: %s\n", slow.error().message.c_str());
      std::abort();
    }
    if ((*slow)->program().code.size() > 1500) return 0;  // would take the time of many others
    const auto fast = Executable::make((*slow)->program(), Engine::machine_code, options.limits);
    if (!fast) {
      std::fprintf(stderr, "no machine code: %s\n", fast.error().message.c_str());
      std::abort();
    }
    const auto a = run(**slow, views, rows, columns), b = run(**fast, views, rows, columns);
    for (std::size_t k = 0; k < a.size() || k < b.size(); ++k)
      if (a.size() != b.size() || !same(a[k], b[k])) {
        std::fprintf(stderr, "output %zu differs, %d lanes, %d rows, %d columns\n%s\n", k, int(lanes), int(rows),
                     int(columns), to_text((*slow)->program()).c_str());
        std::abort();
      }
  }
  return 0;
}

// Random array programs of fixed seeds: interpreter and machine code give the same bits; a step along a direction, the
// derivative along it by forward mode and the gradient by reverse mode agree.
#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"
#include "programs.hpp"

namespace gradus {
namespace {

using program::Argument;
using program::Numbers;

const Dim n{1, "n"}, m{1, "m"};

// Smooth and bounded functions, so that differences can be trusted; every kind of node on the way.
class Maker {
 public:
  Maker(std::uint64_t seed, const Array& vector, const Array& matrix, const Array& scalar)
      : engine_(seed), vectors_{vector}, matrices_{matrix}, scalars_{scalar} {}

  Array run() {
    for (int k = 0; k < 7; ++k) step();
    return sum(vectors_.back() * vectors_.front()) + mean(tanh(matrices_.back())) + scalars_.back();
  }

 private:
  std::size_t draw(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine_); }
  const Array& one(const Arrays& list) { return list[list.size() - 1 - draw(std::min<std::size_t>(list.size(), 3))]; }
  const Array& v() { return one(vectors_); }
  const Array& a() { return one(matrices_); }
  const Array& s() { return one(scalars_); }

  Array smooth(const Array& x) {
    switch (draw(5)) {
      case 0:
        return sin(x);
      case 1:
        return tanh(x) + 0.1 * x;
      case 2:
        return sigmoid(x) * 1.5;
      case 3:
        return atan(x * x);
      default:
        return exp(-0.5 * x * x);
    }
  }

  void step() {
    const Array i = iota(v(), n);
    switch (draw(16)) {
      case 0:
        return vectors_.push_back(smooth(v() + s()));
      case 1:
        return vectors_.push_back(v() * smooth(v()));
      case 2:
        return matrices_.push_back(smooth(a() * columns(v(), m)));
      case 3:
        return vectors_.push_back(smooth(sum(a(), 1)));
      case 4:
        return scalars_.push_back(mean(v()) * smooth(s()));
      case 5:
        return vectors_.push_back(smooth(reverse(v(), 0)));
      case 6:
        return vectors_.push_back(smooth(v())[floor(0.5 * i)]);
      case 7:
        return vectors_.push_back(select(i == 0, s(), smooth(v())[i - 1]));
      case 8:
        return vectors_.push_back(scatter_add({n}, smooth(v()), {floor(0.7 * i)}));
      case 9:
        return matrices_.push_back(softmax(a() + rows(sum(a(), 0), n)));
      case 10:
        return vectors_.push_back(smooth(matmul(a(), sum(a(), 0))));
      case 11: {
        const Array weight = v(), start = s();
        const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
          return Round{{smooth(c[0] + row[0]), c[1] + weight[k] * c[0]}, {c[0] * row[0]}};
        };
        const auto all = scan(round, {start, start.like(0.0)}, {v()}, n, draw(2) == 0);
        vectors_.push_back(smooth(all.rows[0]));
        return scalars_.push_back(tanh(all.carried[1]));
      }
      case 12: {
        const Array rows_of = a(), drift = v();
        const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
          return Round{{smooth(c[0] + 0.3 * drift) + 0.1 * sum(row[0])}};
        };
        return vectors_.push_back(scan(round, {v()}, {rows_of}, n).carried[0]);
      }
      case 13: {
        const Array pull = s();
        const auto round = [&](const Arrays& c) { return Arrays{0.8 * c[0] + 0.1 * tanh(pull), c[1] + 1}; };
        return scalars_.push_back(
            while_loop([](const Arrays& c) { return c[1] < 4; }, round, {s(), pull.like(0.0)})[0]);
      }
      case 14: {
        const Array x = v(), y = s();
        return scalars_.push_back(cond(
            x.like(double(draw(2))) > 0.5, [&] { return Arrays{mean(smooth(x)) * y}; },
            [&] { return Arrays{tanh(y) - mean(x)}; })[0]);
      }
      default: {
        const auto f = [&](const Array& x) { return mean(smooth(x) * x); };
        return vectors_.push_back(smooth(grad(f, v())));
      }
    }
  }

  std::mt19937_64 engine_;
  Arrays vectors_, matrices_, scalars_;
};

class RandomArrays : public testing::TestWithParam<unsigned> {};

TEST_P(RandomArrays, EnginesAndModesAgree) {
  for (unsigned seed = 25 * GetParam(); seed < 25 * (GetParam() + 1); ++seed) {
    const auto value = [seed](const Arrays& x) { return Maker(seed, x[0], x[1], x[2]).run(); };
    const auto f = [&](std::span<const Array> x) {
      const Arrays at(x.begin(), x.begin() + 3), along(x.begin() + 3, x.end());
      const Arrays gradient = grad(value, at);
      const auto line = [&](const Array& t) {
        return value({at[0] + t * along[0], at[1] + t * along[1], at[2] + t * along[2]});
      };
      const Array zero = x[2].like(0.0);
      return Arrays{value(at), jvp(line, zero, zero.like(1.0)),
                    sum(gradient[0] * along[0]) + sum(gradient[1] * along[1]) + gradient[2] * along[2]};
    };
    const Shape shapes[] = {{n}, {n, m}, {}, {n}, {n, m}, {}};
    CompileOptions options;
    options.engine = program::Engine::interpreter;
    const auto compiled = compile_all(f, shapes, options);
    ASSERT_TRUE(compiled.ok()) << "seed " << seed << ": " << compiled.error().message;
    const std::int64_t rows = 1 + seed % 7, columns = 1 + seed % 3;
    std::vector<Argument> arguments;
    for (std::size_t k = 0; k < 6; ++k) {
      std::vector<std::int64_t> shape;
      for (const Dim& d : shapes[k]) shape.push_back(d.name == "n" ? rows : columns);
      std::int64_t count = 1;
      for (const std::int64_t d : shape) count *= d;
      arguments.push_back({program::random_numbers(std::size_t(count), -1, 1, seed + unsigned(k)), shape});
    }
    const auto results =
        seed % 25 == 0 ? program::run_both((*compiled)->program(), arguments) : outputs_of(**compiled, arguments, {});
    ASSERT_EQ(results.size(), 3u) << "seed " << seed;
    const double h = 1e-5;
    double ends[2];
    for (const int side : {0, 1}) {
      auto moved = arguments;
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t i = 0; i < moved[k].values.size(); ++i)
          moved[k].values[i] += (side == 0 ? h : -h) * moved[k + 3].values[i];
      ends[side] = outputs_of(**compiled, moved, {})[0][0];
    }
    const double slope = (ends[0] - ends[1]) / (2 * h), forward = results[1][0], reverse = results[2][0];
    ASSERT_NEAR(forward, reverse, 1e-11 * (1 + std::fabs(forward))) << "seed " << seed;
    ASSERT_NEAR(forward, slope, 2e-7 * (1 + std::fabs(forward))) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(All, RandomArrays, testing::Range(0u, 20u));

}  // namespace
}  // namespace gradus

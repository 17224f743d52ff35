// Array functions drawn at random, of a vector (n), a matrix (n, m) and a scalar: every kind of node and of loop, one
// in another. `draw(k)` gives a number below k, from a generator or from a fuzzer's bytes.
//
// Tame ones are smooth and bounded, so that difference quotients and enclosures can be held against them. Wild ones
// also divide, take logarithms and square roots of anything, read and write at places that come from the data, and have
// kinks: only bits can be compared there. Factors of places are dyadic: doubles and exact arithmetic mean the same
// place.
#pragma once
#include <algorithm>
#include <functional>

#include "gradus/program/control.hpp"
#include "gradus/program/views.hpp"

namespace gradus {

class RandomArrays {
 public:
  using Draw = std::function<std::size_t(std::size_t)>;
  enum class Kind { tame, wild };

  explicit RandomArrays(Draw draw, Kind kind = Kind::tame, int steps = 7)
      : draw_(std::move(draw)), wild_(kind == Kind::wild), steps_(steps) {}

  /// A scalar.
  Array operator()(const Array& vector, const Array& matrix, const Array& scalar) {
    vectors_ = {vector}, matrices_ = {matrix}, scalars_ = {scalar};
    for (int k = 0; k < steps_; ++k) step();
    return sum(vectors_.back() * vectors_.front()) + mean(tanh(matrices_.back())) + scalars_.back();
  }

 private:
  std::size_t draw(std::size_t count) { return draw_(count); }
  const Array& one(const Arrays& list) { return list[list.size() - 1 - draw(std::min<std::size_t>(list.size(), 3))]; }
  const Array& v() { return one(vectors_); }
  const Array& a() { return one(matrices_); }
  const Array& s() { return one(scalars_); }

  Array smooth(const Array& x) {
    if (wild_ && draw(3) == 0) return rough(x);
    switch (draw(7)) {
      case 0:
        return sin(x);
      case 1:
        return tanh(x) + 0.1 * x;
      case 2:
        return sigmoid(x) * 1.5;
      case 3:
        return atan(x * x);
      case 4:
        return log1p(x * x);
      case 5:
        return x / sqrt(1.0 + x * x);
      default:
        return exp(-0.5 * x * x);
    }
  }

  Array rough(const Array& x) {
    switch (draw(10)) {
      case 0:
        return log(x);
      case 1:
        return sqrt(x);
      case 2:
        return 1.0 / x;
      case 3:
        return abs(x) - floor(3.0 * x);
      case 4:
        return maximum(x, 0.25);
      case 5:
        return select(x < 0.1, exp(x), x * x * x);
      case 6:
        return pow(x, 3) - cosh(x);
      case 7:
        return pow(abs(x), x);
      case 8:
        return minimum(sign(x), erf(x));
      default:
        return x * 1e200;
    }
  }

  void step() {
    const Array i = iota(v(), n_);
    switch (draw(wild_ ? 32 : 28)) {
      case 0:
        return vectors_.push_back(smooth(v() + s()));
      case 1:
        return vectors_.push_back(v() * smooth(v()));
      case 2:
        return matrices_.push_back(smooth(a() * columns(v(), m_)));
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
        return vectors_.push_back(scatter_add({n_}, smooth(v()), {floor(0.75 * i)}));
      case 9:
        return matrices_.push_back(softmax(a() + rows(sum(a(), 0), n_)));
      case 10:
        return vectors_.push_back(smooth(matmul(a(), sum(a(), 0))));
      case 11:
        return recurrence();
      case 12: {
        const Array rows_of = a(), drift = v();
        const auto round = [&](const Arrays& c, const Arrays& row, const Array&) {
          return Round{{smooth(c[0] + 0.3 * drift) + 0.1 * sum(row[0])}};
        };
        return vectors_.push_back(scan(round, {v()}, {rows_of}, n_).carried[0]);
      }
      case 13: {
        const Array pull = s();
        const double rounds = double(draw(6));
        const auto round = [&](const Arrays& c) { return Arrays{0.8 * c[0] + 0.1 * tanh(pull), c[1] + 1}; };
        return scalars_.push_back(
            while_loop([&](const Arrays& c) { return c[1] < rounds; }, round, {s(), pull.like(0.0)})[0]);
      }
      case 14: {
        const Array x = v(), y = s();
        return scalars_.push_back(cond(
            x.like(double(draw(2))) > 0.5, [&] { return Arrays{mean(smooth(x)) * y}; },
            [&] { return Arrays{tanh(y) - mean(x)}; })[0]);
      }
      case 15: {
        const auto f = [&](const Array& x) { return mean(smooth(x) * x); };
        return vectors_.push_back(smooth(grad(f, v())));
      }
      case 16: {  // a long vector and its middle
        const Array longer = concatenate({smooth(v()), v()});
        return vectors_.push_back(smooth(slice(longer, 0, 1, n_)));
      }
      case 17:
        return vectors_.push_back(slice(pad(smooth(v()), 0, 2, 1), 0, 1, n_));
      case 18: {  // rows of a matrix, in another order
        const Array rows_of = smooth(a())[reverse(i, 0)];
        return matrices_.push_back(0.5 * rows_of + a());
      }
      case 19:
        return matrices_.push_back(smooth(transpose(transpose(a()) * rows(v(), m_))));
      case 20:
        return matrices_.push_back(scatter_add({n_, m_}, smooth(a()), {floor(0.625 * i)}));
      case 21:
        return loop_in_loop();
      case 22:
        return choice_in_loop();
      case 23:
        return vectors_.push_back(map([this](const Arrays& row) { return smooth(sum(row[0]) * row[1]); }, {a(), v()}));
      case 24:
        return scalars_.push_back(logsumexp(v()) * 0.3 + norm(v() + 2.0) / (1.0 + norm(a() + 1.5)));
      case 25:
        return matrices_.push_back(smooth(outer(v(), sum(a(), 0))));
      case 26:
        return loops_side_by_side();
      case 27:
        return entry_by_entry();
      case 28:
        return vectors_.push_back(v()[3.0 * v()]);
      case 29:
        return vectors_.push_back(scatter_add({n_}, v(), {2.0 * v() + i}));
      case 30:
        return scalars_.push_back(max(v()) - min(a()) + max(a(), 0)[v()[0]]);
      default:
        return vectors_.push_back(max(a(), 1) * argmax(a()));
    }
  }

  void recurrence() {
    const Array weight = v(), start = s();
    const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
      return Round{{smooth(c[0] + row[0]), c[1] + weight[k] * c[0]}, {c[0] * row[0]}};
    };
    const auto all = scan(round, {start, start.like(0.0)}, {v()}, n_, draw(2) == 0);
    vectors_.push_back(smooth(all.rows[0]));
    scalars_.push_back(tanh(all.carried[1]));
  }

  // For each row a recurrence over its columns.
  void loop_in_loop() {
    const Array offset = v();
    const auto over_row = [&](const Arrays& c, const Arrays& row, const Array& k) {
      const auto over_columns = [&](const Arrays& d, const Arrays& entry, const Array&) {
        return Round{{smooth(d[0] + entry[0] * offset[k])}, {d[0]}};
      };
      const auto inner = scan(over_columns, {c[0]}, {row[0]}, m_);
      return Round{{0.5 * inner.carried[0]}, {inner.rows[0]}};
    };
    const auto all = scan(over_row, {s()}, {a()}, n_);
    scalars_.push_back(all.carried[0]);
    matrices_.push_back(all.rows[0]);
  }

  // For each row a recurrence of its own.
  void loops_side_by_side() {
    const Array table = 0.2 * sum(a(), 0), start = s();
    const bool reversed = draw(2) == 0;
    const auto of_row = [&](const Arrays& row) {
      const auto round = [&](const Arrays& c, const Arrays& entry, const Array& k) {
        return Round{{smooth(c[0] + entry[0]), c[1] + table[k] * c[0]}, {c[0] * row[1]}};
      };
      const auto inner = scan(round, {row[1], start}, {row[0]}, m_, reversed);
      return inner.carried[0] + sum(inner.rows[0]) * tanh(inner.carried[1]);
    };
    vectors_.push_back(map(of_row, {a(), v()}));
  }

  // A recurrence of vectors in which no entry meets another.
  void entry_by_entry() {
    const Array weight = v(), columns_of = a();
    const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
      const Array next = smooth(c[0] * weight + row[0] * (k + 1));
      return Round{{next, 0.5 * c[1] + c[0], c[2] + sum(columns_of[c[2].like(0.0)])}, {next * row[0]}};
    };
    const auto all = scan(round, {v(), v(), s()}, {transpose(a())}, m_, draw(2) == 0);
    vectors_.push_back(smooth(all.carried[0]) + all.carried[1]);
    matrices_.push_back(transpose(all.rows[0]));
    scalars_.push_back(tanh(all.carried[2]));
  }

  void choice_in_loop() {
    const Array weight = s(), table = v();
    const std::size_t kind = draw(2);
    const auto round = [&](const Arrays& c, const Arrays& row, const Array& k) {
      const Array taken = kind == 0 ? k - 2 * floor(0.5 * k) : table.like(1.0) - k;
      const Arrays next = cond(
          taken > 0.5, [&] { return Arrays{smooth(c[0] + row[0])}; },
          [&] {
            return Arrays{while_loop([](const Arrays& d) { return d[1] < 2; },
                                     [&](const Arrays& d) {
                                       return Arrays{0.7 * d[0] + weight * row[0], d[1] + 1};
                                     },
                                     {c[0], c[0].like(0.0)})[0]};
          });
      return Round{next, {next[0] * weight}};
    };
    const auto all = scan(round, {s()}, {v()}, n_, draw(2) == 1);
    scalars_.push_back(tanh(all.carried[0]));
    vectors_.push_back(all.rows[0]);
  }

  Draw draw_;
  bool wild_;
  int steps_;
  Dim n_{1, "n"}, m_{1, "m"};
  Arrays vectors_, matrices_, scalars_;
};

}  // namespace gradus

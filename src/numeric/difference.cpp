#include "gradus/numeric/difference.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace gradus {
namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int levels = 12;

// A step that x takes exactly.
double exact_step(double x, double h) {
  const volatile double moved = x + h;
  return moved - x;
}

// Neville's tableau for quotient(h) = limit + c1 h^power + c2 h^(2 power) + ..., with h divided by 1.4 a row. Stops
// when the error grows: then rounding has taken over.
template <class Quotient> Estimate extrapolate(const Quotient& quotient, double step, double power) {
  constexpr double shrink = 1.4;
  std::array<std::array<double, levels>, levels> t{};
  Estimate best{nan, infinity};
  double h = step;
  for (int row = 0; row < levels; row++, h /= shrink) {
    t[row][0] = quotient(h);
    if (!std::isfinite(t[row][0])) {
      if (row == 0 && h > step * 1e-6) {  // the step leaves the domain: begin with a smaller one
        h /= 4;
        row = -1;
      }
      if (h <= step * 1e-6) return best;
      continue;
    }
    double factor = 1;
    for (int k = 1; k <= row; k++) {
      factor *= std::pow(shrink, power);
      t[row][k] = (t[row][k - 1] * factor - t[row - 1][k - 1]) / (factor - 1);
      const double error = std::max(std::abs(t[row][k] - t[row][k - 1]), std::abs(t[row][k] - t[row - 1][k - 1]));
      if (error <= best.error) best = {t[row][k], error};
    }
    if (row > 0 && std::abs(t[row][row] - t[row - 1][row - 1]) >= 2 * best.error) break;
  }
  return best;
}
}  // namespace

std::vector<Quotients> rise_over_run(const RealFunction& f, double x, double first, double ratio, int rows) {
  std::vector<Quotients> table;
  double h = first;
  for (int i = 0; i < rows; i++, h *= ratio) {
    const double right = exact_step(x, h), left = -exact_step(x, -h);
    const double fx = f(x), above = f(x + right), below = f(x - left);
    table.push_back({h, (above - fx) / right, (fx - below) / left, (above - below) / (right + left)});
  }
  return table;
}

Estimate richardson(const RealFunction& f, double x, double step) {
  return extrapolate(
      [&](double h) {
        const double right = exact_step(x, h), left = -exact_step(x, -h);
        return (f(x + right) - f(x - left)) / (right + left);
      },
      step, 2);
}

Estimate richardson_second(const RealFunction& f, double x, double step) {
  const double fx = f(x);
  return extrapolate(
      [&](double h) {
        const double e = exact_step(x, h);
        return ((f(x + e) - fx) - (fx - f(x - e))) / (e * e);
      },
      step, 2);
}

Estimate richardson_one_sided(const RealFunction& f, double x, int side, double step) {
  const double fx = f(x);
  return extrapolate(
      [&](double h) {
        const double e = exact_step(x, side < 0 ? -h : h);
        return (f(x + e) - fx) / e;
      },
      step, 1);
}

double complex_step(const std::function<std::complex<double>(std::complex<double>)>& f, double x) {
  constexpr double h = 1e-40;
  return f({x, h}).imag() / h;
}

GradientEstimate richardson_gradient(const std::function<double(std::span<const double>)>& f, std::span<const double> x,
                                     double step) {
  GradientEstimate g{std::vector<double>(x.size()), 0};
  std::vector<double> point(x.begin(), x.end());
  for (std::size_t i = 0; i < x.size(); i++) {
    const Estimate e = richardson(
        [&](double t) {
          point[i] = t;
          return f(point);
        },
        x[i], step);
    point[i] = x[i];
    g.value[i] = e.value;
    g.error = std::max(g.error, e.error);
  }
  return g;
}

RealFunction along(Evaluator& evaluator, std::span<const double> point, std::size_t variable, std::size_t root) {
  return [&evaluator, where = std::vector<double>(point.begin(), point.end()), variable, root](double t) mutable {
    where[variable] = t;
    return evaluator(where, root);
  };
}

double complex_step(Evaluator& evaluator, std::span<const double> point, std::size_t variable, std::size_t root) {
  std::vector<std::complex<double>> where(point.begin(), point.end());
  return complex_step(
      [&](std::complex<double> z) {
        where[variable] = z;
        return evaluator.complex(where, root);
      },
      point[variable]);
}

}  // namespace gradus

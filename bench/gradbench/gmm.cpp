// GradBench gmm: the log-likelihood of a Gaussian mixture with a Wishart prior, as the design's gradbench.md has it.
// Q_k is lower triangular: exp(q_k) on the diagonal, l_k below it, column by column.
#include <cmath>

#include "driver.hpp"

namespace gradus::gradbench {
namespace {

struct Problem {
  std::int64_t d, k, n, m;
  double gamma;
};

// Q[k, r, c]
Array triangles(const Problem& p, const Array& q, const Array& l) {
  Context& context = q.context();
  const Shape square{constant_dim(p.k), constant_dim(p.d), constant_dim(p.d)};
  const auto along = [&](int axis) { return q.like(context.iota(square, axis)); };
  const Array k = along(0), r = along(1), c = along(2);
  Array diagonal = gather(exp(q), {k, c});
  if (p.d == 1) return diagonal;
  const Array place = c * (double(2 * p.d - 1) - c) / 2 + r - c - 1;
  return select(r == c, diagonal, select(r > c, gather(l, {k, maximum(place, 0)}), q.like(0.0)));
}

Array objective(const Problem& p, const Array& alpha, const Array& mu, const Array& q, const Array& l, const Array& x) {
  const Dim N = constant_dim(p.n), K = constant_dim(p.k), D = constant_dim(p.d);
  const Array Q = triangles(p, q, l), sum_q = sum(q, 1);
  // z[i, k, r] = Σ_c Q[k, r, c] (x[i, c] - mu[k, c])
  const Array centred = broadcast(x, {N, K, D}, {0, 2}) - broadcast(mu, {N, K, D}, {1, 2});
  const Shape product{N, K, D, D};
  const Array z = sum(broadcast(Q, product, {1, 2, 3}) * broadcast(centred, product, {0, 1, 3}), 3);
  const Array beta = rows(alpha + sum_q, N) - 0.5 * sum(z * z, 2);
  const double pi = std::acos(-1.0), nu = double(p.d + p.m + 1);
  double log_gamma = double(p.d * (p.d - 1)) / 4 * std::log(pi);
  for (std::int64_t j = 1; j <= p.d; ++j) log_gamma += std::lgamma((nu + 1 - double(j)) / 2);
  const double c = nu * double(p.d) * (std::log(p.gamma) - 0.5 * std::log(2)) - log_gamma;
  const Array prior = 0.5 * p.gamma * p.gamma * sum(Q * Q) - double(p.m) * sum(sum_q);
  return -double(p.n * p.d) / 2 * std::log(2 * pi) - double(p.n) * logsumexp(alpha) + sum(logsumexp(beta, 1)) +
         double(p.k) * c - prior;
}

Task task(const Json& in, bool jacobian) {
  const Problem p{count(in, "d"), count(in, "k"), count(in, "n"), in.at("m"), in.at("gamma")};
  const std::int64_t below = p.d * (p.d - 1) / 2;
  Task t;
  t.arguments = {argument(in.at("alpha"), {p.k}), argument(in.at("mu"), {p.k, p.d}), argument(in.at("q"), {p.k, p.d}),
                 argument(in.at("l"), {p.k, below}), argument(in.at("x"), {p.n, p.d})};
  t.function = [=](auto a) {
    const auto f = [&](const Arrays& v) { return objective(p, v[0], v[1], v[2], v[3], a[4]); };
    const Arrays variables(a.begin(), a.begin() + 4);
    return jacobian ? grad(f, variables) : Arrays{f(variables)};
  };
  t.answer = [=](const auto& out) {
    if (!jacobian) return Json(out[0][0]);
    return Json{{"alpha", out[0]},
                {"mu", rows_of(out[1], std::size_t(p.d))},
                {"q", rows_of(out[2], std::size_t(p.d))},
                {"l", below == 0 ? Json(std::vector<Numbers>(std::size_t(p.k))) : rows_of(out[3], std::size_t(below))}};
  };
  return t;
}

const Eval eval("gmm", "objective", "jacobian", task);

}  // namespace
}  // namespace gradus::gradbench

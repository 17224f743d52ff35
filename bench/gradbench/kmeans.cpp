// GradBench kmeans: the sum over points of the least squared distance to a centroid; a Newton step's direction,
// gradient over the diagonal of the Hessian. That Hessian is diagonal, so its product with ones is the diagonal.
#include "driver.hpp"

namespace gradus::gradbench {
namespace {

Array cost(const Array& centroids, const Array& points) {
  const Dim n = points.length(0), k = centroids.length(0), d = points.length(1);
  const Array difference = broadcast(points, {n, k, d}, {0, 2}) - broadcast(centroids, {n, k, d}, {1, 2});
  return sum(min(sum(difference * difference, 2), 1));
}

Task task(const Json& in, bool direction) {
  const Json &points = in.at("points"), &centroids = in.at("centroids");
  const auto n = std::int64_t(points.size()), k = std::int64_t(centroids.size()), d = std::int64_t(points.at(0).size());
  Task t;
  t.arguments = {argument(centroids, {k, d}), argument(points, {n, d})};
  t.function = [=](auto a) {
    const auto f = [&](const Array& c) { return cost(c, a[1]); };
    if (!direction) return Arrays{f(a[0])};
    return Arrays{grad(f, a[0]) / hvp(f, a[0], full(a[0], a[0].shape(), 1))};
  };
  t.answer = [=](const auto& out) { return direction ? rows_of(out[0], std::size_t(d)) : Json(out[0][0]); };
  return t;
}

const Eval eval("kmeans", "cost", "dir", task);

}  // namespace
}  // namespace gradus::gradbench

// GradBench ba: reprojection errors of a bundle adjustment and their Jacobian in compressed rows. Every observation
// sees its own camera and point; the errors of one depend on nothing else, so one reverse sweep for each of the two
// coordinates gives all blocks. Input: one camera, point, weight and feature for all, or arrays of them.
#include "rotation.hpp"

namespace gradus::gradbench {
namespace {

constexpr std::int64_t camera_size = 11;

// v: camera (rotation, centre, focal length, principal point, distortion), point, weight.
Arrays errors(const Arrays& v, const Arrays& feature) {
  const Arrays x = rotate({v[0], v[1], v[2]}, {v[11] - v[3], v[12] - v[4], v[13] - v[5]});
  const Array p = x[0] / x[2], q = x[1] / x[2], radius = p * p + q * q;
  const Array distortion = 1 + v[9] * radius + v[10] * radius * radius;
  return {v[14] * (v[6] * (p * distortion) + v[7] - feature[0]), v[14] * (v[6] * (q * distortion) + v[8] - feature[1])};
}

struct Problem {
  std::int64_t cameras, points, observations;
};

Json repeat(const Json& one, std::int64_t count) {
  if (one.is_array() && !one.empty() && one[0].is_array()) return one;
  if (one.is_array() && one.size() == std::size_t(count) && count > 3) return one;
  Json all = Json::array();
  for (std::int64_t i = 0; i < count; ++i) all.push_back(one);
  return all;
}

Task task(const Json& in, bool jacobian) {
  const Problem p{count(in, "n"), count(in, "m"), count(in, "p")};
  const bool repeated = !in.at("w").is_array();
  Numbers camera_of, point_of;
  for (std::int64_t i = 0; i < p.observations; ++i)
    camera_of.push_back(double(i % p.cameras)), point_of.push_back(double(i % p.points));
  Task t;
  t.arguments = {argument(repeat(in.at("cam"), p.cameras), {p.cameras, camera_size}),
                 argument(repeat(in.at("x"), p.points), {p.points, 3}),
                 argument(repeat(in.at("w"), p.observations), {p.observations}),
                 argument(repeat(in.at("feat"), p.observations), {p.observations, 2}),
                 {camera_of, {constant_dim(p.observations)}, {p.observations}},
                 {point_of, {constant_dim(p.observations)}, {p.observations}}};
  t.function = [=](auto a) {
    Arrays v;
    for (std::int64_t k = 0; k < camera_size; ++k) v.push_back(gather(a[0], {a[4], a[0].like(double(k))}));
    for (std::int64_t k = 0; k < 3; ++k) v.push_back(gather(a[1], {a[5], a[1].like(double(k))}));
    v.push_back(a[2]);
    const Arrays feature{take_at(a[3], 1, 0), take_at(a[3], 1, 1)};
    if (!jacobian) {
      const Arrays e = errors(v, feature);
      return Arrays{transpose(stack({e[0], e[1]})), 1 - a[2] * a[2]};
    }
    Arrays blocks;
    for (const std::size_t row : {0, 1})
      for (const Array& g : grad([&](const Arrays& w) { return sum(errors(w, feature)[row]); }, v)) blocks.push_back(g);
    return Arrays{transpose(stack(blocks)), -2 * a[2]};
  };
  t.answer = [=](const std::vector<Numbers>& out) {
    if (!jacobian) {
      if (!repeated) return Json{{"reproj_error", rows_of(out[0], 2)}, {"w_err", out[1]}};
      return Json{{"reproj_error", {{"elements", Numbers{out[0][0], out[0][1]}}, {"repeated", p.observations}}},
                  {"w_err", {{"element", out[1][0]}, {"repeated", p.observations}}}};
    }
    Numbers values = out[0];
    values.insert(values.end(), out[1].begin(), out[1].end());
    std::vector<std::int64_t> rows{0}, columns;
    for (std::int64_t i = 0; i < p.observations; ++i)
      for (int r = 0; r < 2; ++r) {
        for (std::int64_t k = 0; k < camera_size; ++k) columns.push_back(camera_size * (i % p.cameras) + k);
        for (std::int64_t k = 0; k < 3; ++k) columns.push_back(camera_size * p.cameras + 3 * (i % p.points) + k);
        columns.push_back(camera_size * p.cameras + 3 * p.points + i);
        rows.push_back(std::int64_t(columns.size()));
      }
    for (std::int64_t i = 0; i < p.observations; ++i) {
      columns.push_back(camera_size * p.cameras + 3 * p.points + i);
      rows.push_back(std::int64_t(columns.size()));
    }
    if (!repeated) return Json{{"rows", rows}, {"cols", columns}, {"vals", values}};
    const auto ends = [](const auto& list) {  // as GradBench shortens them: the first 30 and the last
      std::remove_cvref_t<decltype(list)> few(list.begin(),
                                              list.begin() + std::ptrdiff_t(std::min<std::size_t>(30, list.size())));
      few.push_back(list.back());
      return few;
    };
    return Json{{"rows", ends(rows)}, {"cols", ends(columns)}, {"vals", ends(values)}};
  };
  return t;
}

const Eval eval("ba", "objective", "jacobian", task);

}  // namespace
}  // namespace gradus::gradbench

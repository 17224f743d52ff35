// GradBench ht: errors of a hand's pose and their Jacobian. 26 parameters turn the bones of a hand, its vertices follow
// by linear-blend skinning, and each correspondence compares a point with a vertex or, with `us`, with a barycentric
// point of a triangle. The 26 columns of the Jacobian are tangents, one a round of a map; the two of `us`, of which
// each row has its own, are compressed into two tangents. Vertices that no correspondence sees are left out of the
// input. Source: Taylor, Stebbing, Ramakrishna, Keskin, Shotton, Izadi, Hertzmann, Fitzgibbon, "User-specific hand
// modeling from monocular depth sequences" (2014).
#include "rotation.hpp"

namespace gradus::gradbench {
namespace {

constexpr std::int64_t parameters = 26;  // rotation, translation, then four for each finger
constexpr int fingers = 5;

struct Problem {
  std::int64_t bones, vertices, correspondences;
  std::vector<int> parents;
  bool mirrored, triangles;
};

enum Place : std::size_t { theta, us, relatives, inverses, positions, weights, points, flexion, spread, corners };

// a[i] b[i] for stacks of 4 x 4 matrices.
Array products(const Array& a, const Array& b) {
  const Dim n = a.length(0), four = constant_dim(4);
  return sum(broadcast(a, {n, four, four, four}, {0, 1, 2}) * broadcast(b, {n, four, four, four}, {0, 2, 3}), 2);
}

// Each bone turned about its x axis by `x` and then about its z axis by `z`.
Array turns(const Array& x, const Array& z) {
  const Array cx = cos(x), sx = sin(x), cz = cos(z), sz = sin(z), zero = zeros(x, x.shape()), one = zero + 1;
  return transpose(stack({stack({cz, -sz * cx, sz * sx, zero}), stack({sz, cz * cx, -cz * sx, zero}),
                          stack({zero, sx, cx, zero}), stack({zero, zero, zero, one})}),
                   {2, 0, 1});
}

// The seen vertices, [vertex, coordinate], of a hand in the pose `t`.
Array skin(const Problem& p, const Array& t, std::span<const Array> a) {
  const Array angles = concatenate({t, zeros(t, {constant_dim(1)})});  // the last is of bones that do not turn
  const Array posed = products(a[relatives], turns(take(angles, a[flexion]), take(angles, a[spread])));
  Arrays absolute;
  for (std::size_t b = 0; b < p.parents.size(); ++b) {
    const Array own = posed[std::int64_t(b)];
    absolute.push_back(p.parents[b] < 0 ? own : matmul(absolute.at(std::size_t(p.parents[b])), own));
  }
  const Array transforms = products(stack(absolute), a[inverses]);  // [bone, row, column]
  const Dim v = constant_dim(p.vertices), bones = constant_dim(p.bones), four = constant_dim(4);
  const Shape all{v, bones, four, four};
  const Array blended = sum(broadcast(a[weights], all, {0, 1}) * broadcast(transforms, all, {1, 2, 3}), 1);
  const Array place = sum(blended * broadcast(a[positions], {v, four, four}, {0, 2}), 2);
  const auto entry = [&](std::int64_t k) { return t[k]; };
  const Array x = take_at(place, 1, 0);
  const Arrays turned =
      rotate({entry(0), entry(1), entry(2)}, {p.mirrored ? -x : x, take_at(place, 1, 1), take_at(place, 1, 2)});
  return transpose(stack({turned[0] + entry(3), turned[1] + entry(4), turned[2] + entry(5)}));
}

// points - vertices, [correspondence, coordinate].
Array errors(const Problem& p, const Array& t, const Array& u, std::span<const Array> a) {
  const Array seen = skin(p, t, a);
  const auto corner = [&](std::int64_t k) { return take(seen, a[corners][k]); };
  if (!p.triangles) return a[points] - corner(0);
  const Dim three = constant_dim(3);
  const Array u0 = columns(take_at(u, 1, 0), three), u1 = columns(take_at(u, 1, 1), three);
  return a[points] - (u0 * corner(0) + u1 * corner(1) + (1 - u0 - u1) * corner(2));
}

// [correspondence, coordinate, column]
Array all_columns(const Problem& p, std::span<const Array> a) {
  const auto pose = [&](const Array& t) { return errors(p, t, a[us], a); };
  const auto along = [&](const Arrays& row) { return jvp(pose, a[theta], row[0]); };
  const Array of_theta = map(along, {eye(a[theta], constant_dim(parameters))});
  if (!p.triangles) return transpose(of_theta, {1, 2, 0});
  const auto barycentric = [&](const Array& u) { return errors(p, a[theta], u, a); };
  Arrays of_us;
  for (const double k : {0.0, 1.0}) {
    const Array direction = select(iota(a[us], constant_dim(2)) == k, a[us].like(1.0), a[us].like(0.0));
    of_us.push_back(jvp(barycentric, a[us], rows(direction, constant_dim(p.correspondences))));
  }
  return transpose(concatenate({stack(of_us), of_theta}), {1, 2, 0});
}

Task task(const Json& in, bool jacobian) {
  const Json &data = in.at("data"), &model = data.at("model");
  const std::vector<std::int64_t> seen_by = data.at("correspondences");
  const auto given = in.find("us");
  Problem p;
  p.parents = model.at("parents").get<std::vector<int>>();
  p.bones = std::int64_t(p.parents.size());
  p.correspondences = std::int64_t(seen_by.size());
  p.mirrored = model.at("is_mirrored");
  p.triangles = given != in.end() && !given->empty();

  const std::size_t corner_count = p.triangles ? 3 : 1;
  std::vector<Numbers> places(corner_count);
  std::map<std::int64_t, std::int64_t> number;  // of a vertex among those that are seen
  Json seen_positions = Json::array(), seen_weights = Json::array();
  for (const std::int64_t c : seen_by)
    for (std::size_t k = 0; k < corner_count; ++k) {
      const std::int64_t vertex = p.triangles ? model.at("triangles").at(std::size_t(c)).at(k).get<std::int64_t>() : c;
      const auto [at, is_new] = number.try_emplace(vertex, std::int64_t(number.size()));
      if (is_new) {
        seen_positions.push_back(model.at("base_positions").at(std::size_t(vertex)));
        seen_weights.push_back(model.at("weights").at(std::size_t(vertex)));
      }
      places[k].push_back(double(at->second));
    }
  p.vertices = std::int64_t(number.size());

  Numbers flexions(std::size_t(p.bones), double(parameters)), spreads = flexions;
  for (int f = 0; f < fingers; ++f) {
    const std::size_t first = 2 + 4 * std::size_t(f);  // bone, and its parameters
    const double own = 6 + 4 * f;
    flexions.at(first) = own, spreads.at(first) = own + 1;
    flexions.at(first + 1) = own + 2, flexions.at(first + 2) = own + 3;
  }
  Task t;
  t.arguments = {argument(in.at("theta"), {parameters}),
                 p.triangles ? argument(*given, {p.correspondences, 2}) : argument(0.0, {}),
                 argument(model.at("base_relatives"), {p.bones, 4, 4}),
                 argument(model.at("inverse_base_absolutes"), {p.bones, 4, 4}),
                 argument(seen_positions, {p.vertices, 4}),
                 argument(seen_weights, {p.vertices, p.bones}),
                 argument(data.at("points"), {p.correspondences, 3}),
                 argument(flexions, {p.bones}),
                 argument(spreads, {p.bones}),
                 argument(places, {std::int64_t(corner_count), p.correspondences})};
  t.function = [=](auto a) { return Arrays{jacobian ? all_columns(p, a) : errors(p, a[theta], a[us], a)}; };
  const std::size_t width = parameters + (p.triangles ? 2 : 0);
  t.answer = [=](const auto& out) { return jacobian ? rows_of(out[0], width) : Json(out[0]); };
  return t;
}

const Eval eval("ht", "objective", "jacobian", task);

}  // namespace
}  // namespace gradus::gradbench

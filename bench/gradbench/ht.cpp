// GradBench ht: errors of a hand's pose and their Jacobian. 26 parameters turn the bones of a hand, its vertices follow
// by linear-blend skinning, and each correspondence compares a point with a vertex or, with `us`, with a barycentric
// point of a triangle. The columns of `us`, of which each row has its own, are compressed into two tangents. Vertices
// that no correspondence sees are left out of the input. Source: Taylor, Stebbing, Ramakrishna, Keskin, Shotton, Izadi,
// Hertzmann, Fitzgibbon, "User-specific hand modeling from monocular depth sequences" (2014).
#include "gradus/program/jacobian.hpp"
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

enum Place : std::size_t { theta, us, relatives, inverses, positions, weights, points, corners };

// A bone turned about its x axis by `x` and then about its z axis by `z`.
Array turn(const Array& x, const Array& z) {
  const Array cx = cos(x), sx = sin(x), cz = cos(z), sz = sin(z), zero = zeros(x, {}), one = zero + 1;
  return stack({stack({cz, -sz * cx, sz * sx, zero}), stack({sz, cz * cx, -cz * sx, zero}), stack({zero, sx, cx, zero}),
                stack({zero, zero, zero, one})});
}

// The rows of the matrix of a rotation by the axis and angle r; to first order where r is 0.
std::vector<Arrays> rotation(const Arrays& r) {
  const Array one = zeros(r[0], {}) + 1, zero = zeros(r[0], {});
  const Arrays columns[] = {rotate(r, {one, zero, zero}), rotate(r, {zero, one, zero}), rotate(r, {zero, zero, one})};
  std::vector<Arrays> rows;
  for (std::size_t i = 0; i < 3; ++i) rows.push_back({columns[0][i], columns[1][i], columns[2][i]});
  return rows;
}

// The seen vertices, [vertex, coordinate], of a hand in the pose `t`.
Array skin(const Problem& p, const Array& t, std::span<const Array> a) {
  const auto entry = [&](std::int64_t k) { return t[k]; };
  Arrays absolute, place(3, a[weights].like(0.0));
  for (std::size_t b = 0; b < p.parents.size(); ++b) {
    const std::int64_t bone = std::int64_t(b), finger = (bone - 1) / 4, joint = (bone - 1) % 4;
    Array own = a[relatives][bone];
    if (b > 0 && finger < fingers && joint > 0) {  // the first joint of a finger turns about two axes
      const std::int64_t first = 6 + 4 * finger;
      const Array flexion = entry(joint == 1 ? first : first + joint);
      own = matmul(own, turn(flexion, joint == 1 ? entry(first + 1) : zeros(t, {})));
    }
    absolute.push_back(p.parents[b] < 0 ? own : matmul(absolute.at(std::size_t(p.parents[b])), own));
    const Array transform = matmul(absolute.back(), a[inverses][bone]), weight = a[weights][bone];
    for (std::int64_t i = 0; i < 3; ++i) {
      Array moved = transform[i][3];
      for (std::int64_t k = 0; k < 3; ++k) moved = moved + transform[i][k] * a[positions][k];
      place[std::size_t(i)] = place[std::size_t(i)] + weight * moved;
    }
  }
  if (p.mirrored) place[0] = -place[0];
  const auto matrix = rotation({entry(0), entry(1), entry(2)});
  Arrays turned;
  for (std::size_t i = 0; i < 3; ++i) turned.push_back(dot(matrix[i], place) + entry(3 + std::int64_t(i)));
  return transpose(stack(turned));
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

// [correspondence, coordinate, column]: of theta, then of `us` where there are.
Arrays all_columns(const Problem& p, std::span<const Array> a) {
  const auto pose = [&](const Array& t) { return errors(p, t, a[us], a); };
  Arrays blocks{jacobian(pose, a[theta])};
  if (!p.triangles) return blocks;
  const auto barycentric = [&](const Array& u) { return errors(p, a[theta], u, a); };
  Arrays of_us;
  for (const double k : {0.0, 1.0}) {
    const Array direction = select(iota(a[us], constant_dim(2)) == k, a[us].like(1.0), a[us].like(0.0));
    of_us.push_back(jvp(barycentric, a[us], rows(direction, constant_dim(p.correspondences))));
  }
  blocks.push_back(transpose(stack(of_us), {1, 2, 0}));
  return blocks;
}

// The rows at some places, transposed: [column, place].
Json columns_of(const Json& rows, const std::vector<std::int64_t>& places, std::int64_t width) {
  Json columns = Json::array();
  for (std::size_t k = 0; k < std::size_t(width); ++k) {
    Json& column = columns.emplace_back(Json::array());
    for (const std::int64_t place : places) column.push_back(rows.at(std::size_t(place)).at(k));
  }
  return columns;
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
  std::vector<std::int64_t> seen;
  for (const std::int64_t c : seen_by)
    for (std::size_t k = 0; k < corner_count; ++k) {
      const std::int64_t vertex = p.triangles ? model.at("triangles").at(std::size_t(c)).at(k).get<std::int64_t>() : c;
      const auto [at, is_new] = number.try_emplace(vertex, std::int64_t(number.size()));
      if (is_new) seen.push_back(vertex);
      places[k].push_back(double(at->second));
    }
  p.vertices = std::int64_t(number.size());

  Task t;
  t.arguments = {argument(in.at("theta"), {parameters}),
                 p.triangles ? argument(*given, {p.correspondences, 2}) : argument(0.0, {}),
                 argument(model.at("base_relatives"), {p.bones, 4, 4}),
                 argument(model.at("inverse_base_absolutes"), {p.bones, 4, 4}),
                 argument(columns_of(model.at("base_positions"), seen, 4), {4, p.vertices}),
                 argument(columns_of(model.at("weights"), seen, p.bones), {p.bones, p.vertices}),
                 argument(data.at("points"), {p.correspondences, 3}),
                 argument(places, {std::int64_t(corner_count), p.correspondences})};
  t.function = [=](auto a) { return jacobian ? all_columns(p, a) : Arrays{errors(p, a[theta], a[us], a)}; };
  t.answer = [=](const auto& out) {
    if (!jacobian) return Json(out[0]);
    if (!p.triangles) return rows_of(out[0], parameters);
    Numbers rows;  // the columns of `us` come first
    for (std::size_t i = 0; i < out[1].size() / 2; ++i) {
      rows.insert(rows.end(), {out[1][2 * i], out[1][2 * i + 1]});
      rows.insert(rows.end(), out[0].begin() + parameters * std::ptrdiff_t(i),
                  out[0].begin() + parameters * std::ptrdiff_t(i + 1));
    }
    return rows_of(rows, parameters + 2);
  };
  return t;
}

const Eval eval("ht", "objective", "jacobian", task);

}  // namespace
}  // namespace gradus::gradbench

// GradBench lstm: a network of long short-term memory with diagonal weights over a sequence, its loss and its gradient
// in all parameters.
#include <cmath>

#include "driver.hpp"

namespace gradus::gradbench {
namespace {

struct Problem {
  std::int64_t layers, width, length;
};

// main[2l] are the weights of layer l, main[2l+1] the biases: forget, input, output, change, each of `width`.
Array loss(const Problem& p, const Array& main, const Array& extra, const Array& state, const Array& sequence) {
  const auto part = [&](std::int64_t row, std::int64_t gate) {
    return slice(main[row], 0, gate * p.width, constant_dim(p.width));
  };
  const auto round = [&](const Arrays& carried, const Arrays&, const Array& t) {
    Arrays next;
    Array x = extra[std::int64_t(0)] * sequence[t];
    for (std::int64_t l = 0; l < p.layers; ++l) {
      const Array &h = carried[std::size_t(2 * l)], &c = carried[std::size_t(2 * l + 1)];
      const auto gate = [&](const Array& from, std::int64_t k) { return from * part(2 * l, k) + part(2 * l + 1, k); };
      const Array forget = sigmoid(gate(x, 0)), input = sigmoid(gate(h, 1)), output = sigmoid(gate(x, 2));
      const Array cell = c * forget + input * tanh(gate(h, 3));
      x = output * tanh(cell);
      next.push_back(x);
      next.push_back(cell);
    }
    const Array y = x * extra[1] + extra[2], normal = log(2 + sum(exp(y)));
    next.push_back(carried.back() + sum(sequence[t + 1] * (y - normal)));
    return Round{next};
  };
  Arrays initial;
  for (std::int64_t k = 0; k < 2 * p.layers; ++k) initial.push_back(state[k]);
  initial.push_back(main.like(0.0));
  const Array total = scan(round, initial, {}, constant_dim(p.length - 1)).carried.back();
  return -total / double(p.width * (p.length - 1));
}

Task task(const Json& in, bool jacobian) {
  const Json &main = in.at("main_params"), &sequence = in.at("sequence");
  const Problem p{std::int64_t(main.size()) / 2, std::int64_t(main.at(0).size()) / 4, std::int64_t(sequence.size())};
  Task t;
  t.arguments = {argument(main, {2 * p.layers, 4 * p.width}), argument(in.at("extra_params"), {3, p.width}),
                 argument(in.at("state"), {2 * p.layers, p.width}), argument(sequence, {p.length, p.width})};
  t.function = [=](auto a) {
    const auto f = [&](const Arrays& v) { return loss(p, v[0], v[1], a[2], a[3]); };
    return jacobian ? grad(f, {a[0], a[1]}) : Arrays{f({a[0], a[1]})};
  };
  t.answer = [=](const auto& out) {
    if (!jacobian) return Json(out[0][0]);
    Numbers all = out[0];
    all.insert(all.end(), out[1].begin(), out[1].end());
    return Json(all);
  };
  return t;
}

const Eval eval("lstm", "objective", "jacobian", task);

}  // namespace
}  // namespace gradus::gradbench

// Elements at computed places, sums over places, loops and choices: values and gradients.
#include "gradus/program/control.hpp"

#include "gradients.hpp"
#include "gradus/program/views.hpp"

namespace gradus {
namespace {

const Dim three{3};

// Three rounds of y_i += x_i y_(i-1), each in `stages`; their last element.
Array shifted(const Array& x, int stages) {
  const Array i = iota(x, n);
  const auto slope = [&](const Array& y) { return x * select(i == 0, y.like(1.0), y[i - 1]); };
  const auto round = [&](const Arrays& c, const Arrays&, const Array&) {
    Array k = slope(c[0]), sum = k;
    for (int s = 1; s < stages; ++s) k = slope(c[0] + 0.5 * k), sum = sum + k / 3;
    return Round{{c[0] + sum}};
  };
  return scan(round, {zeros(x, x.shape())}, {}, constant_dim(3)).carried[0][length(x, n) - 1];
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"neighbours", {{n}}, [](auto x) { return sum(slice_to_end(x[0], 0, 1) * slice_to_end(x[0], 0, 0, 1)); }},
      {"reversed", {{n}}, [](auto x) { return sum(x[0] * exp(reverse(x[0], 0))); }},
      {"every_second", {{n}}, [](auto x) { return sum(sin(x[0][floor(0.5 * iota(x[0], n))])); }},
      {"gathered_rows",
       {{n, m}},
       [](auto x) {
         const Array i = floor(0.5 * iota(x[0], n));
         return sum(exp(x[0][i]));
       }},
      {"gathered_of_an_expression", {{n}}, [](auto x) { return sum(exp(x[0])[floor(0.5 * iota(x[0], n))] * x[0]); }},
      {"padded",
       {{n}},
       [](auto x) {
         const Array wide = pad(x[0], 0, 2, 1);
         return sum(wide * wide * iota(x[0], wide.shape()[0]));
       }},
      {"concatenated",
       {{n}, {m}},
       [](auto x) {
         const Array both = concatenate({x[0], exp(x[1])});
         return sum(both * both * iota(x[0], both.shape()[0]));
       }},
      {"scattered",
       {{n}},
       [](auto x) {
         const Array bins = scatter_add({three}, x[0], {floor(3 * iota(x[0], n) / length(x[0], n))});
         return sum(exp(bins));
       }},
      {"transposed", {{n, m}}, [](auto x) { return sum(transpose(x[0]) * exp(0.1 * transpose(x[0]))); }},
      {"product", {{n, m}, {m, n}}, [](auto x) { return sum(tanh(matmul(x[0], x[1]))); }},
      {"traced", {{n, n}}, [](auto x) { return trace(matmul(x[0], x[0])); }},
      {"softmax", {{n, m}}, [](auto x) { return sum(softmax(x[0]) * x[0]); }},
      {"logsumexp_rows", {{n, m}}, [](auto x) { return sum(logsumexp(x[0], 1)); }},
      {"layer_norm", {{n, three}}, [](auto x) { return sum(layer_norm(x[0]) * exp(x[0])); }},
      {"convolution", {{n}, {Dim{1}}}, [](auto x) { return sum(exp(convolve(x[0], x[1]))); }},
      {"sliced_columns",
       {{n, Dim{5}}},
       [](auto x) {
         return sum(exp(slice(x[0], 1, 1, three)) * slice(x[0], -1, 4, three, -2)) +
                sum(take_at(x[0], 1, 2) * x[0][0][1]);
       }},
      {"padded_columns", {{n, m}}, [](auto x) { return sum(exp(pad(x[0], 1, 1, 2)) * 0.1); }},
      {"joined_columns",
       {{n, m}, {n, three}},
       [](auto x) {
         const Array both = concatenate({x[0], x[1]}, 1);
         return sum(both * both * iota(x[0], both.length(1)));
       }},
      {"pooled", {{Dim{12}}}, [](auto x) { return sum(exp(max_pool(x[0], 4))); }},
      {"norms", {{n, m}}, [](auto x) { return norm(x[0] + 2) + var(x[0]) + mean(mean(x[0], 1) * mean(x[0], -1)); }},
      {"broadcast_like_numpy", {{n, m}, {m}, {n, Dim{1}}}, [](auto x) { return sum(x[0] * x[1] + exp(x[2]) * x[0]); }},
      {"greatest_place",
       {{n, m}},
       [](auto x) {
         const Array place = argmax(x[0], 1);
         return sum(exp(gather(x[0], {iota(x[0], n), place})) * (place + 1));
       }},
      {"embedded",
       {{three, m}},
       [](auto x) { return sum(exp(embedding(x[0], floor(iota(x[0], n) / length(x[0], n) * 3)))); }},
      {"identity_added", {{n, n}}, [](auto x) { return sum(exp(x[0] + eye(x[0], n)) * outer(x[0][0], x[0][0])); }},
      {"recurrence",
       {{n}, {}},
       [](auto x) {
         return scan([&](const Arrays& c, const Arrays& row,
                         const Array&) { return Round{{tanh(c[0] * x[1] + row[0])}}; },
                     {x[0].like(0.1)}, {x[0]}, n)
             .carried[0];
       }},
      {"scalars_that_change_places",
       {{n}},
       [](auto x) {
         const auto round = [](const Arrays& c, const Arrays& r, const Array&) {
           return Round{{c[1], c[0], c[3] + r[0] * c[0], c[2] * c[0]}};
         };
         const Arrays last =
             scan(round, {x[0][0], 0.5 + x[0][0] * x[0][0], x[0].like(0.2), x[0].like(0.7)}, {x[0]}, n).carried;
         return last[0] - 2 * last[1] + last[2] * last[3];
       }},
      {"recurrence_with_rows",
       {{n}, {}},
       [](auto x) {
         const auto all = scan(
             [&](const Arrays& c, const Arrays& row, const Array&) {
               const Array next = sin(c[0]) * x[1] + row[0];
               return Round{{next}, {next * next}};
             },
             {x[1]}, {x[0]}, n);
         return sum(exp(all.rows[0])) + all.carried[0];
       }},
      {"recurrence_of_vectors",
       {{n, m}, {m}},
       [](auto x) {
         const auto all =
             scan([&](const Arrays& c, const Arrays& row, const Array&) { return Round{{tanh(c[0] * x[1] + row[0])}}; },
                  {x[1]}, {x[0]}, n);
         return sum(all.carried[0]);
       }},
      {"recurrent_network",
       {{n, three}, {three, three}},
       [](auto x) {
         const auto all = scan([&](const Arrays& c, const Arrays& row,
                                   const Array&) { return Round{{tanh(matmul(x[1], c[0]) + row[0])}}; },
                               {x[1][std::int64_t(0)]}, {x[0]}, n);
         return sum(all.carried[0] * all.carried[0]);
       }},
      {"backwards",
       {{n}},
       [](auto x) {
         return scan([&](const Arrays& c, const Arrays& row,
                         const Array& round) { return Round{{0.9 * c[0] + row[0] * row[0] * (round + 1)}}; },
                     {x[0].like(0.5)}, {x[0]}, n, true)
             .carried[0];
       }},
      {"loop_in_loop",
       {{n}, {m}},
       [](auto x) {
         const auto outer = [&](const Arrays& c, const Arrays& row, const Array&) {
           const auto inner = [&](const Arrays& d, const Arrays& r, const Array&) {
             return Round{{sin(d[0] + r[0] * row[0])}};
           };
           return Round{{scan(inner, {c[0]}, {x[1]}, m).carried[0]}};
         };
         return scan(outer, {x[0].like(0.3)}, {x[0]}, n).carried[0];
       }},
      {"shifted_in_a_loop", {{n}}, [](auto x) { return shifted(x[0], 1); }},
      {"shifted_twice_in_a_loop", {{n}}, [](auto x) { return shifted(x[0], 2); }},
      {"shifted_four_times_in_a_loop", {{n}}, [](auto x) { return shifted(x[0], 4); }},
      {"shifted_gradient_inside",
       {{n}},
       [](auto x) { return sum(grad([](const Array& y) { return shifted(y, 2); }, x[0])); }},
      {"gathers_in_a_loop",
       {{n}},
       [](auto x) {
         const auto round = [&](const Arrays& c, const Arrays&, const Array& k) {
           return Round{{c[0] + exp(x[0][k]) * x[0][floor(0.5 * k)]}};
         };
         return scan(round, {x[0].like(0.0)}, {}, n).carried[0];
       }},
      {"halving",
       {{n}},
       [](auto x) {  // as long as the sum of squares is above a bound
         const auto r = while_loop([](const Arrays& c) { return c[0] > 0.01; },
                                   [](const Arrays& c) {
                                     return Arrays{c[0] * (0.5 + 0.2 * cos(c[1])), c[1] * 1.1};
                                   },
                                   {sum(x[0] * x[0]), sum(x[0])});
         return r[0] + r[1] * r[1];
       }},
      {"while_of_vectors",
       {{n}},
       [](auto x) {
         const auto r = while_loop([](const Arrays& c) { return sum(c[0] * c[0]) > 0.05; },
                                   [&](const Arrays& c) { return Arrays{0.7 * sin(c[0])}; }, {x[0]});
         return sum(r[0] * x[0]);
       }},
      {"while_of_linear_rounds",
       {{}, {}},
       [](auto x) {  // of the way there, nothing is needed on the way back but how many rounds it took
         const auto r = while_loop([](const Arrays& c) { return c[1] < 5; },
                                   [&](const Arrays& c) {
                                     return Arrays{0.5 * c[0] + x[1], c[1] + 1};
                                   },
                                   {x[0], x[0].like(0.0)});
         return r[0];
       }},
      {"gradients_of_a_while_in_a_while",
       {{}},
       [](auto x) {
         const auto f = [](const Array& y) {
           return while_loop([](const Arrays& c) { return c[0] < 3; },
                             [&](const Arrays& c) { return Arrays{c[0] + 0.1 * c[0] * y + 0.3}; }, {y * y})[0];
         };
         return while_loop([](const Arrays& c) { return c[1] < 3; },
                           [&](const Arrays& c) {
                             return Arrays{c[0] + 0.01 * grad(f, c[0]), c[1] + 1};
                           },
                           {x[0], x[0].like(0.0)})[0];
       }},
      {"choice",
       {{n}},
       [](auto x) {
         const Array s = sum(x[0]);
         return cond(
             s > 0.3, [&] { return gradus::Arrays{sum(exp(x[0])) * s}; },
             [&] { return gradus::Arrays{sum(x[0] * x[0] * x[0])}; })[0];
       }},
      {"mapped", {{n, m}}, [](auto x) { return sum(map([](const Arrays& r) { return logsumexp(r[0]); }, {x[0]})); }},
      {"gradient_inside",
       {{n}},
       [](auto x) {
         const Array g = grad([](const Array& y) { return sum(exp(y) * y); }, x[0]);
         return sum(g * g);
       }},
      {"gradient_of_a_loop_inside",
       {{n}, {}},
       [](auto x) {
         const auto f = [&](const Array& y) {
           return scan([&](const Arrays& c, const Arrays& row,
                           const Array&) { return Round{{sin(c[0]) * y + row[0] * c[0] * c[0]}}; },
                       {y}, {x[0]}, n)
               .carried[0];
         };
         return grad(f, x[1]) + jvp(f, x[1], x[1]);
       }},
      {"gradient_of_a_while_inside",
       {{n}, {}},
       [](auto x) {
         const auto f = [&](const Array& y) {
           return while_loop([](const Arrays& c) { return c[0] < 3; },
                             [&](const Arrays& c) { return Arrays{c[0] * c[0] * 0.1 + c[0] + exp(y)}; }, {y * y})[0];
         };
         return grad(f, x[1]) * sum(x[0]);
       }},
      {"hessian_times_vector",
       {{n}},
       [](auto x) { return sum(hvp([](const Array& y) { return logsumexp(y) + sum(sin(y) * y); }, x[0], x[0])); }},
  };
  return all;
}

class Control : public testing::TestWithParam<std::size_t> {};

TEST_P(Control, GradientAgreesWithDifferencesOnEveryEngine) { check_gradient(cases()[GetParam()]); }

INSTANTIATE_TEST_SUITE_P(All, Control, testing::Range(std::size_t(0), cases().size()),
                         [](const auto& info) { return cases()[info.param].name; });

}  // namespace
}  // namespace gradus

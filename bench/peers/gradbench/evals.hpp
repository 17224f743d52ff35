// GradBench's evals as a program of scalars would have them, for tools that record operators: templates over the number
// type. Definitions: as bench/gradbench/*.cpp, which are the same in arrays.
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace peers {

using Json = nlohmann::json;
using Numbers = std::vector<double>;

inline double passive(double x) { return x; }

inline void flatten(const Json& nested, Numbers& all) {
  if (!nested.is_array()) return all.push_back(nested.get<double>());
  for (const Json& part : nested) flatten(part, all);
}
inline Numbers flat(const Json& nested) {
  Numbers all;
  flatten(nested, all);
  return all;
}

// The shift is a constant: it changes the rounding, not the value.
template <class T> T logsumexp(const T* x, std::size_t n) {
  double shift = passive(x[0]);
  for (std::size_t i = 1; i < n; ++i) shift = std::max(shift, passive(x[i]));
  T total = exp(x[0] - shift);
  for (std::size_t i = 1; i < n; ++i) total += exp(x[i] - shift);
  return log(total) + shift;
}

struct Gmm {
  std::size_t d, k, n;
  double m, gamma;
  Numbers x;
  explicit Gmm(const Json& in)
      : d(in.at("d")), k(in.at("k")), n(in.at("n")), m(in.at("m")), gamma(in.at("gamma")), x(flat(in.at("x"))) {}
  static Numbers variables(const Json& in) {
    Numbers v;
    for (const char* name : {"alpha", "mu", "q", "l"}) flatten(in.at(name), v);
    return v;
  }
  template <class T> T operator()(const std::vector<T>& v) const {
    const std::size_t below = d * (d - 1) / 2;
    const T *alpha = v.data(), *mu = alpha + k, *q = mu + k * d, *l = q + k * d;
    std::vector<T> diagonal(k * d), sum_q(k), beta(k), centred(d);
    T prior = 0.0;
    for (std::size_t j = 0; j < k; ++j) {
      sum_q[j] = 0.0;
      T squares = 0.0;
      for (std::size_t r = 0; r < d; ++r) {
        sum_q[j] += q[j * d + r];
        diagonal[j * d + r] = exp(q[j * d + r]);
        squares += diagonal[j * d + r] * diagonal[j * d + r];
      }
      for (std::size_t e = 0; e < below; ++e) squares += l[j * below + e] * l[j * below + e];
      prior += 0.5 * gamma * gamma * squares - m * sum_q[j];
    }
    T total = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        for (std::size_t c = 0; c < d; ++c) centred[c] = x[i * d + c] - mu[j * d + c];
        std::vector<T> z(d);
        const T* entry = l + j * below;
        for (std::size_t c = 0; c < d; ++c) z[c] = diagonal[j * d + c] * centred[c];
        for (std::size_t c = 0; c < d; ++c)
          for (std::size_t r = c + 1; r < d; ++r) z[r] += *entry++ * centred[c];
        T square = 0.0;
        for (std::size_t c = 0; c < d; ++c) square += z[c] * z[c];
        beta[j] = alpha[j] + sum_q[j] - 0.5 * square;
      }
      total += logsumexp(beta.data(), k);
    }
    const double D = double(d), nu = D + m + 1;
    double log_gamma = D * (D - 1) / 4 * std::log(M_PI);
    for (std::size_t j = 1; j <= d; ++j) log_gamma += std::lgamma((nu + 1 - double(j)) / 2);
    const double c = nu * D * (std::log(gamma) - 0.5 * std::log(2)) - log_gamma;
    return total - double(n) * logsumexp(alpha, k) - prior + (double(k) * c - double(n) * D / 2 * std::log(2 * M_PI));
  }
};

struct Lstm {
  std::size_t layers, width, length;
  Numbers state, sequence;
  explicit Lstm(const Json& in)
      : layers(in.at("main_params").size() / 2),
        width(in.at("state").at(0).size()),
        length(in.at("sequence").size()),
        state(flat(in.at("state"))),
        sequence(flat(in.at("sequence"))) {}
  static Numbers variables(const Json& in) {
    Numbers v = flat(in.at("main_params"));
    flatten(in.at("extra_params"), v);
    return v;
  }
  template <class T> T operator()(const std::vector<T>& v) const {
    const std::size_t b = width;
    const T* extra = v.data() + 8 * layers * b;
    std::vector<T> s(state.begin(), state.end()), x(b), y(b);
    const auto sigmoid = [](const T& a) -> T { return 1.0 / (1.0 + exp(-a)); };
    T total = 0.0;
    for (std::size_t t = 0; t + 1 < length; ++t) {
      for (std::size_t j = 0; j < b; ++j) x[j] = extra[j] * sequence[t * b + j];
      for (std::size_t l = 0; l < layers; ++l) {
        const T *w = v.data() + 8 * l * b, *bias = w + 4 * b;
        for (std::size_t j = 0; j < b; ++j) {
          T &h = s[2 * l * b + j], &c = s[(2 * l + 1) * b + j];
          const T forget = sigmoid(x[j] * w[j] + bias[j]), input = sigmoid(h * w[b + j] + bias[b + j]);
          const T output = sigmoid(x[j] * w[2 * b + j] + bias[2 * b + j]);
          c = c * forget + input * tanh(h * w[3 * b + j] + bias[3 * b + j]);
          h = output * tanh(c);
          x[j] = h;
        }
      }
      T normal = 2.0;
      for (std::size_t j = 0; j < b; ++j) {
        y[j] = x[j] * extra[b + j] + extra[2 * b + j];
        normal += exp(y[j]);
      }
      normal = log(normal);
      for (std::size_t j = 0; j < b; ++j) {
        const double next = sequence[(t + 1) * b + j];
        if (next != 0) total += next * (y[j] - normal);
      }
    }
    return -total / double(b * (length - 1));
  }
};

// The nearest centroid is chosen by value, at the point of recording.
struct Kmeans {
  std::size_t k, d, n;
  Numbers points;
  explicit Kmeans(const Json& in)
      : k(in.at("centroids").size()),
        d(in.at("points").at(0).size()),
        n(in.at("points").size()),
        points(flat(in.at("points"))) {}
  static Numbers variables(const Json& in) { return flat(in.at("centroids")); }
  template <class T> T operator()(const std::vector<T>& v) const {
    T total = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t nearest = 0;
      double least = INFINITY;
      for (std::size_t j = 0; j < k; ++j) {
        double square = 0;
        for (std::size_t c = 0; c < d; ++c) {
          const double e = passive(v[j * d + c]) - points[i * d + c];
          square += e * e;
        }
        if (square < least) least = square, nearest = j;
      }
      for (std::size_t c = 0; c < d; ++c) {
        const T e = v[nearest * d + c] - points[i * d + c];
        total += e * e;
      }
    }
    return total;
  }
};

struct Llsq {
  std::size_t n;
  explicit Llsq(const Json& in) : n(in.at("n")) {}
  static Numbers variables(const Json& in) { return flat(in.at("x")); }
  template <class T> T operator()(const std::vector<T>& v) const {
    T total = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double t = -1 + 2 * double(i) / (double(n) - 1);
      T residual = double((t > 0) - (t < 0));
      double power = 1;
      for (const T& c : v) {
        residual -= c * power;
        power *= t;
      }
      total += residual * residual;
    }
    return 0.5 * total;
  }
};

struct Lse {
  explicit Lse(const Json&) {}
  static Numbers variables(const Json& in) { return flat(in.at("x")); }
  template <class T> T operator()(const std::vector<T>& v) const { return logsumexp(v.data(), v.size()); }
};

struct Det {
  std::size_t size;
  explicit Det(const Json& in) : size(in.at("ell")) {}
  static Numbers variables(const Json& in) { return flat(in.at("A")); }
  // Minors of the last rows by their columns, each once.
  template <class T> T operator()(const std::vector<T>& v) const {
    std::vector<T> minors(std::size_t(1) << size);
    minors[0] = 1.0;
    for (std::size_t set = 1; set < minors.size(); ++set) {
      const std::size_t row = size - std::size_t(__builtin_popcountll(set));
      T sum = 0.0;
      bool negative = false;
      for (std::size_t c = 0; c < size; ++c)
        if (set >> c & 1) {
          const T& rest = minors[set & ~(std::size_t(1) << c)];
          if (negative)
            sum -= v[row * size + c] * rest;
          else
            sum += v[row * size + c] * rest;
          negative = !negative;
        }
      minors[set] = sum;
    }
    return minors.back();
  }
};

struct Ode {
  std::size_t steps;
  explicit Ode(const Json& in) : steps(in.at("s")) {}
  static Numbers variables(const Json& in) { return flat(in.at("x")); }
  template <class T> T operator()(const std::vector<T>& v) const {
    const std::size_t n = v.size();
    const double h = 2.0 / double(steps);
    std::vector<T> y(n, T(0.0)), k1(n), k2(n), k3(n), k4(n), at(n);
    const auto slope = [&](const std::vector<T>& from, std::vector<T>& k) {
      k[0] = v[0];
      for (std::size_t i = 1; i < n; ++i) k[i] = v[i] * from[i - 1];
    };
    const auto move = [&](const std::vector<T>& k, double by) {
      for (std::size_t i = 0; i < n; ++i) at[i] = y[i] + by * k[i];
    };
    for (std::size_t s = 0; s < steps; ++s) {
      slope(y, k1), move(k1, h / 2);
      slope(at, k2), move(k2, h / 2);
      slope(at, k3), move(k3, h);
      slope(at, k4);
      for (std::size_t i = 0; i < n; ++i) y[i] += h / 6 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    }
    return y[n - 1];
  }
};

// One observation: v is camera (11), point (3), weight; two errors of reprojection.
template <class T> void reprojection(const T* v, const double* feature, T* error) {
  const T square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2], angle = sqrt(square), c = cos(angle), s = sin(angle);
  T w[3], x[3], turned[3];
  for (int i = 0; i < 3; ++i) w[i] = v[i] / angle, x[i] = v[11 + i] - v[3 + i];
  const T along = (w[0] * x[0] + w[1] * x[1] + w[2] * x[2]) * (1.0 - c);
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    turned[i] = x[i] * c + (w[j] * x[k] - w[k] * x[j]) * s + w[i] * along;
  }
  const T p = turned[0] / turned[2], q = turned[1] / turned[2], radius = p * p + q * q;
  const T distortion = 1.0 + v[9] * radius + v[10] * radius * radius;
  error[0] = v[14] * (v[6] * (p * distortion) + v[7] - feature[0]);
  error[1] = v[14] * (v[6] * (q * distortion) + v[8] - feature[1]);
}

struct Ba {
  std::size_t cameras, points, observations;
  Numbers cam, x, w, feature;
  explicit Ba(const Json& in)
      : cameras(in.at("n")),
        points(in.at("m")),
        observations(in.at("p")),
        cam(flat(in.at("cam"))),
        x(flat(in.at("x"))),
        w(flat(in.at("w"))),
        feature(flat(in.at("feat"))) {}
  // The variables of observation i; arrays of one are for all.
  void variables(std::size_t i, double* v, double* f) const {
    const auto part = [](const Numbers& all, std::size_t at, std::size_t size, double* to) {
      std::copy_n(all.data() + (all.size() == size ? 0 : at * size), size, to);
    };
    part(cam, i % cameras, 11, v), part(x, i % points, 3, v + 11), part(w, i, 1, v + 14), part(feature, i, 2, f);
  }
};

// --- the program around it: INPUT.json EVAL; the derivative as flat numbers, then nanoseconds of CPU time of each run

inline std::int64_t cpu_now() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return std::int64_t(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

inline int report(const Json& in, const std::function<void()>& run, const std::function<Numbers()>& answer) {
  run();
  std::printf("%s\n", Json(answer()).dump().c_str());
  const std::size_t min_runs = in.value("min_runs", std::size_t(1));
  const double min_seconds = in.value("min_seconds", 0.0);
  double total = 0;
  for (std::size_t i = 0; i < min_runs || total < min_seconds; ++i) {
    const std::int64_t start = cpu_now();
    run();
    const std::int64_t took = std::max<std::int64_t>(1, cpu_now() - start);
    total += 1e-9 * double(took);
    std::printf("%lld\n", static_cast<long long>(took));
  }
  return 0;
}

/// What every peer's program does with its arguments, a file of the input and a name: `derivative(eval, input)` of the
/// eval of that name; 2 for a name that is none.
template <class F> int answer(int argc, char** argv, F derivative) {
  if (argc != 3) return 2;
  std::ifstream file(argv[1]);
  const Json in = Json::parse(file);
  const std::string name = argv[2];
  if (name == "gmm") return derivative(Gmm(in), in);
  if (name == "lstm") return derivative(Lstm(in), in);
  if (name == "kmeans") return derivative(Kmeans(in), in);
  if (name == "llsq") return derivative(Llsq(in), in);
  if (name == "lse") return derivative(Lse(in), in);
  if (name == "det") return derivative(Det(in), in);
  if (name == "ode") return derivative(Ode(in), in);
  if (name == "ba") return derivative(Ba(in), in);
  return 2;
}

}  // namespace peers

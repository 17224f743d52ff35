// Arguments of a record's op for tests, drawn from its sample ranges, and its value and partials at them.
#pragma once
#include <array>
#include <random>

#include "gradus/core/existence.hpp"
#include "gradus/core/op_list.hpp"

namespace gradus::testing {

template <class Record, class T> using Arguments = std::array<T, Record::info.arity>;

/// The range from which argument `k` is drawn.
template <class Record> std::array<double, 2> range_of(std::size_t k) {
  const bool main = int(k) == Record::info.main || Record::info.others[0] == Record::info.others[1];
  return main ? Record::info.sample : Record::info.others;
}
template <class Record> constexpr bool is_whole(std::size_t k) { return (Record::info.whole >> k & 1) != 0; }
template <class Record> constexpr bool is_rigid(std::size_t k) { return (Record::info.rigid >> k & 1) != 0; }

template <class Record> double draw_argument(std::mt19937_64& random, std::size_t k) {
  const auto [lo, hi] = range_of<Record>(k);
  if (is_whole<Record>(k)) return double(std::uniform_int_distribution<long>(long(lo), long(hi))(random));
  return std::uniform_real_distribution<>(lo, hi)(random);
}
template <class Record> Arguments<Record, double> draw(std::mt19937_64& random) {
  Arguments<Record, double> x;
  for (std::size_t k = 0; k < x.size(); k++) x[k] = draw_argument<Record>(random, k);
  return x;
}

template <class T, class Record> Arguments<Record, T> as(const Arguments<Record, double>& x) {
  Arguments<Record, T> y;
  for (std::size_t k = 0; k < x.size(); k++) y[k] = T(x[k]);
  return y;
}

template <class Record, class T, std::size_t N> T value(const std::array<T, N>& x) {
  std::array<const T*, N> at;
  for (std::size_t k = 0; k < N; k++) at[k] = &x[k];
  return value_at<Record>(at.data());
}
template <class Record, class T, std::size_t N> std::array<T, N> partials(const std::array<T, N>& x, const T& y) {
  std::array<const T*, N> at;
  for (std::size_t k = 0; k < N; k++) at[k] = &x[k];
  return partials_at<Record>(at.data(), y);
}

template <class Record, std::size_t N> bool exists(const std::array<double, N>& x) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) { return exists_at<Record>(x[I]...); }
  (std::make_index_sequence<N>());
}

template <std::size_t N> std::string text(const std::array<double, N>& x) {
  std::string s;
  for (const double v : x) s += (s.empty() ? "" : ", ") + std::to_string(v);
  return s;
}

}  // namespace gradus::testing

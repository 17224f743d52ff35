// Greedy distance-2 colouring of columns, in two orders; bicolouring by the length of rows, over a few thresholds.
#include "gradus/calculus/coloring.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace gradus {

SparsityPattern transpose(const SparsityPattern& p) {
  SparsityPattern t;
  t.rows = p.columns;
  t.columns = p.rows;
  t.row_begin.assign(std::size_t(p.columns) + 1, 0);
  for (const std::uint32_t j : p.column) t.row_begin[j + 1]++;
  std::partial_sum(t.row_begin.begin(), t.row_begin.end(), t.row_begin.begin());
  t.column.resize(p.size());
  std::vector<std::int64_t> at(t.row_begin.begin(), t.row_begin.end() - 1);
  for (std::size_t i = 0; i < std::size_t(p.rows); ++i)
    for (const std::uint32_t j : p.row(i)) t.column[std::size_t(at[j]++)] = std::uint32_t(i);
  return t;
}

namespace {

Coloring greedy(const SparsityPattern& p, const SparsityPattern& by_column, const std::vector<bool>& left_out,
                std::span<const std::uint32_t> order) {
  Coloring c;
  c.color.assign(std::size_t(p.columns), Coloring::uncolored);
  std::vector<std::uint32_t> forbidden;  // by colour: the last column that may not have it
  for (const std::uint32_t j : order) {
    bool used = false;
    for (const std::uint32_t i : by_column.row(j)) {
      if (!left_out.empty() && left_out[i]) continue;
      used = true;
      for (const std::uint32_t k : p.row(i))
        if (c.color[k] != Coloring::uncolored) forbidden[c.color[k]] = j + 1;
    }
    if (!used) continue;
    std::uint32_t least = 0;
    while (least < c.count && forbidden[least] == j + 1) ++least;
    if (least == c.count) ++c.count, forbidden.push_back(0);
    c.color[j] = least;
  }
  return c;
}

}  // namespace

Coloring color_columns(const SparsityPattern& p, const std::vector<bool>& left_out) {
  const SparsityPattern t = transpose(p);
  std::vector<std::uint32_t> order(std::size_t(p.columns));
  std::iota(order.begin(), order.end(), 0);
  Coloring natural = greedy(p, t, left_out, order);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return t.row(a).size() > t.row(b).size(); });
  Coloring largest_first = greedy(p, t, left_out, order);
  return largest_first.count < natural.count ? std::move(largest_first) : std::move(natural);
}

Bicoloring color_both(const SparsityPattern& p, double column_cost, double row_cost) {
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < std::size_t(p.rows); ++i) lengths.push_back(p.row(i).size());
  std::vector<std::size_t> thresholds = lengths;
  std::sort(thresholds.begin(), thresholds.end());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  constexpr std::size_t most = 6;  // thresholds tried, evenly among the lengths that occur
  const SparsityPattern t = transpose(p);
  Bicoloring best;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < std::min(most, thresholds.size()); ++k) {
    const std::size_t limit = thresholds[k * thresholds.size() / std::min(most, thresholds.size())];
    Bicoloring b;
    b.by_row.resize(std::size_t(p.rows));
    std::vector<bool> by_column(std::size_t(p.rows));
    for (std::size_t i = 0; i < lengths.size(); ++i) by_column[i] = !(b.by_row[i] = lengths[i] > limit);
    b.columns = color_columns(p, b.by_row);
    // Rows of one colour have no column in common, among those that are coloured.
    SparsityPattern few;
    few.rows = p.rows, few.columns = p.columns;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      if (b.by_row[i]) few.column.insert(few.column.end(), p.row(i).begin(), p.row(i).end());
      few.row_begin.push_back(std::int64_t(few.column.size()));
    }
    b.rows = color_columns(transpose(few));
    const double cost = column_cost * b.columns.count + row_cost * b.rows.count;
    if (cost < least) least = cost, best = std::move(b);
  }
  return best;
}

void Recovery::run(const double* sweeps, double* entries) const {
  const std::uint64_t* place = places.data();
  const std::uint32_t* known = minus.data();
  for (const Step& step : steps) {
    double sum = 0;
    for (std::uint32_t k = 0; k < step.places; ++k) sum += sweeps[*place++];
    for (std::uint32_t k = 0; k < step.minus; ++k) sum -= entries[*known++];
    entries[step.entry] = sum;
  }
  for (const auto& [from, to] : copies) entries[to] = entries[from];
}

Recovery recover(const SparsityPattern& p, const Coloring& columns) {
  Bicoloring both;
  both.columns = columns;
  both.by_row.assign(std::size_t(p.rows), false);
  return recover(p, both);
}

Recovery recover(const SparsityPattern& p, const Bicoloring& both) {
  Recovery r;
  const std::uint64_t rows = std::uint64_t(p.rows), start = both.columns.count * rows;
  std::uint32_t entry = 0;
  for (std::size_t i = 0; i < rows; ++i)
    for (const std::uint32_t j : p.row(i)) {
      r.steps.push_back({entry++, 1, 0});
      r.places.push_back(both.by_row[i] ? start + std::uint64_t(both.rows.color[i]) * std::uint64_t(p.columns) + j
                                        : both.columns.color[j] * rows + i);
    }
  return r;
}

}  // namespace gradus

// Colourings of sparse matrices: which columns, or rows, can share one derivative sweep, and how each entry is read off
// what the sweeps give. Source: Gebremedhin, Manne, Pothen, "What color is your Jacobian? Graph coloring for computing
// derivatives", SIAM Review 47 (2005).
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace gradus {

/// Where a matrix may have entries, in compressed rows: row i has the columns column[row_begin[i]] ...
/// column[row_begin[i + 1] - 1], ascending.
struct SparsityPattern {
  std::int64_t rows = 0, columns = 0;
  std::vector<std::int64_t> row_begin{0};
  std::vector<std::uint32_t> column;

  std::size_t size() const { return column.size(); }
  std::span<const std::uint32_t> row(std::size_t i) const {
    return {column.data() + row_begin[i], std::size_t(row_begin[i + 1] - row_begin[i])};
  }
};

SparsityPattern transpose(const SparsityPattern& pattern);

/// A colour for each column or row, counted from 0; `uncolored` for one that needs none.
struct Coloring {
  static constexpr std::uint32_t uncolored = ~std::uint32_t{0};
  std::vector<std::uint32_t> color;
  std::uint32_t count = 0;
};

/// Columns of one colour have no row in common, rows that are left out (a flag each; none: no row is) apart.
/// A distance-2 colouring, greedy in the given order and by falling degree; the better of the two.
/// Cost: the sum over the rows of the squares of their lengths.
Coloring color_columns(const SparsityPattern& pattern, const std::vector<bool>& left_out = {});

/// Both at once: rows with many entries are coloured as rows, the rest by columns. A star bicolouring in which the
/// rows that no row sweep is needed for are neutral.
struct Bicoloring {
  Coloring rows, columns;
  std::vector<bool> by_row;  // entries of this row are read off row sweeps
};
/// The one of least predicted cost, a column sweep costing `column_cost`, a row sweep `row_cost`.
Bicoloring color_both(const SparsityPattern& pattern, double column_cost, double row_cost);

/// Of a symmetric matrix: neighbours differ, and every path of four has three colours: entries are read off directly.
/// Vertices of very many neighbours get a colour of their own.
Coloring color_star(const SparsityPattern& symmetric);
/// Neighbours differ, and every cycle has three colours: entries are found by substitution.
Coloring color_acyclic(const SparsityPattern& symmetric);

/// How entries come from compressed sweeps: entry k is the sum of sweep[places] less the sum of entries already found.
struct Recovery {
  struct Step {
    std::uint32_t entry = 0, places = 0, minus = 0;  // how many of each follow
  };
  std::vector<Step> steps;
  std::vector<std::uint64_t> places;
  std::vector<std::uint32_t> minus;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> copies;  // last: from an entry to its mirror image

  void run(const double* sweeps, double* entries) const;
};

/// Sweeps lie one after the other: sweep of colour c at c * rows (of columns), then those of rows, of `columns` each.
Recovery recover(const SparsityPattern& pattern, const Coloring& columns);
Recovery recover(const SparsityPattern& pattern, const Bicoloring& both);
/// Of a star or acyclic colouring; each pair of equal entries is found once.
Recovery recover_symmetric(const SparsityPattern& symmetric, const Coloring& coloring);

}  // namespace gradus

// Random formulas of vectors and matrices, as text: sums, products of all kinds, transposes, diagonals, solutions.
#pragma once
#include <random>
#include <string>

namespace gradus::testing {

class RandomArrayFormula {
 public:
  explicit RandomArrayFormula(unsigned seed) : random_(seed) {}
  static constexpr const char* declared = "x, y: vector(n); A, B: matrix(n, n); ";

  /// A scalar, a vector of n or an n by n matrix, by its rank.
  std::string operator()(int rank, int depth) {
    static constexpr const char* leaves[] = {"t", "xy", "AB"};
    if (depth == 0) return std::string(1, leaves[rank][below(rank == 0 ? 1 : 2)]);
    const auto of = [&](int r) { return "(" + (*this)(r, depth - 1 - int(below(2)) * (depth > 1)) + ")"; };
    const std::string number = std::to_string(2 + below(3));
    switch (below(rank == 0 ? 4 : 7)) {  // entry by entry, or the forms of the rank
      case 0:
        return of(rank) + (below(2) ? " + " : " - ") + of(rank);
      case 1:
        return below(2) ? number + "*" + of(rank) : "-" + of(rank);
      case 2:
        return below(2) ? of(rank) + "*" + of(0) : of(rank) + "/" + (below(2) ? number : of(0));
      default:
        break;
    }
    const unsigned k = below(8);
    if (rank == 0) return k < 3 ? "sum" + of(1) : k < 6 ? "dot(" + of(1) + ", " + of(1) + ")" : "tr" + of(2);
    if (rank == 1)
      return k < 3   ? of(2) + " @ " + of(1)
             : k < 5 ? of(1) + " @ " + of(2)
             : k < 6 ? of(1) + "*" + of(1)
             : k < 7 ? "exp" + of(1)
                     : "solve(" + of(2) + ", " + of(1) + ")";
    return k < 3   ? of(2) + " @ " + of(2)
           : k < 4 ? of(2) + "'"
           : k < 5 ? "outer(" + of(1) + ", " + of(1) + ")"
           : k < 6 ? "diag" + of(1)
           : k < 7 ? (below(2) ? "columns(" + of(1) + ", n)*" : "rows(" + of(1) + ", n)*") + of(2)
                   : of(2) + "*" + (below(3) ? of(2) : "eye(n)");
  }

 private:
  unsigned below(unsigned n) { return unsigned(random_() % n); }
  std::mt19937 random_;
};

}  // namespace gradus::testing

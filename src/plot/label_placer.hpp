// Finds room for labels: a coarse map of what is already drawn, and for every label the least crowded of some places
// around its point.
#pragma once

#include <optional>
#include <vector>

#include "plot/drawing.hpp"

namespace gradus::plot {

class LabelPlacer {
 public:
  explicit LabelPlacer(const Box& area);

  void avoid(const Polyline& line);
  void avoid(const Box& box);

  /// How crowded a box is: 0 is free; 1000 and more leaves the area.
  double crowding(const Box& box) const;

  /// The best box of the given size beside `at`, `gap` away from it; it is avoided from now on. Nothing if even that
  /// one is more crowded than `most`.
  std::optional<Box> place(Point at, double width, double height, double gap, double most = 1e300);

 private:
  static constexpr double cell = 4;
  int column(double x) const;
  int row(double y) const;
  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  }

  Box area_;
  int columns_, rows_;
  std::vector<int> used_;
};

}  // namespace gradus::plot

// What the legend lists: every mark with a label that is not written beside it.
#pragma once

#include <string>
#include <vector>

#include "gradus/plot/scene.hpp"

namespace gradus::plot {

enum class Sample { line, path, band, arrow, ramp };

struct LegendEntry {
  Sample sample = Sample::line;
  Series series = 0;
  std::string label;
};

/// In drawing order of the scene, curves first; empty when the scene wants no legend.
std::vector<LegendEntry> legend_entries(const Scene& scene);

/// The name of a kind of point, as descriptions and terminals say it; empty for plain.
const char* kind_name(PointKind kind);

}  // namespace gradus::plot

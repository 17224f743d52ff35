// A matrix that is made: its sweeps run, its entries recovered.
#include <cstdio>
#include <cstring>

#include "gradus/program/sparse.hpp"

namespace gradus {

Result<bool> SparseDerivative::operator()(std::span<const program::View> inputs, double* values) const {
  for (const Deciding& d : deciding_) {
    if (d.argument >= inputs.size()) break;  // an error of the run
    const void* now = inputs[d.argument].data;
    if (!d.values.empty() && std::memcmp(now, d.values.data(), d.values.size() * sizeof(double)) != 0)
      return Diagnostic{Code::E402, "argument " + std::to_string(d.argument) +
                                        " decides which entries there are, and is not what the pattern was made of"};
  }
  std::vector<program::View> views(inputs.begin(), inputs.end());
  for (const Extra& e : extra_) views.emplace_back(e.values.data(), e.shape);
  std::vector<std::vector<double>> outputs;
  std::size_t all = 0;
  for (const Group& group : groups_)
    for (const Part& part : group.parts) {
      outputs.emplace_back(part.width * group.sweeps);
      all += outputs.back().size();
    }
  std::vector<double*> places;
  places.reserve(outputs.size());
  for (auto& output : outputs) places.push_back(output.data());
  if (auto done = program_->run(views, places, sizes_); !done) return done.errors();
  std::vector<double> sweeps;
  sweeps.reserve(all);
  std::size_t first = 0;
  for (const Group& group : groups_) {
    for (std::uint32_t s = 0; s < group.sweeps; ++s)
      for (std::size_t k = 0; k < group.parts.size(); ++k) {
        const std::size_t width = group.parts[k].width;
        const double* from = outputs[first + k].data() + s * width;
        sweeps.insert(sweeps.end(), from, from + width);
      }
    first += group.parts.size();
  }
  recovery_.run(sweeps.data(), values);
  return true;
}

std::string SparseDerivative::text() const {
  std::string text;
  for (std::size_t k = 0; k < candidates_.size(); ++k) {
    char line[128];
    std::snprintf(line, sizeof line, "%c %-14s %6u sweeps  predicted %.3g\n", k == chosen_ ? '*' : ' ',
                  candidates_[k].name.c_str(), candidates_[k].sweeps, candidates_[k].predicted);
    text += line;
  }
  return text;
}

}  // namespace gradus

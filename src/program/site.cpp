// Sizes and arrays of a program while its regions are emitted.
#include "gradus/core/control.hpp"
#include "region.hpp"

namespace gradus::program {

Id Site::size_of(const Dim& d) {
  for (Id k = 0; k < program.sizes.size(); ++k)
    if (d.is_constant() ? program.sizes[k].value == d.size : program.sizes[k].name == d.name) return k;
  if (!d.is_constant())
    if (const auto at = renamed_.find(std::string(d.name)); at != renamed_.end()) return at->second;
  const Id id = Id(program.sizes.size());
  if (is_number_of_rounds(d)) {  // found out while the program runs
    renamed_[std::string(d.name)] = id;
    program.sizes.push_back({"rounds" + std::to_string(computed_++), -1, true});
  } else {
    program.sizes.push_back({std::string(d.name), d.is_constant() ? d.size : -1});
  }
  return id;
}

std::vector<Id> Site::sizes_of(const Shape* shape) {
  std::vector<Id> sizes;
  if (shape)
    for (const Dim& d : *shape) sizes.push_back(size_of(d));
  return sizes;
}

Id Site::add_array(const char* stem, Role role, std::vector<Id> shape) {
  const bool growing = !shape.empty() && program.sizes[shape[0]].computed && role == Role::temporary;
  program.arrays.push_back(
      {stem + std::to_string(names_++), role, std::move(shape), growing, false, program.arithmetic});
  return Id(program.arrays.size() - 1);
}

Id Site::chosen_size(const char* stem) {
  Size size{stem + std::to_string(program.segments.size()) + "_", -1};
  size.chosen = true;
  program.sizes.push_back(std::move(size));
  return Id(program.sizes.size() - 1);
}

}  // namespace gradus::program

// Made from the list of pointwise ops; libmvec is found by name when first asked for.
#include "functions.hpp"

#include <dlfcn.h>

#include <array>

#include "gradus/core/op_list.hpp"

namespace gradus::program {
namespace {

template <class Record> double unary_value(double x) { return Record::template value<double>(x); }
template <class Record> double binary_value(double x, double y) { return Record::template value<double>(x, y); }
template <class Record> double ternary_value(double x, double y, double z) {
  return Record::template value<double>(x, y, z);
}

const std::array<Function, PointwiseOps::size>& functions() {
  static const auto table = [] {
    std::array<Function, PointwiseOps::size> all{};
    std::size_t i = 0;
    PointwiseOps::for_each([&]<class Record> {
      Function& f = all[i++];
      f = {Record::info.name.data(), Record::info.arity, Record::info.flops, nullptr, nullptr, nullptr};
      if constexpr (Record::info.arity == 1)
        f.unary = unary_value<Record>;
      else if constexpr (Record::info.arity == 2)
        f.binary = binary_value<Record>;
      else
        f.ternary = ternary_value<Record>;
    });
    return all;
  }();
  return table;
}

void* find_vector_function(Id op, int lanes, Element arithmetic) {
  static void* const library = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL);
  const std::string name = vector_function_name(op, lanes, arithmetic);
  return library && !name.empty() ? dlsym(library, name.c_str()) : nullptr;
}

}  // namespace

const Function& function(Id op) { return functions()[op]; }

std::string vector_function_name(Id op, int lanes, Element arithmetic) {
  const OpInfo& info = op_infos[op];
  if (info.vector.empty()) return {};
  const bool floats = arithmetic == Element::float32;
  const int doubles = floats ? lanes / 2 : lanes;
#if defined(__x86_64__)
  const char* isa = doubles == 8 ? "_ZGVeN" : doubles == 4 ? "_ZGVdN" : doubles == 2 ? "_ZGVbN" : nullptr;
#elif defined(__aarch64__)
  const char* isa = doubles == 2 ? "_ZGVnN" : nullptr;
#else
  const char* isa = nullptr;
#endif
  if (!isa) return {};
  return isa + std::to_string(lanes) + (info.arity == 2 ? "vv_" : "v_") + std::string(info.vector) +
         (floats ? "f" : "");
}

void* vector_function(Id op, int lanes, Element arithmetic) {
  static const auto table = [] {
    std::array<std::array<std::array<void*, 4>, 2>, PointwiseOps::size> all{};
    for (Id i = 0; i < Id(PointwiseOps::size); ++i)
      for (const int k : {1, 2, 3}) {
        all[i][0][std::size_t(k)] = find_vector_function(i, 1 << k, Element::float64);
        all[i][1][std::size_t(k)] = find_vector_function(i, 2 << k, Element::float32);
      }
    return all;
  }();
  const int doubles = arithmetic == Element::float32 ? lanes / 2 : lanes;
  const std::size_t k = doubles == 8 ? 3 : doubles == 4 ? 2 : doubles == 2 ? 1 : 0;
  return table[op][arithmetic == Element::float32 ? 1 : 0][k];
}

}  // namespace gradus::program

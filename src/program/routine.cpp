#include "routine.hpp"

#include <new>
#include <vector>

#include "gradus/core/late_library.hpp"
#include "stored.hpp"

namespace gradus::program {
namespace {

constexpr std::array<RoutineInfo, routine_count> infos{{{"lu", 1, 2, "dgetrf"},
                                                        {"lu_solve", 3, 1, "dgetrs"},
                                                        {"lu_solve_transposed", 3, 1, "dgetrs"},
                                                        {"lu_inverse", 2, 1, "dgetri"},
                                                        {"lu_det", 2, 1, "dgetrf"},
                                                        {"lu_logdet", 2, 1, "dgetrf"},
                                                        {"lu_log_abs_det", 2, 1, "dgetrf"},
                                                        {"lu_sign", 2, 1, "dgetrf"},
                                                        {"cholesky", 1, 1, "dpotrf"},
                                                        {"eigenvalues", 1, 1, "dsyevd"},
                                                        {"eigen", 1, 2, "dsyevd"},
                                                        {"solve_lower", 2, 1, "dtrsm"},
                                                        {"solve_upper", 2, 1, "dtrsm"},
                                                        {"solve_lower_transposed", 2, 1, "dtrsm"},
                                                        {"solve_upper_transposed", 2, 1, "dtrsm"},
                                                        {"solve_unit_lower", 2, 1, "dtrsm"},
                                                        {"solve_unit_upper", 2, 1, "dtrsm"},
                                                        {"solve_unit_lower_transposed", 2, 1, "dtrsm"},
                                                        {"solve_unit_upper_transposed", 2, 1, "dtrsm"}}};

struct Library {
  LapackRun run = nullptr;
  std::string error;
};

const Library& library() {
  static const Library opened = [] {
    Library l;
    void* handle = open_late("gradus-lapack", &l.error);
    if (handle) l.run = reinterpret_cast<LapackRun>(find_late(handle, "gradus_lapack_run"));
    if (handle && !l.run) l.error = "libgradus-lapack.so belongs to another version";
    return l;
  }();
  return opened;
}

}  // namespace

const RoutineInfo& routine_info(Id routine) { return infos[routine]; }

std::string routine_problem(const Program& p, const Instruction& in) {
  if (in.target >= routine_count) return "no such routine";
  const RoutineInfo& info = infos[in.target];
  if (in.index.size() != std::size_t(info.reads) + std::size_t(info.writes)) return "wrong number of arrays";
  for (std::size_t k = 0; k < in.index.size(); ++k) {
    if (is_value(in.index[k]) || constant_of(in.index[k]) >= p.arrays.size()) return "no such array";
    if (k >= std::size_t(info.reads) && p.is_input(constant_of(in.index[k]))) return "a result in an input";
  }
  return {};
}

std::string routines_missing(const Program& program) {
  for (const Instruction& in : program.code)
    if (in.opcode == Opcode::routine)
      return library().run ? std::string() : "linear algebra needs libgradus-lapack.so: " + library().error;
  return {};
}

Status run_routine(Runtime* runtime, Id at) {
  const Program& p = *runtime->program;
  const Instruction& in = p.code[at];
  std::array<double*, 4> arrays{};
  std::array<std::vector<double>, 4> copies;  // of arguments and results of the program that are no doubles
  std::int64_t n = 0, k = -1;
  const auto size = [&](Id s) { return p.sizes[s].value >= 0 ? p.sizes[s].value : runtime->sizes[s]; };
  for (std::size_t i = 0; i < in.index.size(); ++i) {
    const Id array = constant_of(in.index[i]);
    const auto& shape = p.arrays[array].shape;
    const Element element = p.arrays[array].element;
    arrays[i] = static_cast<double*>(runtime->arrays[array]);
    if (element != Element::float64) {
      std::size_t count = 1;
      for (const Id s : shape) count *= std::size_t(size(s));
      try {
        copies[i].resize(count);
      } catch (const std::bad_alloc&) {
        return Status::no_memory;
      }
      for (std::size_t e = 0; e < count; ++e)
        copies[i][e] = read_number(runtime->arrays[array], element, std::int64_t(e));
      arrays[i] = copies[i].data();
    }
    if (i == 0) n = size(shape[0]);
    if (i + 1 == in.index.size() && shape.size() == 2) k = size(shape[1]);  // columns of the last result
  }
  if (!library().run(in.target, n, k, arrays.data())) return Status::no_memory;
  for (std::size_t i = std::size_t(routine_info(in.target).reads); i < in.index.size(); ++i) {
    const Id array = constant_of(in.index[i]);
    for (std::size_t e = 0; e < copies[i].size(); ++e)
      write_number(runtime->arrays[array], p.arrays[array].element, std::int64_t(e), copies[i][e]);
  }
  return Status::done;
}

}  // namespace gradus::program

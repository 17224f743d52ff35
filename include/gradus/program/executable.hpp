// A program made ready to run, by the interpreter or as machine code.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gradus/core/result.hpp"
#include "gradus/program/program.hpp"

namespace gradus::program {

enum class Engine : std::uint8_t {
  automatic,    // machine code where it can be made, else the interpreter
  interpreter,  // starts at once
  machine_code,
};

/// An argument: dense, row-major doubles. Rank 0 is one double.
struct View {
  const double* data = nullptr;
  std::vector<std::int64_t> shape{};
};

/// Immutable and shared freely among threads; each call borrows a workspace that is kept for the next.
class Executable {
 public:
  /// Errors:  E605 if machine code is demanded and cannot be made; E608 if the program calls LAPACK and
  ///          libgradus-lapack is not there.
  /// Cost:    interpreter: linear in the program. Machine code: about 1 ms and 40 us an instruction; the first time
  ///          in a process also what opening LLVM takes (about 15 ms).
  static Result<std::shared_ptr<const Executable>> make(Program program, Engine engine = Engine::automatic);
  ~Executable();

  /// Runs the program. `inputs` in the program's order; an output points to room for its shape.
  /// `sizes` gives named sizes that no input has. An output must not overlap an input.
  /// Errors:  E202 if shapes do not fit together, E403 if a size has no value, E601 if memory runs out, E602 if while
  /// loops
  ///          go round more than `most_rounds` times in all.
  /// Numeric: the same bits from the interpreter and from machine code on one machine.
  Result<bool> run(std::span<const View> inputs, std::span<double* const> outputs,
                   std::span<const std::pair<std::string, std::int64_t>> sizes = {}) const;

  /// Lengths of output `k` for these inputs. Errors as `run`.
  Result<std::vector<std::int64_t>> output_shape(
      std::size_t k, std::span<const View> inputs,
      std::span<const std::pair<std::string, std::int64_t>> sizes = {}) const;

  static constexpr std::int64_t most_rounds = 10'000'000'000;
  const Program& program() const { return program_; }
  bool is_machine_code() const { return native_ != nullptr; }
  /// Milliseconds it took to make the machine code, the opening of LLVM apart; 0 for the interpreter.
  double compile_milliseconds() const { return milliseconds_; }

 private:
  struct Workspace;
  struct Pool;
  Executable();
  Result<bool> bind_sizes(std::span<const View> inputs, std::span<const std::pair<std::string, std::int64_t>> given,
                          std::vector<std::int64_t>& sizes) const;

  Program program_;
  std::vector<Id> ends_;  // of loops, by instruction
  std::unique_ptr<Pool> pool_;
  void* native_ = nullptr;  // what the code generator gave; released by it
  void* run_ = nullptr;     // its entry
  double milliseconds_ = 0;
};

}  // namespace gradus::program

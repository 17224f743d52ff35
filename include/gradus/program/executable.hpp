// A program made ready to run, by the interpreter or as machine code.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gradus/core/result.hpp"
#include "gradus/program/limits.hpp"
#include "gradus/program/program.hpp"

namespace gradus::program {

enum class Engine : std::uint8_t {
  automatic,    // machine code where it can be made, else the interpreter
  interpreter,  // starts at once
  machine_code,
  tiered,  // starts by the interpreter (at once, when LLVM is open); machine code takes over when a thread in the
           // background has made it
};

/// An argument: dense, row-major elements where the caller has them. Rank 0 is one element.
struct View {
  View() = default;
  View(std::nullptr_t, std::vector<std::int64_t> lengths) : shape(std::move(lengths)) {}
  template <Stored T>
  View(const T* elements, std::vector<std::int64_t> lengths = {})
      : data(elements), shape(std::move(lengths)), element(element_of<T>) {}

  const void* data = nullptr;
  std::vector<std::int64_t> shape{};
  Element element = Element::float64;
};

/// Where a result goes: room for its elements.
struct Room {
  Room() = default;
  template <Stored T> Room(T* elements) : data(elements), element(element_of<T>) {}

  void* data = nullptr;
  Element element = Element::float64;
};

using NamedSize = std::pair<std::string, std::int64_t>;

class Call;

/// Immutable and shared freely among threads; each call borrows a workspace that is kept for the next.
class Executable : public std::enable_shared_from_this<Executable> {
 public:
  /// Errors:  E605 if machine code is demanded and cannot be made; E608 if the program calls LAPACK and
  ///          libgradus-lapack is not there.
  /// Cost:    interpreter and tiered: linear in the program. Machine code: of a program without loops about 0.2 us an
  ///          instruction; of others about 1 ms and 40 us an instruction, or a third of a millisecond where the cache
  ///          on disk has it. The first time in a process also what opening LLVM takes (about 15 ms).
  static Result<std::shared_ptr<const Executable>> make(Program program, Engine engine = Engine::automatic,
                                                        const Limits& limits = {});
  ~Executable();

  /// Runs the program. `inputs` in the program's order; an output points to room for its shape.
  /// `sizes` gives named sizes that no input has. An output must not overlap an input.
  /// Elements are of the types that the program declares; nothing is converted or copied on the way in or out.
  /// Errors:  E202 if shapes do not fit together or elements are of another type, E403 if a size has no value, E601 if
  /// a call would take more memory than
  ///          `limits` or the system gives, E602 if while loops go round too often.
  /// Numeric: the same bits from the interpreter and from machine code on one machine.
  /// Cost:    beside the work itself about 50 ns and, once memory for these sizes is there, no allocation.
  Result<bool> run(std::span<const View> inputs, std::span<const Room> outputs,
                   std::span<const NamedSize> sizes = {}) const;
  Result<bool> run(std::span<const View> inputs, std::span<double* const> outputs,
                   std::span<const NamedSize> sizes = {}) const;

  /// A call on these places, shapes checked and memory taken once. Errors as `run`.
  Result<Call> bind(std::span<const View> inputs, std::span<const Room> outputs,
                    std::span<const NamedSize> sizes = {}) const;
  Result<Call> bind(std::span<const View> inputs, std::span<double* const> outputs,
                    std::span<const NamedSize> sizes = {}) const;

  /// Lengths of output `k` for these inputs. Errors as `run`.
  Result<std::vector<std::int64_t>> output_shape(std::size_t k, std::span<const View> inputs,
                                                 std::span<const NamedSize> sizes = {}) const;

  const Program& program() const { return program_; }
  const Limits& limits() const { return limits_; }
  bool is_machine_code() const { return run_.load(std::memory_order_acquire) != nullptr; }
  /// Of a tiered one: returns when the background is done with it. Whether there is machine code.
  bool wait_for_machine_code() const;
  /// Whether the machine code came from the cache on disk.
  bool is_from_cache() const { return from_cache_; }
  /// Milliseconds it took to make the machine code, the opening of LLVM apart; 0 for the interpreter.
  double compile_milliseconds() const { return milliseconds_; }

 private:
  friend class Call;
  struct Workspace;
  struct Pool;
  Executable();
  bool make_machine_code(std::string& error) const;
  Result<bool> read_sizes(std::span<const View> inputs, std::span<const NamedSize> given,
                          std::vector<std::int64_t>& sizes) const;
  Result<bool> derive_sizes(std::span<const NamedSize> given, std::vector<std::int64_t>& sizes) const;
  Result<bool> prepare(Workspace& w, std::span<const View> inputs, std::span<const Room> outputs,
                       std::span<const NamedSize> given) const;
  Result<bool> start(Workspace& w) const;

  Program program_;
  Limits limits_;
  bool is_parallel_ = false;         // threads are allowed, and there are loops for them
  std::vector<Id> ends_;             // of loops, by instruction
  std::vector<std::int64_t> given_;  // sizes before a call: constants, or -1
  std::vector<Id> derived_;          // sizes that are polynomials of others
  std::unique_ptr<Pool> pool_;
  // Written once, by the maker or by the background, before `run_`.
  mutable void* native_ = nullptr;  // what the code generator gave; released by it
  mutable bool from_cache_ = false;
  mutable double milliseconds_ = 0;
  mutable std::atomic<void*> run_{nullptr};   // the entry
  mutable std::atomic<bool> pending_{false};  // in the background
};

/// A call whose places are bound: the data behind them may change between calls. Belongs to one thread at a time.
/// Cost: beside the work itself a few nanoseconds; no allocation, but for rows of while loops that go round more often.
class Call {
 public:
  Call(Call&&) noexcept;
  Call& operator=(Call&&) noexcept;
  ~Call();
  /// Errors: E601, E602.
  Result<bool> operator()();

 private:
  friend class Executable;
  Call(std::shared_ptr<const Executable> executable, std::unique_ptr<Executable::Workspace> workspace);
  std::shared_ptr<const Executable> executable_;
  std::unique_ptr<Executable::Workspace> workspace_;
};

}  // namespace gradus::program

// Making a program ready, and calling it: by the interpreter, by machine code, or by whichever is there (tiered).
#include "gradus/program/executable.hpp"

#include <algorithm>
#include <chrono>

#include "background.hpp"
#include "code_generator.hpp"
#include "routine.hpp"
#include "stack_place.hpp"
#include "thread_pool.hpp"
#include "workspace.hpp"

namespace gradus::program {

Executable::Executable() : pool_(std::make_unique<Pool>()) {}

Executable::~Executable() {
  if (native_) release_native(native_);
}

bool Executable::make_machine_code(std::string& error) const {
  if (!open_code_generator(error)) return false;
  const auto start = std::chrono::steady_clock::now();
  NativeCode code;
  if (!compile_native(program_, code, error)) return false;
  native_ = code.handle;
  from_cache_ = code.from_cache;
  milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  run_.store(reinterpret_cast<void*>(code.run), std::memory_order_release);
  return true;
}

Result<std::shared_ptr<const Executable>> Executable::make(Program program, Engine engine, const Limits& limits) {
  if (const std::string why = finish(program); !why.empty()) return Diagnostic{Code::E605, "malformed program: " + why};
  if (const std::string why = routines_missing(program); !why.empty()) return Diagnostic{Code::E608, why};
  const std::shared_ptr<Executable> e(new Executable);
  e->program_ = std::move(program);
  e->limits_ = limits;
  e->limits_.threads = std::clamp(limits.threads, 1, int(Segments::most_blocks));
  e->ends_.assign(e->program_.code.size(), none);
  for (Id i = 0; i < e->program_.code.size(); ++i)
    if (e->program_.code[i].opcode == Opcode::end) e->ends_[e->program_.code[i].target] = i;
  for (const Instruction& in : e->program_.code)
    e->is_parallel_ = e->is_parallel_ || (in.parallel && e->limits_.threads > 1);
  if (e->is_parallel_) start_threads(unsigned(e->limits_.threads - 1));
  for (Id s = 0; s < e->program_.sizes.size(); ++s) {
    const Size& size = e->program_.sizes[s];
    e->given_.push_back(size.value);
    if (size.value < 0 && !size.computed && size.name.find_first_of("+-*") != std::string::npos)
      e->derived_.push_back(s);
  }
  if (engine == Engine::automatic || engine == Engine::machine_code) {
    std::string error;
    if (!e->make_machine_code(error) && engine == Engine::machine_code)
      return Diagnostic{Code::E605, "no machine code: " + error};
  }
  std::shared_ptr<const Executable> made = e;
  if (engine == Engine::tiered) {
    e->pending_ = true;
    const auto done = [](const Executable& x) {
      x.pending_.store(false, std::memory_order_release);
      x.pending_.notify_all();
    };
    const auto work = [made, done] {
      std::string error;
      made->make_machine_code(error);
      done(*made);
    };
    // LLVM is opened here: were the process to end while another thread does it, what is open already would be closed
    // under its hands.
    std::string error;
    const bool open = open_code_generator(error);
    if (open) end_background_before_what_is_open();
    if (!open || !in_background(work, [made, done] { done(*made); })) done(*made);
  }
  return made;
}

bool Executable::wait_for_machine_code() const {
  pending_.wait(true, std::memory_order_acquire);
  return is_machine_code();
}

Result<bool> Executable::start(Workspace& w) const {
  const auto kernel = reinterpret_cast<Kernel>(run_.load(std::memory_order_acquire));
  const Status status = kernel ? at_fixed_place(kernel, w.arrays.data(), w.sizes.data(), &w.runtime)
                               : interpret(program_, ends_, w.runtime, w.scratch);
  if (status == Status::no_memory) return Diagnostic{Code::E601, "no memory for the rounds of a loop"};
  if (status == Status::too_many_rounds)
    return Diagnostic{Code::E602, "loops went round more than " + std::to_string(limits_.rounds) + " times"};
  return true;
}

Result<bool> Executable::run(std::span<const View> inputs, std::span<const Room> outputs,
                             std::span<const NamedSize> sizes) const {
  std::unique_ptr<Workspace> w = pool_->borrow();
  auto done = prepare(*w, inputs, outputs, sizes);
  if (done) done = start(*w);
  pool_->give_back(std::move(w));
  return done;
}

Result<bool> Executable::run(std::span<const View> inputs, std::span<double* const> outputs,
                             std::span<const NamedSize> sizes) const {
  std::unique_ptr<Workspace> w = pool_->borrow();
  w->rooms.assign(outputs.begin(), outputs.end());
  auto done = prepare(*w, inputs, w->rooms, sizes);
  if (done) done = start(*w);
  pool_->give_back(std::move(w));
  return done;
}

Result<Call> Executable::bind(std::span<const View> inputs, std::span<double* const> outputs,
                              std::span<const NamedSize> sizes) const {
  return bind(inputs, std::vector<Room>(outputs.begin(), outputs.end()), sizes);
}

Result<Call> Executable::bind(std::span<const View> inputs, std::span<const Room> outputs,
                              std::span<const NamedSize> sizes) const {
  auto w = std::make_unique<Workspace>();
  if (const auto done = prepare(*w, inputs, outputs, sizes); !done) return done.errors();
  return Call(shared_from_this(), std::move(w));
}

Call::Call(std::shared_ptr<const Executable> executable, std::unique_ptr<Executable::Workspace> workspace)
    : executable_(std::move(executable)), workspace_(std::move(workspace)) {}
Call::Call(Call&&) noexcept = default;
Call& Call::operator=(Call&&) noexcept = default;
Call::~Call() = default;

Result<bool> Call::operator()() {
  workspace_->runtime.rounds_left = executable_->limits_.rounds;
  return executable_->start(*workspace_);
}

}  // namespace gradus::program

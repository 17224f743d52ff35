// Each varying value is a block of lanes * unroll doubles, any other a single one; instructions that vary go through
// the kernels of the program's width and of what they compute in. Numbers of float32 are kept as doubles, rounded by
// every operation; wide ones are rounded where a float32 operation uses them. Folds keep one partial result per place
// in the block and halve pairwise at the end, exactly as the emitted code does (jit/emit.cpp); places past the end of
// the last block neither store nor count.
#include "interpreter.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

#include "functions.hpp"
#include "kernels.hpp"
#include "stored.hpp"

namespace gradus::program {
namespace {

class Interpreter {
 public:
  Interpreter(const Program& program, const std::vector<Id>& ends, Runtime& runtime, Scratch& scratch, void** arrays)
      : p_(program),
        ends_(ends),
        runtime_(runtime),
        arrays_(arrays),
        sizes_(runtime.sizes),
        kernels_(kernels(program.lanes, program.arithmetic)),
        offsets_of_lanes_(scratch.lanes),
        memory_(scratch.values),
        offsets_(scratch.offsets),
        counters_(scratch.counters),
        scratch_(scratch) {
    for (const Instruction& in : p_.code)
      if (in.opcode == Opcode::loop && in.lanes)
        widest_ = std::max<std::size_t>(widest_, in.unroll * std::size_t(p_.lanes));
    if (offsets_.size() == p_.code.size()) return;
    std::size_t room = 3 * widest_ + p_.lanes;
    offsets_.resize(p_.code.size());
    for (Id i = 0; i < p_.code.size(); ++i) {
      const Instruction& in = p_.code[i];
      offsets_[i] = room;
      const bool block = in.varying || (in.opcode == Opcode::fold && in.array == none && p_.code[in.target].lanes);
      room += block ? widest_ : 1;
    }
    memory_.assign(room, 0.0);
    counters_.resize(p_.code.size());
  }

  Status run() {
    range(0, Id(p_.code.size()));
    return status_;
  }

 private:
  double* value(Id i) { return memory_.data() + offsets_[i]; }
  double scalar(Id i) { return i == none ? 0.0 : *value(i); }
  std::int64_t size(Id s) const { return p_.sizes[s].value >= 0 ? p_.sizes[s].value : sizes_[s]; }

  const Kernels& kernels_of(const Instruction& in) const { return kernels_[p_.type_of(in)]; }
  // A number as an instruction holds it.
  double rounded(const Instruction& in, double x) const {
    return p_.type_of(in) == Element::float32 ? double(float(x)) : x;
  }

  // Operand `i` as a block; `slot` is the place for one that does not vary.
  const double* block(Id i, std::size_t slot) {
    if (p_.code[i].varying) return value(i);
    double* spread = memory_.data() + slot * widest_;
    std::fill(spread, spread + width_, *value(i));
    return spread;
  }

  // Where in the array the first lane is, and how far the lanes are apart; or, where an index varies in its own way,
  // `scattered` by lane.
  struct Place {
    std::int64_t first = 0, step = 0;
    bool scattered = false;
  };
  Place place(Id array, const std::vector<Id>& index, std::size_t from = 0) {
    Place at;
    std::int64_t stride = 1;
    for (std::size_t axis = index.size(); axis-- > from;
         stride *= size(p_.arrays[array].shape[axis - (index.size() - p_.arrays[array].shape.size())])) {
      const Id k = index[axis];
      if (!is_value(k)) {
        at.first += constant_of(k) * stride;
      } else if (const Instruction& in = p_.code[k]; in.opcode == Opcode::loop) {
        at.first += counters_[k] * stride;
        if (in.lanes) at.step += stride;
      } else if (!in.varying || in.affine) {
        at.first += std::int64_t(value(k)[0]) * stride;
        at.step += in.step * stride;
      } else {
        if (!at.scattered) offsets_of_lanes_.assign(widest_, 0);
        at.scattered = true;
        for (std::size_t l = 0; l < active_; ++l) offsets_of_lanes_[l] += std::int64_t(value(k)[l]) * stride;
      }
    }
    return at;
  }
  std::int64_t offset(const Place& at, std::size_t lane) const {
    return at.first + std::int64_t(lane) * at.step + (at.scattered ? offsets_of_lanes_[lane] : 0);
  }

  // Calls f with the memory of an array, as what it holds.
  template <class F> void on(Id array, F f) {
    with_memory_of(p_.arrays[array].element, [&](auto* memory) { f(static_cast<decltype(memory)>(arrays_[array])); });
  }

  void load(Id i, const Instruction& in) {
    const Place at = place(in.target, in.index);
    double* r = value(i);
    on(in.target, [&](auto* from) {
      if (!in.varying) {
        *r = in.a != none && scalar(in.a) == 0 ? 0 : number_of(from[at.first]);
        return;
      }
      const double* guard = in.a == none ? nullptr : block(in.a, 0);
      if (!guard && !at.scattered) {
        for (std::size_t k = 0; k < active_; ++k) r[k] = number_of(from[at.first + std::int64_t(k) * at.step]);
      } else {
        for (std::size_t k = 0; k < active_; ++k) r[k] = guard && guard[k] == 0 ? 0 : number_of(from[offset(at, k)]);
      }
    });
    if (in.varying) std::fill(r + active_, r + width_, 0.0);
    if (p_.arrays[in.target].element == Element::float64 && p_.type_of(in) == Element::float32)
      kernels_of(in).round(r, r, in.varying ? width_ : 1);
  }

  void store(const Instruction& in) {
    const Place at = place(in.target, in.index);
    on(in.target, [&](auto* to) {
      using T = std::remove_pointer_t<decltype(to)>;
      if (at.step == 0 && !at.scattered) {
        to[at.first] = stored<T>(scalar(in.a));
        return;
      }
      const double* a = block(in.a, 0);
      for (std::size_t k = 0; k < active_; ++k) to[offset(at, k)] = stored<T>(a[k]);
    });
  }

  void accumulate(const Instruction& in) {
    const Place at = place(in.target, in.index);
    const Element type = p_.type_of(in);
    on(in.target, [&](auto* to) {
      using T = std::remove_pointer_t<decltype(to)>;
      const auto add = [&](std::int64_t where, double x) {
        to[where] = stored<T>(pointwise(type, Opcode::add, number_of(to[where]), x, 0));
      };
      if (!in.varying) {
        if (in.b == none || scalar(in.b) != 0) add(at.first, scalar(in.a));
        return;
      }
      const double* a = block(in.a, 0);
      const double* guard = in.b == none ? nullptr : block(in.b, 1);
      for (std::size_t k = 0; k < active_; ++k)
        if (!guard || guard[k] != 0) add(offset(at, k), a[k]);
    });
  }

  // A function without a vector form is that of doubles, rounded.
  void call(Id i, const Instruction& in) {
    const Function& f = function(in.target);
    double* r = value(i);
    const auto one = [&](double a, double b, double c) {
      return rounded(in, f.value(rounded(in, a), rounded(in, b), rounded(in, c)));
    };
    if (!in.varying) {
      *r = one(scalar(in.a), in.b == none ? 0 : scalar(in.b), in.c == none ? 0 : scalar(in.c));
      return;
    }
    const double* a = block(in.a, 0);
    const double* b = in.b == none ? nullptr : block(in.b, 1);
    if (void* vector = vector_function(in.target, p_.lanes, p_.arithmetic)) {
      const Kernels& kernels = kernels_of(in);
      b ? kernels.call_binary(vector, r, a, b, width_) : kernels.call_unary(vector, r, a, width_);
      return;
    }
    const double* c = in.c == none ? nullptr : block(in.c, 2);
    for (std::size_t k = 0; k < width_; ++k) r[k] = one(a[k], b ? b[k] : 0, c ? c[k] : 0);
  }

  void pointwise_step(Id i, const Instruction& in) {
    if (!in.varying) {
      *value(i) = pointwise(p_.type_of(in), in.opcode, scalar(in.a), scalar(in.b), scalar(in.c));
      return;
    }
    const Kernels& kernels = kernels_of(in);
    const std::size_t op = std::size_t(in.opcode);
    const double* a = block(in.a, 0);
    if (in.b == none) return kernels.unary[op](value(i), a, width_);
    const double* b = block(in.b, 1);
    if (in.c == none) return kernels.binary[op](value(i), a, b, width_);
    kernels.ternary[op](value(i), a, b, block(in.c, 2), width_);
  }

  static double identity(const Instruction& in) {
    return in.fold == Fold::sum ? 0.0 : -std::numeric_limits<double>::infinity();
  }
  double combine(const Instruction& in, double sum, double x) const {
    return pointwise(p_.type_of(in), in.fold == Fold::sum ? Opcode::add : Opcode::max, sum, x, 0);
  }
  double step(const Instruction& in, double sum, double a, double b) const {
    return in.b == none ? combine(in, sum, a) : pointwise(p_.type_of(in), Opcode::fma, a, b, sum);
  }
  void halve(const Instruction& in, double* v, std::size_t count) const {
    for (std::size_t half = count / 2; half >= 1; half /= 2)
      for (std::size_t k = 0; k < half; ++k) v[k] = combine(in, v[k], v[k + half]);
  }

  // The partial results of an entry, as doubles: in the array itself, or in a room to be put back.
  double* partial(const Instruction& in, std::int64_t entry) {
    const std::int64_t first = entry * p_.lanes;
    if (p_.arrays[in.partial].element == Element::float64) return static_cast<double*>(arrays_[in.partial]) + first;
    double* room = memory_.data() + 3 * widest_;
    const auto* from = static_cast<const float*>(arrays_[in.partial]) + first;
    std::copy(from, from + p_.lanes, room);
    return room;
  }
  void put_back(const Instruction& in, std::int64_t entry, const double* v) {
    if (p_.arrays[in.partial].element == Element::float64) return;
    auto* to = static_cast<float*>(arrays_[in.partial]) + entry * p_.lanes;
    std::transform(v, v + p_.lanes, to, [](double x) { return float(x); });
  }

  void fold(Id i, const Instruction& in) {
    double* sum = value(i);
    if (in.array == none && !p_.code[in.target].lanes && !in.varying) {
      *sum = step(in, *sum, scalar(in.a), scalar(in.b));
      return;
    }
    const double* a = block(in.a, 0);
    const double* b = in.b == none ? a : block(in.b, 1);
    const bool whole = active_ == width_ || !p_.code[in.target].lanes;
    if (in.array == none) {
      if (whole) return step_block(in, sum, a, b, width_);
      for (std::size_t k = 0; k < active_; ++k) sum[k] = step(in, sum[k], a[k], b[k]);
      return;
    }
    const std::size_t lanes = p_.lanes;
    const std::int64_t entry = place(in.partial, in.index, in.prefix).first;
    sum = partial(in, entry);
    if (whole)
      for (std::size_t k = 0; k < width_; k += lanes) step_block(in, sum, a + k, b + k, lanes);
    else
      for (std::size_t k = 0; k < active_; ++k) sum[k % lanes] = step(in, sum[k % lanes], a[k], b[k]);
    put_back(in, entry, sum);
  }

  void step_block(const Instruction& in, double* sum, const double* a, const double* b, std::size_t count) {
    const Kernels& kernels = kernels_of(in);
    if (in.b != none) return kernels.ternary[std::size_t(Opcode::fma)](sum, a, b, sum, count);
    kernels.binary[std::size_t(in.fold == Fold::sum ? Opcode::add : Opcode::max)](sum, sum, a, count);
  }

  std::int64_t whole_index(Id k) {
    if (!is_value(k)) return constant_of(k);
    return p_.code[k].opcode == Opcode::loop ? counters_[k] : std::int64_t(scalar(k));
  }

  std::int64_t entries(Id array) const {
    std::int64_t n = 1;
    for (const Id s : p_.arrays[array].shape) n *= size(s);
    return n;
  }

  void begin_folds(Id loop) {
    for (Id k = loop + 1; k < ends_[loop]; ++k) {
      const Instruction& in = p_.code[k];
      if (in.opcode != Opcode::fold || in.target != loop) continue;
      if (in.array != none)
        on(in.partial, [&, count = entries(in.partial) * p_.lanes](auto* v) {
          std::fill_n(v, count, stored<std::remove_pointer_t<decltype(v)>>(identity(in)));
        });
      else
        std::fill_n(value(k), in.varying || p_.code[loop].lanes ? widest_ : 1, identity(in));
    }
  }

  void end_folds(Id loop, std::size_t width) {
    for (Id k = loop + 1; k < ends_[loop]; ++k) {
      const Instruction& in = p_.code[k];
      if (in.opcode != Opcode::fold || in.target != loop) continue;
      if (in.array == none) {
        halve(in, value(k), width);
        continue;
      }
      std::int64_t first = 0;  // of the array's part that the prefix names
      for (std::size_t axis = 0; axis < p_.arrays[in.array].shape.size(); ++axis) {
        first *= size(p_.arrays[in.array].shape[axis]);
        if (axis < in.prefix) first += whole_index(in.index[axis]);
      }
      for (std::int64_t n = entries(in.partial), e = 0; e < n; ++e) {
        double* v = partial(in, e);
        halve(in, v, p_.lanes);
        write_number(arrays_[in.array], p_.arrays[in.array].element, first + e, v[0]);
      }
    }
  }

  std::int64_t stride(const Instruction& loop) const {
    return loop.segment != none ? size(loop.segment) : loop.block == 0 ? 1 : loop.block;
  }

  // First and one past the last of what a loop counts.
  std::pair<std::int64_t, std::int64_t> bounds(const Instruction& in) const {
    if (in.target == none) return {0, std::numeric_limits<std::int64_t>::max()};
    const std::int64_t n = size(in.target);
    if (in.a == none) return {0, n};
    return {counters_[in.a], std::min<std::int64_t>(n, counters_[in.a] + stride(p_.code[in.a]))};
  }

  void lanes_loop(Id loop) {
    const Instruction& in = p_.code[loop];
    const auto [begin, n] = bounds(in);
    width_ = in.unroll * std::size_t(p_.lanes);
    begin_folds(loop);
    for (std::int64_t first = begin; first < n; first += std::int64_t(width_)) {
      counters_[loop] = first;
      active_ = std::size_t(std::min<std::int64_t>(std::int64_t(width_), n - first));
      range(loop + 1, ends_[loop]);
    }
    end_folds(loop, width_);
    width_ = active_ = 1;
  }

  void copy(Id to, Id from) {
    const Instruction& in = p_.code[to];
    if (!in.varying) {
      *value(to) = rounded(in, *value(from));
      return;
    }
    kernels_of(in).round(value(to), block(from, 0), width_);
  }

  // The blocks of a parallel loop: the caller's in its own memory, others in theirs, from the same values.
  void parallel_loop(Id loop) {
    struct Captured {
      Interpreter& caller;
      Id loop;
    } captured{*this, loop};
    const auto block = [](void** arrays, std::int64_t*, Runtime* runtime, void* from, std::int64_t number,
                          std::int64_t helper) {
      const auto& [caller, parallel] = *static_cast<Captured*>(from);
      if (helper == 0) return caller.block_of(parallel, number);
      Scratch& scratch = *runtime->scratches[helper];
      Interpreter other(caller.p_, caller.ends_, *runtime, scratch, arrays);
      scratch.values = caller.scratch_.captured;
      return other.block_of(parallel, number);
    };
    const std::int64_t n = size(p_.code[loop].target), each = stride(p_.code[loop]);
    if (runtime_.helpers > 0) scratch_.captured = memory_;
    for (std::int64_t k = 1; k <= runtime_.helpers; ++k) {  // room for helpers that may come in a later call only
      Scratch& other = *runtime_.scratches[k];
      if (other.offsets.size() == offsets_.size()) continue;
      other.offsets = offsets_;
      other.values = memory_;
      other.counters = counters_;
      other.lanes.reserve(widest_);
    }
    runtime_.blocks(&runtime_, block, &captured, (n + each - 1) / each);
  }
  Status block_of(Id loop, std::int64_t number) {
    counters_[loop] = number * stride(p_.code[loop]);
    range(loop + 1, ends_[loop]);
    return status_;
  }

  void sequential_loop(Id loop) {
    const Instruction& in = p_.code[loop];
    if (in.parallel) return parallel_loop(loop);
    const auto [begin, n] = bounds(in);
    const std::int64_t stride = this->stride(in), last = begin + (n - 1 - begin) / stride * stride;
    Id body = loop + 1;
    for (; p_.code[body].opcode == Opcode::phi; ++body) copy(body, p_.code[body].a);
    begin_folds(loop);
    for (std::int64_t k = begin; k < n && status_ == Status::done; k += stride) {
      counters_[loop] = in.reversed ? begin + last - k : k;
      if (!range(body, ends_[loop])) break;
      if (in.target == none && --runtime_.rounds_left < 0) status_ = Status::too_many_rounds;
      for (Id phi = loop + 1; phi < body; ++phi) copy(phi, p_.code[phi].b);
    }
  }

  // Of a value that varies: in any lane.
  bool holds(const Instruction& in) {
    if (!in.varying) return scalar(in.a) != 0;
    const double* condition = value(in.a);
    return std::any_of(condition, condition + active_, [](double x) { return x != 0; });
  }

  // False when a loop is left.
  bool range(Id from, Id below) {
    for (Id i = from; i < below && status_ == Status::done; ++i) {
      const Instruction& in = p_.code[i];
      switch (in.opcode) {
        case Opcode::when:
          if (!holds(in)) i = ends_[i];
          break;
        case Opcode::leave:
          if (scalar(in.a) == 0) return false;
          break;
        case Opcode::reserve:
          if (!runtime_.reserve(&runtime_, in.target, std::int64_t(scalar(in.a)))) status_ = Status::no_memory;
          break;
        case Opcode::routine:
          status_ = runtime_.routine(&runtime_, i);
          break;
        case Opcode::set_size:
          sizes_[in.target] = std::int64_t(scalar(in.a));
          break;
        case Opcode::accumulate:
          accumulate(in);
          break;
        case Opcode::loop:
          in.lanes ? lanes_loop(i) : sequential_loop(i);
          i = ends_[i];
          break;
        case Opcode::end:
        case Opcode::phi:
          break;
        case Opcode::constant:
          *value(i) = in.number;
          break;
        case Opcode::size:
          *value(i) = double(size(in.target));
          break;
        case Opcode::counter:
          for (std::size_t k = 0; k < (in.varying ? width_ : 1); ++k)
            value(i)[k] = double(counters_[in.target]) + double(k);
          break;
        case Opcode::load:
          load(i, in);
          break;
        case Opcode::store:
          store(in);
          break;
        case Opcode::call:
          call(i, in);
          break;
        case Opcode::fold:
          fold(i, in);
          break;
        default:
          pointwise_step(i, in);
      }
    }
    return true;
  }

  const Program& p_;
  const std::vector<Id>& ends_;
  Runtime& runtime_;
  void** arrays_;
  std::int64_t* sizes_;
  Status status_ = Status::done;
  const KernelTables kernels_;
  std::vector<std::int64_t>& offsets_of_lanes_;
  std::vector<double>& memory_;
  std::vector<std::size_t>& offsets_;
  std::vector<std::int64_t>& counters_;
  Scratch& scratch_;
  std::size_t widest_ = 1, width_ = 1, active_ = 1;
};

}  // namespace

Status interpret(const Program& program, const std::vector<Id>& ends, Runtime& runtime, Scratch& scratch) {
  return Interpreter(program, ends, runtime, scratch, runtime.arrays).run();
}

}  // namespace gradus::program

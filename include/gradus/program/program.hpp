// A program: loop nests over arrays of numbers, what a formula becomes before it is run.
//
// Instructions stand in one list in execution order; an instruction is the value it computes, named by its place.
// `loop … end` brackets nest. At most one loop on a path is the *lanes* loop: its iterations run side by side in
// blocks of `lanes * unroll`; values inside that depend on its counter are `varying`, all others are one number.
// Sums and maxima over the lanes loop have a fixed structure (partial results per place in the block, halved pairwise
// at the end), so the interpreter and the machine code of one program give the same bits. Contraction is written out
// as `fma`; nothing else is contracted. A loop may count in blocks, and a loop inside it run over one block: so a pass
// over many rows keeps what it computes on the way in arrays of one block's length. A *jammed* loop may have several of
// its rounds done side by side by machine code; that changes no value. A program computes in its `arithmetic`, float64
// or float32; in a float32 program what is `wide` (whole numbers, and what places depend on: see wide.cpp) is float64
// all the same. Loads convert from what an array holds, stores to it. A program is immutable once `finish` has checked
// it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gradus/program/element.hpp"

namespace gradus::program {

using Id = std::uint32_t;
inline constexpr Id none = ~Id{0};
inline constexpr std::size_t most_jams = 2;  // on one path

/// An index of an array: the loop whose counter it is, another value (a whole number), a constant, or none along an
/// axis of length 1.
constexpr Id constant_index(Id k) { return k | Id{1} << 31; }
constexpr bool is_value(Id index) { return index >> 31 == 0; }
constexpr Id constant_of(Id index) { return index == none ? 0 : index & ~(Id{1} << 31); }

enum class Opcode : std::uint8_t {
  constant,    // `number`
  size,        // value of size `target`
  counter,     // counter of loop `target`
  load,        // array `target` at `index`; 0, and nothing is read, where a is there and 0
  store,       // array `target` at `index` becomes a
  accumulate,  // a is added to array `target` at `index`, place after place; not where b is there and 0
  add,
  sub,
  mul,
  div,
  fma,  // a * b + c, rounded once
  negate,
  abs,
  sqrt,
  floor,
  ceil,
  sign,  // -1, 0, 1; NaN of NaN
  min,   // NaN when an operand is NaN
  max,
  less,  // comparisons and logic have the values 0 and 1; NaN compares false, counts as true
  less_equal,
  equal,
  logical_and,
  logical_or,
  logical_not,
  select,    // a ? b : c
  call,      // pointwise op `target` (its place in PointwiseOps) of a, of a and b, or of all three
  loop,      // over size `target`; without one, until a `leave`
  when,      // what follows up to its end only if a is not 0 (in any lane, of a value that varies)
  end,       // of loop or choice `target`
  leave,     // directly in a loop without a size: ends it where a is 0
  reserve,   // room for a rows of array `target`, whose first size is `growing`
  set_size,  // the size `target` becomes a
  routine,   // library routine `target` (routine.hpp) on the whole arrays that `index` names as constants
  phi,       // at the head of a sequential loop: a at first, then b of the round before; afterwards its last value
  fold,      // sum or maximum of a (of a * b when b is there) over loop `target`, see below
};
constexpr bool is_comparison(Opcode opcode) { return opcode >= Opcode::less && opcode <= Opcode::equal; }

enum class Fold : std::uint8_t { sum, max };

/// One instruction. A fold without an array has its value after the loop it is over (0 or -inf if that is empty).
/// A fold with an array (over the lanes loop, inside sequential loops that `index` names) leaves array[index] = result
/// when that loop ends; partial results are kept per lane in the scratch array `partial`.
struct Instruction {
  Opcode opcode = Opcode::constant;
  Fold fold = Fold::sum;
  bool lanes = false;     // of a loop
  bool reversed = false;  // of a sequential loop: counts down
  bool parallel = false;  // of an outermost loop in steps of a size: its rounds may be run at the same time
  bool varying = false;   // set by finish
  std::uint8_t unroll = 1;
  std::uint8_t jam = 1;     // of a sequential loop: rounds that may be done side by side
  std::uint8_t jams = 0;    // set by finish: on which of the open jammed loops the value depends, the outermost first
  std::uint32_t block = 0;  // of a sequential loop: it counts in steps of so many. A loop with an operand `a` runs over
                            // one such step of loop a
  Id segment = none;        // of a sequential loop: it counts in steps of this size
  std::uint8_t prefix = 0;  // of a fold with an array: leading indices that its partial results do not have
  bool affine = false;      // set by finish: from lane to lane the value grows by `step`
  bool wide = false;        // set by finish: computed in float64 though the arithmetic is float32; of a comparison, its
                            // operands
  Id a = none, b = none, c = none;
  Id target = none;
  Id array = none;    // of a fold
  Id partial = none;  // of a fold with an array
  double number = 0;
  std::int64_t step = 0;
  std::vector<Id> index{};  // one per axis of the array, see constant_index
};

/// A length: a constant, or a name that gets its value at the call (value < 0).
struct Size {
  std::string name;
  std::int64_t value = -1;
  bool computed = false;  // gets its value while the program runs (set_size)
  bool chosen = false;    // gets its value at the call, see Segments
};

enum class Role : std::uint8_t { input, output, temporary, partial };

/// Arrays are dense and row-major. Rank 0 is a scalar. A partial has `shape` and room for a vector per entry.
struct Storage {
  std::string name;
  Role role = Role::temporary;
  std::vector<Id> shape;  // sizes
  bool growing = false;   // its first size is not known before it is filled; `reserve` makes room
  bool own = false;       // set by finish: only one parallel loop uses it, and each thread in that has one of its own
  Element element = Element::float64;  // of temporaries and partials set by finish
};

/// A loop that is run again backwards, segment by segment, for what its rounds give: `rows` hold one segment,
/// `checkpoints` what each segment begins with. How long a segment is, and so how many there are, is chosen when the
/// lengths are known: `rounds`, or all rounds if their rows may be kept, else as takes the least memory. Of a loop
/// whose length is not known these arrays grow. A loop with `least` is one whose segments may be run at the same time:
/// they have at least so many rounds, in whole `unit`s, and are at most `most_blocks`.
struct Segments {
  Id length = none, segment = none, count = none;  // sizes; no count where the length is not known
  std::int64_t rounds = 0;
  std::vector<Id> rows{}, checkpoints{};
  std::int64_t least = 0, unit = 1;

  static constexpr std::int64_t most_blocks = 64;
};

struct Program {
  std::vector<Size> sizes;
  std::vector<Storage> arrays;  // inputs, then outputs, then the rest
  std::vector<Instruction> code;
  Id inputs = 0, outputs = 0;
  std::uint8_t lanes = 1;  // numbers of the arithmetic in a vector
  std::vector<Segments> segments{};
  Element arithmetic = Element::float64;

  bool is_input(Id array) const { return array < inputs; }
  /// In what an instruction computes.
  Element type_of(const Instruction& in) const { return in.wide ? Element::float64 : arithmetic; }
};

/// Checks the rules above, finds what varies and where loops end. Returns the reason why a program is malformed.
std::string finish(Program& program);

/// Instruction of the `end` of the loop at `loop`.
Id end_of(const Program& program, Id loop);

/// The program as text, one instruction a line, for tests and debugging.
std::string to_text(const Program& program);

/// What programs are made for: doubles in a vector, and whether a multiply-add is one instruction.
struct Machine {
  std::uint8_t lanes = 2;
  bool fma = false;
  std::uint8_t lanes_of(Element arithmetic) const { return std::uint8_t(lanes * 8 / bytes_of(arithmetic)); }
  /// The widest this processor runs. GRADUS_LANES=2|4|8 in the environment narrows it.
  static const Machine& host();
};

/// The name and number of arguments of pointwise op `op` (its place in PointwiseOps), for text.
std::string function_name(Id op);

}  // namespace gradus::program

// The parser of statements and expressions.
// Method: operator precedence with two stacks, operands and frames. A frame is an operator that waits for its right
// operand or a bracket that waits to be closed; sums and products keep one frame for all their terms, so a chain builds
// one node. Nothing recurses. Every mistake is noted and stands as a hole (an error node that absorbs what is built on
// it), so one pass finds several.
#pragma once
#include <deque>
#include <optional>
#include <vector>

#include "gradus/text/parse.hpp"
#include "text/lexer.hpp"
#include "text/names.hpp"

namespace gradus::text {

/// What a name of this text means now.
struct Binding {
  enum class Kind : std::uint8_t { unresolved, symbol, value, function, builtin, undefined };
  Kind kind = Kind::unresolved;
  bool local = false;     // a parameter or an index
  bool declared = false;  // by the user: never taken for a function
  bool mistaken = false;  // an unknown function: the error has been given
  bool primed = false;    // stands somewhere with primes or orders before its bracket
  bool bare = false;      // stands somewhere without an opening bracket after it
  NodePtr node = nullptr;
  const Definition* function = nullptr;
  const Builtin* builtin = nullptr;
};

class Parser {
 public:
  Parser(Context& context, std::string_view text, const ParseOptions& options);
  Result<Parsed> run();

 private:
  // The order of the enumerators matters: those from `paren` on are closed by a token.
  enum class FrameKind : std::uint8_t {
    sum,
    product,
    implicit,
    matmul,
    power,
    negate,
    logical_not,
    logical_and,
    logical_or,
    compare,
    apply,       // sin x
    root,        // √ ∛
    derivative,  // d/dx
    otherwise,   // if c then a else …, c ? a : …
    paren,
    array,
    call,
    bar,
    index,
    condition,  // if … then
    branch,     // then … else, ? … :
  };
  struct Frame {
    FrameKind kind;
    std::uint8_t precedence = 0;
    Tok token{};               // comparison; the pending sign or division of the last operand
    bool flag = false;         // call: binds an index; compare: chained; branch: ?: instead of if
    std::uint32_t begin = 0;   // byte where its value begins
    std::uint32_t at = 0;      // byte where its sign or bracket stands
    std::uint32_t base = 0;    // operands below it
    std::uint32_t name = 0;    // call, apply: the function
    std::uint32_t extra = 0;   // call, apply: 1 + place in exponents_; derivative: its order
    std::uint32_t primes = 0;  // call: f''(x)
    std::uint32_t orders = 0;  // call: 1 + place in orders_
  };
  static bool closes(FrameKind kind) { return kind >= FrameKind::paren; }
  enum Precedence : std::uint8_t {
    choices = 1,
    disjunction,
    conjunction,
    negation,
    comparison = 6,
    additive = 10,
    differential = 15,
    multiplicative = 20,
    beside_function = 24,
    application = 25,
    juxtaposition = 30,
    signs = 35,
    radical = 38,
    powers = 40
  };

  enum class Next : std::uint8_t { operand, operation, end };

  // parser.cpp: the machine
  /// One expression; with `single`, up to a comparison or `and`.
  NodePtr expression(bool single = false);
  Next prefix();   // reads the beginning of an operand
  Next postfix();  // reads what follows an operand
  void reduce(std::uint8_t precedence);
  void apply_frame();
  void fold_numbers(const Frame& frame);
  NodePtr frame_value(const Frame& frame, Span span);
  void open(FrameKind kind, std::uint32_t base);
  void wait(FrameKind kind, std::uint8_t precedence);
  void chain(FrameKind kind, std::uint8_t precedence, Tok token);
  void finish_last(const Frame& frame);
  void compare(Tok token);
  NodePtr comparison_of(Tok token, NodePtr a, NodePtr b);
  Next juxtapose();
  bool top_is(FrameKind kind) const { return frames_.size() > frame_base_ && frames_.back().kind == kind; }

  // brackets.cpp
  Next close(Tok token);
  Next close_bar();
  Next comma();
  Next choice_mark(Tok token);
  void leave_bracket();  // pops the innermost bracket, its index no longer shadows
  void abandon_bracket();
  Next missing_operand();
  bool bracket_is(FrameKind kind) const { return !brackets_.empty() && frames_[brackets_.back()].kind == kind; }

  // operands.cpp
  Next number();
  Next name();
  Next function_name(std::uint32_t id);
  bool leibniz();
  static bool begins_operand(Tok token) { return token >= Tok::number && token <= Tok::cube_root; }
  bool names_function(const Token& token);
  bool read_exponent(std::uint32_t& extra);
  Binding& binding(std::uint32_t id, Span span);
  void resolve(std::uint32_t id, Span span, Binding& b);
  Next open_call(std::uint32_t id, std::uint32_t begin, std::uint32_t extra, std::uint32_t primes);
  void prime();

  // undefined.cpp: functions without a definition
  Next unknown_call(std::uint32_t id);
  Next open_derivative(std::uint32_t id, std::uint32_t begin);
  std::size_t orders_end(std::size_t at) const;
  bool function_declaration(std::size_t names);
  NodePtr call_undefined(const Frame& frame, std::span<const NodePtr> x, Span span);

  // calls.cpp
  void finish_call(Frame frame, Span span);
  NodePtr call(const Frame& frame, std::span<const NodePtr> x, Span span);
  NodePtr call_special(const Frame& frame, Special special, std::span<const NodePtr> x, Span span);
  NodePtr call_function(const Frame& frame, const Definition& f, std::span<const NodePtr> x, Span span);
  NodePtr formula(const Builtin& b, std::span<const NodePtr> x);
  NodePtr differentiate(const Frame& frame, std::span<const NodePtr> x, Span span);
  NodePtr derivative(NodePtr f, NodePtr variable, int order, Span span);
  NodePtr raise(NodePtr value, std::uint32_t extra);
  NodePtr arity_error(const Frame& frame, std::size_t given, std::string_view parameters, std::string_view wanted,
                      Span span);
  std::string argument_text(const Frame& frame, std::size_t i) const;
  NodePtr factorial(NodePtr n, Span span);

  // fields.cpp
  NodePtr field_call(const Frame& frame, Special special, std::span<const NodePtr> x, Span span);

  // binders.cpp
  NodePtr over_index(const Frame& frame, Special special, std::span<const NodePtr> x, Span span);
  NodePtr integral_over(const Frame& frame, std::span<const NodePtr> x, Span span);
  void write_integrals_as_calls();

  // arrays.cpp
  NodePtr matmul(NodePtr a, NodePtr b, Span span);
  NodePtr outer(NodePtr x, NodePtr y, Span span);
  NodePtr transpose(NodePtr a, Span span);
  NodePtr reduce_all(Op op, NodePtr a);
  NodePtr reduce_axis(Op op, std::span<const NodePtr> x, Span span);
  NodePtr spread(Special special, std::span<const NodePtr> x, Span span);
  NodePtr linear_call(Special special, std::span<const NodePtr> x, Span span);
  NodePtr array_call(const Frame& frame, Special special, std::span<const NodePtr> x, Span span);

  // statements.cpp
  void statement();
  bool definition();
  bool declaration();
  bool sign_declaration();
  void value_definition(std::uint32_t id, std::size_t tokens);
  void function_definition(std::uint32_t id, std::size_t close);
  void ranges(std::vector<Range>& out);
  bool declared_words(Facts& facts, Shape& shape);
  void declare(std::uint32_t id, Facts facts, const Shape& shape);
  void skip_statement();
  void finish(Statement statement);

  const Token& token(std::size_t ahead = 0) const {
    return lexed_.tokens[std::min(at_ + ahead, lexed_.tokens.size() - 1)];
  }
  void push(NodePtr n, Span span) {
    nodes_.push_back(n);
    spans_.push_back(span);
  }
  void pop(std::size_t count) {
    nodes_.resize(nodes_.size() - count);
    spans_.resize(spans_.size() - count);
  }
  std::string_view source(Span span) const { return text_.substr(span.begin, span.end - span.begin); }
  /// Notes the error and gives the hole.
  NodePtr error(Code code, std::string message, Span span, std::string hint = {});
  /// The node itself, unless its construction failed.
  NodePtr check(NodePtr n, Span span);
  bool is_hole(NodePtr n) const { return n == hole_; }

  Context& context_;
  std::string_view text_;
  const ParseOptions& options_;
  std::vector<Diagnostic> errors_;
  Lexed lexed_;
  std::size_t at_ = 0;
  bool stopped_ = false;  // too many errors, or a limit
  std::vector<NodePtr> nodes_;
  std::vector<Span> spans_;
  std::vector<Frame> frames_;
  std::size_t frame_base_ = 0;
  std::vector<std::uint32_t> brackets_;  // frames that wait to be closed
  bool single_ = false;
  std::vector<NodePtr> scratch_;
  std::vector<NodePtr> exponents_;
  std::vector<std::vector<int>> orders_;  // of the derivatives f^(1, 0)(x, y)
  std::vector<Binding> bindings_;
  struct Shadow {
    std::size_t bracket;  // depth of the call whose index hides the name
    std::uint32_t name;
    Binding binding;
  };
  std::vector<Shadow> shadows_;
  std::span<const NodePtr> parameters_;  // of the function being defined
  std::deque<Definition> definitions_;
  std::vector<std::pair<std::string, const Definition*>> defined_;
  std::vector<NodePtr> declared_;
  std::vector<std::string_view> functions_;  // declared to be undefined functions
  std::vector<std::pair<NodePtr, Span>> seen_;
  std::unordered_map<const Builtin*, Definition> formulas_;
  NodePtr hole_ = nullptr;
  Parsed out_;
};

}  // namespace gradus::text

// What all printers share.
// Method: a stack of pieces, text or a node with the precedence its place asks for. A node taken from the stack is
// replaced by its pieces, so nothing recurses and the output is written once, from left to right. Sums, products and
// powers are arranged here (signs, fractions, roots); a style says how each is spelt.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gradus/core/linear_algebra.hpp"
#include "gradus/text/print.hpp"
#include "text/sharing.hpp"

namespace gradus::text {

class Printer {
 public:
  Printer(Context& context, const PrintOptions& options) : context_(context), options_(options) {}
  virtual ~Printer() = default;
  std::string print(NodePtr root);

 protected:
  // Precedence of what is printed, and the least that a place takes without brackets.
  enum Level : std::uint8_t {
    anything = 0,
    choice = 1,
    disjunction = 2,
    conjunction = 3,
    negation = 4,
    comparison = 6,
    sum = 10,
    term = 11,
    negative = 15,
    product = 20,
    factor = 21,
    radical = 38,
    power = 40,
    base = 41,
    atom = 50
  };

  void say(std::string_view text);  // text that outlives the printer
  void keep(std::string text);      // any other
  void say(NodePtr n, std::uint8_t level, bool magnitude = false);
  void list(std::span<const NodePtr> nodes, std::string_view separator, std::uint8_t level = anything);
  void call(std::string_view name, std::span<const NodePtr> arguments);
  /// A template with {0}, {1} for the operands; other braces stand for themselves.
  void fill(std::string_view form, std::span<const NodePtr> operands, std::uint8_t level = anything);

  virtual std::uint8_t precedence(NodePtr n) const;
  virtual void node(NodePtr n);                // everything but sums, products, powers, numbers
  virtual void number(const Rational& value);  // not negative
  virtual void symbol(NodePtr n) { say(n->name()); }
  virtual void times(const Rational* left_number, NodePtr left, const Rational* right_number, NodePtr right);
  virtual void fraction(int part, bool brackets);  // before, between, after
  virtual void root(NodePtr x);
  virtual void raise(NodePtr b, NodePtr exponent, const Rational* rational_exponent);
  /// Of b^exponent, or of b^e when `exponent` is null.
  virtual std::uint8_t power_precedence(NodePtr b, NodePtr exponent, const Rational& e) const;
  virtual void brackets(bool open) { say(open ? "(" : ")"); }
  virtual std::string_view minus(bool leading) const { return leading ? "-" : " - "; }
  virtual std::string_view plus() const { return " + "; }
  virtual bool fractions() const { return true; }  // 2/3 may stand as p/q of an exponent or coefficient
  virtual std::uint8_t fraction_level(bool /*several*/) const { return factor; }
  virtual std::string_view matrix_times() const { return " @ "; }
  virtual bool numbers_before_matrices() const { return true; }  // 2*A @ x for 2*(A @ x)
  virtual void transposed(NodePtr a);
  virtual void outer(NodePtr x, NodePtr y);
  virtual void diagonal(NodePtr v) { call("diag", {&v, 1}); }
  virtual bool scales_by_diagonals() const { return true; }  // diag(v) @ A for columns(v, n)*A
  virtual void shared(NodePtr, const std::string& name) { say(name); }
  virtual void definition(const std::string& name, NodePtr n);
  virtual void result(NodePtr root) { say(root, anything); }
  virtual bool raw() const { return false; }  // every node goes to node(), nothing is arranged

  /// The text's name of a triangular solution and of a determinant; whether a solution is of A'.
  static std::string_view triangle_name(NodePtr n);
  static std::string_view determinant_name(NodePtr n);
  static bool reads_transposed(NodePtr n);
  void print_matrix_product(const MatrixProduct& p);
  bool reads_as_product(NodePtr n) const;  // A @ B, A @ diag(v)
  ScaledMatrix readable_matrix(std::span<const NodePtr> factors) const;
  static bool leads_negative(NodePtr n);
  bool under_bar(NodePtr n) const;
  const std::string& bound_name(std::int64_t number, bool real = false);
  std::string decimal(const Rational& value) const;  // empty when it is to be a fraction
  const std::string* name_of(NodePtr n) const;

  Context& context_;
  const PrintOptions& options_;
  Sharing sharing_;
  NodePtr defining_ = nullptr;
  NodePtr root_ = nullptr;
  std::string out_;

 private:
  struct Piece {
    NodePtr node;
    std::string_view text;
    std::uint8_t level;
    bool magnitude;
  };
  struct Part {  // of a product: the node, or its base under the fraction bar
    NodePtr node;
    NodePtr base = nullptr;
    Rational exponent{};
    const ScaledMatrix* scaled = nullptr;  // instead: x y', or a matrix between diagonals
  };
  void run();
  void expand(const Piece& piece);
  void print_sum(NodePtr n);
  void print_product(NodePtr n, const Rational& coefficient, std::span<const NodePtr> factors);
  void print_part(const Part& part, std::uint8_t level);
  void print_scaled(const ScaledMatrix& scaled, std::uint8_t level);
  void print_power(NodePtr b, NodePtr exponent, const Rational& e);

  std::vector<Piece> stack_, batch_;
  std::deque<std::string> kept_;
  std::unordered_set<std::string> taken_;
  struct BoundNames {
    std::vector<std::string> names;
    std::size_t looked_at = 0;
  };
  BoundNames bound_names_[2];  // of indices, of integration variables
};

}  // namespace gradus::text

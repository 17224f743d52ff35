// All zeros of a gradient, or another system of as many equations as variables, in a box, by branch and bound.
// Method: a box is thrown away where the bounds of a component of the gradient g exclude 0, by themselves or by the
// mean value form g(m) + H(X)(X - m); it is narrowed by the interval Newton operator (Hansen and Sengupta),
// preconditioned by the inverse of the Hessian at the middle; where Newton's iteration from the middle settles, the
// largest box around its limit in which Krawczyk's operator proves one zero, and only one, is cut out of what remains;
// otherwise the box is cut in two. Boxes are looked at from the widest down, so that nothing deep starves the rest.
// Invariant: every zero in the box lies in a zone of `zeros` or in a box of `rest`.
// Source: Hansen & Walster, Global Optimization Using Interval Analysis (2004), ch. 11; Neumaier, Interval Methods for
// Systems of Equations (1990), ch. 5.
#pragma once
#include <chrono>
#include <queue>

#include "analysis/interval_matrix.hpp"
#include "gradus/numeric/box_program.hpp"
#include "gradus/numeric/evaluate.hpp"

namespace gradus::analysis {

struct GradientZero {
  Box zone;   // holds exactly one zero; may reach out of the box that was searched
  Box where;  // the same, as small as doubles allow
};

struct GradientSearchResult {
  std::vector<GradientZero> zeros;
  std::vector<Box> rest;  // not decided: narrowed down to the finest width, or left for want of work
  bool out_of_work = false;
  bool flat = false;  // a box was found on which g is 0 everywhere: stationary points are not isolated
  int boxes = 0;      // looked at
};

class GradientSearch {
 public:
  /// `system` has the zeros that are looked for: the gradient of f, or what is left of it without a common factor.
  GradientSearch(Context& context, NodePtr f, std::span<const NodePtr> system, bool is_gradient,
                 std::span<const NodePtr> variables);

  /// The box to search; its sides have a width.
  void begin(const Box& box);
  /// Looks for a zero from a point by Newton's iteration, to have it out of the way.
  void start_from(std::vector<double> point);
  GradientSearchResult run(int most_boxes, double seconds);

  std::size_t dimension() const { return n_; }
  /// Bounds over a box.
  Bounds value(const Box& box);
  /// The Jacobian of the system over a box; false unless all of it is bounded and the system differentiable there.
  bool jacobian(const Box& box, Box& h);
  /// System and Jacobian in doubles, unproven; false where something has no value.
  bool at(std::span<const double> point, std::vector<double>& g, std::vector<double>& h);
  double value_at(std::span<const double> point);

 private:
  bool jacobian_here(Box& h);  // of the box entered last
  enum class Outcome : unsigned char { none, narrowed, undecided, flat };
  Outcome test(Box& x, Box& h, bool& regular);
  bool mean_value_excludes(const Box& x, const Box& h, const Box& g_middle) const;
  bool narrow(Box& x, const Box& h, const Box& g_middle, const std::vector<double>& y) const;
  bool newton(std::vector<double>& point);
  bool krawczyk(const Box& x);
  bool known(const std::vector<double>& point) const;
  bool prove_around(const std::vector<double>& point, const Box& x);
  void push(Box x, std::size_t seen);
  bool cut_out_zones(const Box& x, std::size_t& seen);
  void bisect(const Box& x, const Box& h, bool regular, std::size_t seen);
  bool late() const;

  std::size_t n_;
  numeric::BoxProgram program_;
  Evaluator doubles_;
  std::vector<double> scratch_;
  struct Open {
    double size;
    Box box;
    std::size_t seen;  // zones that are known not to meet it, nor any part of it
    bool operator<(const Open& other) const { return size < other.size; }
  };
  std::priority_queue<Open> todo_;
  std::vector<double> scale_;
  Box domain_;
  std::chrono::steady_clock::time_point until_;
  GradientSearchResult result_;
};

}  // namespace gradus::analysis

// Ranges of a variable from --from, --to, --step or the formula's own "for a <= x <= b", and functions of one variable.
#pragma once
#include <optional>

#include "gradus/plot/scene.hpp"
#include "service/session.hpp"

namespace gradus::service {

struct ExactRange {
  NodePtr from_node, to_node, step_node;
  Rational from, to, step;  // the nodes' values, nearest doubles where they are not rational
};

/// The range of x; step a tenth of 10 rows' worth if not given. Nothing after a failure.
std::optional<ExactRange> exact_range(Session& session, NodePtr x, const char* from, const char* to);

/// The same in doubles, `symbol=value` lists allowed; `given` says whether the request or the formula named it.
struct DoubleRange {
  plot::Range range;
  bool given = false;
};
std::optional<DoubleRange> double_range(Session& session, NodePtr x, double from, double to);

/// Formulas as functions of one variable in doubles, the other symbols at their values of a point.
class OneVariable {
 public:
  /// Fails (E403) when a symbol has no value.
  OneVariable(Session& session, const std::vector<NodePtr>& roots, NodePtr x, const Point& point);
  Evaluator& evaluator() const { return *evaluator_; }
  double at() const { return at_; }  // of x in the point; NaN if it is not there
  std::span<const double> with(double x) const {
    values_[place_] = x;
    return values_;
  }
  std::size_t place() const { return place_; }
  double operator()(double x, std::size_t root = 0) const { return (*evaluator_)(with(x), root); }

 private:
  std::shared_ptr<Evaluator> evaluator_;
  mutable std::vector<double> values_;
  std::size_t place_ = 0;
  double at_;
};

}  // namespace gradus::service

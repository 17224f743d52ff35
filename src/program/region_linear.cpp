// Linear algebra: calls of library routines on whole arrays. A matrix is factored once in a region, for all the
// solutions, inverses and determinants that want its factors, transposed or not.
#include <algorithm>

#include "gradus/core/linear_algebra.hpp"
#include "region.hpp"
#include "routine.hpp"

namespace gradus::program {
namespace {

Id routine_of(NodePtr n) {
  switch (n->op) {
    case Op::solve:
      return Id(has_form(n, 0) ? Routine::lu_solve_transposed : Routine::lu_solve);
    case Op::triangular_solve:
      return Id(Routine::triangular_solve) + (has_form(n, 0) ? 1 : 0) + (has_form(n, 1) ? 2 : 0) +
             (has_form(n, 2) ? 4 : 0);
    case Op::inverse:
      return Id(Routine::lu_inverse);
    case Op::determinant:
      return Id(Routine::lu_det) + Id(n->data.axes->front());
    case Op::cholesky:
      return Id(Routine::cholesky);
    default:
      return Id(Routine::eigen);
  }
}

}  // namespace

Id Region::whole_array(NodePtr n) {
  const Place at = place_of(n);
  if (at.array == none) {
    if (!failed())
      site_.failure = Diagnostic{Code::E403, n->is(Op::symbol) ? "'" + std::string(n->name()) + "' has no value"
                                                               : "an operand of linear algebra has no value"};
    return none;
  }
  if (at.prefix.empty() && at.order.empty()) return at.array;
  const Place own = new_place("whole", n->shape);
  over(n->shape, true, [&](const Index& index) { store(own, index, load(at, index, none)); });
  return own.array;
}

const std::vector<Id>& Region::factors(NodePtr a, bool eigen, bool vectors) {
  std::vector<Id>& known = (eigen ? eigen_ : lu_)[a];
  if (!known.empty()) return known;
  const Id matrix = whole_array(a);
  if (failed()) return known;
  const Shape row{(*a->shape)[0]};
  if (eigen) {
    known.push_back(new_place("values", &row).array);
    if (vectors) known.push_back(new_place("vectors", a->shape).array);
  } else {
    known = {new_place("factors", a->shape).array, new_place("exchanges", &row).array};
  }
  if (failed()) return known;
  std::vector<Id> arrays{matrix};
  arrays.insert(arrays.end(), known.begin(), known.end());
  b_.routine(Id(!eigen ? Routine::lu : vectors ? Routine::eigen : Routine::eigenvalues), arrays, scope_);
  return known;
}

void Region::emit_linear(const Root& root) {
  const NodePtr n = root.node, a = n->operand(0);
  std::vector<Id> arrays;
  Place result;
  if (n->is(Op::eigenvalues) || n->is(Op::eigenvectors)) {
    const bool vectors = std::any_of(order_.begin(), order_.end(),
                                     [&](NodePtr o) { return o->is(Op::eigenvectors) && o->operand(0) == a; });
    const auto& both = factors(a, true, vectors);
    if (failed()) return;
    result = {both[n->is(Op::eigenvalues) ? 0 : 1], {}, scope_};
  } else {
    if (n->is(Op::cholesky) || n->is(Op::triangular_solve))
      arrays.push_back(whole_array(a));
    else
      arrays = factors(a, false, false);
    if (n->arity > 1 && !failed()) arrays.push_back(whole_array(n->operand(1)));
    if (failed()) return;
  }
  // Straight into an output where it is one and lies by itself.
  const std::vector<Output> targets = targets_of(root);
  if (failed()) return;
  if (!arrays.empty()) {
    const auto whole = std::find_if(targets.begin(), targets.end(), [this](const Output& o) {
      return is_readable(o) && o.place.prefix.empty() && o.place.order.empty();
    });
    result = whole != targets.end() ? whole->place : new_place("t", n->shape);
    if (failed()) return;
    arrays.push_back(result.array);
    b_.routine(routine_of(n), arrays, scope_);
  }
  for (const Output& o : targets)
    if (o.place.array != result.array)
      over(n->shape, true, [&](const Index& index) { store(o.place, index, load(result, index, none), o.adds); });
}

}  // namespace gradus::program

// Tracing bodies: fresh symbols stand for what is carried and for the row at hand; the core finds what is captured.
#include "gradus/program/control.hpp"

#include "gradus/calculus/differentiate.hpp"
#include "gradus/calculus/taylor.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

std::vector<NodePtr> nodes(const Arrays& list) {
  std::vector<NodePtr> all;
  for (const Array& a : list) all.push_back(a.node());
  return all;
}

Arrays fresh(const Array& like, std::span<const Shape> shapes, std::vector<NodePtr>& symbols) {
  Arrays list;
  for (const Shape& shape : shapes) {
    symbols.push_back(like.context().fresh_symbol("t", total, shape));
    list.push_back(like.like(symbols.back()));
  }
  return list;
}

std::vector<Shape> shapes_of(const Arrays& list, bool rows) {
  std::vector<Shape> shapes;
  for (const Array& a : list) shapes.push_back(rows && a.rank() > 0 ? row_shape(a.node()) : a.shape());
  return shapes;
}

Arrays arrays(const Array& like, std::span<const NodePtr> list) {
  Arrays all;
  for (const NodePtr n : list) all.push_back(like.like(n));
  return all;
}

}  // namespace

ScanResult scan(const std::function<Round(const Arrays&, const Arrays&, const Array&)>& body, const Arrays& initial,
                const Arrays& scanned, const Dim& length, const ScanOptions& options) {
  const Array& like = initial.empty() ? scanned.at(0) : initial[0];
  LoopForm form;
  form.initial = nodes(initial);
  form.scanned = nodes(scanned);
  form.length = length;
  form.reversed = options.reversed;
  form.segment = options.segment;
  const Arrays carried = fresh(like, shapes_of(initial, false), form.carried_symbols);
  const Arrays rows = fresh(like, shapes_of(scanned, true), form.scanned_symbols);
  form.scanned_symbols.push_back(like.context().fresh_symbol("round", total | integral | nonnegative));
  form.scanned.push_back(iota(like, length).node());
  const Round round = body(carried, rows, like.like(form.scanned_symbols.back()));
  form.next = nodes(round.carried);
  form.rows = nodes(round.rows);
  if (form.next.size() != form.initial.size()) {
    const Array error = like.like(like.context().error({Code::E202, "a round gives other values than it is given"}));
    return {Arrays(initial.size(), error), Arrays(round.rows.size(), error)};
  }
  const Arrays values = arrays(like, scan(like.context(), form));
  const auto middle = values.begin() + std::ptrdiff_t(form.next.size());
  return {Arrays(values.begin(), middle), Arrays(middle, values.end())};
}

ScanResult scan(const std::function<Round(const Arrays&, const Arrays&, const Array&)>& body, const Arrays& initial,
                const Arrays& scanned, const Dim& length, bool reversed) {
  return scan(body, initial, scanned, length, ScanOptions{reversed, 0});
}

Arrays while_loop(const std::function<Array(const Arrays&)>& condition,
                  const std::function<Arrays(const Arrays&)>& body, const Arrays& initial) {
  const Array& like = initial.at(0);
  LoopForm form;
  form.initial = nodes(initial);
  const Arrays carried = fresh(like, shapes_of(initial, false), form.carried_symbols);
  form.condition = condition(carried).node();
  form.next = nodes(body(carried));
  if (form.next.size() != form.initial.size())
    return Arrays(initial.size(),
                  like.like(like.context().error({Code::E202, "a round gives other values than it is given"})));
  return arrays(like, while_loop(like.context(), form));
}

Arrays cond(const Array& condition, const std::function<Arrays()>& then, const std::function<Arrays()>& otherwise) {
  Context& context = condition.context();
  const auto mark = context.node_count();
  const auto a = nodes(then()), b = nodes(otherwise());
  // What was there before is computed already.
  std::vector<NodePtr> given, roots = a;
  roots.insert(roots.end(), b.begin(), b.end());
  post_order(context, roots, [&](NodePtr n) {
    if (n->id >= mark) return true;
    if (n->symbols != 0 && !is_control(n)) given.push_back(n);
    return is_control(n);
  });
  return arrays(condition, branch(context, condition.node(), a, b, given));
}

Array map(const std::function<Array(const Arrays&)>& f, const Arrays& scanned) {
  const Dim length = scanned.at(0).rank() > 0 ? scanned[0].shape()[0] : constant_dim(1);
  const auto round = [&f](const Arrays&, const Arrays& rows, const Array&) { return Round{{}, {f(rows)}}; };
  return scan(round, {}, scanned, length).rows.at(0);
}

Arrays grad(const std::function<Array(const Arrays&)>& f, const Arrays& x) {
  const Array& like = x.at(0);
  std::vector<NodePtr> symbols;
  const Arrays at = fresh(like, shapes_of(x, false), symbols);
  const auto gradient = grad(like.context(), f(at).node(), symbols);
  std::vector<std::pair<NodePtr, NodePtr>> back;
  for (std::size_t k = 0; k < x.size(); ++k) back.emplace_back(symbols[k], x[k].node());
  Arrays result;
  for (const NodePtr g : gradient) result.push_back(like.like(substitute(like.context(), g, back)));
  return result;
}
Array grad(const std::function<Array(const Array&)>& f, const Array& x) {
  return grad([&f](const Arrays& list) { return f(list[0]); }, Arrays{x})[0];
}

Array jvp(const std::function<Array(const Array&)>& f, const Array& x, const Array& v) {
  Context& context = x.context();
  const NodePtr s = context.fresh_symbol("t", total, x.shape());
  const std::pair<NodePtr, NodePtr> seed[] = {{s, v.node()}};
  return x.like(substitute(context, jvp(context, f(x.like(s)).node(), seed), s, x.node()));
}
Array vjp(const std::function<Array(const Array&)>& f, const Array& x, const Array& w) {
  Context& context = x.context();
  const NodePtr s = context.fresh_symbol("t", total, x.shape());
  return x.like(substitute(context, vjp(context, f(x.like(s)).node(), w.node(), {&s, 1})[0], s, x.node()));
}
Arrays taylor(const std::function<Array(const Array&)>& f, const Array& x, const Array& v, int order) {
  Context& context = x.context();
  const NodePtr s = context.fresh_symbol("t", total, x.shape()), y = f(x.like(s)).node();
  const Taylor::Seed seed{s, {v.node()}};
  std::vector<NodePtr> series{y};
  for (const NodePtr c : Taylor(context, {&seed, 1}, order)(y))
    series.push_back(c ? c : context.broadcast(context.integer(0), y->shape ? *y->shape : Shape{}, {}));
  Arrays all;
  for (const NodePtr c : series) all.push_back(x.like(substitute(context, c, s, x.node())));
  return all;
}
Array hvp(const std::function<Array(const Array&)>& f, const Array& x, const Array& v) {
  return jvp([&f](const Array& y) { return grad(f, y); }, x, v);
}

}  // namespace gradus

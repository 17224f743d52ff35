// See entrywise.hpp. The body is gone through once for the entry at hand: a vector becomes its entry, a number stays.
#include "core/entrywise.hpp"

#include <algorithm>

#include "gradus/core/walk.hpp"

namespace gradus {
namespace {

class Entrywise {
 public:
  Entrywise(Context& context, const LoopForm& form)
      : context_(context), form_(form), inside_(context), entries_(context) {}

  std::optional<std::vector<NodePtr>> run() {
    if (!find_axis()) return std::nullopt;
    std::vector<NodePtr> roots = form_.next;
    roots.insert(roots.end(), form_.rows.begin(), form_.rows.end());
    mark_inside(roots);
    open_symbols();
    for (const NodePtr n : order_)
      if (is_inside(n) && !entries_.has(n))
        if (const NodePtr e = entry(n)) entries_.set(n, e);
    for (const NodePtr root : roots)
      if (!entry_of(root)) return std::nullopt;
    return close();
  }

 private:
  bool is_vector(NodePtr n) const { return n->rank() == 1 && (*n->shape)[0] == axis_; }
  bool is_inside(NodePtr n) const { return inside_.has(n); }

  // The length of the vectors. Rows must be vectors of that length too.
  bool find_axis() {
    const auto is_error = [](NodePtr n) { return n->is(Op::error); };
    for (const auto* list : {&form_.initial, &form_.next, &form_.scanned, &form_.rows})
      if (std::any_of(list->begin(), list->end(), is_error)) return false;
    for (const NodePtr x : form_.scanned)
      if (x->rank() == 0 || (*x->shape)[0] != form_.length) return false;
    for (const NodePtr s : form_.carried_symbols)
      if (s->rank() > 0) axis_ = (*s->shape)[0];
    if (axis_.is_constant() && axis_.size < 2) return false;
    if (is_number_of_rounds(form_.length)) return false;  // of arrays that grow, the rounds are the first axis
    const auto fits = [&](NodePtr n, NodePtr like) { return n->shape == like->shape || n->rank() == 0; };
    bool vectors = false;
    for (std::size_t k = 0; k < form_.next.size(); ++k) {
      const NodePtr s = form_.carried_symbols[k];
      if (s->rank() > 0 && !is_vector(s)) return false;
      if (!fits(form_.next[k], s) || !fits(form_.initial[k], s)) return false;
      vectors = vectors || is_vector(s);
    }
    return vectors && std::all_of(form_.rows.begin(), form_.rows.end(), [&](NodePtr n) { return is_vector(n); });
  }

  void mark_inside(const std::vector<NodePtr>& roots) {
    for (const auto* list : {&form_.carried_symbols, &form_.scanned_symbols})
      for (const NodePtr s : *list) inside_.set(s, s);
    order_ = post_order(context_, roots, [](NodePtr n) { return n->symbols != 0; });
    for (const NodePtr n : order_)
      for (const NodePtr o : n->operands())
        if (is_inside(o) && !is_inside(n)) inside_.set(n, n);
  }

  void open_symbols() {
    for (const NodePtr s : form_.carried_symbols) entries_.set(s, is_vector(s) ? context_.fresh_symbol("e") : s);
    for (const NodePtr s : form_.scanned_symbols)
      if (s->rank() == 0 || is_vector(s)) entries_.set(s, s->rank() == 0 ? s : context_.fresh_symbol("e"));
  }

  // The entry of a vector, or a number; null where there is none of its own.
  NodePtr entry_of(NodePtr n) {
    if (is_inside(n)) return entries_.has(n) ? entries_.get(n) : nullptr;
    if (n->rank() == 0) return n;
    if (!is_vector(n)) return nullptr;
    if (n->is(Op::broadcast) && n->operand(0)->rank() == 0) return n->operand(0);
    const auto at = std::find(vectors_.begin(), vectors_.end(), n);
    if (at != vectors_.end()) return vector_entries_[std::size_t(at - vectors_.begin())];
    vectors_.push_back(n);
    vector_entries_.push_back(context_.fresh_symbol("e"));
    return vector_entries_.back();
  }

  // Of a node whose operands have entries.
  NodePtr entry(NodePtr n) {
    if (n->rank() > 0 && !is_vector(n)) return nullptr;
    if (n->is(Op::broadcast))
      return n->operand(0)->rank() == 0 || is_vector(n->operand(0)) ? entry_of(n->operand(0)) : nullptr;
    const bool reads = n->is(Op::index);
    if (!reads && !is_elementwise(n->op)) return nullptr;
    if (reads && (is_inside(n->operand(0)) || n->operand(0)->rank() + 1 != n->arity)) return nullptr;
    std::vector<NodePtr> operands;
    for (std::size_t k = 0; k < n->arity; ++k) {
      operands.push_back(reads && k == 0 ? n->operand(0) : entry_of(n->operand(k)));
      if (!operands.back()) return nullptr;
    }
    return context_.rebuild(n, operands);
  }

  // A map over the entries. The numbers that are carried have a scan of their own, of whose rounds the map reads them.
  std::vector<NodePtr> close() {
    LoopForm each, numbers, all;
    each.length = numbers.length = form_.length;
    each.reversed = numbers.reversed = form_.reversed;
    each.segment = numbers.segment = form_.segment;
    all.length = axis_;
    for (std::size_t k = 0; k < form_.next.size(); ++k) {
      const NodePtr s = form_.carried_symbols[k];
      LoopForm& loop = s->rank() > 0 ? each : numbers;
      loop.carried_symbols.push_back(entries_.get(s));
      loop.initial.push_back(entry_of(form_.initial[k]));
      loop.next.push_back(entry_of(form_.next[k]));
    }
    for (const NodePtr row : form_.rows) each.rows.push_back(entry_of(row));
    for (std::size_t k = 0; k < form_.scanned.size(); ++k) {
      const NodePtr s = form_.scanned_symbols[k];
      if (!entries_.has(s)) continue;  // nothing reads it
      each.scanned_symbols.push_back(entries_.get(s));
      each.scanned.push_back(form_.scanned[k]);
      if (s->rank() == 0) {
        numbers.scanned_symbols.push_back(s);
        numbers.scanned.push_back(form_.scanned[k]);
        continue;
      }
      all.scanned.push_back(turned(form_.scanned[k]));
      all.scanned_symbols.push_back(context_.fresh_symbol("e", total, {form_.length}));
      each.scanned.back() = all.scanned_symbols.back();
    }
    std::vector<NodePtr> alone = scan_numbers(numbers, each);
    all.rows = scan(context_, each);
    all.scanned.insert(all.scanned.end(), vectors_.begin(), vectors_.end());
    all.scanned_symbols.insert(all.scanned_symbols.end(), vector_entries_.begin(), vector_entries_.end());
    const std::vector<NodePtr> rows = scan(context_, all);
    std::vector<NodePtr> result;
    auto row = rows.begin();
    auto number = alone.begin();
    for (const NodePtr s : form_.carried_symbols) result.push_back(s->rank() > 0 ? *row++ : *number++);
    while (row != rows.end()) result.push_back(turned(*row++));
    return result;
  }

  // The last numbers; those that a round of `each` reads are among the rows that it goes through.
  std::vector<NodePtr> scan_numbers(LoopForm& numbers, LoopForm& each) {
    if (numbers.next.empty()) return {};
    std::vector<NodePtr> roots = each.next;
    roots.insert(roots.end(), each.rows.begin(), each.rows.end());
    const auto read = post_order(context_, roots, [](NodePtr n) { return n->symbols != 0; });
    for (const NodePtr s : numbers.carried_symbols)
      if (std::find(read.begin(), read.end(), s) != read.end()) numbers.rows.push_back(s);
    std::vector<NodePtr> values = scan(context_, numbers);
    const auto rows = values.begin() + std::ptrdiff_t(numbers.next.size());
    each.scanned_symbols.insert(each.scanned_symbols.end(), numbers.rows.begin(), numbers.rows.end());
    each.scanned.insert(each.scanned.end(), rows, values.end());
    values.erase(rows, values.end());
    return values;
  }

  // A matrix turned round; of one that is, what it was.
  NodePtr turned(NodePtr n) {
    const Shape shape{(*n->shape)[1], (*n->shape)[0]};
    if (n->is(Op::broadcast) && *n->data.axes == std::vector<int>{1, 0} && *n->operand(0)->shape == shape)
      return n->operand(0);
    return context_.broadcast(n, shape, {1, 0});
  }

  Context& context_;
  const LoopForm& form_;
  Dim axis_{1};
  std::vector<NodePtr> order_;
  Context::BorrowedMemo inside_, entries_;
  std::vector<NodePtr> vectors_, vector_entries_;  // from outside
};

}  // namespace

std::optional<std::vector<NodePtr>> entrywise_scan(Context& context, const LoopForm& form) {
  return Entrywise(context, form).run();
}

}  // namespace gradus

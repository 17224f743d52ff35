// From the outputs wanted to a program: arrays by the plan of a region, formulas over rows one after the other.
#include "gradus/program/lower.hpp"

#include "gradus/calculus/array_form.hpp"
#include "gradus/core/control.hpp"
#include "gradus/core/walk.hpp"
#include "region.hpp"

namespace gradus::program {
namespace {

class Lowering {
 public:
  Lowering(Context& context, const std::vector<NodePtr>& inputs, const std::vector<NodePtr>& outputs,
           const LowerOptions& options)
      : context_(context), inputs_(inputs), outputs_(outputs), options_(options), site_(context, program_) {
    program_.arithmetic = options.arithmetic;
    program_.lanes = options.machine.lanes_of(options.arithmetic);
    site_.kept_bytes = options.kept_bytes;
  }

  Result<Program> run() {
    if (!is_floating(options_.arithmetic))
      return Diagnostic{Code::E701, std::string("programs do not compute in ") + name_of(options_.arithmetic)};
    if (options_.inputs.size() > inputs_.size() || options_.outputs.size() > outputs_.size())
      return Diagnostic{Code::E701, "there are more types of elements than arguments or results"};
    declare();
    options_.rows.empty() ? emit_arrays() : emit_rows();
    if (site_.failure) return *site_.failure;
    site_.builder.finish(context_.policy().contract && options_.machine.fma);
    if (const std::string why = finish(program_); !why.empty()) return Diagnostic{Code::E605, why};
    return std::move(program_);
  }

 private:
  void declare() {
    const Shape column{Dim{1, options_.rows}};
    const Shape* scalar = options_.rows.empty() ? nullptr : &column;
    const auto add = [&](std::string name, Role role, NodePtr n) {
      const auto& asked = role == Role::input ? options_.inputs : options_.outputs;
      const std::size_t k = program_.arrays.size() - (role == Role::input ? 0 : inputs_.size());
      const Element element = k < asked.size() ? asked[k] : options_.arithmetic;
      program_.arrays.push_back(
          {std::move(name), role, site_.sizes_of(n->shape ? n->shape : scalar), false, false, element});
    };
    for (const NodePtr n : inputs_) add(std::string(n->name()), Role::input, n);
    program_.inputs = Id(inputs_.size());
    for (std::size_t k = 0; k < outputs_.size(); ++k) add("out" + std::to_string(k), Role::output, outputs_[k]);
    program_.outputs = Id(outputs_.size());
  }
  Id output(std::size_t k) const { return Id(inputs_.size() + k); }

  void emit_arrays() {
    Region::Given given;
    for (Id k = 0; k < inputs_.size(); ++k) given.places[inputs_[k]] = {k};
    std::vector<Region::Output> wanted;
    for (std::size_t k = 0; k < outputs_.size(); ++k) wanted.push_back({outputs_[k], {output(k)}});
    Region(site_, Builder::top, std::move(given), std::move(wanted)).run();
  }

  // One row after the other.
  void emit_rows() {
    const auto order = post_order(context_, outputs_);
    for (const NodePtr n : order)
      if (n->is(Op::error)) {
        site_.failure = *n->data.diagnostic;
        return;
      }
    const Dependence depends(order);
    Builder& b = site_.builder;
    Evaluator evaluator(context_.policy(), b, depends, [this](const Dim& d) { return site_.size_of(d); });
    const Id length = site_.size_of(Dim{1, options_.rows}), each = site_.chosen_size("block"),
             count = site_.chosen_size("blocks");
    const Id blocks = b.open(Builder::top, length, false), loop = b.open_part(blocks, blocks, true);
    b.set_segment(blocks, each);
    b.set_parallel(blocks);
    std::unordered_map<NodePtr, Id> input_of;
    for (Id k = 0; k < inputs_.size(); ++k) input_of[inputs_[k]] = k;
    evaluator.ground = loop;
    evaluator.given = [&](NodePtr n, const Index& index, Id guard) {
      const auto at = n->is(Op::symbol) ? input_of.find(n) : input_of.end();
      if (at == input_of.end()) return none;
      const Id value = b.load(at->second, n->shape ? index : Index{loop}, guard);
      evaluator.remember(n, index, guard, value);
      return value;
    };
    for (const NodePtr n : order)  // operands first: the evaluator's stack stays flat however deep the formula is
      if (!n->shape && n->open == 0 && !n->is_binder()) {
        evaluator.value(n, {});
        if (evaluator.failure()) break;
      }
    for (std::size_t k = 0; k < outputs_.size() && !evaluator.failure(); ++k)
      b.store(output(k), {loop}, evaluator.value(outputs_[k], {}));
    site_.failure = evaluator.failure();
    if (site_.failure) return;
    close_lanes(b, loop);
    b.close(blocks);
    program_.segments.push_back(
        {.length = length, .segment = each, .count = count, .least = rows_of_block(b, blocks, length, 0), .unit = 64});
  }

  Context& context_;
  const std::vector<NodePtr>& inputs_;
  const std::vector<NodePtr>& outputs_;
  const LowerOptions& options_;
  Program program_;
  Site site_;
};

}  // namespace

Result<Program> lower(Context& context, const std::vector<NodePtr>& inputs, const std::vector<NodePtr>& outputs,
                      const LowerOptions& options) {
  auto inlined = inline_calls(context, outputs);
  if (context.policy().reorder)  // formulas have sums over an index
    for (NodePtr& n : inlined) n = array_form(context, n, ArrayFormFor::programs, inputs);
  return Lowering(context, inputs, inlined, options).run();
}

}  // namespace gradus::program

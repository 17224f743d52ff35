// The tree as JSON: the nodes themselves, nothing rearranged.
#include "gradus/core/control.hpp"
#include "text/printer.hpp"

namespace gradus {
namespace text {
namespace {

std::string quoted(std::string_view s) {
  std::string out = "\"";
  for (const char c : s) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (u < 0x20)
      out += std::string("\\u00") + "0123456789abcdef"[u >> 4] + "0123456789abcdef"[u & 15];
    else
      out += c;
  }
  return out + "\"";
}

class JsonPrinter : public Printer {
 public:
  using Printer::Printer;

 protected:
  bool raw() const override { return true; }
  void shared(NodePtr, const std::string& name) override { keep("{\"op\": \"ref\", \"name\": " + quoted(name) + "}"); }
  void definition(const std::string& name, NodePtr n) override {
    keep(std::string(out_.empty() ? "{\"let\": [" : ", ") + "{\"name\": " + quoted(name) + ", \"value\": ");
    say(n, anything);
    say("}");
  }
  void result(NodePtr n) override {
    const bool let = !out_.empty();
    if (let) say("], \"in\": ");
    say(n, anything);
    if (let) say("}");
  }
  void node(NodePtr n) override {
    keep("{\"op\": " + quoted(op_name(n->op)));
    switch (n->op) {
      case Op::rational:
        keep(", \"value\": " + quoted(n->value().to_string()));
        break;
      case Op::floating:
        keep(", \"value\": " + quoted(std::to_string(n->data.floating)));
        break;
      case Op::symbol:
      case Op::apply:
        keep(", \"name\": " + quoted(n->name()));
        break;
      case Op::bound:
        keep(", \"number\": " + std::to_string(n->bound_number()));
        break;
      case Op::iota:
      case Op::broadcast:
      case Op::reduce_sum:
      case Op::reduce_max:
      case Op::solve:
      case Op::triangular_solve:
      case Op::determinant: {
        std::string axes;
        for (const int a : *n->data.axes) axes += (axes.empty() ? "" : ", ") + std::to_string(a);
        keep(", \"axes\": [" + axes + "]");
        break;
      }
      case Op::scan:
      case Op::while_loop:
      case Op::branch:
      case Op::implicit:
      case Op::call: {
        const Control& c = *n->data.control;
        keep(", \"carried\": " + std::to_string(c.carried) + ", \"scanned\": " + std::to_string(c.scanned));
        bodies("body", c.body);
        bodies(n->is(Op::while_loop) ? "condition" : n->is(Op::call) ? "rule" : "otherwise", c.otherwise);
        break;
      }
      case Op::result:
        keep(", \"number\": " + std::to_string(n->data.number));
        break;
      case Op::derivative:
        keep(", \"order\": " + std::to_string((*n->data.axes)[0]));
        break;
      case Op::sum_over:
      case Op::prod_over:
      case Op::integral_over:
        keep(", \"number\": " + std::to_string(n->data.number));
        break;
      case Op::error:
        keep(", \"message\": " + quoted(n->data.diagnostic->message));
        break;
      default:
        break;
    }
    if (n->shape) {
      std::string dims;
      for (const Dim& d : *n->shape)
        dims += (dims.empty() ? "" : ", ") + (d.is_constant() ? std::to_string(d.size) : quoted(d.name));
      keep(", \"shape\": [" + dims + "]");
    }
    if (n->arity > 0) {
      say(", \"args\": [");
      list(n->operands(), ", ");
      say("]");
    }
    say("}");
  }
  // Closed bodies are trees of their own; they share nothing with what is outside.
  void bodies(const char* name, const std::vector<NodePtr>& roots) {
    if (roots.empty()) return;
    std::string list;
    for (const NodePtr root : roots) list += (list.empty() ? "" : ", ") + to_json_tree(context_, root, {});
    keep(", \"" + std::string(name) + "\": [" + list + "]");
  }
  static std::string_view op_name(Op op) {
    static constexpr std::string_view names[] = {
        "error",       "number",      "float",    "pi",          "symbol",       "bound",      "iota",
        "add",         "mul",         "min",      "max",         "less",         "less_equal", "equal",
        "and",         "or",          "not",      "select",      "stack",        "index",      "broadcast",
        "reduce_sum",  "reduce_max",  "sum",      "prod",        "integral",     "derivative", "apply",
        "scatter_add", "scan",        "while",    "branch",      "result",       "solve",      "triangular_solve",
        "inverse",     "determinant", "cholesky", "eigenvalues", "eigenvectors", "held",       "implicit",
        "call"};
    static_assert(std::size(names) == std::size_t(Op::first_pointwise));
    return is_pointwise_record(op) ? info_of(op).name : names[int(op)];
  }
};
}  // namespace
}  // namespace text

std::string to_json_tree(Context& context, NodePtr n, const PrintOptions& options) {
  return text::JsonPrinter(context, options).print(n);
}

}  // namespace gradus

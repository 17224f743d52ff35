// Any bytes: the parser answers or says what is wrong, with spans inside the text; what it accepts is printed in every
// form, and the plain and Unicode forms read back as the same node.
#include <cstdint>
#include <cstdlib>

#include "gradus/core/walk.hpp"
#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"
#include "gradus/text/render.hpp"

using namespace gradus;

namespace {

// Whether the text of n is read without the declarations and literal bounds it came from.
bool stands_alone(Context& context, NodePtr n) {
  for (const NodePtr x : post_order(context, n)) {
    if (x->is(Op::sum_over) || x->is(Op::prod_over) || x->is(Op::broadcast) || x->is(Op::derivative)) return false;
    if (x->is(Op::symbol) && (x != context.symbol(x->name()) || x->name().find('#') != x->name().npos)) return false;
    if (x->is(Op::symbol) && (x->name() == "e" || x->name() == "pi" || x->name().size() > 1)) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Budget budget;
  budget.nodes = 200'000;
  budget.bytes = std::size_t(64) << 20;
  Context context(Policy::formula(), budget);
  Scope scope;
  ParseOptions options;
  options.scope = &scope;
  const auto parsed = parse(context, text, options);
  if (!parsed) {
    for (const Diagnostic& d : parsed.errors())
      if (d.span.begin > d.span.end || d.span.end > size || d.message.empty()) std::abort();
    if (render(parsed.errors(), text).empty()) std::abort();
    return 0;
  }
  if (!parsed->expr) return 0;
  const std::string plain = to_text(context, parsed->expr), unicode = to_unicode(context, parsed->expr);
  to_latex(context, parsed->expr);
  to_cpp(context, parsed->expr);
  to_python(context, parsed->expr);
  to_json_tree(context, parsed->expr);
  if (!stands_alone(context, parsed->expr)) return 0;
  for (const std::string& form : {plain, unicode}) {
    const auto again = parse(context, form);
    if (!context.failure() && (!again || again->expr != parsed->expr)) std::abort();
  }
  return 0;
}

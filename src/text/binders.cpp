// Σ, Π and ∫: calls that bind a variable; and ∫_0^x f(t) dt, brought to the form of a call before anything is read.
#include <algorithm>

#include "gradus/core/walk.hpp"
#include "text/parser.hpp"

namespace gradus::text {
namespace {
constexpr std::int64_t expand_terms = 1000;      // Σ and Π with literal bounds are written out up to here,
constexpr std::size_t expand_nodes = 2'000'000;  // if that makes no more nodes than this
}  // namespace

NodePtr Parser::over_index(const Frame& f, Special special, std::span<const NodePtr> x, Span span) {
  const bool sum = special == Special::sum;
  if (!f.flag) {
    const bool last = x[1]->is(Op::symbol);
    return error(Code::E102, "the first argument of '" + std::string(lexed_.names[f.name]) + "' is the index", span,
                 last ? "did you mean " + std::string(lexed_.names[f.name]) + "(" + argument_text(f, 1) + ", " +
                            argument_text(f, 2) + ", " + argument_text(f, 3) + ", " + argument_text(f, 0) + ")?"
                      : "like this: " + std::string(lexed_.names[f.name]) + "(i, 1, n, f)");
  }
  const NodePtr index = x[0], body = x[3];
  const auto lower = x[1]->is_rational() ? x[1]->value().to_int() : std::nullopt;
  const auto upper = x[2]->is_rational() ? x[2]->value().to_int() : std::nullopt;
  if ((x[1]->is_rational() && !lower) || (x[2]->is_rational() && !upper))
    return error(Code::E102, "the bounds of an index are integers", span);
  constexpr std::int64_t far = std::int64_t(1) << 60;
  const std::int64_t from = lower.value_or(-far), to = upper.value_or(far);
  if (from > -far && to < far) {
    const std::int64_t count = to - from + 1;
    if (count <= 0) return context_.integer(sum ? 0 : 1);
    if (count <= expand_terms && std::size_t(count) * post_order(context_, body).size() <= expand_nodes) {
      scratch_.clear();
      for (std::int64_t k = from; k <= to; k++)
        scratch_.push_back(substitute(context_, body, index, context_.integer(k)));
      return sum ? context_.add(scratch_) : context_.mul(scratch_);
    }
  }
  return context_.over(sum ? Op::sum_over : Op::prod_over, body, index, x[1], x[2]);
}

// int(f, t, a, b); of ∫_a^b f dt the arguments are t, a, b, f.
NodePtr Parser::integral_over(const Frame& f, std::span<const NodePtr> x, Span span) {
  const std::string name(lexed_.names[f.name]);
  if (x.size() != 4)
    return error(Code::E102, "an integral has an integrand, a variable and two bounds", span,
                 "like this: " + std::string(name == "∫" ? "∫_0^x t^2 dt" : name + "(t^2, t, 0, x)"));
  if (f.flag) return context_.over(Op::integral_over, x[3], x[0], x[1], x[2]);
  if (!x[1]->is(Op::symbol))
    return error(Code::E109, "'" + argument_text(f, 1) + "' is not a variable", spans_[f.base + 1],
                 "like this: " + name + "(t^2, t, 0, x)");
  for (const NodePtr n : x)
    if (n->shape) return error(Code::E203, "an integral is of a number over numbers", span);
  const Span at = spans_[f.base + 1];
  std::erase_if(seen_, [&](const auto& s) { return s.first == x[1] && s.second == at; });
  return context_.over(Op::integral_over, x[0], x[1], x[2], x[3]);
}

// ∫ with bounds becomes the call ∫(t, a, b, f): the tokens keep their places in the text, those that are added stand
// where the sign or the differential does.
void Parser::write_integrals_as_calls() {
  struct Open {
    std::size_t index;  // of the token that will name the variable
    std::uint32_t depth;
    Span sign;
  };
  const std::vector<Token> in = std::move(lexed_.tokens);
  std::vector<Token>& out = lexed_.tokens;
  out.clear();
  std::vector<Open> open;
  std::uint32_t depth = 0;
  const std::uint32_t name = lexed_.names.intern("∫", true), no_name = lexed_.names.intern("?", true);
  const auto opens = [](Tok t) { return t == Tok::left_paren || t == Tok::left_bracket; };
  const auto closes_bracket = [](Tok t) { return t == Tok::right_paren || t == Tok::right_bracket; };
  std::size_t i = 0;
  const auto bound = [&](const Token& after) {  // a number, a name, a bracket; one of them with a sign
    if (in[i].kind == Tok::minus) out.push_back(in[i++]);
    std::uint32_t inside = 0;
    const std::size_t first = i;
    do {
      if (opens(in[i].kind)) inside++;
      if (closes_bracket(in[i].kind)) inside--;
      if (in[i].kind <= Tok::semicolon || (i == first && !begins_operand(in[i].kind))) {
        error(Code::E109, "a bound of this integral is missing", after.span(), "like this: ∫_0^x t^2 dt");
        return false;
      }
      out.push_back(in[i++]);
    } while (inside > 0);
    return true;
  };
  const auto variable_of = [&](const Token& t) {
    return t.kind == Tok::name && lexed_.names[t.value].size() > 1 && lexed_.names[t.value][0] == 'd';
  };
  while (i < in.size()) {
    const Token t = in[i];
    if (t.kind == Tok::integral) {
      i++;
      const std::uint32_t commas = 3;
      out.push_back({t.begin, t.end, name, Tok::name});
      out.push_back({t.begin, t.end, commas, Tok::left_paren});
      open.push_back({out.size(), depth, t.span()});
      out.push_back({t.begin, t.end, no_name, Tok::name});
      out.push_back({t.begin, t.end, 0, Tok::comma});
      if (t.value == 0) error(Code::E109, "this integral has no bounds", t.span(), "like this: ∫_0^x t^2 dt");
      if (t.value == 0 || !bound(t)) return;
      out.push_back({in[i].begin, in[i].begin, 0, Tok::comma});
      if (in[i].kind == Tok::power) {
        i++;
        if (!bound(in[i - 1])) return;
      } else if (in[i].kind == Tok::superscript) {
        out.push_back({in[i].begin, in[i].end, 16 + in[i].value, Tok::number});
        i++;
      } else {
        error(Code::E109, "the upper bound of this integral is missing", t.span(), "like this: ∫_0^x t^2 dt");
        return;
      }
      out.push_back({in[i].begin, in[i].begin, 0, Tok::comma});
      continue;
    }
    if (!open.empty() && open.back().depth == depth && variable_of(t)) {
      const std::string variable(lexed_.names[t.value].substr(1));
      out[open.back().index].value = lexed_.names.intern(variable, false);
      out.push_back({t.begin, t.end, 0, Tok::right_paren});
      open.pop_back();
      i++;
      continue;
    }
    if (opens(t.kind)) depth++;
    if (closes_bracket(t.kind)) depth -= depth > 0;
    if (!open.empty() && (depth < open.back().depth || t.kind <= Tok::semicolon)) break;
    out.push_back(t);
    i++;
  }
  if (!open.empty())
    error(Code::E103, "this integral has no differential", open.back().sign, "like this: ∫_0^x t^2 dt");
}

}  // namespace gradus::text

// Commands of LaTeX that take arguments, and environments.
#include "text/latex_translator.hpp"

namespace gradus::text {
namespace {
using Kind = LatexPiece::Kind;

struct Command {
  std::string_view name;
  Tok token;
};
constexpr Command commands[] = {{"\\cdot", Tok::times},
                                {"\\times", Tok::times},
                                {"\\ast", Tok::times},
                                {"\\div", Tok::divide},
                                {"\\le", Tok::less_equal},
                                {"\\leq", Tok::less_equal},
                                {"\\ge", Tok::greater_equal},
                                {"\\geq", Tok::greater_equal},
                                {"\\ne", Tok::not_equal},
                                {"\\neq", Tok::not_equal},
                                {"\\lt", Tok::less},
                                {"\\gt", Tok::greater},
                                {"\\land", Tok::keyword_and},
                                {"\\wedge", Tok::keyword_and},
                                {"\\lor", Tok::keyword_or},
                                {"\\vee", Tok::keyword_or},
                                {"\\lnot", Tok::keyword_not},
                                {"\\neg", Tok::keyword_not},
                                {"\\prime", Tok::prime},
                                {"\\top", Tok::prime},
                                {"\\vert", Tok::bar},
                                {"\\lbrace", Tok::left_paren},
                                {"\\rbrace", Tok::right_paren},
                                {"\\{", Tok::left_paren},
                                {"\\}", Tok::right_paren},
                                {"\\in", Tok::keyword_in},
                                {"\\mid", Tok::bar}};

struct Delimiter {
  std::string_view name;
  bool opens;
  std::string_view function;  // of ⌊ ⌋ and their kin
};
constexpr Delimiter delimiters[] = {{"\\lfloor", true, "floor"}, {"\\rfloor", false, "floor"},
                                    {"\\lceil", true, "ceil"},   {"\\rceil", false, "ceil"},
                                    {"\\lvert", true, "abs"},    {"\\rvert", false, "abs"}};
}  // namespace

bool Translator::compound(std::uint32_t& i, std::uint32_t to) {
  const std::string_view text = at(i);
  const Span span = pieces_[i].span();
  for (const Command& c : commands)
    if (c.name == text) {
      emit(c.token, span);
      i++;
      return false;
    }
  if (text == "\\left" || text == "\\right") {
    i++;
    if (i >= to) {
      error(Code::E103, "a bracket is missing after '" + std::string(text) + "'", span);
      return false;
    }
    const bool opens = text == "\\left";
    if (at(i) == "|" || at(i) == "\\vert") {
      if (opens) emit(word("abs", span).token);
      emit(opens ? Tok::left_paren : Tok::right_paren, {span.begin, pieces_[i].end});
      i++;
    } else if (at(i) == ".") {
      i++;
    }
    return false;  // any other bracket speaks for itself
  }
  for (const Delimiter& d : delimiters)
    if (d.name == text) {
      if (d.opens) emit(word(std::string(d.function), span).token);
      emit(d.opens ? Tok::left_paren : Tok::right_paren, span);
      i++;
      return false;
    }
  if (special_function(i, to)) return true;
  if (text == "\\frac" || text == "\\dfrac" || text == "\\tfrac") return fraction(i, to);
  if (text == "\\sqrt") return root(i, to);
  if ((text == "\\log" || text == "\\lg" || text == "\\ln") && is(i + 1, to, "_")) return logarithm(i, to);
  if (text == "\\sum" || text == "\\prod") return over_index(i, to);
  if (text == "\\int") return integral(i, to);
  if (text == "\\begin") return environment(i, to);
  if (text == "\\\\") {
    i++;
    return false;
  }
  return false;
}

// J_n(x), Γ(x) and their kin, where the language has the function.
bool Translator::special_function(std::uint32_t i, std::uint32_t to) {
  static constexpr std::string_view indexed[][2] = {
      {"J", "besselj"}, {"Y", "bessely"}, {"I", "besseli"}, {"K", "besselk"}, {"E", "expint"}};
  static constexpr std::string_view plain[][2] = {{"\\Gamma", "gamma"}, {"\\zeta", "zeta"}, {"\\psi", "digamma"}};
  const auto bracket = [&](std::uint32_t k) -> std::uint32_t {  // the piece after ( or \left(; 0 when none stands there
    if (is(k, to, "(")) return k + 1;
    return is(k, to, "\\left") && is(k + 1, to, "(") ? k + 2 : 0;
  };
  const auto known = [](std::string_view name) { return builtin(name).kind == Builtin::Kind::record; };
  const Span span = pieces_[i].span();
  for (const auto& [letter, name] : indexed) {
    if (at(i) != letter || !is(i + 1, to, "_") || !known(name)) continue;
    const Unit u = unit(i + 2, to);
    const std::uint32_t inside = bracket(u.end);
    if (inside == 0) continue;
    schedule({word(std::string(name), span), sign(Tok::left_paren, pieces_[inside - 1].span()), range(u.from, u.to),
              sign(Tok::comma, span)},
             inside, to);
    return true;
  }
  for (const auto& [letter, name] : plain) {
    if (at(i) != letter || !known(name) || bracket(i + 1) == 0) continue;
    schedule({word(std::string(name), span)}, i + 1, to);
    return true;
  }
  return false;
}

// \frac{d}{dx}, \frac{d^2}{dx^2}, \frac{\partial}{\partial x}: the order as written and the variable.
std::optional<std::pair<std::uint32_t, std::string>> Translator::differential(const Unit& top,
                                                                              const Unit& bottom) const {
  const std::string_view d = at(top.from);
  if ((d != "d" && d != "\\partial") || at(bottom.from) != d || top.from >= top.to) return std::nullopt;
  const auto order_at = [&](std::uint32_t i, std::uint32_t to) -> std::string {
    if (i == to) return "1";
    if (at(i) != "^") return {};
    const Unit u = unit(i + 1, to);
    return u.end == to && u.to - u.from == 1 && pieces_[u.from].kind == Kind::number ? std::string(at(u.from))
                                                                                     : std::string();
  };
  std::uint32_t i = bottom.from + 1;
  if (i >= bottom.to) return std::nullopt;
  const std::string variable = name_at(i, bottom.to);
  const std::string above = order_at(top.from + 1, top.to), below = order_at(i, bottom.to);
  if (variable.empty() || above.empty() || above != below) return std::nullopt;
  return std::pair(std::uint32_t(std::stoul(above)), variable);
}

bool Translator::fraction(std::uint32_t i, std::uint32_t to) {
  const auto top = argument(i + 1, to, i);
  const auto bottom = top ? argument(top->end, to, i) : std::nullopt;
  if (!bottom) return true;
  const Span span = pieces_[i].span(), last = pieces_[bottom->end - 1].span();
  if (const auto d = differential(*top, *bottom)) {
    Tasks next{word("d", pieces_[top->from].span())};
    const auto order = [&](std::uint32_t from) {
      if (d->first == 1) return;
      next.push_back({0, 0, token(Tok::superscript, pieces_[from].span(), d->first), true});
    };
    order(top->from);
    next.push_back(sign(Tok::divide, span));
    next.push_back(word("d" + d->second, span_of(bottom->from, bottom->to)));
    order(bottom->from);
    schedule(next, bottom->end, to);
    return true;
  }
  schedule({sign(Tok::left_paren, span), sign(Tok::left_paren, span), range(top->from, top->to),
            sign(Tok::right_paren, span_of(top->end - 1, top->end)), sign(Tok::divide, span),
            sign(Tok::left_paren, span_of(top->end, top->end + 1)), range(bottom->from, bottom->to),
            sign(Tok::right_paren, last), sign(Tok::right_paren, last)},
           bottom->end, to);
  return true;
}

bool Translator::root(std::uint32_t i, std::uint32_t to) {
  const Span span = pieces_[i].span();
  std::uint32_t from = i + 1, degree_end = from;
  if (is(from, to, "[")) {
    constexpr int deepest = 32;  // degrees of degrees; so that a row of \sqrt[ stays linear
    for (int depth = 0; degree_end < to && depth <= deepest; degree_end++) {
      if (at(degree_end) == "[") depth++;
      if (at(degree_end) == "]" && --depth == 0) break;
    }
    from = degree_end + 1;
  }
  const auto u = argument(from, to, i);
  if (!u) return true;
  const Span last = pieces_[u->end - 1].span();
  Tasks next{word(degree_end > i + 1 ? "root" : "sqrt", span), sign(Tok::left_paren, span), range(u->from, u->to)};
  if (degree_end > i + 1) {
    next.push_back(sign(Tok::comma, last));
    next.push_back(range(i + 2, degree_end));
  }
  next.push_back(sign(Tok::right_paren, last));
  schedule(next, u->end, to);
  return true;
}

// \log_b x is (1/log(b)) log x.
bool Translator::logarithm(std::uint32_t i, std::uint32_t to) {
  const auto u = argument(i + 2, to, i);
  if (!u) return true;
  const Span span = pieces_[i].span();
  const std::string_view base = u->to - u->from == 1 ? at(u->from) : std::string_view();
  if (base == "2" || letters(u->from, u->to) == "10") {
    schedule({word(base == "2" ? "log2" : "log10", span)}, u->end, to);
    return true;
  }
  schedule({sign(Tok::left_paren, span),
            {0, 0, token(Tok::number, span, 16 + 1), true},
            sign(Tok::divide, span),
            word("log", span),
            sign(Tok::left_paren, span),
            range(u->from, u->to),
            sign(Tok::right_paren, span),
            sign(Tok::right_paren, span),
            sign(Tok::times, span),
            word("log", span)},
           u->end, to);
  return true;
}

// \sum_{k=a}^{b} term: the term ends before the next + or - outside brackets.
bool Translator::over_index(std::uint32_t i, std::uint32_t to) {
  const Span span = pieces_[i].span();
  Unit lower{0, 0, i + 1}, upper{0, 0, i + 1};
  std::uint32_t next = i + 1;
  for (int k = 0; k < 2; k++) {
    if (is(next, to, "_")) next = (lower = unit(next + 1, to)).end;
    if (is(next, to, "^")) next = (upper = unit(next + 1, to)).end;
  }
  std::uint32_t equal = lower.from;
  while (equal < lower.to && at(equal) != "=") equal++;
  std::uint32_t after = lower.from;
  const std::string index = lower.from < lower.to ? name_at(after, lower.to) : std::string();
  if (index.empty() || after != equal || equal >= lower.to || upper.from >= upper.to) {
    error(Code::E109, "a sum needs its index and its bounds", span, "like this: \\sum_{k=0}^{n} x^k");
    return true;
  }
  int depth = 0;
  std::uint32_t end = next;
  for (bool first = true; end < to && ++work_ > 0;
       end = pieces_[end].kind == Kind::open ? pieces_[end].partner + 1 : end + 1) {
    const std::string_view t = at(end);
    if (t == "(" || t == "[" || t == "\\lfloor" || t == "\\lceil" || t == "\\lvert" || t == "\\{" || t == "\\begin")
      depth++;
    const bool closes = t == ")" || t == "]" || t == "\\rfloor" || t == "\\rceil" || t == "\\rvert" || t == "\\}";
    if (t == "\\left" && is(end + 1, to, "|")) {
      depth++;
      end++;
      continue;
    }
    if (t == "\\right" && depth == 0) break;
    if (t == "\\right" && is(end + 1, to, "|")) {
      depth--;
      end++;
      continue;
    }
    if (closes || t == "\\end") depth--;
    if (depth < 0) break;
    static constexpr std::string_view enders[] = {"+",     "-",    "=",     "<",      ">",     ",",
                                                  ";",     "&",    "\\\\",  "\\le",   "\\ge",  "\\leq",
                                                  "\\geq", "\\ne", "\\neq", "\\land", "\\lor", "}"};
    if (depth == 0 && !first && std::find(std::begin(enders), std::end(enders), t) != std::end(enders)) break;
    first = false;
  }
  const Span last = end > next ? pieces_[end - 1].span() : span;
  schedule({word(at(i) == "\\sum" ? "sum" : "prod", span), sign(Tok::left_paren, span),
            word(index, span_of(lower.from, equal)), sign(Tok::comma, span), range(equal + 1, lower.to),
            sign(Tok::comma, span), range(upper.from, upper.to), sign(Tok::comma, span), range(next, end),
            sign(Tok::right_paren, {last.end, last.end})},
           end, to);
  return true;
}

// The sign ∫ with its bounds in brackets; the parser finds the differential.
bool Translator::integral(std::uint32_t i, std::uint32_t to) {
  const Span span = pieces_[i].span();
  Unit lower{0, 0, i + 1}, upper{0, 0, i + 1};
  std::uint32_t next = i + 1;
  for (int k = 0; k < 2; k++) {
    if (is(next, to, "_")) next = (lower = unit(next + 1, to)).end;
    if (is(next, to, "^")) next = (upper = unit(next + 1, to)).end;
  }
  out_.integrals = true;
  integrals_++;
  const bool bounds = lower.from < lower.to && upper.from < upper.to;
  Tasks tasks{{0, 0, token(Tok::integral, span, bounds), true}};
  if (bounds)
    tasks.insert(tasks.end(), {sign(Tok::left_paren, span), range(lower.from, lower.to), sign(Tok::right_paren, span),
                               sign(Tok::power, span), sign(Tok::left_paren, span), range(upper.from, upper.to),
                               sign(Tok::right_paren, span)});
  schedule(tasks, next, to);
  return true;
}

// cases, matrices, aligned: rows of cells between \begin and \end.
bool Translator::environment(std::uint32_t i, std::uint32_t to) {
  const std::uint32_t end = pieces_[i].partner;
  if (end >= to) {  // a brace closes between
    error(Code::E103, "\\end is missing", pieces_[i].span(), "never closed");
    return true;
  }
  const Unit name_unit = unit(i + 1, to);
  const std::string name = letters(name_unit.from, name_unit.to);
  const std::uint32_t rest = end + 1 < to ? unit(end + 1, to).end : to;
  std::vector<std::vector<Unit>> rows(1);
  std::uint32_t from = name_unit.end;
  for (std::uint32_t k = from; k <= end && k < to; k++) {
    const std::string_view t = at(k);
    if (k < end && pieces_[k].kind == Kind::open) k = pieces_[k].partner;
    if (k < end && t == "\\begin") k = pieces_[k].partner;
    if (k < end && t != "&" && t != "\\\\") continue;
    rows.back().push_back({from, k, k});
    from = k + 1;
    if (t == "\\\\" && k < end) rows.emplace_back();
  }
  if (rows.back().size() == 1 && rows.back()[0].from >= rows.back()[0].to && rows.size() > 1) rows.pop_back();
  const Span span = pieces_[i].span(), last = pieces_[end].span();
  if (name == "cases") return cases(rows, i, rest, to);
  Tasks next;
  if (name == "aligned" || name == "align" || name == "split" || name == "gathered") {
    for (std::size_t r = 0; r < rows.size(); r++) {
      if (r > 0) next.push_back(sign(Tok::semicolon, span_of(rows[r][0].from, rows[r][0].from)));
      std::uint32_t first = rows[r][0].from;
      const bool definition = rows[r].size() == 2 && first < rows[r][0].to && is(rows[r][1].from, rows[r][1].to, "=");
      if (definition) next.push_back(sign(Tok::keyword_let, span_of(first, first)));
      for (const Unit& cell : rows[r]) next.push_back(range(cell.from, cell.to));
    }
  } else if (name == "pmatrix" || name == "bmatrix" || name == "matrix") {
    const bool vector = std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.size() == 1; });
    next.push_back(sign(Tok::left_bracket, span));
    for (std::size_t r = 0; r < rows.size(); r++) {
      if (r > 0) next.push_back(sign(Tok::comma, span));
      if (!vector) next.push_back(sign(Tok::left_bracket, span));
      for (std::size_t c = 0; c < rows[r].size(); c++) {
        if (c > 0) next.push_back(sign(Tok::comma, span));
        next.push_back(range(rows[r][c].from, rows[r][c].to));
      }
      if (!vector) next.push_back(sign(Tok::right_bracket, last));
    }
    next.push_back(sign(Tok::right_bracket, last));
  } else {
    error(Code::E106, "the environment '" + name + "' has no meaning here", span_of(i, name_unit.end),
          "cases, pmatrix, aligned");
  }
  schedule(next, rest, to);
  return true;
}

// value & condition \\ … \\ value & otherwise
bool Translator::cases(const std::vector<std::vector<Unit>>& rows, std::uint32_t i, std::uint32_t rest,
                       std::uint32_t to) {
  const Span span = pieces_[i].span(), last = pieces_[pieces_[i].partner].span();
  Tasks next{sign(Tok::left_paren, span)};
  const auto text_end = [&](const Unit& u) {  // after \text{if}
    return u.from < u.to && is_name_command(u.from) && at(u.from) != "\\mathrm" && at(u.from) != "\\operatorname"
               ? unit(u.from + 1, u.to).end
               : u.from;
  };
  bool complete = false;
  for (std::size_t r = 0; r < rows.size() && !complete; r++) {
    const Unit& value = rows[r][0];
    const std::uint32_t condition = rows[r].size() > 1 ? text_end(rows[r][1]) : 0;
    complete = rows[r].size() < 2 || condition >= rows[r][1].to || letters(condition, rows[r][1].to) == "otherwise";
    if (!complete) {
      next.push_back(sign(Tok::keyword_if, span_of(condition, condition)));
      next.push_back(range(condition, rows[r][1].to));
      next.push_back(sign(Tok::keyword_then, span_of(value.from, value.from)));
    }
    next.push_back(range(value.from, value.to));
    if (!complete) next.push_back(sign(Tok::keyword_else, last));
  }
  if (!complete)
    error(Code::E103, "what holds otherwise is missing in these cases", span, "a last row: 0 & \\text{otherwise}");
  next.push_back(sign(Tok::right_paren, last));
  schedule(next, rest, to);
  return true;
}

}  // namespace gradus::text

// The rows of the command table, and looking things up in them. Everything here is constant-initialised: the table
// costs a starting process nothing.
#include "gradus/service/command_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "service/split.hpp"

namespace gradus::service {
namespace {

constexpr VerbInfo verb_rows[] = {
    {Verb::diff, "diff", "FORMULA", "derivative of a formula",
     "Prints the derivative, with the condition under which it holds where it does not hold everywhere. With --at also "
     "its values, and what they mean.",
     "gradus diff \"x^2\"  # 2*x\n"
     "gradus diff \"x^2\" --at -0.5,0,0.5  # a table of values and what they mean\n"
     "gradus diff \"sin(x*y)\" --wrt x,y  # a mixed derivative\n"
     "gradus diff \"x^4\" --order 2"},
    {Verb::grad, "grad", "FORMULA", "gradient: all partial derivatives, by one reverse sweep",
     "Prints the vector of partial derivatives. With --at also its value: the direction in which the function rises "
     "fastest, and how fast.",
     "gradus grad \"x^2 + y^2\"\n"
     "gradus grad \"x^2 + y^2\" --at x=1,y=2  # formula and value"},
    {Verb::jacobian, "jacobian", "FORMULA...", "Jacobian matrix of several formulas",
     "One row for each formula, one column for each variable. A vector literal counts as its entries.",
     "gradus jacobian \"x*y\" \"x + y\"\n"
     "gradus jacobian \"[r*cos(t), r*sin(t)]\" --wrt r,t --at r=2,t=0"},
    {Verb::hessian, "hessian", "FORMULA", "Hessian matrix: all second derivatives",
     "The matrix of second derivatives. With --at also its value.",
     "gradus hessian \"x^2*y\"\n"
     "gradus hessian \"x^2 - y^2\" --at x=0,y=0"},
    {Verb::taylor, "taylor", "FORMULA", "Taylor polynomial around a point",
     "The polynomial of the order given (4) that agrees with the formula at the point given (0) to that order.",
     "gradus taylor \"sin(x)\" --order 5\n"
     "gradus taylor \"log(x)\" --at 1 --order 3"},
    {Verb::tangent, "tangent", "FORMULA", "tangent line or plane at a point",
     "The equation of the line (of the plane, for several variables) that touches the graph at the point, and the "
     "curvature there.",
     "gradus tangent \"x^2\" --at 0.5\n"
     "gradus tangent \"x^2 + y^2\" --at x=1,y=2"},
    {Verb::estimate, "estimate", "FORMULA", "estimate a nearby value from the derivative, with a proven bound",
     "f(x + d) from f(x) + f'(x)*d, beside the true value and a bound on the remainder; the same to second order, and "
     "f'(x + d) from f'(x) + f''(x)*d.",
     "gradus estimate \"x^2\" --at 1 --step 0.1"},
    {Verb::numeric, "numeric", "FORMULA", "rise over run: finite differences beside the exact derivative",
     "Forward, backward and central differences for shrinking steps, Richardson extrapolation, the complex step, and "
     "the "
     "exact derivative.",
     "gradus numeric \"x^2\" --at 0.5"},
    {Verb::interpret, "interpret", "FORMULA", "what the derivative says at a point or on a range",
     "At a point: rising, falling or stationary, how fast, and in which direction. On a range: where the function "
     "rises "
     "and falls, its stationary points and their kind, and whether it is differentiable.",
     "gradus interpret \"x^2\" --at 0.5\n"
     "gradus interpret \"x^3 - 3*x\" --from -2 --to 2\n"
     "gradus interpret \"x^2 + y^2\" --at x=1,y=2 --direction 1,1"},
    {Verb::table, "table", "FORMULA", "table of values over a range",
     "Values in equal steps; with --derivative those of the derivative beside them.",
     "gradus table \"x^2\" --from -1 --to 1 --step 0.1\n"
     "gradus table \"sin(x)\" --from 0 --to pi --step pi/4 --derivative"},
    {Verb::plot, "plot", "FORMULA...", "picture of one or several formulas, in the terminal or as SVG or PNG",
     "Curves of one variable, with stationary points marked. A formula of two variables is drawn by its level lines, "
     "with --gradient its gradient field and with --start a path of descent.",
     "gradus plot \"x^2\" --from -1 --to 1 --tangent 0.5 --derivative -o parabola.svg\n"
     "gradus plot \"sin(x)\" \"cos(x)\" --from -pi --to pi\n"
     "gradus plot \"x^2 + 3*y^2\" --gradient --start x=1,y=1 --rate 0.1"},
    {Verb::simplify, "simplify", "FORMULA", "the simplest form found, and where it holds",
     "Prints a simpler form, with a condition where the original is not defined everywhere the simpler one is.",
     "gradus simplify \"sin(x)^2 + cos(x)^2\"\n"
     "gradus simplify \"x/x\""},
    {Verb::expand, "expand", "FORMULA", "products and powers of sums multiplied out", "Multiplies out.",
     "gradus expand \"(x + 1)^3\""},
    {Verb::latex, "latex", "FORMULA", "the formula as LaTeX",
     "Prints LaTeX for the formula as it is, or with "
     "--derivative for its derivative.",
     "gradus latex \"sqrt(x)/2\"\n"
     "gradus latex \"sin(x)^2\" --derivative"},
    {Verb::code, "code", "FORMULA", "source code for the formula, with --gradient for its derivatives too",
     "Writes a function in C++, C or Python that computes the formula.",
     "gradus code \"sin(x)*y\" --language c++ --gradient\n"
     "gradus code \"exp(-x^2)\" --language python --name bell"},
    {Verb::descend, "descend", "FORMULA", "plain gradient descent, or ascent, step by step",
     "Follows the negative gradient (with --ascend the gradient) from a start with a fixed rate, and shows the path as "
     "a "
     "table and as a picture.",
     "gradus descend \"x^2\" --start 0.8 --rate 0.1\n"
     "gradus descend \"x^2 + 3*y^2\" --start x=1,y=1 --rate 0.1 --steps 50"},
    {Verb::batch, "batch", "[FILE]", "answer JSON requests, one a line",
     "Reads one JSON object a line from the file or from standard input and answers each with one line, in order: "
     "{\"op\": \"diff\", \"expr\": \"a*x^2\", \"wrt\": [\"x\"], \"at\": [{\"a\": 3, \"x\": 0.5}]}. Keys are the names "
     "of the options. A value that does not exist is null with the reason beside it.",
     "echo '{\"op\": \"diff\", \"expr\": \"x^2\", \"at\": [3]}' | gradus batch"},
    {Verb::tutorial, "tutorial", "", "the story of the derivative and the gradient, told with the engine's own output",
     "Samples and draws a parabola, differentiates it, reads its slope, follows its tangent, estimates, compares with "
     "rise over run, goes to two variables, and descends. With --output it writes its pictures into a folder.",
     "gradus tutorial --output pictures"},
    {Verb::help, "help", "[VERB]", "help on a verb", "The verbs, or one verb and its options.", "gradus help diff"},
    {Verb::version, "version", "", "the version of this program", "Prints the version.", "gradus version"},
    {Verb::pages, "pages", "FOLDER", "write manual pages and completions",
     "Writes man/man1 and the completions of bash, zsh and fish below the folder.", "", true},
};
static_assert(std::size(verb_rows) <= 32);
static_assert([] {
  for (std::size_t i = 0; i < std::size(verb_rows); ++i)
    if (std::size_t(verb_rows[i].verb) != i) return false;
  return true;
}());

constexpr VerbSet any_of(std::initializer_list<Verb> list) {
  VerbSet set = 0;
  for (const Verb verb : list) set |= set_of(verb);
  return set;
}
using enum Verb;
constexpr VerbSet every = ~VerbSet{0};
constexpr VerbSet formulas = any_of({diff, grad, jacobian, hessian, taylor, tangent, estimate, numeric, interpret,
                                     table, plot, simplify, expand, latex, code, descend});
constexpr VerbSet with_variables = formulas & ~any_of({simplify, expand});
constexpr VerbSet with_points =
    any_of({diff, grad, jacobian, hessian, taylor, tangent, estimate, numeric, interpret, table, plot});
constexpr VerbSet with_values = with_points | any_of({descend});
constexpr VerbSet with_paths = any_of({descend, plot});

template <auto member> bool text(Request& request, std::string_view value) {
  request.*member = value;
  return !value.empty();
}
template <auto member> bool on(Request& request, std::string_view) { return request.*member = true; }
template <auto member, int low, int high> bool count(Request& request, std::string_view value) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), request.*member);
  return error == std::errc() && end == value.data() + value.size() && low <= request.*member &&
         request.*member <= high;
}
template <class Enum, std::size_t n>
bool choice(Enum& out, std::string_view value, const std::string_view (&names)[n]) {
  const auto* found = std::find(names, names + n, value);
  if (found != names + n) out = Enum(found - names);
  return found != names + n;
}

bool set_wrt(Request& request, std::string_view value) {
  for (const std::string_view name : split(value, ',')) {
    if (name.empty()) return false;
    request.wrt.emplace_back(name);
  }
  return true;
}
bool set_at(Request& request, std::string_view value) {
  for (const std::string_view point : split(value, ';')) {
    if (!point.empty()) request.at.emplace_back(point);
  }
  return !request.at.empty();
}
bool set_format(Request& request, std::string_view value) {
  return choice(request.format, value, {"text", "json", "csv", "latex"});
}
bool set_color(Request& request, std::string_view value) {
  return choice(request.color, value, {"auto", "always", "never"});
}
bool set_theme(Request& request, std::string_view value) { return choice(request.dark, value, {"light", "dark"}); }
bool set_language(Request& request, std::string_view value) {
  request.language = value;
  return value == "c++" || value == "python" || value == "c";
}
bool set_size(Request& request, std::string_view value) {
  const std::size_t cross = value.find('x');
  return cross != std::string_view::npos && count<&Request::width, 100, 10'000>(request, value.substr(0, cross)) &&
         count<&Request::height, 100, 10'000>(request, value.substr(cross + 1));
}
bool set_timeout(Request& request, std::string_view value) {
  // std::from_chars for double: GCC 11 and later, libc++ lacks it; a request has at most a few numbers of this kind.
  const std::string copy(value);
  char* end = nullptr;
  request.limits.seconds = std::strtod(copy.c_str(), &end);
  return !copy.empty() && *end == 0 && request.limits.seconds > 0 && request.limits.seconds < 1e6;
}

constexpr OptionInfo option_rows[] = {
    {"wrt", 'w', "NAMES", "differentiate with respect to these variables, separated by commas", with_variables,
     set_wrt},
    {"at", 'a', "POINTS", "where: 0.5, or -1,0,1 for several points, or x=1,y=2; separate points by ';' or repeat --at",
     with_points, set_at},
    {"order", 'n', "N", "order of the derivative or of the polynomial", any_of({diff, taylor}),
     count<&Request::order, 1, 1000>},
    {"from", 0, "NUMBER", "where the range begins; x=-1,y=0 for two variables",
     any_of({table, plot, interpret, estimate}), text<&Request::from>},
    {"to", 0, "NUMBER", "where the range ends", any_of({table, plot, interpret, estimate}), text<&Request::to>},
    {"step", 0, "NUMBER", "length of a step", any_of({table, estimate, numeric}), text<&Request::step>},
    {"direction", 0, "NUMBERS", "also the rate along this direction, 1,1 say", any_of({grad, interpret}),
     text<&Request::direction>},
    {"start", 0, "POINT", "where the descent begins: 0.8, or x=1,y=1", with_paths, text<&Request::start>},
    {"rate", 0, "NUMBER", "how far a step goes, as a multiple of the gradient (0.1)", with_paths, text<&Request::rate>},
    {"steps", 0, "N", "at most so many steps (100)", with_paths, count<&Request::steps, 1, 1'000'000>},
    {"tolerance", 0, "NUMBER", "stop where the gradient is shorter (1e-6)", with_paths, text<&Request::tolerance>},
    {"ascend", 0, "", "follow the gradient upwards", with_paths, on<&Request::ascend>},
    {"tangent", 0, "NUMBER", "draw the tangent there", set_of(plot), text<&Request::tangent>},
    {"derivative", 0, "", "the derivative too (latex: instead)", any_of({plot, table, latex}),
     on<&Request::derivative>},
    {"gradient", 0, "", "the gradient too", any_of({plot, code}), on<&Request::gradient>},
    {"language", 'l', "NAME", "c++, c or python", set_of(code), set_language, "c++ c python"},
    {"name", 0, "NAME", "what the function is called (f)", set_of(code), text<&Request::name>},
    {"output", 'o', "FILE", "write the picture there: .svg or .png (tutorial: a folder)",
     any_of({plot, descend, tutorial}), text<&Request::output>, "FILE"},
    {"theme", 0, "NAME", "light or dark", any_of({plot, descend, tutorial}), set_theme, "light dark"},
    {"title", 0, "TEXT", "what stands above the picture", any_of({plot, descend}), text<&Request::title>},
    {"size", 0, "WxH", "size of the picture (720x480)", any_of({plot, descend}), set_size},
    {"digits", 0, "N", "so many significant digits (12)", with_values, count<&Request::digits, 1, 10'000>},
    {"format", 'f', "NAME", "text, json, csv or latex", formulas, set_format, "text json csv latex"},
    {"quiet", 'q', "", "the bare result only", formulas | set_of(tutorial), on<&Request::quiet>},
    {"color", 0, "WHEN", "auto, always or never; NO_COLOR is heeded", every, set_color, "auto always never"},
    {"timeout", 0, "SECONDS", "give up after so long", formulas | set_of(batch), set_timeout},
};

// Edits that lead from one name to the other: a letter put in, left out, changed, or two neighbours swapped.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

template <class Rows, class Keep>
std::string closest(std::string_view name, const Rows& rows, Keep keep, std::string_view dashes) {
  std::string_view best;
  std::size_t least = name.size() > 64 ? 0 : std::min<std::size_t>(3, name.size() / 2 + 1);
  for (const auto& row : rows) {
    if (!keep(row)) continue;
    const std::size_t d = least > 0 ? distance(name, row.name) : least;
    const bool begins =
        (name.size() > 1 && row.name.starts_with(name)) || (row.name.size() > 3 && name.starts_with(row.name));
    if (d < least || (begins && best.empty())) {
      best = row.name;
      least = std::min(d, least);
    }
  }
  if (best.empty()) return {};
  return " Did you mean '" + std::string(dashes) + std::string(best) + "'?";
}

}  // namespace

std::span<const VerbInfo> verbs() { return verb_rows; }
std::span<const OptionInfo> options() { return option_rows; }
const VerbInfo& info_of(Verb verb) { return verb_rows[std::size_t(verb)]; }

const VerbInfo* find_verb(std::string_view name) {
  const auto* found = std::find_if(std::begin(verb_rows), std::end(verb_rows), [&](auto& v) { return v.name == name; });
  return found == std::end(verb_rows) ? nullptr : found;
}

const OptionInfo* find_option(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(option_rows), std::end(option_rows), [&](auto& o) { return o.name == name; });
  return found == std::end(option_rows) ? nullptr : found;
}

std::string did_you_mean_verb(std::string_view name) {
  return closest(
      name, verb_rows, [](const VerbInfo& v) { return !v.hidden; }, "");
}

std::string did_you_mean_option(std::string_view name, Verb verb) {
  return closest(
      name, option_rows, [&](const OptionInfo& o) { return (o.verbs & set_of(verb)) != 0; }, "--");
}

}  // namespace gradus::service

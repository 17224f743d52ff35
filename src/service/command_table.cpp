// The rows of the command table, and looking things up in them. Everything here is constant-initialised: the table
// costs a starting process nothing.
#include "gradus/service/command_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "service/exercise.hpp"
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
     "One row for each formula, one column for each variable. A vector literal counts as its entries. "
     "Of a vector in a declared vector, one formula of matrices.",
     "gradus jacobian \"x*y\" \"x + y\"\n"
     "gradus jacobian \"[r*cos(t), r*sin(t)]\" --wrt r,t --at r=2,t=0\n"
     "gradus jacobian \"A: matrix(m, n); x: vector(n); A @ exp(x)\" --wrt x"},
    {Verb::hessian, "hessian", "FORMULA", "Hessian matrix: all second derivatives",
     "The matrix of second derivatives, in a declared vector one formula of matrices. With --at also its value.",
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
     "the exact derivative.",
     "gradus numeric \"x^2\" --at 0.5"},
    {Verb::interpret, "interpret", "FORMULA", "what the derivative says at a point or on a range",
     "At a point: rising, falling or stationary, how fast, and in which direction. On a range: where the function "
     "rises and falls, its stationary points and their kind, and whether it is differentiable.",
     "gradus interpret \"x^2\" --at 0.5\n"
     "gradus interpret \"x^3 - 3*x\" --from -2 --to 2\n"
     "gradus interpret \"x^2 + y^2\" --at x=1,y=2 --direction 1,1"},
    {Verb::kinks, "kinks", "FORMULA",
     "where there is no derivative: kinks, jumps, poles, vertical tangents, holes, edges",
     "On a range, every point at which the function has no derivative, what it is, and the slopes and limits on both "
     "sides; at the points of --at, what happens there.",
     "gradus kinks \"|x^2 - 2|\" --from -2 --to 2\n"
     "gradus kinks \"max(x, 0)/x\" --at 0"},
    {Verb::domain, "domain", "FORMULA", "where the formula has a value",
     "The conditions, and for one variable the parts of a range on which there is a value: with their ends, open or "
     "closed, cut at holes and poles.",
     "gradus domain \"sqrt(x^2 - 1)/(x - 3)\" --from -5 --to 5\n"
     "gradus domain \"log(x*y)\""},
    {Verb::check, "check", "FORMULA...", "is the second formula the derivative of the first?",
     "Yes when the difference simplifies to nothing, with the conditions; no with a counterexample that is proven: a "
     "point at which the values differ, and by how much.",
     "gradus check \"log(|x|)\" \"1/x\"\n"
     "gradus check \"x^3*y\" \"3*x*y\" --wrt x"},
    {Verb::bounds, "bounds", "FORMULA", "proven bounds of the derivatives over a box",
     "For each variable the least and greatest value that the derivative can have on the range, by intervals with "
     "outward rounding, beside values that are reached; and a Lipschitz constant.",
     "gradus bounds \"sin(x)*x\" --from 0 --to 3\n"
     "gradus bounds \"x^2*y\" --from x=0,y=1 --to x=1,y=2"},
    {Verb::table, "table", "FORMULA", "table of values over a range",
     "Values in equal steps; with --derivative those of the derivative beside them.",
     "gradus table \"x^2\" --from -1 --to 1 --step 0.1\n"
     "gradus table \"sin(x)\" --from 0 --to pi --step pi/4 --derivative"},
    {Verb::plot, "plot", "FORMULA...", "picture of one or several formulas, in the terminal or as SVG or PNG",
     "Curves of one variable, with stationary points and kinks marked. A formula of two variables is drawn by its "
     "level lines, "
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
     "Writes a function in C++, C or Python that computes the formula. Of arrays a function in C++ that takes "
     "pointers to the arguments, to the value and its derivatives, and the sizes.",
     "gradus code \"sin(x)*y\" --language c++ --gradient\n"
     "gradus code \"exp(-x^2)\" --language python --name bell\n"
     "gradus code \"A: matrix(m, n); x: vector(n); sum((A @ x)^2)\" --gradient --wrt x"},
    {Verb::descend, "descend", "FORMULA", "plain gradient descent, or ascent, step by step",
     "Follows the negative gradient (with --ascend the gradient) from a start with a fixed rate, and shows the path "
     "as a table and as a picture.",
     "gradus descend \"x^2\" --start 0.8 --rate 0.1\n"
     "gradus descend \"x^2 + 3*y^2\" --start x=1,y=1 --rate 0.1 --steps 50"},
    {Verb::explain, "explain", "FORMULA", "the derivative step by step, each rule by name",
     "Writes out how the derivative comes about: each rule with what it is applied to and what it gives, then the "
     "simplifications with their conditions. Every step is checked by numbers. With --hint it says what to do next and "
     "keeps the result to itself.",
     "gradus explain \"x^2*sin(x)\"\n"
     "gradus explain \"sin(3*x^2)/x\" --short\n"
     "gradus explain \"x*y^2\" --gradient  # one explanation a variable\n"
     "gradus explain \"x: vector(n); log(sum(exp(x)))\"\n"
     "gradus explain \"exp(x^2)\" --hint 1\n"
     "gradus explain \"x^2 + y^2 = 1\" --short  # dy/dx"},
    {Verb::practice, "practice", "[FORMULA]", "exercises in differentiating, and a verdict on answers",
     "Makes exercises of a level, 1 to 5: sums of powers, elementary functions, products and quotients, the chain "
     "rule, "
     "rules inside rules. On a terminal it asks them one by one; elsewhere it lists them. With a formula (or a --seed) "
     "and --answer it says whether the answer is the derivative, and if not, which of the usual mistakes it is.",
     "gradus practice --level 3 --count 5\n"
     "gradus practice \"sin(x^2)\" --answer \"cos(x^2)\"  # the chain rule was forgotten\n"
     "gradus practice \"sin(x^2)\" --hint 2\n"
     "gradus practice --level 4 --seed 7 --solve"},
    {Verb::implicit, "implicit", "FORMULA", "derivative of a variable that an equation determines",
     "Takes the variable of --for as a function of that of --wrt and differentiates the equation: dy/dx = -F_x/F_y. "
     "With "
     "--order 2 the second derivative, with --at values at points of the curve.",
     "gradus implicit \"x^2 + y^2 = 1\" --wrt x --for y\n"
     "gradus implicit \"x^2 + y^2 = 1\" --order 2 --at x=3/5,y=4/5"},
    {Verb::divergence, "divergence", "FORMULA...", "divergence of a vector field",
     "Of a vector literal or of several formulas, in the coordinates of --wrt, else x, y, z.",
     "gradus divergence \"[x^2, x*y, z]\""},
    {Verb::curl, "curl", "FORMULA...", "curl of a vector field", "A vector for three components, a number for two.",
     "gradus curl \"[-y, x, z]\"\n"
     "gradus curl \"[x*y, x^2]\" --at x=1,y=2"},
    {Verb::laplacian, "laplacian", "FORMULA", "Laplacian: the sum of the second derivatives",
     "In the coordinates of "
     "--wrt, else in all variables.",
     "gradus laplacian \"log(x^2 + y^2)\""},
    {Verb::normal, "normal", "FORMULA", "normal line to a curve or surface at a point",
     "Of an equation the level set, of a formula its graph: the line through the point along the gradient, and the "
     "unit normal.",
     "gradus normal \"x^2 + y^2 + z^2 = 3\" --at x=1,y=1,z=1\n"
     "gradus normal \"x^2\" --at 1"},
    {Verb::factor, "factor", "FORMULA", "a polynomial as a product of irreducible ones",
     "Factors polynomials and quotients of polynomials in several variables with rational coefficients. Other parts, "
     "sin(x) say, count as variables.",
     "gradus factor \"x^4 - y^4\"\n"
     "gradus factor \"(x^2 - 1)/(x^2 + 2*x + 1)\""},
    {Verb::cost, "cost", "FORMULA", "what the formula and its derivatives cost, counted before anything is run",
     "Operations, calls of functions, bytes and memory of the formula and of each derivative, as compiled, with the "
     "ratio of each to the formula; and how derivatives are computed, with the work predicted for each way. Counts "
     "are polynomials of the sizes that --sizes does not give.",
     "gradus cost \"exp(x*y)*sin(y)\"\n"
     "gradus cost \"x: vector(n); log(sum(exp(x)))\"\n"
     "gradus cost \"A: matrix(n, m); x: vector(m); A @ x\" --wrt x --sizes n=1000,m=30"},
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
static_assert(std::size(verb_rows) <= 64);
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
constexpr VerbSet formulas =
    any_of({diff,    grad,     jacobian, hessian,    taylor, tangent,   estimate, numeric, interpret, kinks,
            domain,  check,    bounds,   table,      plot,   simplify,  expand,   latex,   code,      descend,
            explain, practice, implicit, divergence, curl,   laplacian, normal,   factor,  cost});
constexpr VerbSet told = any_of({explain, practice});
constexpr VerbSet with_variables = formulas & ~any_of({simplify, expand, factor});
constexpr VerbSet with_points = any_of({diff, grad, jacobian, hessian, taylor, tangent, estimate, numeric, interpret,
                                        kinks, table, plot, implicit, divergence, curl, laplacian, normal});
constexpr VerbSet with_values = with_points | any_of({descend, domain, check, bounds});
constexpr VerbSet with_ranges = any_of({table, plot, interpret, estimate, kinks, domain, check, bounds});
constexpr VerbSet with_paths = any_of({descend, plot});

template <auto member> bool text(Request& request, std::string_view value) {
  request.*member = value;
  return !value.empty();
}
template <auto member> bool off(Request& request, std::string_view) {
  request.*member = false;
  return true;
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
bool set_sizes(Request& request, std::string_view value) {
  request.sizes.emplace_back(value);
  return !value.empty();
}
bool set_topic(Request& request, std::string_view value) {
  request.topic = value;
  return is_topic(value);
}
bool set_formula(Request& request, std::string_view value) {
  request.operands = {std::string(value)};
  return !value.empty();
}
bool set_format(Request& request, std::string_view value) {
  return choice(request.format, value, {"text", "json", "csv", "latex", "mathml"});
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
    {"order", 'n', "N", "order of the derivative or of the polynomial",
     any_of({diff, taylor, explain, implicit, bounds}), count<&Request::order, 1, 1000>},
    {"for", 0, "NAME", "the variable that the equation determines (y)", any_of({implicit, explain}),
     text<&Request::dependent>},
    {"from", 0, "NUMBER", "where the range begins; x=-1,y=0 for two variables", with_ranges, text<&Request::from>},
    {"to", 0, "NUMBER", "where the range ends", with_ranges, text<&Request::to>},
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
    {"gradient", 0, "", "the gradient too (explain: the derivative in each variable)", any_of({plot, code, explain}),
     on<&Request::gradient>},
    {"short", 0, "", "one line a rule", told, on<&Request::brief>},
    {"long", 0, "", "every step (as without it)", told, off<&Request::brief>},
    {"hint", 0, "[N]", "no result, only help: 1 names the next rule, 2 what it says, 3 what it gives", told,
     count<&Request::hint, 1, 3>},
    {"level", 0, "N", "how difficult, 1 to 5 (1)", set_of(practice), count<&Request::level, 1, 5>},
    {"topic", 0, "NAME",
     "what about: power, functions, roots, exponential, logarithm, trigonometry, product, quotient, "
     "chain, nested, mixed",
     set_of(practice), set_topic,
     "power functions roots exponential logarithm trigonometry product quotient chain nested mixed"},
    {"seed", 0, "N", "makes the same exercises again", set_of(practice), count<&Request::seed, 0, 1'000'000'000>},
    {"count", 0, "N", "so many exercises (1)", set_of(practice), count<&Request::count, 1, 1000>},
    {"answer", 0, "FORMULA", "what the derivative is, as answered", set_of(practice), text<&Request::reply>},
    {"expr", 0, "FORMULA", "the formula to differentiate, as an option", set_of(practice), set_formula},
    {"solve", 0, "", "the solution, step by step", set_of(practice), on<&Request::solve>},
    {"language", 'l', "NAME", "c++, c or python", set_of(code), set_language, "c++ c python"},
    {"name", 0, "NAME", "what the function is called (f)", set_of(code), text<&Request::name>},
    {"output", 'o', "FILE", "write the picture there: .svg or .png (tutorial: a folder)",
     any_of({plot, descend, tutorial}), text<&Request::output>, "FILE"},
    {"theme", 0, "NAME", "light or dark", any_of({plot, descend, tutorial}), set_theme, "light dark"},
    {"title", 0, "TEXT", "what stands above the picture", any_of({plot, descend}), text<&Request::title>},
    {"size", 0, "WxH", "size of the picture (720x480)", any_of({plot, descend}), set_size},
    {"sizes", 0, "SIZES", "of named dimensions: n=1000,m=30", set_of(cost), set_sizes},
    {"digits", 0, "N", "so many significant digits (12)", with_values, count<&Request::digits, 1, 10'000>},
    {"format", 'f', "NAME", "text, json, csv, latex or mathml", formulas, set_format, "text json csv latex mathml"},
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

const OptionInfo* find_option(char letter) {
  const auto* found = std::find_if(std::begin(option_rows), std::end(option_rows), [&](const OptionInfo& option) {
    return option.letter != 0 && option.letter == letter;
  });
  return found == std::end(option_rows) ? nullptr : found;
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

// The tutorial. The words stand here; every number in them is computed while it runs, by the same requests that the
// command takes.
#include "gradus/service/tutorial.hpp"

#include <cmath>

#include "gradus/service/arguments.hpp"
#include "gradus/service/run.hpp"
#include "service/session.hpp"

namespace gradus::service {
namespace {

std::string quoted(std::string_view word) {
  const bool plain = word.find_first_of(" ^*()+|<>;\"'") == word.npos;
  return plain ? std::string(word) : "\"" + std::string(word) + "\"";
}

// A command as it would be typed, and its answer.
Passage ask(std::initializer_list<const char*> words, const char* picture = "") {
  Passage passage;
  passage.picture = picture;
  for (const char* word : words) passage.command += (passage.command.empty() ? "" : " ") + quoted(word);
  auto request = read_arguments({words.begin(), words.size()});
  if (request) {
    passage.answer = run(*request);
  } else {
    passage.answer.errors = request.errors();
  }
  return passage;
}

Passage say(std::string prose) { return {std::move(prose), {}, {}, {}}; }

std::string value(const Answer& answer, std::size_t point, std::size_t entry = 0) {
  if (point >= answer.values.size() || entry >= answer.values[point].size()) return "?";
  return number_text(answer.values[point][entry].number, 6);
}

// The cell of a table in words, "?" where there is none.
std::string cell(const Answer& answer, std::size_t row, std::size_t column, int digits = 6) {
  if (answer.tables.empty() || row >= answer.tables[0].rows.size()) return "?";
  const Cell& found = answer.tables[0].rows[row][column];
  return found.is_number() ? number_text(found.number, digits) : found.text;
}

std::string figure(const Answer& answer, std::string_view key) {
  for (const Figure& each : answer.figures)
    if (each.key == key) return each.cell.is_number() ? number_text(each.cell.number, 6) : each.cell.text;
  return "?";
}

std::string result(const Answer& answer, std::size_t entry = 0) {
  return entry < answer.result.size() ? answer.result[entry].text : "?";
}

Chapter function() {
  Passage table = ask({"table", "x^2", "--from", "-1", "--to", "1", "--step", "0.1"});
  const std::size_t rows = table.answer.tables.empty() ? 0 : table.answer.tables[0].rows.size();
  const std::string first = cell(table.answer, 0, 1), last = rows > 0 ? cell(table.answer, rows - 1, 1) : "?";
  return {"A function",
          {say("A function gives every number x a number f(x). Take f(x) = x^2 for x between -1 and 1, and look at it "
               "in steps "
               "of 0.1."),
           std::move(table),
           say("That makes " + std::to_string(rows) + " points, from " + first + " down to 0 and up to " + last +
               " again. Joined by a line they are a picture of the function: it falls on the left, turns at the "
               "bottom, and "
               "rises on the right. How fast it does so at each place is what the derivative says."),
           ask({"plot", "x^2", "--from", "-1", "--to", "1"}, "function")}};
}

Chapter derivative() {
  Passage formula = ask({"diff", "x^2"});
  const std::string derivative = result(formula.answer);
  Passage points = ask({"diff", "x^2", "--at", "-0.5,0,0.5"});
  const Answer& a = points.answer;
  std::string meaning = "The sign is the direction: at -0.5 the derivative is " + value(a, 0) + ", and f is " +
                        cell(a, 0, 3) + "; at 0.5 it is " + value(a, 2) + ", and f is " + cell(a, 2, 3) +
                        ". At 0 it is " + value(a, 1) + ": f is " + cell(a, 1, 3) +
                        " there. The magnitude is the speed: at 0.5 a little step to the right changes f by about " +
                        value(a, 2) + " times the step, and farther out the change is greater.";
  return {
      "The derivative",
      {say("The derivative f'(x) is the rate at which f changes at x: how much f gains for each unit that x gains, "
           "were it to "
           "go on as it does there. For x^2 there is a formula for it, and Gradus finds it by the rules of "
           "differentiation."),
       std::move(formula),
       say("So f'(x) = " + derivative + ". A formula for every x at once; at three places it says:"), std::move(points),
       say(std::move(meaning)), ask({"plot", "x^2", "--from", "-1", "--to", "1", "--derivative"}, "derivative")}};
}

Chapter tangent() {
  Passage line = ask({"tangent", "x^2", "--at", "0.5"});
  const std::string equation = result(line.answer), slope = figure(line.answer, "slope");
  return {"The tangent line",
          {say("Keep the slope of one place and go straight on: that is the tangent. At x = 0.5 it passes through the "
               "point of the "
               "graph with the slope " +
               figure(line.answer, "slope") + "."),
           std::move(line),
           say("In other words f(x + d) is about f(x) + f'(x)*d. Once x is chosen, f(x) and f'(x) are just two "
               "numbers, so this "
               "is a line in d: it starts at f(x) and changes by f'(x) for every unit of d. Here it is y = " +
               equation +
               ". Near the point the line and the curve can hardly be told apart; farther away the curve bends off."),
           ask({"plot", "x^2", "--from", "-1", "--to", "1", "--tangent", "0.5"}, "tangent")}};
}

Chapter estimates() {
  Passage wide = ask({"estimate", "x^2", "--at", "1", "--step", "0.1"});
  Passage narrow = ask({"estimate", "x^2", "--at", "1", "--step", "0.01"});
  const std::string error = cell(wide.answer, 0, 3), small = cell(narrow.answer, 0, 3), bound = cell(wide.answer, 0, 4);
  const std::string second = cell(wide.answer, 1, 3), slope = cell(wide.answer, 2, 1), truth = cell(wide.answer, 2, 2);
  const std::string estimate = cell(wide.answer, 0, 1), exact = cell(wide.answer, 0, 2);
  const auto error_of = [](const Answer& a) { return a.tables.empty() ? 1 : a.tables[0].rows[0][3].number; };
  const std::string times = number_text(error_of(wide.answer) / error_of(narrow.answer), 4);
  return {"How far the line may be trusted",
          {say("From x = 1 take a step d = 0.1 and compare."), std::move(wide),
           say("The line says " + estimate + ", the truth is " + exact + ": off by " + error +
               ". That it cannot be off by more than " + bound +
               " is proven, from how much f' itself can change on the way. The second order adds f''(x)*d^2/2, the "
               "bend, and "
               "is off by " +
               second + " here. The same idea works one floor up: f'(x + d) is about f'(x) + f''(x)*d, " + slope +
               " beside the true " + truth + "."),
           say("Make the step ten times smaller and the error falls to " + small +
               ", a hundred times less. That is what makes the "
               "derivative useful: its error shrinks faster than the step."),
           std::move(narrow)}};
}

Chapter rise_over_run() {
  Passage quotients = ask({"numeric", "sin(x)", "--at", "1"});
  const Answer& a = quotients.answer;
  const std::string exact = figure(a, "exact"), first = cell(a, 0, 1), central = cell(a, 0, 3);
  std::size_t best = 0;
  const auto off = [&](std::size_t row) {
    return std::abs(a.tables[0].rows[row][1].number - a.figures.back().cell.number);
  };
  const std::size_t rows = a.tables.empty() || a.figures.empty() ? 0 : a.tables[0].rows.size();
  for (std::size_t i = 1; i < rows; ++i)
    if (off(i) < off(best)) best = i;
  const std::string last = rows > 0 ? number_text(off(rows - 1), 2) : "?",
                    least = rows > 0 ? number_text(off(best), 2) : "?";
  const std::string step = cell(a, best, 0);
  return {"Rise over run",
          {say("Without any rule one can measure: go a step h to the right, see how far f rises, and divide rise by "
               "run. For sin(x) "
               "at x = 1:"),
           std::move(quotients),
           say("With h = 0.1 the forward quotient gives " + first + " where the derivative is " + exact +
               "; the central one, which looks to both sides, gives " + central +
               ". Smaller steps are better, but only up to a "
               "point: the forward quotient comes within " +
               least + " at h = " + step + "; at the smallest step of the table it is " + last +
               " off, because the two values agree in almost all digits and their difference is mostly rounding. "
               "Richardson's "
               "extrapolation gets more out of the large steps, the complex step avoids the subtraction, and the exact "
               "rule needs "
               "no step at all.")}};
}

Chapter several() {
  Passage gradient = ask({"grad", "x^2 + 3*y^2", "--at", "x=1,y=0.5"});
  const Answer& g = gradient.answer;
  const std::string dx = value(g, 0, 0), dy = value(g, 0, 1), fx = result(g, 0), fy = result(g, 1);
  const std::string length = g.tables.empty() ? "?" : number_text(g.tables[0].rows[0].back().number, 4);
  Passage hessian = ask({"hessian", "x^2 + 3*y^2", "--at", "x=1,y=0.5"});
  const auto bend = [&](std::size_t entry) {
    const auto& values = hessian.answer.values;
    return values.empty() ? 1 : values[0][entry].number;
  };
  const std::string ratio = number_text(bend(3) / bend(0), 3);
  return {"Two variables: the gradient",
          {say("A function of two variables is a landscape: f(x, y) is the height above the point (x, y). Hold y still "
               "and differentiate in "
               "x: a partial derivative, the slope when walking along x. There is one for each variable, and together "
               "they are the "
               "gradient."),
           std::move(gradient),
           say("The partial derivatives are " + fx + " and " + fy + "; at (1, 0.5) they are " + dx + " and " + dy +
               ". As an arrow the gradient points in the direction of steepest ascent, and its length, " + length +
               ", is how steep it is there. The arrows stand at right angles to the level lines."),
           ask({"plot", "x^2 + 3*y^2", "--gradient"}, "gradient"),
           say("The second derivatives form a matrix, the Hessian. It says how the landscape bends: here upwards in "
               "every direction, " +
               ratio + " times as strongly along y as along x."),
           std::move(hessian)}};
}

Chapter stationary() {
  Passage cubic = ask({"interpret", "x^3 - 3*x", "--from", "-2", "--to", "2"});
  Passage saddle = ask({"interpret", "x^2 - y^2", "--at", "x=0,y=0"});
  return {"Where nothing changes",
          {say("Where the derivative is zero, the function is stationary: a valley, a summit, or a step between. "
               "Gradus looks for such "
               "places and says of each what it can prove."),
           std::move(cubic), ask({"plot", "x^3 - 3*x", "--from", "-2", "--to", "2", "--derivative"}, "stationary"),
           say("The derivative crosses zero exactly there, from below at a minimum and from above at a maximum. With "
               "two variables there is a "
               "third kind, the saddle: up one way, down the other."),
           std::move(saddle), ask({"plot", "x^2 - y^2", "--gradient"}, "saddle")}};
}

Chapter corner() {
  Passage corner = ask({"diff", "abs(x)", "--at", "-1,0,1"});
  Passage whole = ask({"interpret", "abs(x)", "--at", "0"});
  return {"Where there is no derivative",
          {say("Not every function has a derivative everywhere. The graph of |x| has a corner at 0: coming from the "
               "left it has one slope, "
               "coming from the right another."),
           std::move(corner), std::move(whole),
           say("The formula is good on both sides, and the condition beside it says where it is not. Such places are "
               "reported, not "
               "passed over."),
           ask({"plot", "abs(x)", "--from", "-1", "--to", "1"}, "corner")}};
}

Chapter descent() {
  Passage down = ask({"descend", "x^2", "--start", "0.8", "--rate", "0.1"}, "descent");
  const Answer& a = down.answer;
  const std::size_t rows = a.tables.empty() ? 0 : a.tables[0].rows.size();
  const std::string first = cell(a, 0, 1), next = cell(a, 1, 1), slope = cell(a, 0, 3);
  const std::string steps = rows > 0 ? std::to_string(rows - 1) : "?", end = rows > 0 ? cell(a, rows - 1, 1, 2) : "?";
  return {"Following the gradient",
          {say("To find a minimum, go against the gradient: x becomes x - rate*f'(x), again and again. Where the slope "
               "is great the steps "
               "are long; near the bottom they become short by themselves."),
           std::move(down),
           say("From " + first + ", where the slope is " + slope + ", the first step leads to " + next + "; after " +
               steps + " steps x is " + end +
               ". The rate is a matter of care: too small and it takes long, too large and it jumps over the "
               "valley and away."),
           ask({"plot", "x^2 + 3*y^2", "--gradient", "--start", "x=1.6,y=1.2", "--rate", "0.05"}, "descent-levels"),
           say("With the gradient instead of against it one climbs: gradient ascent finds maxima."),
           ask({"descend", "exp(-x^2)", "--start", "0.8", "--rate", "0.3", "--ascend"}, "ascent")}};
}

}  // namespace

void tell_tutorial(const std::function<bool(const Chapter&)>& tell) {
  using Write = Chapter (*)();
  for (const Write write :
       {function, derivative, tangent, estimates, rise_over_run, several, stationary, corner, descent})
    if (!tell(write())) return;
}

}  // namespace gradus::service

// What can be asked of Gradus: one request type for every verb, made from an argument list or from a line of JSON by
// the same table (command_table.hpp). Numbers and points stay text until a context exists, since they may be
// expressions
// ("pi/4") and decimals are exact.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace gradus::service {

/// Verbs in the order of the command table.
enum class Verb : std::uint8_t {
  diff,
  grad,
  jacobian,
  hessian,
  taylor,
  tangent,
  estimate,
  numeric,
  interpret,
  kinks,
  domain,
  check,
  bounds,
  table,
  plot,
  simplify,
  expand,
  latex,
  code,
  descend,
  explain,
  practice,
  implicit,
  divergence,
  curl,
  laplacian,
  normal,
  factor,
  cost,
  batch,
  tutorial,
  help,
  version,
  pages,
};

enum class Format : std::uint8_t { text, json, csv, latex, mathml };
enum class Color : std::uint8_t { automatic, always, never };

/// Shares of the machine that one request may use.
struct Limits {
  std::size_t nodes = 2'200'000;
  std::size_t bytes = std::size_t(400) << 20;
  double seconds = 0;  // 0: as many as the next two say
  double ordinary = std::numeric_limits<double>::infinity();
  double long_text = 1.5;  // for formulas of more than 16 KiB together
};

struct Request {
  Verb verb = Verb::help;
  std::vector<std::string> operands;  // formulas; for batch a file, for help a verb, for pages a folder
  std::vector<std::string> wrt;       // names; a name twice is a second derivative
  std::vector<std::string> at;        // "x=1,y=2", "-0.5,0,0.5", several points separated by ';'
  std::vector<std::string> sizes;     // cost: of named dimensions, "n=1000,m=30"
  std::string dependent;              // implicit: the variable that the equation determines
  int order = 0;                      // 0: as the verb has it
  std::string from, to, step;
  std::string start, rate, tolerance, direction, tangent;
  int steps = 0;
  bool derivative = false, gradient = false, ascend = false;
  std::string language = "c++", name = "f";
  std::string output;  // a file, for the tutorial a folder
  bool brief = false;  // explain: the short form
  int hint = 0;        // explain, practice: so much help and no result
  int level = 0, count = 0, seed = -1;
  bool solve = false;                    // practice: the solution too
  std::string topic, reply;              // practice: what about; what was answered
  std::vector<std::string> definitions;  // statements that the formulas may use: those of a conversation
  std::string title;
  bool dark = false;
  int width = 720, height = 480;
  Format format = Format::text;
  Color color = Color::automatic;
  bool quiet = false;
  int digits = 0;  // 0: as many as 12 digits need
  Limits limits{};
};

/// How long the request may take; infinity where nothing bounds it.
double seconds_allowed(const Request& request);

}  // namespace gradus::service

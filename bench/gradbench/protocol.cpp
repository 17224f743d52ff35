// gradbench: all evals by GradBench's protocol. Each line of standard input is a message, an object with an `id` and a
// `kind`; each is answered by one line with the same id. What cannot be done is answered `"success": false` with an
// `error`. Source: github.com/gradbench/gradbench, CONTRIBUTING.md and crates/gradbench/src/protocol.rs (2026).
#include <iostream>

#include "driver.hpp"

namespace gradus::gradbench {
namespace {

Json refuse(const std::string& why) { return {{"success", false}, {"error", why}}; }

// A member that is a string, or nothing.
std::string text(const Json& message, const char* name) {
  const auto member = message.find(name);
  return member != message.end() && member->is_string() ? member->get<std::string>() : std::string();
}

Json answer(const Json& message) {
  const std::string kind = text(message, "kind");
  if (kind == "start") return {{"tool", "gradus"}};
  if (kind == "analysis") return Json::object();
  if (kind != "define" && kind != "evaluate")
    return refuse("no such kind of message: " + message.value("kind", Json()).dump());
  const std::string module = text(message, "module");
  const auto eval = evals().find(module);
  if (eval == evals().end()) return refuse("no such module: " + module);
  if (kind == "define") return {{"success", true}};
  const auto input = message.find("input");
  if (input == message.end()) return refuse("an evaluation without input");
  const Outcome outcome = evaluate(eval->second, text(message, "function"), *input);
  if (!outcome.error.empty()) return refuse(outcome.error);
  Json timings = Json::array({{{"name", "prepare"}, {"nanoseconds", outcome.prepare}}});
  for (const std::int64_t t : outcome.evaluate) timings.push_back({{"name", "evaluate"}, {"nanoseconds", t}});
  return {{"success", true}, {"output", outcome.output}, {"timings", timings}};
}

}  // namespace
}  // namespace gradus::gradbench

int main() {
  using namespace gradus::gradbench;
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const Json message = Json::parse(line, nullptr, false);
    Json response = message.is_object() ? answer(message) : refuse("a message is a JSON object on one line");
    response["id"] = message.is_object() ? message.value("id", Json()) : Json();
    // Text that is no UTF-8 comes back with the bytes replaced.
    std::cout << response.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  }
}

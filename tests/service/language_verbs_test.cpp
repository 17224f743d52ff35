// implicit, divergence, curl, laplacian, normal, factor, and MathML: one row, one request.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "gradus/service/batch.hpp"
#include "gradus/service/json.hpp"
#include "gradus/service/present.hpp"
#include "gradus/service/run.hpp"

using namespace gradus::service;
using Json = nlohmann::json;

namespace {

Json answer(const std::string& line) { return Json::parse(answer_line(line, {})); }

struct Row {
  const char* request;
  const char* result;      // as JSON
  const char* conditions;  // as JSON, "" for none
};

TEST(LanguageVerbs, Formulas) {
  const Row rows[] = {
      {R"j({"op": "implicit", "expr": "x^2 + y^2 = 1"})j", R"j("-x/y")j", R"j(["y != 0"])j"},
      {R"j({"op": "implicit", "expr": "x^2 + y^2 = 1", "order": 2})j", R"j("-1/y^3")j", R"j(["y != 0"])j"},
      {R"j({"op": "implicit", "expr": "x^2 + y^2 = 1", "wrt": ["y"], "for": "x"})j", R"j("-y/x")j", R"j(["x != 0"])j"},
      {R"j({"op": "implicit", "expr": "y = x*y + 1"})j", R"j("y/(1 - x)")j", R"j(["x != 1"])j"},
      {R"j({"op": "implicit", "expr": "s^2*t - 3", "wrt": ["t"], "for": "s"})j", R"j("-s/(2*t)")j", nullptr},
      {R"j({"op": "divergence", "expr": "[x^2, x*y, z]"})j", R"j("3*x + 1")j", ""},
      {R"j({"op": "divergence", "expr": ["r*s", "s^2"], "wrt": ["r", "s"]})j", R"j("3*s")j", ""},
      {R"j({"op": "curl", "expr": "[-y, x, z]"})j", R"j(["0", "0", "2"])j", ""},
      {R"j({"op": "curl", "expr": "[y*z, x*z, x*y]"})j", R"j(["0", "0", "0"])j", ""},
      {R"j({"op": "curl", "expr": "[x*y, x^2]"})j", R"j("x")j", ""},
      {R"j({"op": "laplacian", "expr": "x^2*y + z^3"})j", R"j("2*y + 6*z")j", ""},
      {R"j({"op": "laplacian", "expr": "f(x) + g(y)"})j", R"j("f''(x) + g''(y)")j", ""},
      {R"j({"op": "normal", "expr": "x^2 + y^2 + z^2 = 3", "at": [{"x": 1, "y": 1, "z": 1}]})j",
       R"j(["2*t + 1", "2*t + 1", "2*t + 1"])j", ""},
      {R"j({"op": "normal", "expr": "x^2", "at": [1]})j", R"j(["2*t + 1", "1 - t"])j", ""},
      {R"j({"op": "factor", "expr": "x^4 - y^4"})j", R"j("(x + y)*(x - y)*(x^2 + y^2)")j", ""},
      {R"j({"op": "factor", "expr": "6*x^2*y + 9*x*y"})j", R"j("3*x*y*(2*x + 3)")j", ""},
      {R"j({"op": "factor", "expr": "x^2/2 - 1/8"})j", nullptr, ""},
      {R"j({"op": "factor", "expr": "(x^2 - 1)/(x^2 + 2*x + 1)"})j", R"j("(x - 1)/(x + 1)")j", ""},
      {R"j({"op": "factor", "expr": "1/x + 1/y"})j", R"j("(x + y)/(x*y)")j", ""},
      {R"j({"op": "factor", "expr": "sin(x)^2 - 1"})j", R"j("(sin(x) - 1)*(sin(x) + 1)")j", ""},
      {R"j({"op": "factor", "expr": "x^2 + 1"})j", R"j("x^2 + 1")j", ""},
      {R"j({"op": "factor", "expr": "7"})j", R"j("7")j", ""},
      {R"j({"op": "diff", "expr": "\\frac{1}{x}"})j", R"j("-1/x^2")j", R"j(["x != 0"])j"},
      {R"j({"op": "diff", "expr": "∫_0^x sin t^2 dt"})j", R"j("sin(x^2)")j", ""},
  };
  for (const Row& row : rows) {
    const Json a = answer(row.request);
    ASSERT_EQ(a["ok"], true) << row.request << "\n" << a.dump();
    if (row.result) {
      EXPECT_EQ(a["result"], Json::parse(row.result)) << row.request;
    }
    if (row.conditions) {
      EXPECT_EQ(a.value("conditions", Json()).dump(),
                *row.conditions ? Json::parse(row.conditions).dump() : Json().dump())
          << row.request;
    }
  }
}

TEST(LanguageVerbs, Values) {
  const Json circle = answer(R"j({"op": "implicit", "expr": "x^2 + y^2 = 1", "at": [{"x": "3/5", "y": "4/5"}]})j");
  EXPECT_EQ(circle["values"], Json::array({-0.75})) << circle.dump();
  const Json off = answer(R"j({"op": "implicit", "expr": "x^2 + y^2 = 1", "at": [{"x": 1, "y": 1}]})j");
  EXPECT_EQ(off["values"], Json::array({nullptr})) << off.dump();
  const Json flux = answer(R"j({"op": "divergence", "expr": "[x^2, y^2]", "at": [{"x": 1, "y": 2}]})j");
  EXPECT_EQ(flux["values"], Json::array({6.0})) << flux.dump();
  const Json unit = answer(R"j({"op": "normal", "expr": "3*x + 4*y = 7", "at": [{"x": 1, "y": 1}]})j");
  EXPECT_EQ(unit["nx"], 0.6) << unit.dump();
  const Json integral = answer(R"j({"op": "diff", "expr": "int(exp(-t^2), t, 0, x)", "at": [1]})j");
  EXPECT_NEAR(integral["values"][0].get<double>(), 0.36787944117144233, 1e-15);
}

TEST(LanguageVerbs, Mistakes) {
  const struct {
    const char *request, *code;
  } rows[] = {
      {R"j({"op": "implicit", "expr": "x < y"})j", "E702"},
      {R"j({"op": "implicit", "expr": "x^2 = 1"})j", "E302"},
      {R"j({"op": "implicit", "expr": "x^2 + y^2 = 1", "for": "z"})j", "E302"},
      {R"j({"op": "curl", "expr": "[x, y, z, x]"})j", "E301"},
      {R"j({"op": "divergence", "expr": "[a, b, c*d]"})j", "E302"},
      {R"j({"op": "laplacian", "expr": "[x, y]"})j", "E301"},
      {R"j({"op": "normal", "expr": "x^2 + y^2 = 1", "at": [{"x": 1, "y": 1}]})j", "E401"},
      {R"j({"op": "normal", "expr": "x^2 + y^2 = 0", "at": [{"x": 0, "y": 0}]})j", "E401"},
      {R"j({"op": "normal", "expr": "sqrt(x)", "at": [0]})j", "E401"},
      {R"j({"op": "factor", "expr": "[x, y]"})j", "E301"},
      {R"j({"op": "code", "expr": "int(sin(t), t, 0, x)"})j", "E304"},
      {R"j({"op": "code", "expr": "f(x)"})j", "E304"},
      {R"j({"op": "diff", "expr": "f(2*x)", "at": [1]})j", ""},
      {R"j({"op": "factor", "expr": "x^5000 - 1"})j", "E601"},
  };
  for (const auto& row : rows) {
    const Json a = answer(row.request);
    if (!*row.code) {  // an answer, without a value
      EXPECT_EQ(a["values"], Json::array({nullptr})) << a.dump();
      continue;
    }
    EXPECT_EQ(a["ok"], false) << row.request << "\n" << a.dump();
    EXPECT_EQ(a["error"]["code"], row.code) << row.request << "\n" << a.dump();
  }
}

std::string mathml(Verb verb, const std::string& formula) {
  Request request;
  request.verb = verb;
  request.operands = {formula};
  request.format = Format::mathml;
  const Answer a = run(request);
  Presentation how;
  how.format = Format::mathml;
  return a.errors.empty() ? present(a, how) : a.errors[0].message;
}

// Every element is closed, in order.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = 0; (at = xml.find('<', at)) != std::string::npos; at++) {
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return false;
    if (xml[end - 1] == '/') continue;
    const bool closes = xml[at + 1] == '/';
    const std::size_t begin = at + 1 + closes;
    const std::string name = xml.substr(begin, xml.find_first_of(" >", begin) - begin);
    if (!closes) {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

TEST(LanguageVerbs, MathMl) {
  const std::string head = R"j(<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>)j";
  EXPECT_EQ(mathml(Verb::latex, "1/x"),
            head + "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>x</mi></mrow></mfrac></mrow></math>\n");
  EXPECT_EQ(
      mathml(Verb::diff, "x^3"),
      head + "<mn>3</mn><mo>&#x2062;</mo><msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup></mrow></math>\n");
  EXPECT_NE(mathml(Verb::grad, "x*y").find("<mtable><mtr><mtd><mrow><mi>y</mi></mrow></mtd></mtr>"), std::string::npos);
  for (const char* formula :
       {"sin(x)^2/cos(x)", "sqrt(x) + cbrt(y) + root(x, 5)", "if x < 1 then x else -x", "sum(k, 1, n, x^k)",
        "int(exp(-t^2), t, 0, x)", "[[x, 1], [2, y_1]]", "f''(x) + g^(1,0)(x, y)", "abs(x) + floor(alpha)", "x^(2/3)/2",
        "max(x, y) <= 3 and x != y", "asin(x) + asinh(x) + erf(x)", "(x + 1)*(x - 1)", "e^(-x) + pi"})
    EXPECT_TRUE(well_formed(mathml(Verb::latex, formula))) << formula << "\n" << mathml(Verb::latex, formula);
}

}  // namespace

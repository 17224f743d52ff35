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
      {R"({"op": "implicit", "expr": "x^2 + y^2 = 1"})", R"("-x/y")", R"(["y != 0"])"},
      {R"({"op": "implicit", "expr": "x^2 + y^2 = 1", "order": 2})", R"("-1/y^3")", R"(["y != 0"])"},
      {R"({"op": "implicit", "expr": "x^2 + y^2 = 1", "wrt": ["y"], "for": "x"})", R"("-y/x")", R"(["x != 0"])"},
      {R"({"op": "implicit", "expr": "y = x*y + 1"})", R"("y/(1 - x)")", R"(["x != 1"])"},
      {R"({"op": "implicit", "expr": "s^2*t - 3", "wrt": ["t"], "for": "s"})", R"("-s/(2*t)")", nullptr},
      {R"({"op": "divergence", "expr": "[x^2, x*y, z]"})", R"("3*x + 1")", ""},
      {R"({"op": "divergence", "expr": ["r*s", "s^2"], "wrt": ["r", "s"]})", R"("3*s")", ""},
      {R"({"op": "curl", "expr": "[-y, x, z]"})", R"(["0", "0", "2"])", ""},
      {R"({"op": "curl", "expr": "[y*z, x*z, x*y]"})", R"(["0", "0", "0"])", ""},
      {R"({"op": "curl", "expr": "[x*y, x^2]"})", R"("x")", ""},
      {R"({"op": "laplacian", "expr": "x^2*y + z^3"})", R"("2*y + 6*z")", ""},
      {R"({"op": "laplacian", "expr": "f(x) + g(y)"})", R"("f''(x) + g''(y)")", ""},
      {R"({"op": "normal", "expr": "x^2 + y^2 + z^2 = 3", "at": [{"x": 1, "y": 1, "z": 1}]})",
       R"(["2*t + 1", "2*t + 1", "2*t + 1"])", ""},
      {R"({"op": "normal", "expr": "x^2", "at": [1]})", R"(["2*t + 1", "1 - t"])", ""},
      {R"({"op": "factor", "expr": "x^4 - y^4"})", R"("(x - y)*(x + y)*(x^2 + y^2)")", ""},
      {R"({"op": "factor", "expr": "6*x^2*y + 9*x*y"})", R"("3*x*y*(2*x + 3)")", ""},
      {R"({"op": "factor", "expr": "x^2/2 - 1/8"})", nullptr, ""},
      {R"({"op": "factor", "expr": "(x^2 - 1)/(x^2 + 2*x + 1)"})", R"("(x - 1)/(x + 1)")", ""},
      {R"({"op": "factor", "expr": "1/x + 1/y"})", R"("(x + y)/(x*y)")", ""},
      {R"({"op": "factor", "expr": "sin(x)^2 - 1"})", R"("(sin(x) - 1)*(sin(x) + 1)")", ""},
      {R"({"op": "factor", "expr": "x^2 + 1"})", R"("x^2 + 1")", ""},
      {R"({"op": "factor", "expr": "7"})", R"("7")", ""},
      {R"({"op": "diff", "expr": "\\frac{1}{x}"})", R"("-1/x^2")", R"(["x != 0"])"},
      {R"({"op": "diff", "expr": "∫_0^x sin t^2 dt"})", R"("sin(x^2)")", ""},
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
  const Json circle = answer(R"({"op": "implicit", "expr": "x^2 + y^2 = 1", "at": [{"x": "3/5", "y": "4/5"}]})");
  EXPECT_EQ(circle["values"], Json::array({-0.75})) << circle.dump();
  const Json off = answer(R"({"op": "implicit", "expr": "x^2 + y^2 = 1", "at": [{"x": 1, "y": 1}]})");
  EXPECT_EQ(off["values"], Json::array({nullptr})) << off.dump();
  const Json flux = answer(R"({"op": "divergence", "expr": "[x^2, y^2]", "at": [{"x": 1, "y": 2}]})");
  EXPECT_EQ(flux["values"], Json::array({6.0})) << flux.dump();
  const Json unit = answer(R"({"op": "normal", "expr": "3*x + 4*y = 7", "at": [{"x": 1, "y": 1}]})");
  EXPECT_EQ(unit["nx"], 0.6) << unit.dump();
  const Json integral = answer(R"({"op": "diff", "expr": "int(exp(-t^2), t, 0, x)", "at": [1]
})");
  EXPECT_NEAR(integral["values"][0].get<double>(), 0.36787944117144233, 1e-15);
}

TEST(LanguageVerbs, Mistakes) {
  const struct {
    const char *request, *code;
  } rows[] = {
      {R"({"op": "implicit", "expr": "x < y"})", "E702"},
      {R"({"op": "implicit", "expr": "x^2 = 1"})", "E302"},
      {R"({"op": "implicit", "expr": "x^2 + y^2 = 1", "for": "z"})", "E302"},
      {R"({"op": "curl", "expr": "[x, y, z, x]"})", "E301"},
      {R"({"op": "divergence", "expr": "[a, b, c*d]"})", "E302"},
      {R"({"op": "laplacian", "expr": "[x, y]"})", "E301"},
      {R"({"op": "normal", "expr": "x^2 + y^2 = 1", "at": [{"x": 1, "y": 1}]})", "E401"},
      {R"({"op": "normal", "expr": "x^2 + y^2 = 0", "at": [{"x": 0, "y": 0}]})", "E401"},
      {R"({"op": "normal", "expr": "sqrt(x)", "at": [0]})", "E401"},
      {R"({"op": "factor", "expr": "[x, y]"})", "E301"},
      {R"({"op": "factor", "expr": "x^5000 - 1"})", "E601"},
  };
  for (const auto& row : rows) {
    const Json a = answer(row.request);
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
  const std::string head = R"(<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>)";
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

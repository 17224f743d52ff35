// JSON lines: one answer a line, in order, whatever the line.
#include "gradus/service/batch.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "gradus/service/json.hpp"

using namespace gradus::service;
using Json = nlohmann::json;

namespace {

Json answer(const std::string& line) { return Json::parse(answer_line(line, {})); }

std::vector<Json> batch(const std::string& input) {
  std::FILE* in = std::tmpfile();
  std::FILE* out = std::tmpfile();
  std::fwrite(input.data(), 1, input.size(), in);
  std::rewind(in);
  EXPECT_EQ(run_batch(in, out, {}), 0);
  std::rewind(out);
  std::string text;
  char part[4096];
  while (const std::size_t n = std::fread(part, 1, sizeof part, out)) text.append(part, n);
  std::fclose(in);
  std::fclose(out);
  std::vector<Json> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(Json::parse(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return lines;
}

TEST(Batch, AnswersAsTheIssueSays) {
  const Json a = answer(R"j({"op": "diff", "expr": "a*x^2", "wrt": ["x"], "at": [{"a": 3, "x": 0.5}]})j");
  EXPECT_EQ(a["ok"], true);
  EXPECT_EQ(a["schema"], 1);
  EXPECT_EQ(a["result"], "2*a*x");
  EXPECT_EQ(a["values"], Json::array({3.0}));
  const Json b = answer(R"j({"op": "diff", "expr": "x + atan2(y)"})j");
  EXPECT_EQ(b["ok"], false);
  EXPECT_EQ(b["error"]["code"], "E102");
  EXPECT_EQ(b["error"]["span"], Json::array({4, 12}));
}

TEST(Batch, GivesNullWithTheReason) {
  const Json a = answer(R"j({"op": "diff", "expr": "log(x)", "at": [2, -1, 0]})j");
  EXPECT_EQ(a["values"], Json::array({0.5, nullptr, nullptr}));
  EXPECT_TRUE(a["reasons"][0].is_null());
  EXPECT_TRUE(a["reasons"][1].is_string());
}

TEST(Batch, TakesArrayVariables) {
  const Json a = answer(R"j({"op":"grad","expr":"x: vector(3); sum(x^2)","at":[{"x":"[1, 2, 3]"}]})j");
  EXPECT_EQ(a["result"], Json::array({"2*x"}));
  EXPECT_EQ(a["values"], Json::parse(R"j([["[2, 4, 6]"]])j"));
  const Json h = answer(R"j({"op":"hessian","expr":"x: vector(3); sum(x^2)","at":[{"x":"[1, 2, 3]"}]})j");
  EXPECT_EQ(h["result"], "2*eye(3)");
  EXPECT_EQ(h["values"], Json::parse(R"j(["[[2, 0, 0], [0, 2, 0], [0, 0, 2]]"])j"));
  EXPECT_EQ(answer(R"j({"op":"hessian","expr":"X: matrix(2, 2); sum(X^2)"})j")["error"]["code"], "E302");
}

TEST(Batch, AnswersEveryOp) {
  const char* lines[] = {
      R"j({"op":"diff","expr":"x^2","at":[1]})j",
      R"j({"op":"grad","expr":"x^2+y","at":[{"x":1,"y":2}]})j",
      R"j({"op":"jacobian","expr":["x*y","x+y"],"at":[[1,2]]})j",
      R"j({"op":"hessian","expr":"x^2*y","at":[{"x":1,"y":2}]})j",
      R"j({"op":"taylor","expr":"sin(x)","order":5})j",
      R"j({"op":"tangent","expr":"x^2","at":0.5})j",
      R"j({"op":"estimate","expr":"x^2","at":1,"step":0.1})j",
      R"j({"op":"numeric","expr":"x^2","at":0.5})j",
      R"j({"op":"interpret","expr":"x^2","at":0.5})j",
      R"j({"op":"interpret","expr":"x^2","from":-1,"to":1})j",
      R"j({"op":"table","expr":"x^2","from":0,"to":1,"step":0.5})j",
      R"j({"op":"plot","expr":"x^2","from":-1,"to":1})j",
      R"j({"op":"simplify","expr":"x+x"})j",
      R"j({"op":"expand","expr":"(x+1)^2"})j",
      R"j({"op":"latex","expr":"sqrt(x)"})j",
      R"j({"op":"code","expr":"x^2","language":"python"})j",
      R"j({"op":"descend","expr":"x^2","start":0.8,"rate":0.1})j",
  };
  for (const char* line : lines) {
    const Json a = answer(line);
    EXPECT_EQ(a["ok"], true) << line << '\n' << a.dump();
  }
  EXPECT_EQ(answer(lines[2])["values"][0], Json::parse("[[2.0, 1.0], [1.0, 1.0]]"));
  EXPECT_TRUE(answer(lines[11])["svg"].get<std::string>().starts_with("<svg") ||
              answer(lines[11])["svg"].get<std::string>().starts_with("<?xml"));
}

TEST(Batch, AnswersAThousandLinesInOrder) {
  std::mt19937 random(20261122);
  std::string input;
  std::vector<int> kinds;
  for (int i = 0; i < 1000; ++i) {
    const int kind = int(random() % 5);
    kinds.push_back(kind);
    const std::string id = std::to_string(i);
    if (kind == 0) input += R"({"op":"diff","expr":"x^)" + id + R"(","at":[1],"id":)" + id + "}";
    if (kind == 1) input += R"({"op":"diff","expr":"x^^)" + id + R"(","id":)" + id + "}";
    if (kind == 2) input += R"({"op":"diff","expr":3,"id":)" + id + "}";
    if (kind == 3) {
      const std::size_t length = 1 + random() % 60;
      for (std::size_t k = 0; k < length; ++k) input += char(random() % 255 == 9 ? '!' : 1 + random() % 255);
      std::erase_if(input, [](char) { return false; });
      for (std::size_t k = input.size() - length; k < input.size(); ++k)
        if (input[k] == '\n') input[k] = '?';
      input += '!';  // so that it is not blank
    }
    if (kind == 4) input += R"({"op":"nothing","id":)" + id + "}";
    input += '\n';
  }
  const auto answers = batch(input);
  ASSERT_EQ(answers.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(answers[i]["ok"], kinds[i] == 0) << i << answers[i].dump();
    if (kinds[i] == 0) {
      EXPECT_EQ(answers[i]["values"][0], double(i));
    }
    if (kinds[i] == 1) {
      EXPECT_EQ(answers[i]["error"]["code"], "E104");
    }
    if (kinds[i] >= 2) {
      EXPECT_EQ(answers[i]["error"]["code"], "E702");
    }
    if (kinds[i] != 3) {
      EXPECT_EQ(answers[i]["id"], i);
    }
  }
}

TEST(Batch, KeepsZeroBytesDeepNestingAndBrokenUtf8InTheirLine) {
  using namespace std::string_literals;
  const std::string good = R"j({"op":"diff","expr":"x"})j";
  const auto answers = batch("{\"op\"\0:1}\n"s + good + "\n" + std::string(100'000, '[') + "\n" + good +
                             "\n\xff\xfe\n" + good + "\r\n\n" + R"j({"op":"diff","expr":"\u0000x"})j" + "\n" + good);
  ASSERT_EQ(answers.size(), 8u);
  for (const std::size_t i : {1, 3, 5, 7}) EXPECT_EQ(answers[i]["result"], "1") << i;
  for (const std::size_t i : {0, 2, 4, 6}) EXPECT_EQ(answers[i]["ok"], false) << i;
}

TEST(Batch, StopsAtItsLimits) {
  Request defaults;
  defaults.limits.nodes = 2000;
  std::string line = R"({"op":"diff","expr":"x)";
  for (int i = 0; i < 5000; ++i) line += "+sin(" + std::to_string(i) + "*x)";
  const Json a = Json::parse(answer_line(line + "\"}", defaults));
  EXPECT_EQ(a["ok"], false);
  EXPECT_EQ(a["error"]["code"], "E601") << a.dump();
}

}  // namespace

// Argument lists and conditions: tables, one row a case.
#include "gradus/service/arguments.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "gradus/service/command_table.hpp"
#include "gradus/service/help.hpp"
#include "gradus/service/run.hpp"

using namespace gradus;
using namespace gradus::service;

namespace {

Result<Request> read(std::vector<const char*> words) { return read_arguments(words); }

std::string message(std::vector<const char*> words) {
  const auto request = read(std::move(words));
  return request ? "" : request.error().message;
}

TEST(Arguments, TakeNegativeValues) {
  const auto request = read({"diff", "x^2", "--at", "-0.5,0,0.5"});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->at, std::vector<std::string>{"-0.5,0,0.5"});
  const auto range = read({"table", "x^2", "--from", "-1", "--to=-0.5", "--step", "0.1"});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->from, "-1");
  EXPECT_EQ(range->to, "-0.5");
}

TEST(Arguments, TakeFormulasThatBeginWithADash) {
  EXPECT_EQ(read({"diff", "-x^2"})->operands[0], "-x^2");
  EXPECT_EQ(read({"diff", "--", "-x"})->operands[0], "-x");
  EXPECT_EQ(read({"diff", "-"})->operands[0], "-");
}

TEST(Arguments, SuggestWhatWasMeant) {
  EXPECT_NE(message({"dif", "x"}).find("'diff'"), std::string::npos);
  EXPECT_NE(message({"gradient", "x"}).find("'grad'"), std::string::npos);
  EXPECT_NE(message({"diff", "x", "--wtr", "x"}).find("'--wrt'"), std::string::npos);
  EXPECT_NE(message({"plot", "x", "--form", "1"}).find("'--from'"), std::string::npos);
}

TEST(Arguments, RefuseWhatTheVerbDoesNotTake) {
  EXPECT_NE(message({"diff", "x", "--from", "1"}), "");
  EXPECT_NE(message({"diff", "x", "y"}), "");
  EXPECT_NE(message({"diff"}), "");
  EXPECT_NE(message({"diff", "x", "--order", "-1"}), "");
  EXPECT_NE(message({"diff", "x", "--format", "yaml"}), "");
  EXPECT_NE(message({"diff", "x", "--at"}), "");
  EXPECT_NE(message({"diff", "x", "--quiet=yes"}), "");
}

TEST(Table, NamesAreUniqueAndEveryVerbHasAPage) {
  for (const OptionInfo& option : options()) EXPECT_EQ(find_option(option.name), &option) << option.name;
  for (const VerbInfo& verb : verbs()) {
    EXPECT_EQ(find_verb(verb.name), &verb);
    EXPECT_NE(help_text(verb.verb).find(verb.name), std::string::npos);
  }
  const auto pages = installed_pages();
  EXPECT_EQ(pages.size(), verbs().size() - 1 + 4);
}

struct Row {
  const char* formula;
  std::vector<std::string> conditions;
};

TEST(Conditions, ReadAsPeopleWriteThem) {
  const Row rows[] = {
      {"x^2", {}},
      {"sqrt(x)", {"x > 0"}},
      {"1/x", {"x != 0"}},
      {"1/(x - 1)", {"x != 1"}},
      {"log(2*x - 1)", {"x > 0.5"}},
      {"log(1 - x)", {"x < 1"}},
      {"asin(x)", {"-1 < x < 1"}},
      {"asin(2*x)", {"-0.5 < x < 0.5"}},
      {"abs(x)", {"x != 0"}},
      {"abs(x - y)", {"x != y"}},
      {"floor(x)", {"x not an integer"}},
      {"tan(x)", {"cos(x) != 0"}},
      {"log(x)/x", {"x > 0"}},
  };
  for (const Row& row : rows) {
    Request request;
    request.verb = Verb::diff;
    request.operands = {row.formula};
    request.wrt = {"x"};
    EXPECT_EQ(run(request).conditions, row.conditions) << row.formula;
  }
}

}  // namespace

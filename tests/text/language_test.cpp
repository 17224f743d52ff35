// docs/formulas.md keeps its word: every row of its tables is parsed and printed.
#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "gradus/text/parse.hpp"
#include "gradus/text/print.hpp"

namespace gradus {
namespace {

TEST(Language, TheDocumentIsRight) {
  std::ifstream in(std::string(GRADUS_SOURCE_DIR) + "/docs/formulas.md");
  ASSERT_TRUE(in);
  int rows = 0;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| `")) continue;
    std::string plain;
    for (std::size_t i = 0; i < line.size(); i++)
      if (line[i] != '\\' || line[std::min(i + 1, line.size() - 1)] != '|') plain += line[i];  // \| in a table
    const auto middle = plain.find("` | `"), end = plain.rfind('`');
    ASSERT_LT(middle, end) << line;
    const std::string typed = plain.substr(3, middle - 3), meaning = plain.substr(middle + 5, end - middle - 5);
    Context context;
    const auto parsed = parse(context, typed);
    ASSERT_TRUE(parsed) << typed << ": " << parsed.error().message;
    PrintOptions options;
    options.decimals = parsed->decimals;
    EXPECT_EQ(to_text(context, parsed->expr, options), meaning) << typed;
    rows++;
  }
  EXPECT_GT(rows, 50);
}

}  // namespace
}  // namespace gradus

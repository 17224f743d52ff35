// The examples of README.md and docs/ print what they say. With GRADUS_WRITE_EXAMPLES=1 in the environment the output
// in the files is replaced by what the program prints now.
#include <gtest/gtest.h>

#include "readme/documents.hpp"

namespace gradus::documents {
namespace {

std::string printed_by(const std::string& command) { return printed_by(command, Folder()); }

void write_examples(const fs::path& file) {
  auto lines = lines_in(file);
  const auto examples = examples_in(file);
  for (auto example = examples.rbegin(); example != examples.rend();
       ++example) {  // from below, so line numbers stay true
    const auto begin = lines.begin() + std::ptrdiff_t(example->line);
    const auto at = lines.erase(begin, begin + std::ptrdiff_t(example->output.size()));
    const auto now = lines_of(printed_by(example->command));
    lines.insert(at, now.begin(), now.end());
  }
  std::ofstream out(file);
  for (const auto& line : lines) out << line << '\n';
}

class Document : public testing::TestWithParam<fs::path> {};

TEST_P(Document, PrintsWhatItSays) {
  if (writing()) {
    write_examples(GetParam());
    return;
  }
  for (const Example& example : examples_in(GetParam())) {
    EXPECT_EQ(lines_of(printed_by(example.command)), example.output)
        << GetParam().lexically_relative(source).string() << ':' << example.line << ": $ " << example.command;
  }
}

INSTANTIATE_TEST_SUITE_P(Examples, Document, testing::ValuesIn(documents()),
                         [](const auto& each) { return test_name(each.param); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Document);

}  // namespace
}  // namespace gradus::documents

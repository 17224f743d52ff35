// Rows of the corpora under shared/data/calculus, beside the checkout or where GRADUS_SHARED says; none without them.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace gradus::testing {

struct CorpusRow {
  std::string source, variable, expression, expected;
};

inline std::vector<CorpusRow> corpus(const std::string& name) {
  const char* given = std::getenv("GRADUS_SHARED");
  const std::filesystem::path shared =
      given ? std::filesystem::path(given) : std::filesystem::path(GRADUS_SOURCE_DIR).parent_path() / "shared";
  std::ifstream in(shared / "data" / "calculus" / name);
  std::vector<CorpusRow> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    CorpusRow row;
    std::getline(cells, row.source, '\t');
    std::getline(cells, row.variable, '\t');
    std::getline(cells, row.expression, '\t');
    std::getline(cells, row.expected, '\t');
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace gradus::testing

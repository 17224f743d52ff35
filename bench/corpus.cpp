// How long the rows of a corpus take together: parsed and differentiated, each in a context of its own, as a process
// that answers question after question would. The least of several passes over all rows. The rows are those of
// ../shared/data/calculus (GRADUS_SHARED says where else); without them there is nothing to measure.
#include "support/corpus.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "gradus/calculus/differentiate.hpp"
#include "gradus/text/parse.hpp"
#include "stopwatch.hpp"

namespace {
using namespace gradus;

struct Pass {
  double parsing = 0, differentiating = 0;
  int failed = 0;
  double seconds() const { return parsing + differentiating; }
};

Pass pass(const std::vector<testing::CorpusRow>& rows) {
  Pass p;
  for (const testing::CorpusRow& row : rows) {
    const gradus_bench::Stopwatch whole(gradus_bench::Clock::processor);
    Context context;
    const auto parsed = parse(context, row.expression);
    const double read = whole.seconds();
    p.failed += !parsed || diff(context, parsed->expr, context.symbol(row.variable))->is(Op::error);
    p.parsing += read;
    p.differentiating += whole.seconds() - read;
  }
  return p;
}
}  // namespace

int main() {
  std::printf("%-28s %6s %10s %12s %10s %12s %7s\n", "", "rows", "parse", "derivative", "together", "us per row",
              "failed");
  for (const char* name : {"rubi_real_tenth.tsv", "rubi_special_third.tsv", "srbench_half.tsv"}) {
    const auto rows = testing::corpus(name);
    if (rows.empty()) {
      std::printf("%-28s not here\n", name);
      continue;
    }
    Pass best = pass(rows);
    for (int k = 0; k < 10; k++)
      if (const Pass p = pass(rows); p.seconds() < best.seconds()) best = p;
    std::printf("%-28s %6zu %7.1f ms %9.1f ms %7.1f ms %12.1f %7d\n", name, rows.size(), best.parsing * 1e3,
                best.differentiating * 1e3, best.seconds() * 1e3, best.seconds() * 1e6 / double(rows.size()),
                best.failed);
  }
}

// What the builder shares among the operations it is told of.
#include "gradus/program/views.hpp"
#include "programs.hpp"

namespace gradus {
namespace {

const Dim n{.size = 1, .name = "n"};

program::Program program_of(const std::function<Array(std::span<const Array>)>& f, std::vector<Shape> shapes,
                            Policy policy = Policy::traced()) {
  CompileOptions options;
  options.engine = program::Engine::interpreter;
  options.policy = policy;
  const auto compiled = compile_traced(f, shapes, options);
  EXPECT_TRUE(compiled.ok()) << compiled.error().message;
  return (*compiled)->program();
}

std::size_t count(const program::Program& p, program::Opcode opcode) {
  std::size_t count = 0;
  for (const program::Instruction& in : p.code) count += in.opcode == opcode;
  return count;
}

// Loops that are open where an instruction stands.
int depth(const program::Program& p, program::Opcode opcode) {
  int depth = 0, found = -1;
  for (const program::Instruction& in : p.code) {
    depth += in.opcode == program::Opcode::loop;
    depth -= in.opcode == program::Opcode::end;
    if (in.opcode == opcode) found = depth;
  }
  return found;
}

TEST(Builder, DividesOnceByWhatDoesNotChangeInALoop) {
  const auto p = program_of([](auto x) { return exp(x[0]) / x[1]; }, {{n}, {}});
  EXPECT_EQ(count(p, program::Opcode::div), 1u);
  EXPECT_EQ(depth(p, program::Opcode::div), 0);
  EXPECT_EQ(count(p, program::Opcode::mul), 1u);
}

TEST(Builder, DividesOnceByWhatSeveralAreDividedBy) {
  const auto f = [](auto x) { return exp(x[0] / x[1]) + sin(x[1] / x[1]) * (x[0] * x[0] / x[1]); };
  EXPECT_EQ(count(program_of(f, {{n}, {n}}), program::Opcode::div), 1u);
  EXPECT_EQ(count(program_of(f, {{n}, {n}}, Policy::exact()), program::Opcode::div), 3u);
  EXPECT_EQ(count(program_of([](auto x) { return x[0] / x[1]; }, {{n}, {n}}), program::Opcode::mul), 0u);
}

// Who attains it is told by comparing with it, maybe in a nest in which the product has other uses.
TEST(Builder, DoesNotContractWhatAGreatestIsSoughtOf) {
  const auto greatest = [](auto x) { return max(exp(x[0]) * x[1] + x[2]); };
  const auto total = [](auto x) { return sum(exp(x[0]) * x[1] + x[2]); };
  EXPECT_EQ(count(program_of(greatest, {{n}, {n}, {n}}), program::Opcode::fma), 0u);
  EXPECT_EQ(count(program_of(total, {{n}, {n}, {n}}), program::Opcode::fma), 1u);
  const auto quotient = [](auto x) { return max(exp(x[0]) / x[1]); };
  const auto p = program_of(quotient, {{n}, {}});
  EXPECT_EQ(depth(p, program::Opcode::div), 2) << to_text(p);
}

TEST(Builder, ComputesEqualOperationsOnce) {
  const auto f = [](auto x) {
    const Array at = floor(x[1]);
    return take(exp(x[0]), at) * take(sin(x[0]), at);
  };
  const auto p = program_of(f, {{Dim{50}}, {n}});
  EXPECT_EQ(count(p, program::Opcode::less_equal), 1u);  // one test for both places
}

}  // namespace
}  // namespace gradus

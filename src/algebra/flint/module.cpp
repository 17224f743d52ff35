// Factorization of multivariate polynomials by FLINT (LGPL), which is linked dynamically and only here.
#include "algebra/flint/module.hpp"

#include <flint/fmpq_mpoly.h>
#include <flint/fmpq_mpoly_factor.h>

#include <string>
#include <vector>

namespace gradus {
namespace {

std::string text_of(const fmpq_t value) {
  char* digits = fmpq_get_str(nullptr, 10, value);
  std::string text(digits);
  flint_free(digits);
  return text;
}

struct Work {
  explicit Work(std::size_t variables) {
    fmpq_mpoly_ctx_init(context, slong(variables), ORD_LEX);
    fmpq_mpoly_init(polynomial, context);
    fmpq_mpoly_factor_init(factors, context);
    fmpq_init(number);
  }
  ~Work() {
    fmpq_clear(number);
    fmpq_mpoly_factor_clear(factors, context);
    fmpq_mpoly_clear(polynomial, context);
    fmpq_mpoly_ctx_clear(context);
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  fmpq_mpoly_ctx_t context;
  fmpq_mpoly_t polynomial;
  fmpq_mpoly_factor_t factors;
  fmpq_t number;
};

// The terms of a polynomial, in room that outlives the call of the sink.
void give(Work& work, const fmpq_mpoly_t p, std::size_t variables, unsigned long power, FactorSink sink, void* user) {
  const auto count = std::size_t(fmpq_mpoly_length(p, work.context));
  std::vector<std::string> numbers;
  std::vector<std::vector<unsigned long>> exponents(count, std::vector<unsigned long>(variables));
  std::vector<PlainTerm> terms;
  numbers.reserve(count);
  for (std::size_t i = 0; i < count; i++) {
    fmpq_mpoly_get_term_coeff_fmpq(work.number, p, slong(i), work.context);
    numbers.push_back(text_of(work.number));
    fmpq_mpoly_get_term_exp_ui(exponents[i].data(), p, slong(i), work.context);
    terms.push_back({numbers.back().c_str(), exponents[i].data()});
  }
  sink(user, terms.data(), terms.size(), power);
}
}  // namespace

extern "C" __attribute__((visibility("default"))) const char* gradus_factor_polynomial(std::size_t variables,
                                                                                       const PlainTerm* terms,
                                                                                       std::size_t count,
                                                                                       FactorSink sink, void* user) {
  Work work(variables);
  for (std::size_t i = 0; i < count; i++) {
    if (fmpq_set_str(work.number, terms[i].coefficient, 10) != 0) return "a coefficient is no number";
    fmpq_mpoly_push_term_fmpq_ui(work.polynomial, work.number, terms[i].exponents, work.context);
  }
  fmpq_mpoly_sort_terms(work.polynomial, work.context);
  fmpq_mpoly_combine_like_terms(work.polynomial, work.context);
  if (fmpq_mpoly_factor(work.factors, work.polynomial, work.context) == 0) return "FLINT found no factorization";
  fmpq_mpoly_factor_get_constant_fmpq(work.number, work.factors, work.context);
  const std::string constant = text_of(work.number);
  const std::vector<unsigned long> none(variables, 0);
  const PlainTerm first{constant.c_str(), none.data()};
  sink(user, &first, 1, 1);
  fmpq_mpoly_t base;
  fmpq_mpoly_init(base, work.context);
  for (slong i = 0; i < fmpq_mpoly_factor_length(work.factors, work.context); i++) {
    fmpq_mpoly_factor_get_base(base, work.factors, i, work.context);
    give(work, base, variables, (unsigned long)(fmpq_mpoly_factor_get_exp_si(work.factors, i, work.context)), sink,
         user);
  }
  fmpq_mpoly_clear(base, work.context);
  flint_cleanup();
  return nullptr;
}

}  // namespace gradus

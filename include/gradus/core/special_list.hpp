// The special functions among the pointwise ops: record and C++ name, by number of arguments.
#pragma once

// clang-format off
#define GRADUS_SPECIAL_UNARY_OPS(X)                                                                        \
  X(Gamma, gamma) X(Lgamma, lgamma) X(Digamma, digamma) X(Erfi, erfi) X(Erfinv, erfinv)                      \
  X(FresnelS, fresnels) X(FresnelC, fresnelc) X(ExpIntegral, Ei) X(LogIntegral, li) X(SinIntegral, Si) X(CosIntegral, Ci) X(SinhIntegral, Shi) X(CoshIntegral, Chi) \
  X(LambertW, lambertw) X(LambertWm1, lambertwm1) X(Zeta, zeta)                                             \
  X(AiryAi, airyai) X(AiryBi, airybi) X(AiryAiPrime, airyaiprime) X(AiryBiPrime, airybiprime)                \
  X(EllipticK, elliptic_k) X(EllipticEComplete, elliptic_ec)
#define GRADUS_SPECIAL_BINARY_OPS(X)                                                                       \
  X(Polygamma, polygamma) X(Beta, beta) X(UpperGamma, uppergamma) X(LowerGamma, lowergamma) X(ExpInt, expint) \
  X(Polylog, polylog) X(ZetaPrime, zetaprime) X(HurwitzZeta, hurwitz)                                       \
  X(BesselJ, besselj) X(BesselY, bessely) X(BesselI, besseli) X(BesselK, besselk)                           \
  X(EllipticF, elliptic_f) X(EllipticE, elliptic_e)
#define GRADUS_SPECIAL_TERNARY_OPS(X) X(EllipticPi, elliptic_pi) X(Hyp1F1, hyp1f1)
// clang-format on

// A line of text, its derivative, its value, and what a mistake looks like.
#include <gradus/gradus.hpp>
#include <iostream>

int main() {
  using namespace gradus;
  const Expr x = symbol("x"), f = parse("x^2 * sin(x)"), d = diff(f, x);
  std::cout << "f      = " << f << "\nf'     = " << d << "\nLaTeX  : " << to_latex(d)
            << "\nf'(2)  = " << evaluate(d, {{x, 2}}) << "\nTaylor : " << taylor(f, x, 0, 5) << '\n';
  try {
    parse("x + sine(x)");
  } catch (const Error& mistake) {
    std::cout << mistake.what() << '\n';
    return evaluate(parse("diff(x^2, x)"), {{x, 3}}) == 6 ? 0 : 1;
  }
  return 1;
}

// A random formula as text, the same in every run: sums, differences, products, quotients whose divisor is positive,
// small powers, sin, cos, exp over x, y, z and digits. Trees are split evenly at random, so their depth is moderate.
#pragma once
#include <cstdint>
#include <string>

namespace gradus_bench {

class RandomText {
 public:
  std::string operator()(int nodes) {
    write(nodes);
    return std::move(text_);
  }

 private:
  // The generator of Knuth's MMIX; the high bits are the good ones.
  int below(int n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return int((state_ >> 33) % std::uint64_t(n));
  }
  void leaf() {
    const int k = below(8);
    text_ += k < 6 ? std::string(1, "xyz"[k % 3]) : std::to_string(1 + below(9));
  }
  void write(int nodes) {
    if (nodes < 3) return leaf();
    const int kind = below(10);
    if (kind < 2) {
      static const char* const names[] = {"sin(", "cos(", "exp("};
      text_ += names[below(3)];
      write(nodes - 1);
      text_ += ")";
    } else if (kind < 3) {
      text_ += "(";
      write(nodes - 2);
      text_ += below(2) ? ")^2" : ")^3";
    } else if (kind < 4 && nodes > 8) {
      const int left = 1 + below(nodes - 6);
      text_ += "(";
      write(left);
      text_ += ")/((";
      write(nodes - 5 - left);
      text_ += ")^2 + 1)";
    } else {
      const int left = 1 + below(nodes - 2), op = below(3);
      text_ += "(";
      write(left);
      text_ += op == 0 ? " + " : op == 1 ? " - " : "*";
      write(nodes - 1 - left);
      text_ += ")";
    }
  }
  std::uint64_t state_ = 20261122;
  std::string text_;
};

inline std::string random_text(int nodes) { return RandomText()(nodes); }

}  // namespace gradus_bench

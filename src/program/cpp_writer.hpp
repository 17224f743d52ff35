// Writes a program as C++ (gradus/program/cpp_source.hpp), and notes what the text needs before it.
#pragma once
#include <string>
#include <vector>

#include "gradus/program/program.hpp"

namespace gradus::program {

class CppWriter {
 public:
  explicit CppWriter(const Program& program) : p_(program) {}
  /// The whole file; empty for a program that has no form in C++.
  std::string run(const std::string& name);

 private:
  static std::string value(Id i) { return "v" + std::to_string(i); }
  static std::string counter(Id loop) { return "i" + std::to_string(loop); }
  static const char* type(Element e);
  Element type_of(Id i) const;
  std::string operand(Id i, Element type) const;
  static std::string number(double x);
  void line(const std::string& text) { body_ += std::string(2 * depth_ + 2, ' ') + text + "\n"; }
  void define(Id i, const std::string& text) {
    line(std::string("const ") + type(type_of(i)) + " " + value(i) + " = " + text + ";");
  }
  // Of a carried value or a fold.
  void declare(Id i, const std::string& text) { line(type(type_of(i)) + (" " + value(i)) + " = " + text + ";"); }
  void load(Id i, const Instruction& in);
  std::string call(const Instruction& in);
  void instruction(Id i);

  // --- cpp_source_arrays.cpp
  bool uses_integers() const;
  std::string stored(Id i, Id array);
  bool is_derived(Id s) const;
  std::string size(Id s) const;
  std::string parameters() const;
  std::string entries(Id array) const;
  std::string prefix(const Instruction& in) const;
  std::string row(Id array) const;
  std::string temporaries() const;
  std::string place(Id array, const std::vector<Id>& index) const;

  // --- cpp_source_loops.cpp
  std::string end_of_step(const Instruction& in) const;
  void open(Id loop);
  void close(Id loop);
  void fold(Id i);

  const Program& p_;
  std::string body_;
  std::size_t depth_ = 0;
  bool needs_boost_ = false, has_no_form_ = false;
  bool needs_scalar_ = false, needs_extrema_ = false, needs_rounding_ = false;
};

}  // namespace gradus::program

// Errors as values: a Result holds a value or the diagnostics that say why there is none.
#pragma once
#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus {

/// Every error code, its process exit code and its title, once.
/// E1xx syntax, E2xx names and shapes, E3xx calculus, E4xx numeric, E5xx files, E6xx limits, E7xx usage.
#define GRADUS_CODES(X)                              \
  X(E101, 3, "unexpected text")                      \
  X(E102, 3, "wrong number of arguments")            \
  X(E103, 3, "missing closing bracket")              \
  X(E104, 3, "missing operand")                      \
  X(E105, 3, "malformed number")                     \
  X(E106, 3, "unexpected character")                 \
  X(E107, 3, "malformed definition")                 \
  X(E108, 3, "malformed declaration")                \
  X(E109, 3, "malformed derivative")                 \
  X(E201, 3, "unknown function")                     \
  X(E202, 3, "shapes do not match")                  \
  X(E203, 3, "not a vector or a matrix")             \
  X(E204, 3, "operands of different contexts")       \
  X(E205, 3, "unknown name")                         \
  X(E301, 2, "not a scalar")                         \
  X(E302, 2, "not a variable of the formula")        \
  X(E303, 2, "order of the derivative out of range") \
  X(E304, 2, "cannot be differentiated")             \
  X(E305, 2, "not the derivative of the function")   \
  X(E401, 4, "outside the domain")                   \
  X(E402, 4, "value not determined")                 \
  X(E403, 4, "a variable has no value")              \
  X(E404, 1, "not converged")                        \
  X(E501, 5, "file cannot be read")                  \
  X(E502, 5, "file cannot be written")               \
  X(E601, 6, "too large")                            \
  X(E602, 6, "out of time")                          \
  X(E603, 6, "nested too deeply")                    \
  X(E604, 6, "number too long")                      \
  X(E605, 6, "code generator not available")         \
  X(E606, 6, "drawing library not available")        \
  X(E607, 6, "factoring library not available")      \
  X(E608, 6, "linear algebra library not available") \
  X(E701, 2, "wrong option")                         \
  X(E702, 2, "malformed request")

enum class Code : std::uint16_t {
#define X(code, exit, title) code,
  GRADUS_CODES(X)
#undef X
};

/// "E102", the exit code of a program that fails with it, and what it is called.
std::string_view code_name(Code code);
std::string_view code_title(Code code);
int exit_code(Code code);

/// A half-open range of bytes in the text that was parsed.
struct Span {
  std::uint32_t begin = 0, end = 0;
  friend bool operator==(Span, Span) = default;
};

struct Diagnostic {
  Code code;
  std::string message;
  Span span{};
  std::string hint{};  // "did you mean …?", shown beside the caret
};

/// A value, or at least one diagnostic.
template <class T> class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Diagnostic error) { errors_.push_back(std::move(error)); }
  Result(std::vector<Diagnostic> errors) : errors_(std::move(errors)) { assert(!errors_.empty()); }

  explicit operator bool() const { return value_.has_value(); }
  bool ok() const { return value_.has_value(); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return std::move(*value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  const std::vector<Diagnostic>& errors() const { return errors_; }
  const Diagnostic& error() const { return errors_.front(); }

 private:
  std::optional<T> value_;
  std::vector<Diagnostic> errors_;
};

}  // namespace gradus

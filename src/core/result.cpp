#include "gradus/core/result.hpp"

namespace gradus {
namespace {
struct Row {
  std::string_view name, title;
  int exit;
};
constexpr Row rows[] = {
#define X(code, exit, title) {#code, title, exit},
    GRADUS_CODES(X)
#undef X
};
}  // namespace

std::string_view code_name(Code code) { return rows[int(code)].name; }
std::string_view code_title(Code code) { return rows[int(code)].title; }
int exit_code(Code code) { return rows[int(code)].exit; }

}  // namespace gradus

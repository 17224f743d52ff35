// A line of a batch in, one line out: valid JSON, no crash, within limits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gradus/service/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gradus::service::Request defaults;
  defaults.limits = {200'000, std::size_t(64) << 20, 1};
  const std::string answer = gradus::service::answer_line({reinterpret_cast<const char*>(data), size}, defaults);
  if (answer.empty() || answer.front() != '{' || answer.back() != '}' || answer.find('\n') != answer.npos) std::abort();
  return 0;
}

// Machine code in memory, whoever made it; freed by its destructor. The handle of NativeCode is a pointer to one.
#pragma once

namespace gradus::program::jit {

struct MadeCode {
  MadeCode() = default;
  MadeCode(const MadeCode&) = delete;
  MadeCode& operator=(const MadeCode&) = delete;
  virtual ~MadeCode() = default;
};

}  // namespace gradus::program::jit

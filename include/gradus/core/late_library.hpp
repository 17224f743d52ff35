// Libraries of Gradus that are opened when first needed, so that a process that does not need them starts fast.
#pragma once
#include <string>

namespace gradus {

/// Opens lib<name>.so and keeps it open. Looked for, in order, in GRADUS_LIBRARY_PATH (colon-separated), beside the
/// executable (../lib, ../lib/gradus, and its own folder), where Gradus was installed, and where the loader looks.
/// Errors:  null, and `error` (if given) says why the last attempt failed.
/// Cost:    the name is opened again at every call; keep the handle.
void* open_late(const char* name, std::string* error = nullptr);

/// The address of `symbol` in a library from open_late, or null.
void* find_late(void* library, const char* symbol);

}  // namespace gradus

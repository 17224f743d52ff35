// Files as values: what is read and written, or why not.
#pragma once
#include <string>

#include "gradus/core/result.hpp"

/// Standard input to its end, without the last line end. Errors: E501, E601 above 256 MB.
gradus::Result<std::string> read_input();

/// The file's bytes. Errors: E501, E601 above 256 MB.
gradus::Result<std::string> read_file(const std::string& path);

/// Writes the file, if asked to with the folders above it. Errors: E502.
gradus::Result<bool> write_file(const std::string& path, const std::string& text, bool make_folders = false);

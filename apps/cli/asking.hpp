// From a request to what stands on the terminal and in files.
#pragma once
#include "gradus/service/answer.hpp"
#include "gradus/service/present.hpp"
#include "gradus/service/request.hpp"

/// To standard output; 5 when it cannot be written.
int print(const std::string& text);

/// An error of the command line itself, to standard error (as JSON to standard output). Returns the exit code.
int complain(const gradus::Diagnostic& error, const gradus::service::Presentation& how);

/// Shows the answer: errors to standard error, pictures to the file of --output if there is one, the rest to standard
/// output. Returns the exit code.
int show(const gradus::service::Answer& answer, const gradus::service::Request& request,
         const gradus::service::Presentation& how);

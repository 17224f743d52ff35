// How the terminal at hand wants things shown.
#pragma once
#include "gradus/service/present.hpp"
#include "gradus/service/request.hpp"

/// Colour only on a terminal unless asked for, NO_COLOR and TERM=dumb heeded; width from COLUMNS or the terminal;
/// ASCII pictures where the locale is not UTF-8.
gradus::service::Presentation presentation(const gradus::service::Request& request);

/// The last resort for --timeout: ends the process with exit code 6 a little after the time, should a computation not
/// have noticed.
void exit_when_out_of_time(double seconds);

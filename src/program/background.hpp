// One thread for what nobody waits for: machine code of tiered programs.
#pragma once
#include <functional>

namespace gradus::program {

/// Runs `job` in the background, one after the other. What has not begun when the process ends never does: `dropped`
/// is called then. False, and nothing is run, when there can be no thread.
bool in_background(std::function<void()> job, std::function<void()> dropped);

/// To be called after a library was opened that jobs use, before the first of them: the thread then ends before what
/// that library leaves to the end of the process, for destructors run in the reverse order of their registration.
void end_background_before_what_is_open();

}  // namespace gradus::program

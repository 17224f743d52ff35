// `gradus practice` on a terminal: exercises one by one.
#pragma once
#include "gradus/service/present.hpp"
#include "gradus/service/request.hpp"

/// Nothing but exercises is asked for, and there is someone to ask.
bool asks_one_by_one(const gradus::service::Request& request);

/// Asks until --count exercises are done or the input ends. Returns the exit code.
int train(const gradus::service::Request& request, const gradus::service::Presentation& how);

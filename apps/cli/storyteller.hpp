// The tutorial on a terminal, its pictures in a folder.
#pragma once
#include "gradus/service/present.hpp"
#include "gradus/service/request.hpp"

/// Returns the exit code.
int tell(const gradus::service::Request& request, const gradus::service::Presentation& how);

#pragma once
#ifndef GRADUS_VERSION
#define GRADUS_VERSION "0.1.0"
#endif

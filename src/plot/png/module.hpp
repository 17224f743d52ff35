// The one door of libgradus-png.so.
#pragma once

#include <cstddef>

#include "plot/drawing.hpp"

namespace gradus::plot {

using PngSink = void (*)(void* context, const unsigned char* bytes, std::size_t count);

/// Draws and hands the PNG's bytes to the sink, in pieces. Returns null, or what went wrong (a static text).
using PngRender = const char*(const Drawing& drawing, double pixel_ratio, PngSink sink, void* context);

}  // namespace gradus::plot

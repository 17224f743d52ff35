# include/gradus/scalar.hpp as a string, for emitted C++ to carry along.
set(scalar_source ${CMAKE_CURRENT_SOURCE_DIR}/include/gradus/scalar.hpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${scalar_source})
file(READ ${scalar_source} scalar_text)
string(REGEX REPLACE "#pragma once\n" "" scalar_text "${scalar_text}")
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/scalar_text.hpp CONTENT
"#pragma once
namespace gradus::program {
inline constexpr const char* scalar_text = R\"gradus(@scalar_text@)gradus\";
}
" @ONLY)
target_include_directories(gradus_program PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)

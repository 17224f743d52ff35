# What Gradus is built from, and the flags of every build. Debian's names of these packages: packages.txt.
option(GRADUS_TESTS "build the tests" ON)
option(GRADUS_BENCH "build the benchmarks" ON)
option(GRADUS_FUZZ "build the fuzzers (needs Clang)" OFF)
option(GRADUS_WERROR "warnings are errors" ON)
# GCC 12 loses with them the mark that a header is the system's, and warns about the standard library: so Clang only.
option(GRADUS_PRECOMPILE "precompile what nearly every source includes" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug or RelWithDebInfo" FORCE)
endif()
include(GNUInstallDirs)

set(gradus_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
set(gradus_test_warnings -Wall -Wextra)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND gradus_warnings -Wno-restrict)  # GCC 12 warns of "a" + string (its bug 105651)
  list(APPEND gradus_test_warnings -Wno-restrict)
endif()
if(GRADUS_WERROR)
  list(APPEND gradus_warnings -Werror)
  list(APPEND gradus_test_warnings -Werror)
endif()

find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)

# Exact and high-precision numbers: GMP, MPFR and its intervals MPFI.
add_library(gradus_numbers INTERFACE)
target_link_libraries(gradus_numbers INTERFACE mpfi mpfr gmp)

# Vector maths of the C library: x86-64 always has it, other machines where the C library is new enough.
find_library(GRADUS_LIBMVEC NAMES mvec libmvec.so.1)
set(gradus_vector_maths m)
if(GRADUS_LIBMVEC)
  list(PREPEND gradus_vector_maths mvec)
endif()

# Where an installed program or library looks last for what it opens late.
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/src/core/late_library.cpp
  PROPERTIES COMPILE_DEFINITIONS GRADUS_INSTALL_LIBDIR="${CMAKE_INSTALL_FULL_LIBDIR}" SKIP_PRECOMPILE_HEADERS ON)

# Libraries opened when first needed, so that a program that wants none of them starts at once:
#   lib/gradus/libgradus-jit.so   LLVM 19, linked statically, its symbols hidden   (src/program/jit/*.cpp)
#   lib/gradus/libgradus-lapack.so LAPACK and BLAS, linked statically             (src/program/lapack/*.cpp)
#   lib/gradus/libgradus-png.so   Cairo                                           (src/plot/png/*.cpp)
#   lib/gradus/libgradus-special.so   Arb, Boost.Math: special functions            (src/core/special/*.cpp)
#   lib/gradus/libgradus-flint.so FLINT 2.8 or later, where it is installed       (src/algebra/flint/*.cpp)
# They stand at ../lib/gradus seen from a program, in a build tree as in an installed one; each exports a few C functions.

# gradus_late_library(name FOLDER folder LIBRARIES library... INCLUDES folder... DEFINITIONS definition...)
function(gradus_late_library name)
  cmake_parse_arguments(L "" "FOLDER" "LIBRARIES;INCLUDES;DEFINITIONS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${L_FOLDER}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(gradus-${name} MODULE ${sources})
  set_target_properties(gradus-${name} PROPERTIES
    PREFIX lib LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/gradus)
  target_include_directories(gradus-${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/include ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_include_directories(gradus-${name} SYSTEM PRIVATE ${L_INCLUDES})
  target_compile_definitions(gradus-${name} PRIVATE ${L_DEFINITIONS})
  target_compile_options(gradus-${name} PRIVATE ${gradus_warnings} -ffunction-sections -fdata-sections)
  target_link_options(gradus-${name} PRIVATE
    -Wl,--exclude-libs,ALL -Wl,--gc-sections -Wl,--as-needed -Wl,-Bsymbolic)
  target_link_libraries(gradus-${name} PRIVATE ${L_LIBRARIES})
  install(TARGETS gradus-${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/gradus)
  set_property(GLOBAL APPEND PROPERTY gradus_late_libraries gradus-${name})
endfunction()

# Whoever tests or runs a program wants them built with it.
add_custom_target(late_libraries ALL)

file(GLOB gradus_jit_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/program/jit/*.cpp)
if(gradus_jit_sources)
  find_program(GRADUS_LLVM_CONFIG NAMES llvm-config-19 REQUIRED)
  execute_process(COMMAND ${GRADUS_LLVM_CONFIG} --cmakedir OUTPUT_VARIABLE llvm_cmake OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(CMAKE_MESSAGE_LOG_LEVEL WARNING)  # LLVM looks for libraries of tools that are not used here
  find_package(LLVM REQUIRED CONFIG PATHS ${llvm_cmake} NO_DEFAULT_PATH)
  unset(CMAKE_MESSAGE_LOG_LEVEL)
  llvm_map_components_to_libnames(llvm_libraries
    core support irreader passes orcjit executionengine jitlink runtimedyld
    x86codegen x86asmparser x86desc x86info aarch64codegen aarch64asmparser aarch64desc aarch64info)
  gradus_late_library(jit FOLDER src/program/jit LIBRARIES ${llvm_libraries} ${gradus_vector_maths}
    INCLUDES ${LLVM_INCLUDE_DIRS})
  target_link_options(gradus-jit PRIVATE -Wl,--build-id=sha1)  # names its code in the cache on disk
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    find_library(GRADUS_ASMJIT NAMES libasmjit.a asmjit REQUIRED)
    find_path(GRADUS_ASMJIT_INCLUDE NAMES asmjit/x86.h REQUIRED)
    file(GLOB straight CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/program/jit/straight/*.cpp)
    target_sources(gradus-jit PRIVATE ${straight})
    target_compile_definitions(gradus-jit PRIVATE GRADUS_STRAIGHT=1)
    target_include_directories(gradus-jit SYSTEM PRIVATE ${GRADUS_ASMJIT_INCLUDE})
    target_link_libraries(gradus-jit PRIVATE ${GRADUS_ASMJIT})
  endif()
endif()

file(GLOB gradus_lapack_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/program/lapack/*.cpp)
if(gradus_lapack_sources)
  # Static and without threads, so that results depend neither on their number nor on what the host process has loaded:
  # OpenBLAS' serial build where it is installed, else the reference LAPACK and BLAS (right, and slow for large matrices).
  set(gradus_lapack_folders ${CMAKE_LIBRARY_PATH} /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} /usr/lib /usr/local/lib)
  list(TRANSFORM gradus_lapack_folders APPEND /openblas-serial OUTPUT_VARIABLE openblas_folders)
  list(TRANSFORM gradus_lapack_folders APPEND /lapack OUTPUT_VARIABLE lapack_folders)
  list(TRANSFORM gradus_lapack_folders APPEND /blas OUTPUT_VARIABLE blas_folders)
  find_library(GRADUS_OPENBLAS NAMES libopenblas.a PATHS ${openblas_folders} NO_DEFAULT_PATH)
  if(GRADUS_OPENBLAS)
    set(gradus_lapack_libraries ${GRADUS_OPENBLAS})
  else()
    find_library(GRADUS_LAPACK NAMES liblapack.a PATHS ${lapack_folders} REQUIRED)
    find_library(GRADUS_BLAS NAMES libblas.a PATHS ${blas_folders} REQUIRED)
    set(gradus_lapack_libraries ${GRADUS_LAPACK} ${GRADUS_BLAS})
  endif()
  find_library(GRADUS_GFORTRAN NAMES gfortran libgfortran.so.5 REQUIRED)
  gradus_late_library(lapack FOLDER src/program/lapack
    LIBRARIES ${gradus_lapack_libraries} ${GRADUS_GFORTRAN} m)
endif()

file(GLOB gradus_png_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/plot/png/*.cpp)
if(gradus_png_sources)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
  gradus_late_library(png FOLDER src/plot/png LIBRARIES PkgConfig::CAIRO)
endif()

file(GLOB gradus_special_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/core/special/*.cpp)
if(gradus_special_sources)
  # Debian calls Arb's library flint-arb, others arb; FLINT 3 contains it.
  find_library(GRADUS_ARB NAMES flint-arb arb flint REQUIRED)
  find_library(GRADUS_FLINT NAMES flint REQUIRED)
  find_path(GRADUS_ARB_INCLUDE NAMES arb.h PATH_SUFFIXES flint REQUIRED)
  find_path(GRADUS_FLINT_INCLUDE NAMES flint/flint.h REQUIRED)
  gradus_late_library(special FOLDER src/core/special
    LIBRARIES ${GRADUS_ARB} ${GRADUS_FLINT} gradus_numbers
    INCLUDES ${GRADUS_ARB_INCLUDE} ${GRADUS_FLINT_INCLUDE} ${GRADUS_FLINT_INCLUDE}/flint)
endif()

file(GLOB gradus_flint_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/algebra/flint/*.cpp)
if(gradus_flint_sources)
  gradus_late_library(flint FOLDER src/algebra/flint LIBRARIES ${GRADUS_FLINT} gmp INCLUDES ${GRADUS_FLINT_INCLUDE})
endif()

get_property(gradus_late GLOBAL PROPERTY gradus_late_libraries)
if(gradus_late)
  add_dependencies(late_libraries ${gradus_late})
endif()

# What `cmake --install` puts where: the headers, libgradus.a, what is opened late, the program with its manual pages and
# completions, and the two descriptions by which others find the library (find_package(gradus), pkg-config gradus).
include(CMakePackageConfigHelpers)

install(DIRECTORY include/gradus DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(TARGETS gradus EXPORT gradusTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT gradusTargets NAMESPACE gradus:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/gradus)
install(TARGETS ${gradus_programs} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

configure_package_config_file(${CMAKE_CURRENT_SOURCE_DIR}/cmake/gradusConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/gradusConfig.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/gradus)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/gradusConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/gradusConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/gradusConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/gradus)

# pkg-config: the library is static, so whoever links it links what it is made of.
get_target_property(gradus_linked gradus LINK_LIBRARIES)
set(gradus_pc_libraries "")
foreach(library IN LISTS gradus_linked)
  string(REGEX REPLACE "^.*::" "" library "${library}")
  string(APPEND gradus_pc_libraries " -l${library}")
endforeach()
configure_file(cmake/gradus.pc.in ${CMAKE_CURRENT_BINARY_DIR}/gradus.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/gradus.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Manual pages and completions come from the program's own table of options, so they are made after it is built.
install(CODE "set(gradus_pages \"${CMAKE_CURRENT_BINARY_DIR}/pages\")")
install(CODE "set(gradus_program \"${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/gradus\")")
install(SCRIPT cmake/install_pages.cmake)
install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/pages/ DESTINATION ${CMAKE_INSTALL_DATADIR} OPTIONAL)

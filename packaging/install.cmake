# What `cmake --install` puts where, what find_package(lastack) finds, and the packages that CPack makes of it.
#
# Two components: `runtime` (the command, the shipped specs, programs that it starts, manual page, completions) and
# `dev` (libraries, headers, the CMake package, the header for adapters). docs/library.md and docs/install.md tell of
# them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Made by the command itself, from the table of its options.
set(made ${PROJECT_BINARY_DIR}/made)
file(MAKE_DIRECTORY ${made})
set(texts)
foreach(text IN ITEMS man:lastack.1 bash:lastack.bash zsh:_lastack fish:lastack.fish)
  string(REGEX REPLACE ":.*" "" kind ${text})
  string(REGEX REPLACE ".*:" "" file ${text})
  add_custom_command(OUTPUT ${made}/${file} COMMAND lastack completion ${kind} > ${made}/${file} DEPENDS lastack
    VERBATIM)
  list(APPEND texts ${made}/${file})
endforeach()
add_custom_target(lastack_texts ALL DEPENDS ${texts})
if(TARGET lastack_tests)
  add_dependencies(lastack_tests lastack_texts)
endif()

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME runtime)
install(TARGETS lastack RUNTIME)
install(DIRECTORY specs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/lastack/specs FILES_MATCHING PATTERN *.spec)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${made}/lastack.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${made}/lastack.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME lastack)
install(FILES ${made}/_lastack DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${made}/lastack.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
if(TARGET lastack_explorer)  # the model for pages
  install(FILES ${PROJECT_BINARY_DIR}/page/lastack-explorer.js DESTINATION ${CMAKE_INSTALL_DATADIR}/lastack)
endif()
# Programs that the command starts: adapters, and the first process of a virtual machine.
set(beside lastack_lwip lastack_slirp lastack_guest)
foreach(program IN LISTS beside)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/lastack)
  endif()
endforeach()

# The target lastack::lastack is all of the layers below the command.
add_library(lastack_all INTERFACE)
set_target_properties(lastack_all PROPERTIES EXPORT_NAME lastack)
target_link_libraries(lastack_all INTERFACE lastack_report lastack_model_language)
get_property(layers GLOBAL PROPERTY lastack_layers)
install(TARGETS lastack_all ${layers} EXPORT lastack ARCHIVE COMPONENT dev)
install(EXPORT lastack NAMESPACE lastack:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/lastack COMPONENT dev)
foreach(layer IN ITEMS model checker page generators harness report)
  install(DIRECTORY ${layer} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lastack COMPONENT dev FILES_MATCHING PATTERN *.h)
endforeach()
install(FILES adapter/lastack.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lastack/adapter COMPONENT dev)
configure_package_config_file(packaging/lastackConfig.cmake.in ${made}/lastackConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/lastack)
write_basic_package_version_file(${made}/lastackConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${made}/lastackConfig.cmake ${made}/lastackConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/lastack COMPONENT dev)

# All that is packed, without tests and measurements.
add_custom_target(lastack_packaged DEPENDS ${texts})
add_dependencies(lastack_packaged lastack ${layers})
foreach(program IN LISTS beside ITEMS lastack_explorer)
  if(TARGET ${program})
    add_dependencies(lastack_packaged ${program})
  endif()
endforeach()

# Two Debian packages, lastack and liblastack-dev. What the command needs at run time is found by dpkg-shlibdeps.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the lastack authors <lastack@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME lastack)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME liblastack-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libfmt-dev, libz3-dev, libpcap-dev, pkg-config")
include(CPack)

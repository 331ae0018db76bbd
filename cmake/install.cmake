# What `cmake --install` puts where: the program, one static library per layer, the public headers, and
# what `find_package(octavo)` and `pkg-config octavo` read. The result can be moved as a whole; only the
# libraries of the system have places of their own. Tested by tests/install.
include(CMakePackageConfigHelpers)

# octavo::octavo is everything that a program may use: every layer. (The program installs itself.)
get_property(layers GLOBAL PROPERTY OCTAVO_LAYERS)
add_library(octavo_everything INTERFACE)
add_library(octavo::octavo ALIAS octavo_everything)
set_target_properties(octavo_everything PROPERTIES EXPORT_NAME octavo)
target_link_libraries(octavo_everything INTERFACE ${layers})
set_target_properties(octavo_compiler PROPERTIES EXPORT_NAME compiler)

install(TARGETS octavo_everything octavo_compiler ${layers} EXPORT octavo
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

# The headers of the layers. Of the kernels only the contract is public.
set(header_of_octavo_kernels kernels.h)
foreach(layer ${layers})
  string(REPLACE octavo_ "" folder ${layer})
  set(pattern *.h)
  if(DEFINED header_of_${layer})
    set(pattern ${header_of_${layer}})
  endif()
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/octavo/${folder}/${pattern})
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/octavo/${folder})
endforeach()

set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/octavo)
install(EXPORT octavo NAMESPACE octavo:: FILE octavo-targets.cmake DESTINATION ${package_directory})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/octavo-config.cmake.in
                              ${PROJECT_BINARY_DIR}/octavo-config.cmake
                              INSTALL_DESTINATION ${package_directory})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/octavo-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/octavo-config.cmake
              ${PROJECT_BINARY_DIR}/octavo-config-version.cmake
        DESTINATION ${package_directory})

# A static archive must stand before those it needs: highest layer first.
set(reversed ${layers})
list(REVERSE reversed)
list(TRANSFORM reversed PREPEND -l OUTPUT_VARIABLE pkgconfig_libraries)
list(JOIN pkgconfig_libraries " " pkgconfig_libraries)
set(pkgconfig_directory ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pkgconfig_prefix /prefix/${pkgconfig_directory} /prefix)
string(REGEX REPLACE "/$" "" pkgconfig_prefix "${pkgconfig_prefix}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/octavo.pc.in ${PROJECT_BINARY_DIR}/octavo.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/octavo.pc DESTINATION ${pkgconfig_directory})

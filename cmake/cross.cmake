# For another processor (the preset `arm`): the kernels and their tests, which run in an emulator. No libraries
# of that processor are installed: {fmt} and GoogleTest are compiled from their sources, and what else the lowest
# layers link is there as headers alone, since nothing of it is called.
find_package(Threads REQUIRED)
add_library(octavo_fmt INTERFACE)
target_compile_definitions(octavo_fmt INTERFACE FMT_HEADER_ONLY=1)
target_include_directories(octavo_fmt SYSTEM INTERFACE /usr/include)
add_library(fmt::fmt ALIAS octavo_fmt)
add_library(octavo_toml INTERFACE)
add_library(tomlplusplus::tomlplusplus ALIAS octavo_toml)
foreach(library xxhash zlib zstd utf8proc)
  add_library(octavo_${library}_headers INTERFACE)
  add_library(PkgConfig::${library} ALIAS octavo_${library}_headers)
endforeach()
if(OCTAVO_BUILD_TESTS)
  set(INSTALL_GTEST OFF)
  add_subdirectory(/usr/src/googletest ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
  include(GoogleTest)
endif()

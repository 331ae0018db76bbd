# Language, warnings and sanitizers, in one interface target that every layer links.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(octavo_compiler INTERFACE)
target_compile_features(octavo_compiler INTERFACE cxx_std_20)
target_compile_options(octavo_compiler INTERFACE
  $<BUILD_INTERFACE:-Wall -Wextra -Wno-psabi -Wno-missing-field-initializers>)
if(OCTAVO_WARNINGS_AS_ERRORS)
  target_compile_options(octavo_compiler INTERFACE $<BUILD_INTERFACE:-Werror>)
endif()
if(OCTAVO_SANITIZE)
  # GCC 12 takes what the sanitizers insert for uses of uninitialized memory.
  add_compile_options(-fsanitize=${OCTAVO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
                      -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${OCTAVO_SANITIZE})
endif()
if(OCTAVO_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -g)
  add_link_options(-fsanitize=address,undefined)
endif()

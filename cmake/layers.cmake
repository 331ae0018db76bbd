# octavo_layer(<folder> [PUBLIC <lib>...] [PRIVATE <lib>...] [HEADERS <lib>...]): every .cpp of the
# folder, as octavo::<folder>. Layers below are named in PUBLIC. Heavy libraries stay in the .cpp files:
# PRIVATE to be linked, HEADERS if their headers are all that is used (JSON, TOML), so that whoever
# uses the installed library need not have them.
function(octavo_layer folder)
  cmake_parse_arguments(layer "" "" "PUBLIC;PRIVATE;HEADERS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    add_library(octavo_${folder} INTERFACE)
    add_library(octavo::${folder} ALIAS octavo_${folder})
    return()
  endif()
  add_library(octavo_${folder} STATIC ${sources})
  add_library(octavo::${folder} ALIAS octavo_${folder})
  set_target_properties(octavo_${folder} PROPERTIES EXPORT_NAME ${folder})
  target_include_directories(octavo_${folder} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(octavo_${folder} PUBLIC octavo_compiler ${layer_PUBLIC} PRIVATE ${layer_PRIVATE})
  foreach(library ${layer_HEADERS})
    target_include_directories(octavo_${folder} SYSTEM PRIVATE
      $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()
  set_property(GLOBAL APPEND PROPERTY OCTAVO_LAYERS octavo_${folder})
endfunction()

# octavo_test(<folder> [LINK <lib>...]): every .cpp of tests/<folder>, one executable, each case a ctest entry.
function(octavo_test folder)
  cmake_parse_arguments(test "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${folder} ${sources})
  target_link_libraries(test_${folder} PRIVATE $<TARGET_NAME_IF_EXISTS:octavo::${folder}> ${test_LINK} GTest::gtest_main)
  target_compile_definitions(test_${folder} PRIVATE OCTAVO_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(test_${folder} TEST_PREFIX ${folder}/ DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS ${folder} TIMEOUT 900)
endfunction()

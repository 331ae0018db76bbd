# Installs into a folder of its own, renames that folder (so a path that was written down would be
# wrong), trains a tiny model with the installed program, and builds example/ against the installed
# library twice, through CMake and through pkg-config: both must print the same continuation.
function(run)
  cmake_parse_arguments(run "" "OUTPUT" "COMMAND" ${ARGN})
  execute_process(COMMAND ${run_COMMAND} WORKING_DIRECTORY ${work} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    list(JOIN run_COMMAND " " command)
    message(FATAL_ERROR "${command}\n${output}\n${errors}\nexit code ${status}")
  endif()
  if(run_OUTPUT)
    set(${run_OUTPUT} "${output}" PARENT_SCOPE)
  endif()
endfunction()

file(REMOVE_RECURSE ${work})
file(MAKE_DIRECTORY ${work})
run(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${work}/first)
file(RENAME ${work}/first ${work}/moved)
set(prefix ${work}/moved)

foreach(private kernels/cpu kernels/reference kernels/cases cli)
  if(EXISTS ${prefix}/${includedir}/octavo/${private})
    message(FATAL_ERROR "the private headers of octavo/${private} were installed")
  endif()
endforeach()

set(octavo ${prefix}/${bindir}/octavo)
run(COMMAND ${octavo} train ${source}/tiny.toml --set data.path=${source}/tiny.toml)
set(model ${work}/runs/tiny)

# Through CMake.
run(COMMAND ${CMAKE_COMMAND} -G ${generator} -S ${source}/example -B ${work}/example -D CMAKE_PREFIX_PATH=${prefix}
            -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_BUILD_TYPE=Release)
run(COMMAND ${CMAKE_COMMAND} --build ${work}/example)
run(COMMAND ${work}/example/example ${model} OUTPUT through_cmake)

# Through pkg-config.
set(ENV{PKG_CONFIG_PATH} ${prefix}/${libdir}/pkgconfig)
run(COMMAND pkg-config --cflags --libs octavo OUTPUT flags)
separate_arguments(flags UNIX_COMMAND "${flags}")
run(COMMAND ${compiler} -std=c++20 ${source}/example/main.cpp -o by_hand ${flags})
run(COMMAND ${work}/by_hand ${model} OUTPUT through_pkgconfig)

string(LENGTH "${through_cmake}" length)
if(length LESS 2 OR NOT through_cmake STREQUAL through_pkgconfig)
  message(FATAL_ERROR "two builds of one program: \"${through_cmake}\", \"${through_pkgconfig}\"")
endif()

# Every public header, with nothing but what was installed.
file(GLOB_RECURSE headers RELATIVE ${prefix}/${includedir} ${prefix}/${includedir}/*.h)
list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n")
list(JOIN headers "" headers)
file(WRITE ${work}/headers.cpp "${headers}")
run(COMMAND ${compiler} -std=c++20 -fsyntax-only headers.cpp ${flags})

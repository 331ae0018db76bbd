# octavo_instruction_set(<name> <flags>...): the files of this folder, compiled for one instruction set.
# Sums of products may be contracted to fused multiply-adds; nothing else about floats is relaxed.
function(octavo_instruction_set name)
  file(GLOB families CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cpu/*.cpp)
  list(FILTER families EXCLUDE REGEX "/(no_)?x86\\.cpp$")
  add_library(octavo_kernels_${name} OBJECT ${families})
  target_link_libraries(octavo_kernels_${name} PRIVATE octavo_compiler octavo::device)
  target_compile_options(octavo_kernels_${name} PRIVATE -ffp-contract=fast ${ARGN})
  target_compile_definitions(octavo_kernels_${name} PRIVATE
    OCTAVO_ISA=${name} OCTAVO_ISA_HEADER="octavo/kernels/cpu/isa_${name}.h")
  target_sources(octavo_kernels PRIVATE $<TARGET_OBJECTS:octavo_kernels_${name}>)
  if(OCTAVO_FUZZ)  # what is fuzzed reads files; computing is watched in the other sanitized builds
    target_compile_options(octavo_kernels_${name} PRIVATE -fno-sanitize=all)
  endif()
endfunction()

# All types, tiles and sums of quantized_product.cpp under a sanitizer take the compiler ten minutes
# for each instruction set: there the portable one alone is instrumented.
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/cpu/quantized_product.cpp PROPERTIES
  COMPILE_OPTIONS
  "$<$<NOT:$<STREQUAL:$<TARGET_PROPERTY:NAME>,octavo_kernels_portable>>:-fno-sanitize=all>")

octavo_instruction_set(portable)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mprefer-vector-width=512)
  octavo_instruction_set(avx2 -mavx2 -mfma -mf16c)
  octavo_instruction_set(avx512 ${avx512})
  octavo_instruction_set(avx512_bf16 ${avx512} -mavx512bf16 -mavx512vnni)
  target_sources(octavo_kernels PRIVATE cpu/x86.cpp)
else()
  target_sources(octavo_kernels PRIVATE cpu/no_x86.cpp)
endif()

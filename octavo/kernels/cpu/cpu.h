// The kernels of CPU instruction sets, as values with names.
//
// The same .cpp files of this folder are compiled once per instruction set, each time into a
// namespace of that name (OCTAVO_ISA) and against that set's header (isa_<name>.h); x86.cpp or
// no_x86.cpp lists what the architecture has. Tested by tests/kernels with every set that the
// processor supports.
#pragma once

#include <vector>

#include "octavo/kernels/kernels.h"

namespace octavo {

const Kernels* portable_kernels();
/// The sets compiled for this architecture, the fastest first; ask each whether it is supported().
std::vector<const Kernels*> cpu_kernels();

}  // namespace octavo

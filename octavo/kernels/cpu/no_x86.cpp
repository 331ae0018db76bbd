// Other architectures: the portable kernels alone.
#include "octavo/kernels/cpu/cpu.h"

namespace octavo {

std::vector<const Kernels*> cpu_kernels() { return {portable_kernels()}; }

}  // namespace octavo

// The instruction sets of x86-64.
#include "octavo/kernels/cpu/cpu.h"

namespace octavo {

const Kernels* avx512_bf16_kernels();
const Kernels* avx512_kernels();
const Kernels* avx2_kernels();

std::vector<const Kernels*> cpu_kernels() {
  return {avx512_bf16_kernels(), avx512_kernels(), avx2_kernels(), portable_kernels()};
}

}  // namespace octavo

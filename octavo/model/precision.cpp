#include "octavo/model/precision.h"

#include "octavo/base/error.h"

namespace octavo {

Precision default_precision() {
  return kernels().has_bf16_arithmetic() ? Precision::bf16() : Precision::f32();
}

Precision precision_named(std::string_view name) {
  if (name == "fp32") return Precision::f32();
  if (name == "bf16") return Precision::bf16();
  fail(ErrorKind::usage, "the precision must be fp32 or bf16, found \"{}\"", name);
}

std::string_view name_of(Precision precision) {
  switch (precision.compute) {
    case DataType::bf16:
      return "bf16";
    case DataType::f64:
      return "fp64";
    default:
      return "fp32";
  }
}

}  // namespace octavo

#include "octavo/model/precision.h"

#include "octavo/base/error.h"

namespace octavo {

Precision default_precision() {
  return kernels().has_bf16_arithmetic() ? Precision::bf16() : Precision::f32();
}

Precision precision_named(std::string_view name) {
  if (name == "fp32") return Precision::f32();
  if (name == "bf16") return Precision::bf16();
  if (name == "int8") return Precision::int8(default_precision().compute);
  fail(ErrorKind::usage, "the precision must be fp32, bf16 or int8, found \"{}\"", name);
}

std::string_view name_of(Precision precision) {
  if (precision.quantized == LeftRounding::bytes) return "int8";
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

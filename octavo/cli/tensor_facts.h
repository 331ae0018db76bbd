// Tensors as facts: their types, and on demand a list with what their numbers look like.
#pragma once

#include <span>
#include <string>

#include "octavo/cli/facts.h"
#include "octavo/weights/tensor_table.h"

namespace octavo {

struct TensorDetail {
  bool list = false;
  bool histogram = false;  ///< reads the numbers
};

/// "f32", or "bf16 (120), f32 (4)".
std::string types_of(std::span<const TensorInfo> tensors);

/// Adds a row for each tensor, if `detail` asks for it.
void add_tensors(Facts& facts, std::span<const TensorInfo> tensors, const TensorFiles& files,
                 TensorDetail detail);

}  // namespace octavo

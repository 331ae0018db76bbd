// Embeddings: rows of a token table plus rows of a position table. Tested by
// tests/ops/embedding_test.cpp.
#pragma once

#include "octavo/ops/parameter.h"

namespace octavo {

/// tokens, positions [R] i32 → [R, C] in the residual's type. Rows are rounded to the compute type
/// first, so that a table kept in bf16 gives the same sum as its f32 master. `position_table` may
/// be absent.
Value embedding(Tape& tape, const Tensor& tokens, const Tensor& positions,
                const Parameter& token_table, const Parameter& position_table, Precision precision);

}  // namespace octavo

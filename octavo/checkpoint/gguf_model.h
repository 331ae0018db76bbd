// A model as a GGUF file: for all families, in any type that can be written.
//
// Vectors and the position table stay f32, as llama.cpp has them. Matrices get the type asked for,
// but for two: the matrix of the head, which every token's probability goes through, gets q6_k
// beside types of fewer bits; and rows that a type's blocks do not divide get the type that
// llama.cpp falls back to. Tested by tests/checkpoint/gguf_model_test.cpp.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "octavo/checkpoint/stored_tensors.h"
#include "octavo/weights/gguf_set.h"

namespace octavo {

struct GgufOptions {
  StoredTensors::TypeOf wanted;  ///< of each matrix; see gguf_type
  GgufMetadata more = {};        ///< beside the configuration: name, tokenizer, lineage
  ShardLimit shards = {.bytes = INT64_MAX};
};

/// What a parameter is stored as in GGUF when `wanted` is asked for.
DataType gguf_type(const ModelConfig& config, const ParameterInfo& parameter, DataType wanted);

/// Writes `file`, or splits in its place past the limit; all of it appears or nothing. Throws
/// `usage` if GGUF cannot say the configuration or hold the type.
std::vector<WeightFile> write_gguf_model(const std::filesystem::path& file,
                                         const ModelConfig& config, const ParameterSource& numbers,
                                         const GgufOptions& options);

}  // namespace octavo

// llama2.c's model files: seven numbers and the weights of a Llama in f32, in a fixed order.
//
// The format has no magic number and no names; a file is one of them if it is exactly as long as
// its seven numbers say. Tensors get the names that they would have in GGUF, whose order of rows
// they have too. Tested by tests/checkpoint/gguf_model_test.cpp with a trained model.
// Format: https://github.com/karpathy/llama2.c (export.py, version 0).
#pragma once

#include <filesystem>

#include "octavo/model/config.h"
#include "octavo/weights/tensor_table.h"

namespace octavo {

struct Llama2cModel {
  ModelConfig config;
  TensorTable tensors;
};

/// True if the file is as long as its first seven numbers say. Throws `io` if it cannot be read.
bool is_llama2c(const std::filesystem::path& file);
/// Maps a file. Throws `data` if it is none.
Llama2cModel read_llama2c(const std::filesystem::path& file);

}  // namespace octavo

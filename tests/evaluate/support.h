// A model whose answers are known: after a capital letter comes the small one ("A" → "a"), after a
// small letter a newline, after anything else "?". It looks at nothing but the last byte.
#pragma once

#include "octavo/tokenizer/tokenizer.h"
#include "tests/model/support.h"

namespace octavo {

inline ModelConfig letter_config(int64_t context) {
  ModelConfig config;
  config.vocabulary = 257, config.end_of_text = 256, config.context = context;
  config.layers = 1, config.width = 32, config.heads = 1;
  config.head = HeadKind::untied;
  return config;
}

/// Embeddings are axes (one for each capital, one for small letters, one for the rest), the block
/// adds nothing, and a row of the head points along the axis of what it follows.
inline GPT letter_model(int64_t context = 64, Purpose purpose = Purpose::inference) {
  const ParameterSource source = [](const ParameterInfo& info) {
    constexpr size_t kWidth = 32, kSmall = 26, kOther = 27;
    const Tensor tensor = Tensor::zeros(info.shape, DataType::f32);
    const auto numbers = tensor.as<float>();
    const auto set = [&](size_t token, size_t axis, float value) {
      numbers[token * kWidth + axis] = value;
    };
    if (info.name == "final_norm.weight") std::ranges::fill(numbers, 1.0f);
    if (info.name == "token_embedding.weight")
      for (size_t token = 0; token < 257; ++token) {
        const bool capital = token >= 'A' && token <= 'Z', small = token >= 'a' && token <= 'z';
        set(token, capital ? token - 'A' : small ? kSmall : kOther, 1);
      }
    if (info.name == "head.weight") {
      for (size_t letter = 0; letter < 26; ++letter) set('a' + letter, letter, 2);
      set('\n', kSmall, 2), set('?', kOther, 2);
    }
    return tensor;
  };
  return GPT(letter_config(context), source, Precision::f32(), purpose);
}

}  // namespace octavo

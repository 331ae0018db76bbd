// What tests of models share: a tiny model, texts for it, every kernel set, other people's answers.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <vector>

#include "octavo/base/random.h"
#include "octavo/base/threads.h"
#include "octavo/model/gpt.h"
#include "tests/base/test_data.h"

namespace octavo {

/// Odd sizes, heads of 20, more than one block of keys, a band that is narrower than a block.
inline ModelConfig tiny_config() {
  ModelConfig config;
  config.vocabulary = 131;
  config.context = 96;
  config.layers = 2;
  config.width = 40;
  config.heads = 2;
  config.attention = AttentionPattern::alternating;
  config.band_width = 24;
  config.initializer_range = 0.3;  // so that logits differ and attention is far from uniform
  return config;
}

inline std::vector<int32_t> random_tokens(int64_t count, int64_t vocabulary, uint64_t seed) {
  std::vector<int32_t> tokens;
  for (int64_t i = 0; i < count; ++i)
    tokens.push_back(static_cast<int32_t>(
        RandomStream{seed}.below(static_cast<uint64_t>(i), static_cast<uint64_t>(vocabulary))));
  return tokens;
}

/// Runs `action` on each kernel set of this machine, named in failures.
template <class Action>
void on_each_kernels(const Action& action) {
  for (const Kernels* kernels : available_kernels()) {
    SCOPED_TRACE(std::string(kernels->name()));
    const UseKernels use(*kernels);
    action();
  }
}

/// As many threads until the end of the scope.
class UseThreads {
 public:
  explicit UseThreads(int count) : before_(threads()) { set_threads(count); }
  ~UseThreads() { set_threads(before_); }

 private:
  int before_;
};

inline std::vector<float> numbers_of(const Tensor& tensor) {
  const auto span = tensor.as<float>();
  return {span.begin(), span.end()};
}

/// Equal to the bit (so NaN equals NaN, and 0 is not −0).
inline bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}
inline bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && a.type() == b.type() &&
         std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

}  // namespace octavo

// Counting without allocating agrees with the model itself; impossible shapes are named.
#include "octavo/model/config.h"

#include <numeric>

#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

TEST(ModelConfig, counts_what_the_model_has) {
  for (const HeadKind head : {HeadKind::tied, HeadKind::untied}) {
    for (const int64_t inner : {0, 72}) {
      ModelConfig config = tiny_config();
      config.head = head;
      config.inner_width = inner;
      int64_t elements = 0;
      uint32_t number = 0;
      for_each_parameter(config, [&](const ParameterInfo& info) {
        elements += info.shape.elements();
        EXPECT_EQ(info.number, number++);
      });
      EXPECT_EQ(count_parameters(config).total(), elements);
    }
  }
}

TEST(ModelConfig, active_parameters_leave_lookups_out) {
  ModelConfig config = tiny_config();
  const int64_t positions = config.context * config.width;
  const int64_t table = config.vocabulary * config.width;
  EXPECT_EQ(count_parameters(config).active(), count_parameters(config).total() - positions);
  config.head = HeadKind::untied;
  EXPECT_EQ(count_parameters(config).active(),
            count_parameters(config).total() - positions - table);
}

TEST(ModelConfig, flops_of_dense_attention) {
  ModelConfig config = tiny_config();
  config.attention = AttentionPattern::dense;
  const double N = static_cast<double>(count_parameters(config).active());
  const double V = 131, C = 40, L = 2, T = 64;
  EXPECT_DOUBLE_EQ(training_flops_per_token(config, 64), 6 * N + 6 * L * T * C);
  EXPECT_DOUBLE_EQ(prefill_flops_per_token(config, 64),
                   2 * (N - V * C) + 2 * V * C / T + 2 * L * T * C);
}

TEST(ModelConfig, flops_of_bands_count_the_band) {
  const ModelConfig config = tiny_config();  // layer 1 sees 24 keys
  const double N = static_cast<double>(count_parameters(config).active());
  const double C = 40, T = 64, w = 24;
  EXPECT_DOUBLE_EQ(training_flops_per_token(config, 64),
                   6 * N + 6 * T * C + 12 * C * (w - w * w / (2 * T)));
  // A band at least as wide as the text is no band.
  EXPECT_DOUBLE_EQ(training_flops_per_token(config, 20), 6 * N + 2 * 6 * 20 * C);
}

TEST(ModelConfig, decoding_reads_weights_and_cache) {
  ModelConfig config = tiny_config();
  const auto total = static_cast<double>(count_parameters(config).active());
  EXPECT_DOUBLE_EQ(decode_bytes_per_token(config, Precision::f32(), 0), 4 * total);
  const double more = decode_bytes_per_token(config, Precision::f32(), 50) - 4 * total;
  EXPECT_DOUBLE_EQ(more, (50 + 24) * 2 * 40 * 4.0);  // the banded layer reads its band only
  EXPECT_LT(decode_bytes_per_token(config, Precision::bf16(), 50), 4 * total * 0.6 + more * 0.6);
}

TEST(ModelConfig, masks_alternate) {
  const ModelConfig config = tiny_config();
  EXPECT_EQ(config.attention_mask(0).kind, AttentionMask::Kind::causal);
  EXPECT_EQ(config.attention_mask(1).kind, AttentionMask::Kind::banded);
  EXPECT_EQ(config.attention_mask(1).width, 24);
  EXPECT_TRUE(config.has_bands());
  ModelConfig wide = config;
  wide.band_width = wide.context;
  EXPECT_FALSE(wide.has_bands());
  EXPECT_EQ(wide.attention_mask(1).kind, AttentionMask::Kind::causal);
}

TEST(ModelConfig, impossible_shapes_are_named) {
  const auto message = [](auto&& change) {
    ModelConfig config = tiny_config();
    change(config);
    return error_of(ErrorKind::usage, [&] { config.validate(); });
  };
  EXPECT_NO_THROW(tiny_config().validate());
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(message([](auto& c) { c.width = 41; }), "41, must be a multiple of the heads, 2");
  has(message([](auto& c) { c.layers = 0; }), "layers must be from 1 to 1024, found 0");
  has(message([](auto& c) { c.layers = 1025; }), "layers must be from 1 to 1024, found 1025");
  has(message([](auto& c) { c.vocabulary = -5; }), "found -5");
  has(message([](auto& c) { c.context = 0; }), "context");
  has(message([](auto& c) { c.width = 1024; }), "at most 256, found 1024 / 2 = 512");
  has(message([](auto& c) { c.residual_dropout = 1; }), "below 1");
  has(message([](auto& c) { c.band_width = 0; }), "band width");
  has(message([](auto& c) { c.norm_epsilon = 0; }), "epsilon");
  has(message([](auto& c) { c.end_of_text = 131; }), "outside the vocabulary of 131");
  has(message([](auto& c) {
        c.end_of_text = 1, c.other_ends = {2, 131};
      }),
      "131, another end of text beside 1, is outside the vocabulary of 131");
  has(message([](auto& c) { c.end_of_text = 1, c.other_ends = {2, 1}; }), "token 1 is named twice");
  has(message([](auto& c) {
        c.vocabulary = 300, c.end_of_text = 299, c.other_ends.resize(256);
        std::iota(c.other_ends.begin(), c.other_ends.end(), 0);
      }),
      "at most 256 tokens may end a text, found 257");
  has(message([](auto& c) { c.vocabulary = c.heads = c.width = 2'000'000'000; }), "too many");
}

TEST(ModelConfig, tokens_that_end_a_text_are_each_there_once) {
  ModelConfig config = tiny_config();
  config.end_of_text = -1;
  EXPECT_TRUE(config.ends().empty());
  for (const int64_t token : {int64_t{7}, int64_t{3}, int64_t{7}, int64_t{-1}, int64_t{131},
                              int64_t{1} << 40, int64_t{3}})
    config.add_end(token);
  EXPECT_EQ(config.end_of_text, 7);
  EXPECT_EQ(config.ends(), (std::vector{7, 3}));
  EXPECT_NO_THROW(config.validate());
}

}  // namespace
}  // namespace octavo

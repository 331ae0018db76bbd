#include "octavo/model/config.h"

#include <algorithm>

#include "octavo/base/error.h"

namespace octavo {
namespace {

// The keys that a query of a sequence of `tokens` sees in a layer, on average, with causal
// attention counted as half of everything: T/2, or w − w²/2T where only w are in reach.
double mean_keys(const AttentionMask& mask, int64_t tokens) {
  const auto T = static_cast<double>(tokens);
  const double w =
      mask.kind == AttentionMask::Kind::banded ? std::min(static_cast<double>(mask.width), T) : T;
  return w - w * w / (2 * T);
}

double sum_over_layers(const ModelConfig& config, int64_t tokens) {
  double keys = 0;
  for (int64_t layer = 0; layer < config.layers; ++layer)
    keys += mean_keys(config.attention_mask(layer), tokens);
  return keys;
}

}  // namespace

AttentionMask ModelConfig::attention_mask(int64_t layer) const {
  if (attention == AttentionPattern::alternating && layer % 2 == 1 && band_width < context)
    return {AttentionMask::Kind::banded, band_width};
  return {AttentionMask::Kind::causal, 0};
}

bool ModelConfig::has_bands() const {
  return attention == AttentionPattern::alternating && layers > 1 && band_width < context;
}

void ModelConfig::validate() const {
  constexpr auto kUsage = ErrorKind::usage;
  constexpr int64_t kLargest = int64_t{1} << 31;
  const auto positive = [](const char* what, int64_t value) {
    require(kUsage, value > 0 && value < kLargest, "[model] {} must be from 1 to {}, found {}",
            what, kLargest - 1, value);
  };
  positive("the vocabulary", vocabulary);
  positive("the context", context);
  positive("the number of layers", layers);
  positive("the width", width);
  positive("the number of heads", heads);
  require(kUsage, inner_width >= 0 && inner_width < kLargest,
          "[model] the inner width must not be negative, found {}", inner_width);
  require(kUsage, width % heads == 0, "[model] the width, {}, must be a multiple of the heads, {}",
          width, heads);
  require(kUsage, head_size() <= kMaximumHeadSize,
          "[model] width / heads must be at most {}, found {} / {} = {}", kMaximumHeadSize, width,
          heads, head_size());
  const auto C = static_cast<double>(width), F = static_cast<double>(feed_forward_width());
  require(kUsage,
          static_cast<double>(layers) * C * (4 * C + 2 * F) +
                  C * static_cast<double>(2 * vocabulary + context) <
              1e17,
          "[model] {} layers of width {} have too many parameters to count", layers, width);
  require(kUsage, norm_epsilon > 0 && norm_epsilon < 1,
          "[model] the norm's epsilon must be between 0 and 1, found {}", norm_epsilon);
  require(kUsage, activation != Activation::none, "[model] the feed-forward needs an activation");
  require(kUsage, attention == AttentionPattern::dense || band_width > 0,
          "[model] the band width must be at least 1, found {}", band_width);
  require(kUsage, initializer_range >= 0 && initializer_range < 100,
          "[model] the initializer range must be from 0 to 100, found {}", initializer_range);
  for (const double dropout : {embedding_dropout, attention_dropout, residual_dropout})
    require(kUsage, dropout >= 0 && dropout < 1,
            "[model] a dropout must be at least 0 and below 1, found {}", dropout);
  require(kUsage, end_of_text >= -1 && end_of_text < vocabulary,
          "[model] the end of text, {}, is outside the vocabulary of {}", end_of_text, vocabulary);
}

ParameterCount count_parameters(const ModelConfig& config) {
  const int64_t C = config.width, F = config.feed_forward_width();
  const int64_t norm = 2 * C;
  const int64_t attention = 3 * C * C + 3 * C + C * C + C;
  const int64_t feed_forward = F * C + F + C * F + C;
  ParameterCount count;
  count.token_table = config.vocabulary * C;
  count.position_table = config.context * C;
  count.blocks = config.layers * (norm + attention + norm + feed_forward);
  count.final_norm = norm;
  count.head = config.head == HeadKind::untied ? config.vocabulary * C : 0;
  return count;
}

double training_flops_per_token(const ModelConfig& config, int64_t tokens) {
  // A query meets each key twice (scores, sum of values), two operations each, three times over
  // (forward, and twice as much backward).
  return 6.0 * static_cast<double>(count_parameters(config).active()) +
         12.0 * static_cast<double>(config.width) * sum_over_layers(config, tokens);
}

double prefill_flops_per_token(const ModelConfig& config, int64_t tokens) {
  const auto head = static_cast<double>(config.vocabulary * config.width);
  const auto active = static_cast<double>(count_parameters(config).active());
  return 2 * (active - head) + 2 * head / static_cast<double>(tokens) +
         4.0 * static_cast<double>(config.width) * sum_over_layers(config, tokens);
}

double decode_bytes_per_token(const ModelConfig& config, Precision precision, double keys) {
  const auto number = static_cast<double>(size_of(precision.compute));
  const int64_t C = config.width, F = config.feed_forward_width();
  const auto matrices =
      static_cast<double>(config.layers * (4 * C * C + 2 * C * F) + config.vocabulary * C);
  const auto vectors = static_cast<double>(count_parameters(config).active()) -
                       matrices;  // biases and norms, in f32
  double cached = 0;
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const AttentionMask mask = config.attention_mask(layer);
    cached += mask.kind == AttentionMask::Kind::banded
                  ? std::min(keys, static_cast<double>(mask.width))
                  : keys;
  }
  return matrices * number + vectors * 4 + cached * 2 * static_cast<double>(C) * number;
}

}  // namespace octavo

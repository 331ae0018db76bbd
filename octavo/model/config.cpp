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

void validate_rotary(const RotarySettings& rotary, int64_t head_size) {
  constexpr auto kUsage = ErrorKind::usage;
  require(kUsage, rotary.base > 1 && rotary.base < 1e15,
          "[model] the rotary base must be above 1, found {}", rotary.base);
  require(kUsage, rotary.fraction > 0 && rotary.fraction <= 1,
          "[model] the rotary fraction must be above 0 and at most 1, found {}", rotary.fraction);
  require(kUsage, rotary_pairs(rotary, head_size) > 0,
          "[model] a fraction of {} of a head of {} leaves no pair to turn", rotary.fraction,
          head_size);
  require(kUsage, rotary.amplitude > 0 && rotary.amplitude < 1e3,
          "[model] the rotary amplitude must be above 0, found {}", rotary.amplitude);
  if (rotary.scaling == RotaryScaling::none) return;
  require(kUsage, rotary.factor >= 1 && rotary.factor < 1e6,
          "[model] the rotary factor must be at least 1, found {}", rotary.factor);
  if (rotary.scaling == RotaryScaling::linear) return;
  require(kUsage, rotary.original_context > 0,
          "[model] the rotary scaling needs the original context, found {}",
          rotary.original_context);
  require(kUsage, rotary.scaling != RotaryScaling::dynamic || rotary_pairs(rotary, head_size) > 1,
          "[model] a dynamic rotary base needs more than one pair to turn");
  require(kUsage,
          rotary.scaling != RotaryScaling::llama3 ||
              (rotary.low_frequency_factor > 0 &&
               rotary.high_frequency_factor > rotary.low_frequency_factor),
          "[model] the rotary frequency factors must rise from low to high, found {} and {}",
          rotary.low_frequency_factor, rotary.high_frequency_factor);
  require(kUsage,
          rotary.scaling != RotaryScaling::yarn ||
              (rotary.beta_slow > 0 && rotary.beta_fast > rotary.beta_slow),
          "[model] the rotary betas must rise from slow to fast, found {} and {}", rotary.beta_slow,
          rotary.beta_fast);
}

}  // namespace

AttentionMask ModelConfig::attention_mask(int64_t layer) const {
  if (attention == AttentionPattern::alternating && layer % 2 == 1 && band_width < context)
    return {AttentionMask::Kind::banded, band_width};
  return {AttentionMask::Kind::causal, 0};
}

std::vector<int32_t> ModelConfig::ends() const {
  std::vector<int32_t> ends;
  if (end_of_text >= 0) ends.push_back(end_of_text);
  ends.insert(ends.end(), other_ends.begin(), other_ends.end());
  return ends;
}

void ModelConfig::add_end(int64_t token) {
  if (token < 0 || token >= vocabulary || token == end_of_text ||
      std::ranges::find(other_ends, token) != other_ends.end())
    return;
  if (end_of_text < 0) {
    end_of_text = static_cast<int32_t>(token);
    return;
  }
  require(ErrorKind::usage, other_ends.size() + 1 < kMaximumEnds,
          "[model] at most {} tokens may end a text, found more", kMaximumEnds);
  other_ends.push_back(static_cast<int32_t>(token));
}

void ModelConfig::set_end_of_text(int32_t token) {
  if (token == end_of_text || std::ranges::find(other_ends, token) != other_ends.end()) return;
  end_of_text = token;
  other_ends.clear();
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
  require(kUsage, layers > 0 && layers <= kMaximumLayers,
          "[model] the number of layers must be from 1 to {}, found {}", kMaximumLayers, layers);
  positive("the width", width);
  positive("the number of heads", heads);
  require(kUsage, inner_width >= 0 && inner_width < kLargest,
          "[model] the inner width must not be negative, found {}", inner_width);
  require(kUsage, head_width >= 0 && key_heads >= 0,
          "[model] the heads' width and number must not be negative, found {} and {}", head_width,
          key_heads);
  require(kUsage, head_width || width % heads == 0,
          "[model] the width, {}, must be a multiple of the heads, {}", width, heads);
  require(kUsage, head_width == 0 || head_width <= kMaximumHeadSize,
          "[model] a head's width must be at most {}, found {}", kMaximumHeadSize, head_width);
  require(kUsage, head_size() <= kMaximumHeadSize,
          "[model] width / heads must be at most {}, found {} / {} = {}", kMaximumHeadSize, width,
          heads, head_size());
  require(kUsage, heads % key_value_heads() == 0,
          "[model] {} heads cannot share {} heads of keys and values", heads, key_value_heads());
  const auto C = static_cast<double>(width), F = static_cast<double>(feed_forward_width());
  require(kUsage,
          static_cast<double>(layers) * C *
                      (4 * static_cast<double>(std::max(width, attention_width())) + 3 * F) +
                  C * static_cast<double>(2 * vocabulary + context) <
              1e17,
          "[model] {} layers of width {} have too many parameters to count", layers, width);
  require(kUsage, norm_epsilon > 0 && norm_epsilon < 1,
          "[model] the norm's epsilon must be between 0 and 1, found {}", norm_epsilon);
  require(kUsage, activation != Activation::none, "[model] the feed-forward needs an activation");
  require(kUsage, attention_scale >= 0 && attention_scale < 1e3,
          "[model] the scale of attention must be from 0 to 1000, found {}", attention_scale);
  if (positions == PositionKind::rotary) validate_rotary(rotary, head_size());
  require(kUsage, attention == AttentionPattern::dense || band_width > 0,
          "[model] the band width must be at least 1, found {}", band_width);
  require(kUsage, initializer_range >= 0 && initializer_range < 100,
          "[model] the initializer range must be from 0 to 100, found {}", initializer_range);
  for (const double dropout : {embedding_dropout, attention_dropout, residual_dropout})
    require(kUsage, dropout >= 0 && dropout < 1,
            "[model] a dropout must be at least 0 and below 1, found {}", dropout);
  require(kUsage, end_of_text >= -1 && end_of_text < vocabulary,
          "[model] the end of text, {}, is outside the vocabulary of {}", end_of_text, vocabulary);
  for (const int32_t end : other_ends)
    require(kUsage, end_of_text >= 0 && end >= 0 && end < vocabulary,
            "[model] {}, another end of text beside {}, is outside the vocabulary of {}", end,
            end_of_text, vocabulary);
  std::vector<int32_t> sorted = ends();
  require(kUsage, sorted.size() <= kMaximumEnds,
          "[model] at most {} tokens may end a text, found {}", kMaximumEnds, sorted.size());
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  require(kUsage, twice == sorted.end(), "[model] token {} is named twice as an end of text",
          twice == sorted.end() ? 0 : *twice);
}

ParameterCount count_parameters(const ModelConfig& config) {
  const int64_t C = config.width, F = config.feed_forward_width();
  const int64_t A = config.attention_width(), qkv = A + 2 * config.key_value_width();
  const int64_t up = config.feed_forward == FeedForwardKind::swiglu ? 2 * F : F;
  const auto with = [](bool bias, int64_t outputs) { return bias ? outputs : 0; };
  const int64_t norm = config.norm == NormKind::layernorm ? 2 * C : C;
  const int64_t attention =
      qkv * C + with(config.biases.qkv, qkv) + C * A + with(config.biases.projection, C);
  const int64_t feed_forward = up * C + C * F + with(config.biases.feed_forward, up + C);
  ParameterCount count;
  count.token_table = config.vocabulary * C;
  count.position_table = config.positions == PositionKind::learned ? config.context * C : 0;
  count.blocks = config.layers * (norm + attention + norm + feed_forward);
  count.final_norm = norm;
  count.head = config.head == HeadKind::untied ? config.vocabulary * C : 0;
  return count;
}

double training_flops_per_token(const ModelConfig& config, int64_t tokens) {
  // A query meets each key twice (scores, sum of values), two operations each, three times over
  // (forward, and twice as much backward).
  return 6.0 * static_cast<double>(count_parameters(config).active()) +
         12.0 * static_cast<double>(config.attention_width()) * sum_over_layers(config, tokens);
}

double prefill_flops_per_token(const ModelConfig& config, int64_t tokens) {
  const auto head = static_cast<double>(config.vocabulary * config.width);
  const auto active = static_cast<double>(count_parameters(config).active());
  return 2 * (active - head) + 2 * head / static_cast<double>(tokens) +
         4.0 * static_cast<double>(config.attention_width()) * sum_over_layers(config, tokens);
}

double decode_bytes_per_token(const ModelConfig& config, Precision precision, double keys) {
  const auto number = static_cast<double>(size_of(precision.compute));
  const int64_t C = config.width, F = config.feed_forward_width();
  const int64_t attention = 2 * C * (config.attention_width() + config.key_value_width());
  const int64_t feed_forward = (config.feed_forward == FeedForwardKind::swiglu ? 3 : 2) * C * F;
  const auto matrices =
      static_cast<double>(config.layers * (attention + feed_forward) + config.vocabulary * C);
  const auto vectors = static_cast<double>(count_parameters(config).active()) -
                       matrices;  // biases and norms, in f32
  double cached = 0;
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    const AttentionMask mask = config.attention_mask(layer);
    cached += mask.kind == AttentionMask::Kind::banded
                  ? std::min(keys, static_cast<double>(mask.width))
                  : keys;
  }
  return matrices * number + vectors * 4 +
         cached * 2 * static_cast<double>(config.key_value_width()) * number;
}

}  // namespace octavo

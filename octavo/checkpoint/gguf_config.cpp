#include "octavo/checkpoint/gguf_config.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/gguf_tokenizer.h"

namespace octavo {
namespace {

constexpr int64_t kLargest = (int64_t{1} << 31) - 1;
constexpr const char* kArchitecture = "general.architecture";
constexpr const char* kActivation = "octavo.activation";
// The ends of a text, of a turn and of a message: llama.cpp stops at all of them.
constexpr std::array<std::string_view, kGgufEnds> kEndKeys = {
    gguf_key::kEnd, "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"};
// Where a file does not say otherwise, Llama 3's scaling is that of its first models.
constexpr int64_t kLlama3Context = 8192;
constexpr double kLlama3Low = 1, kLlama3High = 4;

/// The metadata under an architecture's name.
class Keys {
 public:
  Keys(const GgufMetadata& metadata, std::string_view architecture)
      : metadata_(metadata), architecture_(architecture) {}

  std::string name(std::string_view key) const { return fmt::format("{}.{}", architecture_, key); }
  const GgufValue* find(std::string_view key) const { return metadata_.find(name(key)); }
  int64_t size(std::string_view key) const { return metadata_.at(name(key)).integer(1, kLargest); }
  int64_t size_or(std::string_view key, int64_t otherwise) const {
    return find(key) ? size(key) : otherwise;
  }
  double number_or(std::string_view key, double otherwise) const {
    const GgufValue* value = find(key);
    return value ? plain(value->number()) : otherwise;
  }

 private:
  /// 1e-05 for what an f32 makes of it: the number with the fewest digits that the f32 stands for.
  static double plain(double number) {
    return std::stod(fmt::format("{}", static_cast<float>(number)));
  }

  const GgufMetadata& metadata_;
  std::string_view architecture_;
};

std::string_view name_of_norm_key(NormKind norm) {
  return norm == NormKind::rmsnorm ? "attention.layer_norm_rms_epsilon"
                                   : "attention.layer_norm_epsilon";
}

// ---- Rotary positions ---------------------------------------------------------------------------

/// What divides each pair's angle, as files have it.
std::vector<float> divisors_of(const RotarySettings& rotary, int64_t head_size) {
  RotarySettings plain = rotary;
  plain.scaling = RotaryScaling::none;
  const auto from = rotary_angles(plain, head_size, 1), to = rotary_angles(rotary, head_size, 1);
  std::vector<float> divisors;
  for (size_t i = 0; i < from.size(); ++i) divisors.push_back(static_cast<float>(from[i] / to[i]));
  return divisors;
}

/// Llama 3's scaling from its divisors: the factor is the largest; the rest is the usual settings,
/// which must lead to these divisors.
void read_divisors(const GgufSet& files, const ModelConfig& config, RotarySettings& rotary) {
  const Tensor given = files.tensor(kRopeDivisors);
  const int64_t pairs = rotary_pairs(rotary, config.head_size());
  require(pairs > 0 && given.type() == DataType::f32 && given.shape() == Shape{pairs},
          "{}: tensor {} is {} {}, expected f32 {}", files.file_of(kRopeDivisors),
          in_quotes(kRopeDivisors), name_of(given.type()), given.shape(), Shape{pairs});
  const auto divisors = given.as<const float>();
  rotary.scaling = RotaryScaling::llama3;
  rotary.factor = *std::ranges::max_element(divisors);
  rotary.low_frequency_factor = kLlama3Low;
  rotary.high_frequency_factor = kLlama3High;
  const auto wrong = [&](const std::vector<float>& expected) {
    size_t i = 0;
    while (i < expected.size() && std::abs(expected[i] - divisors[i]) <= 1e-5f * expected[i]) ++i;
    return i;
  };
  const bool possible = rotary.factor >= 1 && rotary.factor < 1e6;
  const size_t i = possible ? wrong(divisors_of(rotary, config.head_size())) : 0;
  if (!possible || i < divisors.size())
    fail(ErrorKind::data,
         "{}: tensor {}: number {}, {}, is not what Llama 3's scaling by {} has there",
         files.file_of(kRopeDivisors), in_quotes(kRopeDivisors), i, divisors[i], rotary.factor);
}

RotarySettings read_rotary(const GgufSet& files, const Keys& keys, const ModelConfig& config) {
  RotarySettings rotary;
  rotary.base = keys.number_or("rope.freq_base", 10'000);
  const int64_t turned = keys.size_or("rope.dimension_count", config.head_size());
  require(turned % 2 == 0 && turned <= config.head_size(),
          "{}: {} of a head's {} numbers are to turn, expected an even number of them",
          files.files().front().name(), turned, config.head_size());
  rotary.fraction = static_cast<double>(turned) / static_cast<double>(config.head_size());
  if (2 * rotary_pairs(rotary, config.head_size()) != turned)  // the quotient was rounded down
    rotary.fraction = std::nextafter(rotary.fraction, 2.0);
  rotary.original_context = keys.size_or("rope.scaling.original_context_length", config.context);
  if (files.contains(kRopeDivisors)) {
    const GgufValue* kind = keys.find("rope.scaling.type");
    if (kind && kind->text() != "none")
      fail(ErrorKind::data, "{}: {} beside {}: two scalings of one model are not supported",
           kind->where(), in_quotes(kind->text()), in_quotes(kRopeDivisors));
    rotary.original_context = keys.size_or("rope.scaling.original_context_length", kLlama3Context);
    read_divisors(files, config, rotary);
    return rotary;
  }
  rotary.factor = keys.number_or("rope.scaling.factor", keys.number_or("rope.scale_linear", 1));
  const GgufValue* kind = keys.find("rope.scaling.type");
  const std::string_view name = kind ? kind->text() : rotary.factor != 1 ? "linear" : "none";
  if (name == "linear") {
    rotary.scaling = RotaryScaling::linear;
  } else if (name == "yarn") {
    rotary.scaling = RotaryScaling::yarn;
    rotary.beta_fast = keys.number_or("rope.scaling.yarn_beta_fast", rotary.beta_fast);
    rotary.beta_slow = keys.number_or("rope.scaling.yarn_beta_slow", rotary.beta_slow);
    // llama.cpp multiplies what the file says with YaRN's own.
    rotary.amplitude = keys.number_or("rope.scaling.attn_factor", 1) *
                       (1 + 0.1 * std::log(std::max(rotary.factor, 1.0)));
  } else {
    if (name != "none")
      fail(ErrorKind::data, "{}: expected none, linear or yarn, found {}", kind->where(),
           in_quotes(name));
    rotary = {.base = rotary.base, .fraction = rotary.fraction};
  }
  return rotary;
}

void write_rotary(const ModelConfig& config, const auto& set) {
  const RotarySettings& rotary = config.rotary;
  set("rope.dimension_count", static_cast<uint32_t>(2 * rotary_pairs(rotary, config.head_size())));
  set("rope.freq_base", static_cast<float>(rotary.base));
  switch (rotary.scaling) {
    case RotaryScaling::none:
      return;
    case RotaryScaling::dynamic:
      fail(ErrorKind::usage,
           "[gguf] GGUF has no rotary base that grows with the text; \"dynamic\" scaling can only "
           "be written as a folder");
    case RotaryScaling::linear:
      set("rope.scaling.type", std::string_view("linear"));
      set("rope.scaling.factor", static_cast<float>(rotary.factor));
      return;
    case RotaryScaling::yarn:
      require(ErrorKind::usage, rotary.ramp == RotarySettings::Ramp::whole_pairs,
              "[gguf] GGUF has no YaRN without rounding to whole pairs (\"truncate\": false)");
      set("rope.scaling.type", std::string_view("yarn"));
      set("rope.scaling.factor", static_cast<float>(rotary.factor));
      set("rope.scaling.attn_factor",
          static_cast<float>(rotary.amplitude / (1 + 0.1 * std::log(rotary.factor))));
      set("rope.scaling.yarn_beta_fast", static_cast<float>(rotary.beta_fast));
      set("rope.scaling.yarn_beta_slow", static_cast<float>(rotary.beta_slow));
      break;
    case RotaryScaling::llama3: {  // its numbers are in kRopeDivisors
      require(
          ErrorKind::usage,
          rotary.low_frequency_factor == kLlama3Low && rotary.high_frequency_factor == kLlama3High,
          "[gguf] frequency factors of {} and {} cannot be written as GGUF, only {} and {}",
          rotary.low_frequency_factor, rotary.high_frequency_factor, kLlama3Low, kLlama3High);
      const auto divisors = divisors_of(rotary, config.head_size());
      require(ErrorKind::usage,
              *std::ranges::max_element(divisors) == static_cast<float>(rotary.factor),
              "[gguf] no wave of this model is slow enough to be divided by {}, which is how GGUF "
              "tells the factor",
              rotary.factor);
      break;
    }
  }
  set("rope.scaling.original_context_length", static_cast<uint32_t>(rotary.original_context));
}

/// Whether rows of queries and keys lie in pairs: known for whole heads alone.
bool has_neighbours(const GgufForm& form) {
  return std::ranges::any_of(form.names->block_parts, [](const NamePair& pair) {
    return pair.order == StoredOrder::neighbours;
  });
}

/// What no key can say: where a model differs from what its architecture's name implies.
std::string other_choices(const ModelConfig& config, const ModelConfig& granted) {
  std::string choices;
  const auto add = [&](std::string_view choice) {
    choices += (choices.empty() ? "" : " and ") + std::string(choice);
  };
  if (config.positions != granted.positions)
    add(config.positions == PositionKind::rotary ? "rotary positions" : "learned positions");
  if (config.norm != granted.norm)
    add(config.norm == NormKind::rmsnorm ? "an RMSNorm" : "a LayerNorm");
  if (config.feed_forward != granted.feed_forward)
    add(config.feed_forward == FeedForwardKind::swiglu ? "a SwiGLU feed-forward layer"
                                                       : "a plain feed-forward layer");
  return choices;
}

std::string_view name_of(Activation activation) {
  return activation == Activation::gelu_exact ? "gelu" : "gelu_tanh";
}

}  // namespace

GgufKind gguf_kind_of(const GgufMetadata& metadata) {
  const GgufValue& architecture = metadata.at(kArchitecture);
  std::string supported;
  for (const Family* family : families())
    for (const GgufForm& form : family->gguf_forms()) {
      if (architecture.text() == form.architecture) return {*family, form};
      supported += (supported.empty() ? "" : ", ") + std::string(form.architecture);
    }
  fail(ErrorKind::data, "{}: {} is not supported; supported are {}", architecture.where(),
       in_quotes(architecture.text()), supported);
}

const GgufForm& gguf_form_for(const ModelConfig& config) {
  const GgufForm& form = family_for(config).gguf_forms().front();
  const std::string other = other_choices(config, form.granted);
  require(ErrorKind::usage, other.empty(),
          "[gguf] no architecture has {} beside the rest of what this model is; it can only be "
          "written as a folder",
          other);
  return form;
}

ModelConfig read_gguf_config(const GgufSet& files, const GgufForm& form) {
  const GgufMetadata& metadata = files.metadata();
  const Keys keys(metadata, form.architecture);
  ModelConfig config = form.granted;
  config.context = keys.size("context_length");
  config.width = keys.size("embedding_length");
  config.layers = keys.size("block_count");
  config.heads = keys.size("attention.head_count");
  config.key_heads = keys.size_or("attention.head_count_kv", config.heads);
  config.head_width = keys.size_or("attention.key_length", config.width / config.heads);
  const int64_t value_width = keys.size_or("attention.value_length", config.head_width);
  require(value_width == config.head_width, "{}: {} contradicts attention.key_length, {}",
          files.files().front().name(), value_width, config.head_width);
  config.inner_width = keys.size("feed_forward_length");
  config.norm_epsilon = keys.number_or(name_of_norm_key(config.norm), config.norm_epsilon);
  const std::string table = fmt::format("{}.weight", form.names->model_parts[0].theirs);
  const TensorInfo& info = files.info(table);
  require(info.shape.rank() == 2, "{}: tensor {} is {}, expected a matrix", files.file_of(table),
          in_quotes(table), info.shape);
  config.vocabulary = info.shape[0];
  if (files.contains(fmt::format("{}.weight", form.names->head))) config.head = HeadKind::untied;
  const auto has_bias = [&](std::string_view part) {
    const auto pair = std::ranges::find(form.names->block_parts, part, &NamePair::ours);
    const std::string_view first = pair->theirs.substr(0, pair->theirs.find('+'));
    return files.contains(fmt::format("{}0.{}.bias", form.names->block, first));
  };
  config.biases = {.qkv = has_bias("attention.qkv"),
                   .projection = has_bias("attention.projection"),
                   .feed_forward = has_bias("feed_forward.down")};
  if (const GgufValue* value = metadata.find(kActivation)) {
    require(value->text() == "gelu" || value->text() == "gelu_tanh",
            "{}: expected gelu or gelu_tanh, found {}", value->where(), in_quotes(value->text()));
    config.activation = value->text() == "gelu" ? Activation::gelu_exact : Activation::gelu_tanh;
  }
  if (const GgufValue* value = keys.find("use_parallel_residual"))
    config.residual = value->boolean() ? ResidualKind::parallel : ResidualKind::sequential;
  config.attention_scale = keys.number_or("attention.scale", config.attention_scale);
  if (const GgufValue* pattern = keys.find("attention.sliding_window_pattern")) {
    require(!pattern->is_array() && pattern->integer() == 2,
            "{}: expected 2, every second layer, found something else", pattern->where());
    config.attention = AttentionPattern::alternating;
  }
  if (config.attention == AttentionPattern::alternating)
    config.band_width = keys.size("attention.sliding_window");
  // A token that is not there is the tokenizer's fault, and none of the weights'.
  for (const std::string_view key : kEndKeys)
    if (const GgufValue* end = metadata.find(key)) config.add_end(end->integer());
  const auto validate = [&] {
    try {
      config.validate();
    } catch (const Error& error) {
      fail(ErrorKind::data, "{}: {}", files.files().front().name(), error.what());
    }
  };
  validate();  // the sizes, which the rotary positions are counted from
  if (config.positions == PositionKind::rotary) {
    config.rotary = read_rotary(files, keys, config);
    require(!has_neighbours(form) ||
                2 * rotary_pairs(config.rotary, config.head_size()) == config.head_size(),
            "{}: its heads of {} turn in part, which {} models do not",
            files.files().front().name(), config.head_size(), form.architecture);
    validate();
  }
  return config;
}

GgufMetadata write_gguf_config(const ModelConfig& config, const GgufForm& form) {
  GgufMetadata metadata;
  const auto set = [&](std::string_view key, const auto& value) {
    metadata.set(fmt::format("{}.{}", form.architecture, key), value);
  };
  const auto size = [&](std::string_view key, int64_t value) {
    set(key, static_cast<uint32_t>(value));
  };
  metadata.set(kArchitecture, form.architecture);
  size("context_length", config.context);
  size("embedding_length", config.width);
  size("block_count", config.layers);
  size("feed_forward_length", config.feed_forward_width());
  size("attention.head_count", config.heads);
  size("attention.head_count_kv", config.key_value_heads());
  size("attention.key_length", config.head_size());
  size("attention.value_length", config.head_size());
  set(name_of_norm_key(config.norm), static_cast<float>(config.norm_epsilon));
  size("vocab_size", config.vocabulary);
  if (config.feed_forward == FeedForwardKind::plain && config.activation != form.granted.activation)
    metadata.set(kActivation, name_of(config.activation));
  if (config.residual == ResidualKind::parallel || form.granted.residual == ResidualKind::parallel)
    set("use_parallel_residual", config.residual == ResidualKind::parallel);
  if (config.attention_scale != 0)
    set("attention.scale", static_cast<float>(config.attention_scale));
  if (config.has_bands()) {
    size("attention.sliding_window", config.band_width);
    size("attention.sliding_window_pattern", 2);
  }
  if (config.positions == PositionKind::rotary) {
    write_rotary(config, set);
    const auto extras = form.names->model_buffers;
    require(ErrorKind::usage,
            config.rotary.scaling != RotaryScaling::llama3 ||
                std::ranges::find(extras, kRopeDivisors) != extras.end(),
            "[gguf] Llama 3's rotary scaling cannot be said of {} models", form.architecture);
  }
  return metadata;
}

void add_gguf_ends(const ModelConfig& config, GgufMetadata& metadata) {
  for (const int32_t end : config.ends()) {
    const bool known = std::ranges::any_of(kEndKeys, [&](std::string_view key) {
      const GgufValue* value = metadata.find(key);
      return value && value->integer() == end;
    });
    const auto free =
        std::ranges::find_if(kEndKeys, [&](std::string_view key) { return !metadata.find(key); });
    if (!known && free != kEndKeys.end()) metadata.set(*free, static_cast<uint32_t>(end));
  }
}

std::vector<std::pair<TensorInfo, Tensor>> gguf_config_tensors(const ModelConfig& config) {
  if (config.positions != PositionKind::rotary || config.rotary.scaling != RotaryScaling::llama3)
    return {};
  const auto divisors = divisors_of(config.rotary, config.head_size());
  const Shape shape{static_cast<int64_t>(divisors.size())};
  return {{{std::string(kRopeDivisors), DataType::f32, shape},
           Tensor::of(shape, std::span<const float>(divisors))}};
}

}  // namespace octavo

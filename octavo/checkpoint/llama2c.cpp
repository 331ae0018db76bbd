#include "octavo/checkpoint/llama2c.h"

#include <array>
#include <cstring>
#include <functional>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/files.h"

namespace octavo {
namespace {

/// The file's seven numbers. A negative vocabulary says that the head is not tied.
struct Header {
  int32_t width, inner_width, layers, heads, key_heads, vocabulary, context;
};

constexpr int64_t kLargest = 1 << 20;  // of any of them

std::optional<ModelConfig> config_of(const Header& header) {
  const bool tied = header.vocabulary > 0;
  const int64_t vocabulary = tied ? header.vocabulary : -int64_t{header.vocabulary};
  for (const int64_t size :
       {int64_t{header.width}, int64_t{header.inner_width}, int64_t{header.layers},
        int64_t{header.heads}, int64_t{header.key_heads}, vocabulary, int64_t{header.context}})
    if (size < 1 || size > kLargest) return std::nullopt;
  ModelConfig config{.vocabulary = vocabulary,
                     .context = header.context,
                     .layers = header.layers,
                     .width = header.width,
                     .heads = header.heads,
                     .key_heads = header.key_heads,
                     .inner_width = header.inner_width,
                     .positions = PositionKind::rotary,
                     .norm = NormKind::rmsnorm,
                     .feed_forward = FeedForwardKind::swiglu,
                     .biases = {.qkv = false, .projection = false, .feed_forward = false},
                     .norm_epsilon = 1e-5,
                     .head = tied ? HeadKind::tied : HeadKind::untied};
  try {
    config.validate();
  } catch (const Error&) {
    return std::nullopt;
  }
  return config;
}

/// The tensors in the file's order. An empty name is of a table that is computed anew.
void for_each_tensor(const ModelConfig& config,
                     const std::function<void(std::string name, Shape shape)>& visit) {
  const int64_t C = config.width, F = config.feed_forward_width();
  const int64_t A = config.attention_width(), K = config.key_value_width();
  const auto of_each_layer = [&](const char* part, Shape shape) {
    for (int64_t layer = 0; layer < config.layers; ++layer)
      visit(fmt::format("blk.{}.{}.weight", layer, part), shape);
  };
  visit("token_embd.weight", {config.vocabulary, C});
  of_each_layer("attn_norm", {C});
  of_each_layer("attn_q", {A, C});
  of_each_layer("attn_k", {K, C});
  of_each_layer("attn_v", {K, C});
  of_each_layer("attn_output", {C, A});
  of_each_layer("ffn_norm", {C});
  of_each_layer("ffn_gate", {F, C});
  of_each_layer("ffn_down", {C, F});
  of_each_layer("ffn_up", {F, C});
  visit("output_norm.weight", {C});
  visit("", {config.context, config.head_size() / 2});  // cosines
  visit("", {config.context, config.head_size() / 2});  // sines
  if (config.head == HeadKind::untied) visit("output.weight", {config.vocabulary, C});
}

std::optional<ModelConfig> config_of(std::span<const std::byte> bytes) {
  Header header;
  if (bytes.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof header);
  const auto config = config_of(header);
  // Counted without a loop over the layers first: the file decides how long it may take.
  if (!config || static_cast<size_t>(config->layers) > bytes.size()) return std::nullopt;
  uint64_t numbers = 0;
  for_each_tensor(*config, [&](const std::string&, const Shape& shape) {
    numbers += static_cast<uint64_t>(shape.elements());
  });
  if (numbers * sizeof(float) + sizeof header != bytes.size()) return std::nullopt;
  return config;
}

}  // namespace

bool is_llama2c(const std::filesystem::path& file) {
  return config_of(MappedFile(file).bytes()).has_value();
}

Llama2cModel read_llama2c(const std::filesystem::path& file) {
  const auto map = std::make_shared<const MappedFile>(file);
  const auto config = config_of(map->bytes());
  require(config.has_value(),
          "{}: is no model of llama2.c (version 0): it is not as long as its "
          "first seven numbers say",
          file.string());
  std::vector<TensorInfo> tensors;
  std::vector<const std::byte*> places;
  const std::byte* place = map->bytes().data() + sizeof(Header);
  for_each_tensor(*config, [&](std::string name, const Shape& shape) {
    if (!name.empty()) {
      tensors.push_back({std::move(name), DataType::f32, shape});
      places.push_back(place);
    }
    place += shape.elements() * static_cast<int64_t>(sizeof(float));
  });
  return {*config, TensorTable(file.string(), std::move(tensors), std::move(places), map)};
}

}  // namespace octavo

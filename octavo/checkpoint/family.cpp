#include "octavo/checkpoint/family.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "octavo/base/error.h"

namespace octavo {
namespace {

/// Takes "blocks.12." or "h.12." off the front; −1 if it is not there.
int64_t take_layer(std::string_view& name, std::string_view word) {
  if (!name.starts_with(word)) return -1;
  int64_t layer = -1;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + word.size(), end, layer);
  if (error != std::errc() || stop == end || *stop != '.') return -1;
  name.remove_prefix(static_cast<size_t>(stop + 1 - name.data()));
  return layer;
}

/// The names of a part in the files.
std::vector<std::string_view> split(std::string_view names) {
  std::vector<std::string_view> result;
  for (size_t plus; (plus = names.find('+')) != std::string_view::npos;
       names.remove_prefix(plus + 1))
    result.push_back(names.substr(0, plus));
  result.push_back(names);
  return result;
}

/// The rows of each of `parts` tensors that make up a parameter of so many.
int64_t rows_of_part(size_t part, size_t parts, int64_t rows, const ModelConfig& config) {
  if (parts < 3) return rows / static_cast<int64_t>(parts);
  return part == 0 ? config.attention_width() : config.key_value_width();
}

constexpr std::array<NamePair, 3> kGgufModelNames = {{
    {"token_embedding", "token_embd"},
    {"position_embedding", "position_embd"},
    {"final_norm", "output_norm"},
}};
constexpr std::array<NamePair, 6> kGgufBlockNames = {{
    {"attention_norm", "attn_norm"},
    {"attention.qkv", "attn_qkv"},
    {"attention.projection", "attn_output"},
    {"feed_forward_norm", "ffn_norm"},
    {"feed_forward.up", "ffn_up"},
    {"feed_forward.down", "ffn_down"},
}};

}  // namespace

const NameMap kGgufFusedNames = {.prefix = "",
                                 .block = "blk.",
                                 .head = "output",
                                 .model_parts = kGgufModelNames,
                                 .block_parts = kGgufBlockNames};

StoredParameter stored_parameter(const NameMap& map, const ParameterInfo& parameter,
                                 const ModelConfig& config) {
  const size_t dot = parameter.name.rfind('.');
  const std::string_view kind = std::string_view(parameter.name).substr(dot);  // ".weight"
  std::string_view part = std::string_view(parameter.name).substr(0, dot);
  if (part == "head") return {{{fmt::format("{}{}", map.head, kind), parameter.shape}}};
  const int64_t layer = take_layer(part, "blocks.");
  const std::string place =
      layer < 0 ? std::string(map.prefix) : fmt::format("{}{}{}.", map.prefix, map.block, layer);
  const auto pairs = layer < 0 ? map.model_parts : map.block_parts;
  const auto pair = std::ranges::find(pairs, part, &NamePair::ours);
  if (pair == pairs.end())
    fail(ErrorKind::internal, "[checkpoint] no name in files for {}", parameter.name);

  StoredParameter result{{}, StoredOrder::same, config.head_size()};
  if (pair->order != StoredOrder::transposed || parameter.shape.rank() == 2)
    result.order = pair->order;
  const std::vector<std::string_view> theirs = split(pair->theirs);
  for (size_t i = 0; i < theirs.size(); ++i) {
    const int64_t rows = rows_of_part(i, theirs.size(), parameter.shape[0], config);
    Shape shape{rows};
    if (parameter.shape.rank() == 2) shape = {rows, parameter.shape[1]};
    if (result.order == StoredOrder::transposed) shape = {shape[1], shape[0]};
    result.parts.push_back({fmt::format("{}{}{}", place, theirs[i], kind), shape});
  }
  return result;
}

ExtraTensor extra_tensor(const NameMap& map, std::string_view name, const ModelConfig& config) {
  if (config.head == HeadKind::tied && name == fmt::format("{}.weight", map.head))
    return ExtraTensor::tied_head;
  if (name.starts_with(map.prefix)) name.remove_prefix(map.prefix.size());
  const int64_t layer = take_layer(name, map.block);
  const auto buffers = layer < 0 ? map.model_buffers : map.block_buffers;
  const bool known = std::ranges::find(buffers, name) != buffers.end();
  return layer < config.layers && known ? ExtraTensor::buffer : ExtraTensor::unknown;
}

std::span<const Family* const> families() {
  static const std::array<const Family*, 5> all = {
      &gpt2_family(),       &gpt_neo_family(), &gpt_neox_family(), &llama_family(),
      &octavo_gpt_family(),  // last: it takes every model
  };
  return all;
}

const Family& family_of(const Json& config) {
  const std::string& type = config.at("model_type").text();
  std::string supported;
  for (const Family* family : families()) {
    for (const std::string_view known : family->model_types()) {
      if (type == known) return *family;
      supported += (supported.empty() ? "" : ", ") + std::string(known);
    }
  }
  fail(ErrorKind::data, "{}: \"{}\" is not supported; supported are {}",
       config.at("model_type").where(), type, supported);
}

const Family& family_for(const ModelConfig& config) {
  for (const Family* family : families())
    if (family->expresses(config)) return *family;
  fail(ErrorKind::internal, "[checkpoint] no family expresses this model");
}

}  // namespace octavo

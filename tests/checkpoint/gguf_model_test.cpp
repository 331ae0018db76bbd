// Models in GGUF and llama2.c's format: against logits from float64 of llama.cpp's own files, and
// there and back again without the loss of a bit.
#include <algorithm>
#include <array>
#include <cmath>

#include "octavo/checkpoint/gguf_config.h"
#include "octavo/checkpoint/gguf_model.h"
#include "octavo/checkpoint/model_files.h"
#include "octavo/weights/safetensors.h"
#include "tests/base/resident_peak.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

// ---- Other people's files -----------------------------------------------------------------------

Tensor logits_of(const GPT& model, const Tensor& tokens) {
  Tape tape(Recording::off);
  const Batch batch = Batch::of_windows(tokens.reshaped({1, tokens.elements()}));
  return model.logits(model.hidden(tape, batch).data());
}

/// The largest difference, relative to the largest of the expected numbers.
double difference(const Tensor& found, const Tensor& expected) {
  double most = 0, largest = 0;
  for (size_t i = 0; i < expected.as<float>().size(); ++i) {
    most = std::max(most, std::abs(double{found.as<float>()[i]} - expected.as<float>()[i]));
    largest = std::max(largest, std::abs(double{expected.as<float>()[i]}));
  }
  return most / largest;
}

class GoldenGguf : public testing::TestWithParam<const char*> {};

// From the numbers in f32, as a training reads them; tests/model/quantized_test.cpp has the rest.
TEST_P(GoldenGguf, logits_in_training) {
  const fs::path folder = test_data() / "golden" / "gguf";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there (set OCTAVO_TEST_DATA)";
  const SafetensorsFile answers(folder / "logits.safetensors");
  const fs::path file = folder / fmt::format("gpt2-{}.gguf", GetParam());
  const GPT model =
      load_model(file, {.purpose = Purpose::training, .precision = Precision::f32()}).model;
  EXPECT_LE(difference(logits_of(model, answers.tensor("input_ids")),
                       answers.tensor(fmt::format("logits.{}", GetParam()))),
            2e-5);
}

INSTANTIATE_TEST_SUITE_P(, GoldenGguf,
                         testing::Values("f32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0",
                                         "Q5_1", "Q4_K_M", "Q5_K_M", "Q6_K"),
                         [](const auto& info) { return std::string(info.param); });

TEST(GgufModel, a_file_of_llama_cpp_is_written_again_as_it_was) {
  const fs::path file = test_data() / "golden" / "gguf" / "gpt2-f32.gguf";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there (set OCTAVO_TEST_DATA)";
  const TemporaryFolder folder;
  const ModelFiles theirs = ModelFiles::open(file);
  const auto numbers = [&](const ParameterInfo& info) {
    return theirs.numbers(info, Purpose::training);
  };
  write_gguf_model(folder / "again.gguf", theirs.config(), numbers,
                   {.wanted = [](const ParameterInfo&) { return DataType::f32; }});
  const ModelFiles ours = ModelFiles::open(folder / "again.gguf");
  EXPECT_EQ(ours.config(), theirs.config());
  ASSERT_EQ(ours.tensors().tensors().size(), theirs.tensors().tensors().size());
  for (const TensorInfo& tensor : theirs.tensors().tensors())
    EXPECT_TRUE(same_bits(ours.tensors().tensor(tensor.name), theirs.tensors().tensor(tensor.name)))
        << tensor.name;
}

/// llama2.c's file of a model of width 2: 104 bytes a layer, in nine tensors. It ends in a NaN.
std::string thin_llama2c(int32_t layers) {
  constexpr int32_t kWidth = 2, kVocabulary = 4, kContext = 4;
  const std::array<int32_t, 7> sizes{kWidth, 1, layers, 1, 1, -kVocabulary, kContext};
  constexpr int32_t kOfModel = 2 * kVocabulary * kWidth + kWidth + kContext * kWidth;
  std::vector<float> numbers(static_cast<size_t>(26 * layers + kOfModel));
  numbers.back() = std::nanf("");
  std::string file(reinterpret_cast<const char*>(sizes.data()), sizeof sizes);
  return file.append(reinterpret_cast<const char*>(numbers.data()), 4 * numbers.size());
}

TEST(Llama2cModel, layers_without_end_are_refused_in_little_memory) {
  const TemporaryFolder folder;
  write_file(folder / "few.bin", thin_llama2c(3));
  EXPECT_EQ(ModelFiles::open(folder / "few.bin").config().layers, 3);
  for (const int32_t layers : {3, 1024, 1025, 100'000}) {
    write_file(folder / "thin.bin", thin_llama2c(layers));
    const size_t rise =
        resident_rise([&] { EXPECT_THROW(load_model(folder / "thin.bin", {}), Error); });
    EXPECT_LE(rise, fs::file_size(folder / "thin.bin") + (size_t{16} << 20)) << layers;
  }
}

// ---- Every family, there and back ---------------------------------------------------------------

/// Folders of all families, each in some variants.
std::vector<std::pair<std::string, ModelConfig>> small_models() {
  ModelConfig gpt2 = small_config();
  gpt2.width = 32;
  gpt2.heads = 4;
  ModelConfig untied = gpt2, exact = gpt2, bands = gpt2, neo = gpt2, neox = gpt2, llama = gpt2;
  untied.head = HeadKind::untied;
  exact.activation = Activation::gelu_exact;
  bands.attention = AttentionPattern::alternating;
  bands.band_width = 8;
  neo.biases.qkv = false;
  neo.attention_scale = 1;
  ModelConfig neo_bands = neo;
  neo_bands.attention = AttentionPattern::alternating;
  neo_bands.band_width = 4;
  neox.positions = PositionKind::rotary;
  neox.rotary.fraction = 0.5;
  neox.residual = ResidualKind::parallel;
  neox.activation = Activation::gelu_exact;
  neox.head = HeadKind::untied;
  ModelConfig neox_sequential = neox;
  neox_sequential.residual = ResidualKind::sequential;
  neox_sequential.rotary.base = 25'000;
  llama.positions = PositionKind::rotary;
  llama.norm = NormKind::rmsnorm;
  llama.norm_epsilon = 1e-6;
  llama.feed_forward = FeedForwardKind::swiglu;
  llama.biases = {false, false, false};
  llama.inner_width = 88;
  llama.key_heads = 2;
  ModelConfig llama_wide = llama, llama_linear = llama, llama_yarn = llama, llama3 = llama;
  llama_wide.head_width = 16;
  llama_wide.biases.qkv = llama_wide.biases.projection = true;
  llama_linear.head = HeadKind::untied;
  llama_linear.rotary = {.scaling = RotaryScaling::linear, .factor = 2.5, .original_context = 16};
  llama_yarn.rotary = {.scaling = RotaryScaling::yarn,
                       .factor = 4,
                       .original_context = 8,
                       .amplitude = 1 + 0.1 * std::log(4.0)};
  llama3.head_width = 64;
  llama3.rotary = {.base = 500'000,
                   .scaling = RotaryScaling::llama3,
                   .factor = 8,
                   .original_context = 8192,
                   .low_frequency_factor = 1,
                   .high_frequency_factor = 4};
  return {{"gpt2", gpt2},
          {"untied", untied},
          {"exact", exact},
          {"bands", bands},
          {"neo", neo},
          {"neo_bands", neo_bands},
          {"neox", neox},
          {"neox_sequential", neox_sequential},
          {"llama", llama},
          {"llama_wide", llama_wide},
          {"llama_linear", llama_linear},
          {"llama_yarn", llama_yarn},
          {"llama3", llama3}};
}

std::map<std::string, std::string> tensors_of(const fs::path& path) {
  const ModelFiles files = ModelFiles::open(path);
  std::map<std::string, std::string> result;
  for (const TensorInfo& info : files.tensors().tensors()) {
    const Tensor tensor = files.tensors().tensor(info.name);
    result[info.name] = fmt::format("{} {} ", name_of(info.type), info.shape) +
                        std::string(static_cast<const char*>(tensor.data()), tensor.bytes());
  }
  return result;
}

ParameterSource source_of_files(const ModelFiles& files) {
  return [&](const ParameterInfo& info) { return files.numbers(info, Purpose::training); };
}

TEST(GgufModel, folder_to_gguf_to_folder_loses_nothing) {
  for (const auto& [name, config] : small_models()) {
    SCOPED_TRACE(name);
    for (const DataType type : {DataType::f32, DataType::bf16, DataType::f16}) {
      const TemporaryFolder folder;
      save_model(folder / "first", GPT(config, 7), {.type = type});
      const ModelFiles first = ModelFiles::open(folder / "first");
      const ModelConfig read = first.config();
      write_gguf_model(folder / "m.gguf", read, source_of_files(first),
                       {.wanted = [&](const ParameterInfo&) { return type; }});
      const ModelFiles gguf = ModelFiles::open(folder / "m.gguf");
      gguf.check_structure();
      const ModelConfig& expected = read;
      ModelConfig found = gguf.config();
      EXPECT_EQ(found.rotary, expected.rotary);
      EXPECT_EQ(found.key_value_heads(), expected.key_value_heads());
      EXPECT_EQ(found.head_size(), expected.head_size());
      EXPECT_EQ(found.feed_forward_width(), expected.feed_forward_width());
      found.key_heads = expected.key_heads;
      found.head_width = expected.head_width;
      found.inner_width = expected.inner_width;
      found.band_width = expected.band_width;
      EXPECT_EQ(found, expected);

      make_directories(folder / "again");
      write_model_files(folder / "again", gguf.config(), source_of_files(gguf), {.type = type});
      EXPECT_EQ(tensors_of(folder / "again"), tensors_of(folder / "first"));
      write_gguf_model(folder / "m2.gguf", gguf.config(), source_of_files(gguf),
                       {.wanted = [&](const ParameterInfo&) { return type; }});
      EXPECT_EQ(read_file(folder / "m2.gguf"), read_file(folder / "m.gguf"));
    }
  }
}

TEST(GgufModel, what_gguf_cannot_say_is_an_error) {
  const TemporaryFolder folder;
  for (auto [name, config] : small_models()) {
    if (name != "llama") continue;
    config.rotary = {.scaling = RotaryScaling::dynamic, .factor = 2, .original_context = 8};
    const GPT model(config, 7);
    expect_contains(error_of(ErrorKind::usage,
                             [&] {
                               write_gguf_model(
                                   folder / "m.gguf", config, source_of(model),
                                   {.wanted = [](const ParameterInfo&) { return DataType::f32; }});
                             }),
                    "GGUF has no rotary base that grows with the text");
  }
  EXPECT_FALSE(fs::exists(folder / "m.gguf"));
}

TEST(GgufModel, what_a_type_cannot_hold_is_an_error_that_names_the_tensor) {
  const TemporaryFolder folder;
  const GPT model(small_config(), 7);
  model.parameters()[2].value.data().as<float>()[1] = 70'000;  // past the largest f16
  const std::string message =
      error_of(ErrorKind::data, [&] { save_model(folder / "m", model, {.type = DataType::f16}); });
  expect_contains(message, "tensor \"transformer.h.0.ln_1.weight\"");
  expect_contains(message, "70000");
  EXPECT_FALSE(fs::exists(folder / "m"));
}

TEST(GgufModel, splits_that_are_there_are_not_overwritten) {
  const TemporaryFolder folder;
  const GPT model(small_config(), 7);
  const auto write = [&](const char* name) {
    return write_gguf_model(
        folder / name, model.config(), source_of(model),
        {.wanted = [](const ParameterInfo&) { return DataType::f32; }, .shards = {.bytes = 4000}});
  };
  const auto files = write("m.gguf");
  ASSERT_GT(files.size(), 2u);
  const auto before = contents_of(folder.path());
  expect_contains(error_of(ErrorKind::conflict, [&] { write("m.gguf"); }), "is not overwritten");
  EXPECT_EQ(contents_of(folder.path()), before);
}

TEST(GgufModel, a_part_of_a_head_turns_whatever_its_share) {
  ModelConfig config = small_config();  // 60 / 88 · 88 is less than 60
  config.width = 176;
  config.positions = PositionKind::rotary;
  config.residual = ResidualKind::parallel;
  config.rotary.fraction = 0.6819;
  config.head = HeadKind::untied;
  ASSERT_EQ(rotary_pairs(config.rotary, 88), 30);
  const TemporaryFolder folder;
  const GPT model(config, 7);
  write_gguf_model(folder / "m.gguf", config, source_of(model),
                   {.wanted = [](const ParameterInfo&) { return DataType::f32; }});
  EXPECT_EQ(rotary_pairs(ModelFiles::open(folder / "m.gguf").config().rotary, 88), 30);
}

TEST(GgufModel, types_of_matrices_follow_llama_cpp) {
  ModelConfig config = small_config();
  const auto type = [&](const char* name, Shape shape, DataType wanted) {
    return gguf_type(config, {name, shape}, wanted);
  };
  EXPECT_EQ(type("blocks.0.feed_forward.up.weight", {1024, 256}, DataType::q4_k), DataType::q4_k);
  EXPECT_EQ(type("blocks.0.feed_forward.up.weight", {1024, 96}, DataType::q4_k), DataType::q5_0);
  EXPECT_EQ(type("blocks.0.feed_forward.up.weight", {1024, 100}, DataType::q4_k), DataType::f16);
  EXPECT_EQ(type("blocks.0.feed_forward.up.bias", {1024}, DataType::q4_k), DataType::f32);
  EXPECT_EQ(type("position_embedding.weight", {64, 256}, DataType::q8_0), DataType::f32);
  EXPECT_EQ(type("token_embedding.weight", {300, 256}, DataType::q4_0), DataType::q6_k);
  EXPECT_EQ(type("token_embedding.weight", {300, 96}, DataType::q4_0), DataType::q8_0);
  EXPECT_EQ(type("token_embedding.weight", {300, 256}, DataType::q8_0), DataType::q8_0);
  config.head = HeadKind::untied;
  EXPECT_EQ(type("token_embedding.weight", {300, 256}, DataType::q4_0), DataType::q4_0);
  EXPECT_EQ(type("head.weight", {300, 256}, DataType::q4_0), DataType::q6_k);
}

}  // namespace
}  // namespace octavo

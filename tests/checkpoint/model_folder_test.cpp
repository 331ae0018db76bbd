// Round trips to the byte, other writers' layouts, and every way in which a folder can be wrong.
#include "octavo/checkpoint/model_folder.h"

#include <cmath>
#include <fstream>

#include "octavo/checkpoint/convert.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "tests/base/resident_peak.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

struct Named {
  std::string name;
  Tensor tensor;
};

class ModelFolder : public testing::Test {
 protected:
  ModelFolder() { save_model(folder, model, {}); }

  GPT load_for_training(const fs::path& path) const {
    return load_model(path, {.purpose = Purpose::training, .precision = Precision::f32()}).model;
  }

  /// The tensors as stored.
  std::vector<Named> tensors() const {
    std::vector<Named> result;
    const WeightSet weights = WeightSet::open(folder);
    for (const TensorInfo& info : weights.tensors())
      result.push_back({info.name, weights.tensor(info.name).clone()});
    return result;
  }
  /// A folder with the same config and other tensors.
  fs::path with_tensors(const std::vector<Named>& list) {
    const fs::path path = temporary / fmt::format("other-{}", ++number);
    fs::create_directories(path);
    fs::copy_file(folder / "config.json", path / "config.json");
    std::vector<TensorInfo> infos;
    for (const Named& one : list)
      infos.push_back({one.name, one.tensor.type(), one.tensor.shape()});
    SafetensorsWriter writer(path / "model.safetensors", infos);
    for (const Named& one : list) writer.write(one.tensor);
    writer.finish();
    return path;
  }
  /// The error of loading a folder whose tensors were changed so.
  std::string refused(const std::function<void(std::vector<Named>&)>& change) {
    std::vector<Named> list = tensors();
    change(list);
    const fs::path path = with_tensors(list);
    const std::string training = error_of(ErrorKind::data, [&] { load_for_training(path); });
    const std::string inference =
        error_of(ErrorKind::data, [&] { load_model(path, {.precision = Precision::f32()}); });
    EXPECT_EQ(training, inference);
    expect_contains(training, "model.safetensors");
    return training;
  }

  TemporaryFolder temporary;
  const fs::path folder = temporary / "model";
  const GPT model{small_config(), 7};
  int number = 0;
};

Named& find(std::vector<Named>& list, std::string_view name) {
  const auto found = std::ranges::find(list, name, &Named::name);
  if (found == list.end()) throw std::runtime_error("no such tensor");
  return *found;
}

TEST_F(ModelFolder, save_load_save_is_the_same_bytes) {
  for (const DataType type : {DataType::f32, DataType::bf16})
    for (const int64_t shard : {int64_t{5'000'000'000}, int64_t{4'000}})
      for (const bool banded : {false, true}) {
        ModelConfig config = small_config();
        config.head = banded ? HeadKind::untied : HeadKind::tied;
        config.attention = banded ? AttentionPattern::alternating : AttentionPattern::dense;
        config.band_width = banded ? 4 : 256;
        const GPT original(config, 3);
        const Tokenizer tokenizer = Tokenizer::bytes();
        const SaveOptions options{.tokenizer = &tokenizer, .type = type, .shards = {shard}};
        const fs::path first = temporary / fmt::format("first-{}", ++number);
        const fs::path second = temporary / fmt::format("second-{}", number);
        save_model(first, original, options);
        const LoadedModel loaded = load_model(first, {.purpose = Purpose::training,
                                                      .precision = Precision::f32(),
                                                      .verify = Verify::hashes});
        EXPECT_EQ(loaded.model.config(), config);
        EXPECT_TRUE(loaded.tokenizer.has_value());
        if (type == DataType::f32) expect_same_parameters(original, loaded.model);
        save_model(second, loaded.model, options);
        EXPECT_EQ(contents_of(first), contents_of(second));
        EXPECT_EQ(fs::exists(first / "model.safetensors.index.json"), shard == 4'000);
        EXPECT_NO_THROW(verify_manifest(first));
      }
}

TEST_F(ModelFolder, other_types_are_read) {
  for (const DataType type : {DataType::f64, DataType::f16, DataType::bf16}) {
    std::vector<Named> list = tensors();
    for (Named& one : list) one.tensor = convert_weights(one.tensor, type, StoredOrder::same);
    const GPT loaded = load_for_training(with_tensors(list));
    for (size_t i = 0; i < loaded.parameters().size(); ++i) {
      const auto found = loaded.parameters()[i].value.data().as<float>();
      const auto expected = model.parameters()[i].value.data().as<float>();
      for (size_t j = 0; j < found.size(); ++j)
        ASSERT_NEAR(found[j], expected[j], 0.005 * std::abs(expected[j]) + 1e-7);
    }
  }
}

TEST_F(ModelFolder, names_without_the_prefix_mask_buffers_and_a_repeated_head) {
  std::vector<Named> list = tensors();
  for (const char* prefix : {"transformer.", ""}) {
    std::vector<Named> other;
    for (const Named& one : list) other.push_back({prefix + one.name.substr(12), one.tensor});
    for (const char* layer : {"h.0.", "h.1."}) {
      other.push_back({fmt::format("{}{}attn.bias", prefix, layer),
                       Tensor::zeros({1, 1, 16, 16}, DataType::u8)});
      other.push_back(
          {fmt::format("{}{}attn.masked_bias", prefix, layer), Tensor::of<float>({}, {-1e4f})});
    }
    other.push_back({"lm_head.weight", find(list, "transformer.wte.weight").tensor});
    expect_same_parameters(model, load_for_training(with_tensors(other)));
  }
}

TEST_F(ModelFolder, training_and_inference_compute_the_same) {
  const std::vector<int32_t> text = random_tokens(16, 257, 1);
  for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
    const auto logits = [&](Purpose purpose) {
      const GPT loaded = load_model(folder, {.purpose = purpose, .precision = precision}).model;
      Tape tape(Recording::off);
      return loaded.logits(loaded.hidden(tape, Batch::of_sequence(text)).data());
    };
    EXPECT_TRUE(same_bits(logits(Purpose::training), logits(Purpose::inference)));
  }
}

TEST_F(ModelFolder, a_missing_extra_or_misshapen_tensor_is_named) {
  const std::string name = "transformer.h.1.mlp.c_fc.weight";
  expect_contains(
      refused([&](auto& list) { std::erase_if(list, [&](auto& n) { return n.name == name; }); }),
      "\"transformer.h.1.mlp.c_fc.weight\" [8, 32] is missing");
  expect_contains(
      refused([&](auto& list) {
        list.push_back({"transformer.h.1.mlp.gate.weight", Tensor::zeros({2}, DataType::f32)});
      }),
      "\"transformer.h.1.mlp.gate.weight\" [2] is no part of a GPT-2 model of 2 layers");
  expect_contains(
      refused([&](auto& list) {
        list.push_back({"transformer.h.2.ln_1.weight", Tensor::zeros({8}, DataType::f32)});
      }),
      "transformer.h.2.ln_1.weight");
  expect_contains(refused([&](auto& list) {
                    find(list, name).tensor = Tensor::zeros({32, 8}, DataType::f32);
                  }),
                  "is [32, 8], the config says [8, 32]");
  expect_contains(refused([&](auto& list) {
                    find(list, name).tensor = Tensor::zeros({8, 32}, DataType::i32);
                  }),
                  "is i32, expected");
  expect_contains(refused([&](auto& list) {
                    list.push_back({"lm_head.weight", Tensor::zeros({256, 8}, DataType::f32)});
                  }),
                  "[256, 8], the token table that it repeats is f32 [257, 8]");
  expect_contains(refused([&](auto& list) {
                    list.push_back({"lm_head.weight", Tensor::zeros({257, 8}, DataType::f32)});
                  }),
                  "differs from the token table");
}

TEST_F(ModelFolder, nan_and_inf_are_named) {
  for (const char* name : {"transformer.wte.weight", "transformer.h.0.attn.c_proj.bias",
                           "transformer.h.1.attn.c_attn.weight"})
    for (const float bad : {std::nanf(""), INFINITY, -INFINITY}) {
      const std::string message = refused([&](auto& list) {
        const auto numbers = find(list, name).tensor.template as<float>();
        numbers[numbers.size() - 1] = bad;
      });
      expect_contains(message, name);
      expect_contains(message, std::isnan(bad) ? "a NaN" : "an Inf");
    }
}

TEST_F(ModelFolder, a_config_that_contradicts_the_weights_is_refused) {
  const std::string original = read_file(folder / "config.json");
  const auto message = [&](std::string_view key, Json value) {
    Json json = Json::parse(original, "config.json");
    overwrite(folder / "config.json", json.set(key, std::move(value)).dump());
    const std::string result = error_of(ErrorKind::data, [&] { load_for_training(folder); });
    EXPECT_EQ(result, error_of(ErrorKind::data, [&] { inspect_model_folder(folder); }));
    return result;
  };
  expect_contains(message("n_layer", 3), "transformer.h.2.ln_1.weight");
  expect_contains(message("n_layer", 1), "transformer.h.1.");
  expect_contains(message("n_embd", 16), "[257, 8], the config says [257, 16]");
  expect_contains(message("n_positions", 17), "transformer.wpe.weight");
  expect_contains(message("vocab_size", 258), "transformer.wte.weight");
  expect_contains(message("n_inner", 33), "mlp.c_fc");
  expect_contains(message("tie_word_embeddings", false), "\"lm_head.weight\" [257, 8] is missing");
  // What a hostile config could ask for is refused before it costs anything.
  const size_t before = memory_use().peak;
  message("n_layer", (int64_t{1} << 31) - 1);
  message("vocab_size", (int64_t{1} << 31) - 1);
  EXPECT_LT(memory_use().peak - before, size_t{1} << 20);
}

TEST_F(ModelFolder, damaged_files_are_refused) {
  const std::string weights = read_file(folder / "model.safetensors");
  const auto message = [&](const std::string& bytes) {
    overwrite(folder / "model.safetensors", bytes);
    return error_of(ErrorKind::data, [&] { load_for_training(folder); });
  };
  for (const size_t cut :
       {size_t{0}, size_t{7}, size_t{8}, size_t{100}, weights.size() / 2, weights.size() - 1})
    expect_contains(message(weights.substr(0, cut)), "model.safetensors");
  std::string lying = weights;
  lying[7] = '\x40';  // a header of 2⁶² bytes
  expect_contains(message(lying), "model.safetensors");
  std::string overlapping = weights;  // two tensors claim the same bytes
  const size_t at =
      overlapping.find('[', overlapping.find("data_offsets", overlapping.find("ln_1.bias")));
  ASSERT_NE(at, std::string::npos);
  overlapping[at + 1] =
      overlapping[at + 1] == '9' ? '8' : static_cast<char>(overlapping[at + 1] + 1);
  expect_contains(message(overlapping), "model.safetensors");
  fs::remove(folder / "model.safetensors");
  expect_contains(error_of(ErrorKind::data, [&] { load_for_training(folder); }), "holds neither");
}

TEST_F(ModelFolder, what_is_no_model_folder_is_said) {
  const auto message = [](const fs::path& path) {
    return error_of(ErrorKind::data, [&] { load_model(path); });
  };
  expect_contains(message(temporary / "nothing"), "expected a model folder, found nothing");
  expect_contains(message(folder / "config.json"), "found a file");
  expect_contains(message(temporary.path()), "holds no config.json");
  overwrite(folder / "config.json", "{\"model_type\": ");
  expect_contains(message(folder), "config.json");
  overwrite(folder / "config.json", "[]");
  expect_contains(message(folder), "config.json");
  overwrite(folder / "config.json", "{}");
  expect_contains(message(folder), "model_type");
}

TEST_F(ModelFolder, verification_finds_what_structure_does_not) {
  std::string weights = read_file(folder / "model.safetensors");
  weights[weights.size() - 4] ^= 1;  // the last bit of a number
  overwrite(folder / "model.safetensors", weights);
  EXPECT_NO_THROW(load_model(folder));
  expect_contains(
      error_of(ErrorKind::data, [&] { load_model(folder, {.verify = Verify::hashes}); }),
      "model.safetensors is damaged");
}

TEST_F(ModelFolder, nothing_is_overwritten) {
  const auto before = contents_of(folder);
  expect_contains(error_of(ErrorKind::conflict, [&] { save_model(folder, model, {}); }),
                  "is there already");
  EXPECT_EQ(contents_of(folder), before);
  fs::create_directories(temporary / "empty");
  EXPECT_NO_THROW(save_model(temporary / "empty", model, {}));
  EXPECT_EQ(contents_of(temporary / "empty"), before);
  GPT packed(small_config(), 1);
  packed.pack();
  error_of(ErrorKind::usage, [&] { save_model(temporary / "packed", packed, {}); });
  error_of(ErrorKind::usage,
           [&] { save_model(temporary / "q8", model, {.type = DataType::q8_0}); });
  EXPECT_EQ(temporary.entries(), 2);  // no half of a folder is left
}

TEST_F(ModelFolder, a_tokenizer_that_does_not_fit_is_refused) {
  ModelConfig config = small_config();
  config.vocabulary = 200;
  config.end_of_text = -1;
  const Tokenizer tokenizer = Tokenizer::bytes();
  expect_contains(
      error_of(ErrorKind::data,
               [&] { save_model(temporary / "x", GPT(config, 1), {.tokenizer = &tokenizer}); }),
      "257 tokens, the model 200");
  const fs::path path = temporary / "y";
  save_model(path, GPT(config, 1), {});
  tokenizer.save(path);
  expect_contains(error_of(ErrorKind::data, [&] { load_model(path); }),
                  "257 tokens, the model 200");
  EXPECT_NO_THROW(load_model(path, {.tokenizer = LoadTokenizer::never}));
  expect_contains(*inspect_model_folder(path).tokenizer, "257 tokens, the model 200");
}

TEST_F(ModelFolder, a_tokenizer_may_be_in_any_files) {
  ModelConfig config = small_config();
  config.vocabulary = 300;
  const fs::path path = temporary / "x";
  save_model(path, GPT(config, 1), {});
  EXPECT_FALSE(load_model(path).tokenizer);
  write_tokenizer(Tokenizer::bytes(), path, TokenizerFormat::gpt2);
  EXPECT_EQ(load_model(path).tokenizer->vocabulary_size(), 257);
  EXPECT_EQ(inspect_model_folder(path).tokenizer, "257 tokens");
}

TEST_F(ModelFolder, inspection_counts) {
  const ModelFolderInfo info = inspect_model_folder(folder);
  EXPECT_EQ(info.family, "GPT-2");
  EXPECT_EQ(info.model_type, "gpt2");
  EXPECT_EQ(info.config, small_config());
  EXPECT_EQ(info.parameters.total(), count_parameters(small_config()).total());
  EXPECT_EQ(info.weight_bytes, 4 * info.parameters.total());
  EXPECT_EQ(info.tensors.size(), 28u);
  EXPECT_GT(info.inference_bytes_f32, info.weight_bytes);
  EXPECT_LT(info.inference_bytes_bf16, info.inference_bytes_f32);
  EXPECT_TRUE(info.has_manifest);
  EXPECT_FALSE(info.tokenizer.has_value());
  EXPECT_FALSE(info.training_step.has_value());
}

TEST_F(ModelFolder, inference_takes_the_memory_that_inspection_says) {
  for (const Precision precision : {Precision::f32(), Precision::bf16()}) {
    const auto before = static_cast<double>(memory_use().current);
    const GPT packed(tiny_config(), initial_parameters(tiny_config(), 1), precision,
                     Purpose::inference);
    const auto held = static_cast<double>(memory_use().current) - before;
    const auto said = static_cast<double>(inference_bytes(tiny_config(), precision));
    EXPECT_NEAR(held / said, 1, 0.03);  // blocks of 64 bytes
  }
}

// ---- The tokens that end a text -----------------------------------------------------------------

/// A Llama's folder without weights, whose default end (2) is in its vocabulary.
class FolderEnds : public testing::Test {
 protected:
  std::vector<int32_t> ends(const Json& config_says, std::string_view generation) {
    Json json = Json::parse(kLlama, "config.json");
    if (!config_says.is_object()) json.set("eos_token_id", config_says);
    write_file(folder / "config.json", json.dump());
    fs::remove(folder / kGenerationConfig);
    if (!generation.empty()) write_file(folder / kGenerationConfig, generation);
    notes = read_folder_config(folder.path()).notes;
    return load_config(folder.path()).ends();
  }

  static constexpr const char* kLlama =
      R"({"model_type": "llama", "vocab_size": 300, "max_position_embeddings": 64,
          "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4,
          "intermediate_size": 88})";
  const Json nothing = Json::object();  // the key is absent
  const TemporaryFolder folder;
  std::vector<std::string> notes;
};
using Ends = std::vector<int32_t>;

TEST_F(FolderEnds, a_default_counts_where_nothing_else_is_said) {
  EXPECT_EQ(ends(nothing, ""), Ends{2});
  EXPECT_EQ(ends(nothing, "{}"), Ends{2});
  EXPECT_EQ(ends(nothing, R"({"eos_token_id": null})"), Ends{2});
  EXPECT_EQ(ends(nothing, R"({"eos_token_id": []})"), Ends{2});
  EXPECT_EQ(ends(nothing, R"({"eos_token_id": [201, 209]})"), (Ends{201, 209}));
  EXPECT_EQ(ends(nothing, R"({"eos_token_id": 2})"), Ends{2});
  EXPECT_EQ(ends(Json(), ""), Ends{});
  EXPECT_EQ(ends(Json(), R"({"eos_token_id": 7})"), Ends{7});
  Tokenizer::bytes().save(folder.path());  // it says what ends a text
  EXPECT_EQ(ends(nothing, ""), Ends{});
  EXPECT_EQ(ends(5, ""), Ends{5});
}

TEST_F(FolderEnds, both_files_are_joined_up_to_a_limit) {
  EXPECT_EQ(ends(Json::array({7, 8}), R"({"eos_token_id": [8, 9, 300, -1, 7]})"), (Ends{7, 8, 9}));
  Json some = Json::array(), more = Json::array();
  for (int i = 0; i < 200; ++i) some.append(i), more.append(i + 90);
  EXPECT_EQ(ends(some, "").size(), 200u);
  EXPECT_TRUE(notes.empty());
  EXPECT_EQ(ends(some, Json::object({{"eos_token_id", more}}).dump()).size(), 200u);
  ASSERT_EQ(notes.size(), 1u);
  expect_contains(notes[0], "generation_config.json:1: \"eos_token_id\"");
  expect_contains(notes[0], "at most 256 tokens may end a text");
}

TEST_F(FolderEnds, a_faulty_generation_config_is_noted_and_counts_as_absent) {
  for (const char* faulty :
       {"{", "[]", R"({"eos_token_id": "</s>"})", R"({"eos_token_id": [7, 1.5]})"}) {
    EXPECT_EQ(ends(Json::array({5, 6}), faulty), (Ends{5, 6})) << faulty;
    EXPECT_EQ(ends(nothing, faulty), Ends{2}) << faulty;
    ASSERT_EQ(notes.size(), 1u) << faulty;
    expect_contains(notes[0], kGenerationConfig);
  }
  const std::string large = "[" + std::string(size_t{2} << 20, ' ') + "]";
  EXPECT_EQ(ends(5, R"({"eos_token_id": 7, "more": )" + large + "}"), (Ends{5, 7}));  // text alone
}

TEST_F(FolderEnds, refusing_a_generation_config_costs_little_memory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer keeps freed memory";
#endif
  std::string many = R"({"a": [0)";
  while (many.size() < (size_t{8} << 20)) many += ",0";
  ends(5, many += "]}");
  ASSERT_EQ(notes.size(), 1u);
  expect_contains(notes[0], "they take more than 1");
  const size_t rise = resident_rise([&] { load_config(folder.path()); });
  EXPECT_LE(rise, many.size() + (size_t{4} << 20));
}

// Nothing that a config.json holds makes refusing it cost more than its size and 16 MiB.
TEST_F(ModelFolder, refusing_a_config_costs_little_memory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer keeps freed memory";
#endif
  const auto repeated = [](std::string text, std::string_view part, std::string_view end) {
    while (text.size() < (size_t{40} << 20)) text += part;
    return text += end;
  };
  for (std::string text :
       {repeated("{\"a\":[", "0,[],{},\"\",", "0]}"), repeated("{\"model_type\":\"", "x", "\"}"),
        repeated("{\"vocab\":{", "\"\":{\"\":0},", "\"\":0}}"), repeated("{", "\"a\":", "0}")}) {
    write_file(folder / "config.json", text);
    const size_t file_bytes = text.size();
    std::string().swap(text);
    const size_t rise = resident_rise([&] { EXPECT_THROW(load_config(folder), Error); });
    EXPECT_LE(rise, file_bytes + (size_t{16} << 20));
  }
}

}  // namespace
}  // namespace octavo

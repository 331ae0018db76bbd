// Tokenizers in the metadata of GGUF files: llama.cpp's own give the ids that its tests record,
// what is written is read back the same, lies are refused and cost little.
#include "octavo/checkpoint/tokenizer_io.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include "octavo/base/files.h"
#include "octavo/tokenizer/gguf_tokenizer.h"
#include "octavo/weights/gguf_set.h"
#include "tests/base/resident_peak.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

// ---- Written and read back ----------------------------------------------------------------------

// In a file of its own, as llama.cpp's vocabularies are.
void write(const fs::path& path, const GgufMetadata& metadata) {
  write_gguf(path, metadata, {}, [](const TensorInfo&) { return Tensor(); });
}

void expect_comes_back(const Tokenizer& tokenizer, int64_t vocabulary) {
  const TemporaryFolder folder;
  GgufMetadata metadata;
  set_tokenizer(metadata, tokenizer, vocabulary);
  write(folder / "t.gguf", metadata);
  const Tokenizer again = load_tokenizer(folder / "t.gguf");
  EXPECT_EQ(again.fingerprint(), tokenizer.fingerprint());
  EXPECT_EQ(again.roles(), tokenizer.roles());
  EXPECT_EQ(again.frame(), tokenizer.frame());
  EXPECT_EQ(again.parts().chat_templates, tokenizer.parts().chat_templates);
  GgufMetadata written;
  set_tokenizer(written, again, vocabulary);
  EXPECT_EQ(written.encoded(), metadata.encoded());
}

Tokenizer byte_level() {
  TokenizerParts parts = learned_parts();
  parts.rules = {.split = TextSplit::gpt4, .whole_pieces = WholePieces::taken};
  parts.added.push_back({"<s>", 263});
  parts.added.push_back({"  ", 265, false});
  parts.roles = {.begin_of_text = 263, .end_of_text = 262, .padding = 262};
  parts.frame = {{263}, {}};
  parts.chat_templates = {{"default", "{{ x }}"}, {"tools", "y"}};
  return Tokenizer(std::move(parts));
}

TEST(TokenizerIo, byte_level_through_a_file) {
  const Tokenizer tokenizer = byte_level();
  expect_comes_back(tokenizer, 270);
  GgufMetadata metadata;
  set_tokenizer(metadata, tokenizer, 270);
  EXPECT_EQ(metadata.at("tokenizer.ggml.model").text(), "gpt2");
  EXPECT_EQ(metadata.at("tokenizer.ggml.pre").text(), "llama-bpe");
  EXPECT_EQ(metadata.at("tokenizer.ggml.tokens").size(), 270u);
  EXPECT_EQ(metadata.at("tokenizer.ggml.token_type").item_type(), GgufType::i32);
  EXPECT_EQ(metadata.at("tokenizer.ggml.merges").texts()[2], "\u0120 the");
  EXPECT_EQ(metadata.at("tokenizer.ggml.bos_token_id").type(), GgufType::u32);
  EXPECT_TRUE(metadata.at("tokenizer.ggml.add_bos_token").boolean());
  EXPECT_EQ(metadata.find("tokenizer.ggml.scores"), nullptr);
  EXPECT_EQ(metadata.find("tokenizer.ggml.unknown_token_id"), nullptr);
  EXPECT_EQ(metadata.at("tokenizer.chat_template").text(), "{{ x }}");
  EXPECT_EQ(metadata.at("tokenizer.chat_template.tools").text(), "y");
  EXPECT_EQ(metadata.at("tokenizer.chat_templates").texts(),
            std::vector<std::string_view>{"tools"});
}

// Every split that GGUF has a name for, of pieces merged or taken whole.
TEST(TokenizerIo, every_named_split_through_a_file) {
  const std::pair<TextSplit, WholePieces> named[] = {
      {TextSplit::gpt2, WholePieces::merged},  {TextSplit::gpt2_digits, WholePieces::merged},
      {TextSplit::gpt4, WholePieces::merged},  {TextSplit::gpt4, WholePieces::taken},
      {TextSplit::qwen2, WholePieces::merged}, {TextSplit::gpt4o, WholePieces::merged},
      {TextSplit::tekken, WholePieces::taken}};
  for (const auto& [split, whole_pieces] : named) {
    TokenizerParts parts = learned_parts();
    parts.rules = {.split = split, .whole_pieces = whole_pieces};
    // A file names the token before a text, even if it puts none: the end of text, as GPT-2's does.
    parts.roles = {.begin_of_text = 262, .end_of_text = 262};
    expect_comes_back(Tokenizer(std::move(parts)), 0);
  }
}

TEST(TokenizerIo, what_is_no_tokenizer) {
  GgufMetadata metadata;
  metadata.set("general.name", "x");
  EXPECT_FALSE(tokenizer_of(metadata, "m.gguf"));
  metadata.set("tokenizer.ggml.model", "no_vocab");
  EXPECT_FALSE(tokenizer_of(metadata, "m.gguf"));
  const TemporaryFolder folder;
  write(folder / "m.gguf", metadata);
  EXPECT_NE(error_of(ErrorKind::data, [&] { load_tokenizer(folder / "m.gguf"); })
                .find("m.gguf: the file holds no tokenizer"),
            std::string::npos);
}

// ---- Lies ---------------------------------------------------------------------------------------

std::string refusal(const GgufMetadata& metadata) {
  const TemporaryFolder folder;
  write(folder / "m.gguf", metadata);
  return error_of(ErrorKind::data, [&] { load_tokenizer(folder / "m.gguf"); });
}

TEST(TokenizerIo, lies_are_named) {
  const auto refused = [](const auto& change) {
    GgufMetadata metadata;
    set_tokenizer(metadata, byte_level());
    change(metadata);
    return refusal(metadata);
  };
  using M = GgufMetadata;
  const auto expect = [](const std::string& error, std::string_view words) {
    EXPECT_NE(error.find(words), std::string::npos) << error << "\nlacks " << words;
  };
  expect(refused([](M& m) { m.set("tokenizer.ggml.model", 1); }),
         "m.gguf: key \"tokenizer.ggml.model\": expected a text, found i32");
  expect(refused([](M& m) { m.set("tokenizer.ggml.tokens", "x"); }),
         "key \"tokenizer.ggml.tokens\": expected an array, found text");
  expect(refused([](M& m) {
           m.set_array("tokenizer.ggml.tokens", std::vector{1, 2});
         }),
         "key \"tokenizer.ggml.tokens\": expected a text, found i32");
  expect(refused([](M& m) { m.set_array("tokenizer.ggml.token_type", std::vector{1.0F}); }),
         "key \"tokenizer.ggml.token_type\": expected an integer, found f32");
  expect(refused([](M& m) {
           m.set_array("tokenizer.ggml.token_type", std::vector<uint64_t>(266, uint64_t{1} << 32));
         }),
         "found 4294967296");
  expect(refused([](M& m) { m.set("tokenizer.ggml.bos_token_id", "<s>"); }),
         "key \"tokenizer.ggml.bos_token_id\": expected an integer");
  expect(refused([](M& m) { m.set("tokenizer.ggml.add_bos_token", 1); }),
         "key \"tokenizer.ggml.add_bos_token\": expected a boolean");
  expect(refused([](M& m) { m.set("tokenizer.chat_template", 1); }),
         "key \"tokenizer.chat_template\": expected a text");
  expect(refused([](M& m) { m.set("tokenizer.ggml.pre", "deepseek-llm"); }),
         "m.gguf: tokenizer.ggml.pre: \"deepseek-llm\" is not supported");
  expect(refused([](M& m) {
           m.set_array("tokenizer.ggml.tokens", std::vector<std::string_view>((1 << 19) + 1, ""));
         }),
         "key \"tokenizer.ggml.tokens\": expected at most 524288, found 524289");
}

// Refusing a file costs no more memory than its size and 16 MiB.
TEST(TokenizerIo, refusing_large_files_costs_little_memory) {
  const auto lists = [](int i, GgufMetadata& metadata) -> const char* {
    const std::string_view tokens = "tokenizer.ggml.tokens", merges = "tokenizer.ggml.merges";
    const auto names = [](size_t count) {
      std::vector<std::string> names(count);
      for (size_t n = 0; n < count; ++n) names[n] = fmt::format("x{:x}", n);
      return names;
    };
    switch (i) {
      case 0:
        metadata.set_array(tokens, std::vector<std::string_view>(5'000'000, ""));
        return "at most 524288";
      case 1:
        metadata.set_array(merges, std::vector<std::string_view>(5'000'000, "t h"));
        return "at most 1048576";
      case 2:
        metadata.set_array("tokenizer.ggml.token_type", std::vector<uint8_t>(60'000'000, 1));
        return "at most 524288";
      case 3:
        metadata.set_array(tokens, std::vector<std::string_view>(40, std::string(1 << 20, 'x')));
        return "expected one for each of 40 tokens";
      case 4:
        metadata.set_array(tokens, names(500'000));
        metadata.set_array("tokenizer.ggml.token_type", std::vector<uint8_t>(500'000, 1));
        return "lacks the byte";
      case 5:
        metadata.set("tokenizer.chat_template", std::string(60 << 20, 'x'));
        return "expected at most 1048576 bytes";
      default:
        metadata.set_array(merges, std::vector<std::string_view>(1'000'000, "t h"));
        return "is there twice";
    }
  };
  for (int i = 0; i < 7; ++i) {
    const TemporaryFolder folder;
    const char* words = nullptr;
    {
      GgufMetadata metadata;
      set_tokenizer(metadata, byte_level());
      words = lists(i, metadata);
      write(folder / "m.gguf", metadata);
    }
    std::string error;
    const size_t rise = resident_rise(
        [&] { error = error_of(ErrorKind::data, [&] { load_tokenizer(folder / "m.gguf"); }); });
    EXPECT_NE(error.find(words), std::string::npos) << i << ": " << error;
    EXPECT_LE(rise, fs::file_size(folder / "m.gguf") + (size_t{16} << 20)) << i << ": " << error;
  }
}

// ---- GPT-2, StarCoder, MPT ----------------------------------------------------------------------

// The texts of NAME.inp and the ids of NAME.out.
std::vector<std::pair<std::string, std::vector<int32_t>>> vectors_of(const fs::path& file) {
  std::vector<std::pair<std::string, std::vector<int32_t>>> vectors;
  std::istringstream ids(read_file(file.string() + ".out"));
  const std::string texts = read_file(file.string() + ".inp");
  constexpr std::string_view kEnd = "\n__ggml_vocab_test__\n";
  for (size_t begin = 0, end; (end = texts.find(kEnd, begin)) != texts.npos;) {
    std::string line;
    std::getline(ids, line);
    std::istringstream numbers(line);
    vectors.emplace_back(texts.substr(begin, end - begin),
                         std::vector<int32_t>(std::istream_iterator<int32_t>(numbers), {}));
    begin = end + kEnd.size();
  }
  return vectors;
}

// As a file has it, through tokenizer.json, and as it was written to a file again.
TEST(TokenizerIo, of_real_files) {
  const fs::path data = test_data() / "data";
  if (!exists(data)) GTEST_SKIP() << data << " is absent";
  for (const std::string name : {"gpt-2", "starcoder", "mpt"}) {
    const fs::path file = data / "tokenizer-vectors" / fmt::format("ggml-vocab-{}.gguf", name);
    const Tokenizer first = load_tokenizer(file);
    const Tokenizer hugging_face(through(first, TokenizerFormat::hugging_face));
    EXPECT_EQ(hugging_face.fingerprint(), first.fingerprint());
    expect_comes_back(first, 0);
    // Written as it was, but for the name of the split, of which there are several.
    GgufMetadata written;
    set_tokenizer(written, first);
    const GgufSet set = GgufSet::open(file);
    for (const GgufValue& value : written.values())
      if (value.key() != gguf_key::kPre && set.metadata().find(value.key())) {
        GgufMetadata one, other;
        one.set(value), other.set(set.metadata().at(value.key()));
        EXPECT_EQ(one.encoded(), other.encoded()) << name << ": " << value.key();
      }
    if (name == "gpt-2") {
      EXPECT_EQ(first.fingerprint(), load_tokenizer(data / "gpt2-tokenizer").fingerprint());
      continue;
    }
    const auto all = vectors_of(file);
    EXPECT_EQ(all.size(), 46u);
    for (const auto& [text, expected] : all)
      for (const Tokenizer& tokenizer : {first, hugging_face}) {
        EXPECT_EQ(tokenizer.encode(text), expected) << name << ": " << text;
        EXPECT_EQ(tokenizer.decode(expected), text);
      }
  }
}

// SentencePiece's, of a real model: from llama2.c's file to GGUF and back.
TEST(TokenizerIo, of_a_real_sentencepiece) {
  const fs::path file = test_data() / "data" / "weights-stories260k" / "tok512.bin";
  if (!exists(file)) GTEST_SKIP() << file << " is absent";
  const Tokenizer tokenizer = load_tokenizer(file);
  EXPECT_EQ(tokenizer.vocabulary_size(), 512);
  expect_comes_back(tokenizer, 0);
}

}  // namespace
}  // namespace octavo

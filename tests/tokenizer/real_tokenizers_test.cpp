// OpenAI's files of GPT-2's tokenizer give the ids that other people's programs give. (Those of
// GGUF files: tests/checkpoint/tokenizer_io_test.cpp.)
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/line_reader.h"
#include "tests/tokenizer/sha256.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class RealTokenizer : public testing::Test {
 protected:
  void SetUp() override {
    if (!exists(data)) GTEST_SKIP() << data << " is absent";
  }
  const fs::path data = test_data() / "data";
  const fs::path folder = data / "gpt2-tokenizer", vectors = data / "tokenizer-vectors";
};

TEST_F(RealTokenizer, gpt2s_vectors) {
  const Tokenizer tokenizer = Tokenizer::load(folder);
  EXPECT_EQ(tokenizer.vocabulary_size(), 50257);
  EXPECT_EQ(tokenizer.end_of_text(), 50256);
  EXPECT_EQ(tokenizer.encode(kEndOfText, SpecialTokens::recognised), std::vector<int32_t>{50256});
  LineReader lines(vectors / "gpt-2.vectors.jsonl");
  int count = 0;
  for (; const auto line = lines.next(); ++count) {
    const Json vector = Json::parse(*line, lines.where());
    const std::vector<int64_t> ids = vector.at("ids").integers();
    const std::vector<int32_t> expected(ids.begin(), ids.end());
    EXPECT_EQ(tokenizer.encode(vector.at("text").text()), expected) << *line;
    EXPECT_EQ(tokenizer.decode(expected), vector.at("text").text()) << *line;
  }
  EXPECT_EQ(count, 23);
}

// Whole files, through the tokenizer as it is and as it was written in every format.
TEST_F(RealTokenizer, gpt2s_ids_of_whole_files) {
  const Tokenizer tokenizer = Tokenizer::load(folder);
  const TokenizerParts parts = read_tokenizer(folder);
  for (const TokenizerFormat format :
       {TokenizerFormat::hugging_face, TokenizerFormat::vocabulary, TokenizerFormat::gpt2})
    expect_same(through(tokenizer, format), parts);
  const Tokenizer ranks(through(tokenizer, TokenizerFormat::tiktoken));
  const Json golden =
      Json::parse(read_file(test_data() / "golden" / "gpt2-tokens.json"), "gpt2-tokens.json");
  EXPECT_EQ(golden.at("files").size(), 38u);
  for (const Json& file : golden.at("files").items()) {
    const std::string text = read_file(data / file.at("file").text());
    ASSERT_EQ(static_cast<int64_t>(text.size()), file.at("bytes").integer());
    const std::vector<int32_t> ids = tokenizer.encode(text);
    EXPECT_EQ(static_cast<int64_t>(ids.size()), file.at("tokens").integer());
    std::string bytes;
    for (const int32_t id : ids) bytes += {static_cast<char>(id), static_cast<char>(id >> 8)};
    EXPECT_EQ(sha256(bytes), file.at("sha256_of_uint16_le_ids").text()) << file.at("file").text();
    EXPECT_EQ(ranks.encode(text), ids) << file.at("file").text();
    EXPECT_EQ(tokenizer.decode(ids), text) << file.at("file").text();
  }
}

}  // namespace
}  // namespace octavo

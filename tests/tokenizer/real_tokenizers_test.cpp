// Other people's tokenizers give the ids that other people's programs give: GPT-2's, and
// StarCoder's and MPT's, whose vocabularies are taken out of llama.cpp's GGUF files.
#include <cstring>
#include <iterator>
#include <map>
#include <sstream>

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/line_reader.h"
#include "octavo/tokenizer/byte_characters.h"
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

// ---- StarCoder, MPT -----------------------------------------------------------------------------

// The lists of a GGUF file (version 3) by their keys; numbers are kept as text.
class Gguf {
 public:
  explicit Gguf(std::string file) : file_(std::move(file)) {
    at_ = 16;  // "GGUF", the version, the number of tensors
    for (auto pairs = number<uint64_t>(); pairs > 0; --pairs) {
      const std::string key = text();
      lists_[key] = values(number<uint32_t>());
    }
  }
  const std::vector<std::string>& list(const std::string& key) const { return lists_.at(key); }

 private:
  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, file_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string text() {
    const auto length = number<uint64_t>();
    at_ += length;
    return file_.substr(at_ - length, length);
  }
  std::vector<std::string> values(uint32_t type) {
    constexpr size_t kSizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    if (type == 8) return {text()};
    if (type != 9) {
      at_ += kSizes[type];
      return {file_.substr(at_ - kSizes[type], kSizes[type])};
    }
    std::vector<std::string> result;
    const auto element = number<uint32_t>();
    for (auto count = number<uint64_t>(); count > 0; --count)
      result.push_back(std::move(values(element)[0]));
    return result;
  }

  std::string file_;
  size_t at_ = 0;
  std::map<std::string, std::vector<std::string>> lists_;
};

// StarCoder's lacks bytes that no UTF-8 has; they come last.
Tokenizer tokenizer_of(const Gguf& gguf, Digits digits) {
  std::vector<std::string> names = gguf.list("tokenizer.ggml.tokens");
  const auto& types = gguf.list("tokenizer.ggml.token_type");
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name = characters_of(std::string(1, static_cast<char>(byte)));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::vector<AddedToken> added;
  std::string vocabulary = "{", merges;
  for (size_t id = 0; id < names.size(); ++id) {
    vocabulary += fmt::format("{}{}: {}", id ? ", " : "", Json(names[id]).dump(), id);
    constexpr char kNormal = 1, kControl = 3;
    if (id < types.size() && types[id][0] != kNormal)
      added.push_back({names[id], static_cast<int32_t>(id), types[id][0] == kControl});
  }
  for (const std::string& merge : gguf.list("tokenizer.ggml.merges")) merges += merge + "\n";
  TokenizerParts parts =
      parse_vocabulary_and_merges(vocabulary + "}", "vocabulary", merges, "merges", added);
  parts.digits = digits;
  return Tokenizer(std::move(parts));
}

TEST_F(RealTokenizer, the_vectors_of_starcoder_and_mpt) {
  for (const auto& [name, digits] :
       {std::pair("starcoder", Digits::single), std::pair("mpt", Digits::together)}) {
    const std::string file = fmt::format("ggml-vocab-{}.gguf", name);
    const Tokenizer first = tokenizer_of(Gguf(read_file(vectors / file)), digits);
    const Tokenizer tokenizer(through(first, TokenizerFormat::hugging_face));
    EXPECT_EQ(tokenizer.fingerprint(), first.fingerprint());
    std::istringstream ids(read_file(vectors / (file + ".out")));
    const std::string texts = read_file(vectors / (file + ".inp"));
    constexpr std::string_view kEnd = "\n__ggml_vocab_test__\n";
    int count = 0;
    for (size_t begin = 0, end; (end = texts.find(kEnd, begin)) != texts.npos; ++count) {
      const std::string text = texts.substr(begin, end - begin);
      begin = end + kEnd.size();
      std::string line;
      std::getline(ids, line);
      std::istringstream numbers(line);
      const std::vector<int32_t> expected(std::istream_iterator<int32_t>(numbers), {});
      EXPECT_EQ(tokenizer.encode(text), expected) << name << ": " << text;
      EXPECT_EQ(tokenizer.decode(expected), text);
    }
    EXPECT_EQ(count, 46);
  }
}

}  // namespace
}  // namespace octavo

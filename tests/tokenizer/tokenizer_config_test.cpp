// tokenizer_config.json: roles, frames, chat templates, there and back.
#include "octavo/tokenizer/tokenizer_config.h"

#include "octavo/base/files.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

// The learned tokenizer with "<s>" and "</s>" beside the end of text, and what the file says of it.
class TokenizerConfig : public testing::Test {
 protected:
  TokenizerConfig() {
    TokenizerParts parts = learned_parts();
    parts.added.push_back({"<s>", 263});
    parts.added.push_back({"</s>", 264});
    write_tokenizer(Tokenizer(parts), folder.path(), TokenizerFormat::hugging_face);
  }
  Tokenizer load(const std::string& config) const {
    write_file(folder / "tokenizer_config.json", config);
    return Tokenizer::load(folder.path());
  }
  void expect_refused(const std::string& config, std::string_view words) const {
    const std::string error = error_of(ErrorKind::data, [&] { load(config); });
    EXPECT_NE(error.find("tokenizer_config.json:"), std::string::npos) << error;
    EXPECT_NE(error.find(words), std::string::npos) << error << "\nlacks " << words;
  }
  // Written as it was read.
  static void expect_written(const Tokenizer& tokenizer) {
    const TemporaryFolder copy;
    tokenizer.save(copy.path());
    const Tokenizer again = Tokenizer::load(copy.path());
    EXPECT_EQ(again.roles(), tokenizer.roles());
    EXPECT_EQ(again.frame(), tokenizer.frame());
    EXPECT_TRUE(std::ranges::equal(again.chat_templates(), tokenizer.chat_templates()));
    EXPECT_EQ(again.fingerprint(), tokenizer.fingerprint());
  }
  const TemporaryFolder folder;
};

TEST_F(TokenizerConfig, roles) {
  const Tokenizer tokenizer = load(
      R"({"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "unk_token": null,
          "pad_token": "the", "model_max_length": 1024})");
  EXPECT_EQ(tokenizer.roles(), (TokenRoles{263, 264, -1, 257}));
  EXPECT_EQ(tokenizer.end_of_text(), 264);
  EXPECT_EQ(tokenizer.frame(), TextFrame{});
  expect_written(tokenizer);
  const Json written = tokenizer_config_json(tokenizer);
  EXPECT_EQ(written.at("model_max_length").integer(), 1024);
  // Without a file, by the usual names.
  EXPECT_EQ(load("{}").end_of_text(), 262);
  EXPECT_EQ(load("{}").roles(), TokenRoles{});
}

TEST_F(TokenizerConfig, tokens_that_the_vocabulary_lacks) {
  expect_refused(R"({"eos_token": "<end>"})",
                 "\"eos_token\": the vocabulary has no token \"<end>\"");
  expect_refused(R"({"bos_token": {"content": "<b>"}})", "\"bos_token\": the vocabulary has no");
  const Tokenizer tokenizer = load(R"({"unk_token": "<unk>", "pad_token": "[PAD]"})");
  EXPECT_EQ(tokenizer.roles(), TokenRoles{});
  EXPECT_EQ(tokenizer_config_json(tokenizer).at("pad_token").text(), "[PAD]");
}

TEST_F(TokenizerConfig, what_a_text_begins_and_ends_with) {
  using Ids = std::vector<int32_t>;
  const std::string names = R"("bos_token": "<s>", "eos_token": "</s>")";
  const Tokenizer both = load("{" + names + R"(, "add_bos_token": true, "add_eos_token": true})");
  EXPECT_EQ(both.frame(), (TextFrame{Ids{263}, Ids{264}}));
  expect_written(both);
  // tokenizer.json has it now: the file may take it away, and does not double it.
  both.save(folder.path());
  EXPECT_EQ(load("{" + names + "}").frame(), both.frame());
  EXPECT_EQ(load("{" + names + R"(, "add_bos_token": true})").frame(), both.frame());
  EXPECT_EQ(load("{" + names + R"(, "add_bos_token": false})").frame(), (TextFrame{{}, Ids{264}}));
  expect_refused(R"({"add_bos_token": true})", "\"add_bos_token\": the file names no token to add");
  expect_refused(R"({"bos_token": 5})", "\"bos_token\": expected a text, found 5");
  expect_refused(R"({"bos_token": "<s>", "add_bos_token": 1})", "\"add_bos_token\": expected");
  expect_refused("[]", "expected");
}

TEST_F(TokenizerConfig, chat_templates) {
  using Templates = std::vector<ChatTemplate>;
  const auto templates_of = [](const Tokenizer& tokenizer) {
    return Templates(tokenizer.chat_templates().begin(), tokenizer.chat_templates().end());
  };
  const Tokenizer one = load(R"({"chat_template": "{{ messages }}\n"})");
  EXPECT_EQ(templates_of(one), (Templates{{"default", "{{ messages }}\n"}}));
  expect_written(one);
  const Tokenizer two = load(
      R"({"chat_template": [{"name": "default", "template": "a"}, {"name": "rag", "template": "b"}]})");
  EXPECT_EQ(templates_of(two), (Templates{{"default", "a"}, {"rag", "b"}}));
  expect_written(two);
  EXPECT_EQ(templates_of(load(R"({"chat_template": null})")), Templates{});
  expect_refused(R"({"chat_template": 5})", "\"chat_template\": expected an array");
  expect_refused(R"({"chat_template": [{"name": "x"}]})", "expected the key \"template\"");
  // From elsewhere than a file.
  TokenizerParts parts = learned_parts();
  parts.chat_templates = {{"default", "x"}};
  parts.roles = {262, 262, 262, -1};
  expect_written(Tokenizer(parts));
}

// Older folders have the two lists alone, and say here which names are no text.
TEST_F(TokenizerConfig, added_tokens_of_folders_without_a_tokenizer_json) {
  std::filesystem::remove(folder / "tokenizer.json");
  const auto config = [](std::string_view id) {
    return fmt::format(
        R"({{"added_tokens_decoder": {{"262": {{"content": "<|endoftext|>", "special": true}},
           "{}": {{"content": "<s>", "special": true, "normalized": false}},
           "264": {{"content": "</s>", "special": false, "rstrip": true}}}}}})",
        id);
  };
  const Tokenizer tokenizer = load(config("263"));
  EXPECT_EQ(tokenizer.encode("a</s> <s>", SpecialTokens::recognised),
            (std::vector<int32_t>{'a', 264, 263}));
  EXPECT_EQ(tokenizer.encode("a</s> b"), (std::vector<int32_t>{'a', 264, 'b'}));
  expect_refused(config("x"), "\"x\": expected a token's id");
  const std::string error = error_of(ErrorKind::data, [&] { load(config("99")); });
  EXPECT_NE(error.find("\"<s>\" has the id 263 in the vocabulary, 99 as an added token"),
            std::string::npos)
      << error;
}

}  // namespace
}  // namespace octavo

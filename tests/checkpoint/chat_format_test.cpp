// Chat formats: the template that came with a tokenizer, and where answers end.
#include "octavo/checkpoint/chat_format.h"

#include "octavo/base/files.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

constexpr const char* kChatMl =
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// Bytes, the end of text, and ChatML's two tokens.
Tokenizer chat_tokenizer(std::vector<ChatTemplate> templates) {
  TokenizerParts parts = Tokenizer::bytes().parts();
  parts.tokens = Tokenizer::bytes().bpe().tokens();
  parts.added.push_back({"<|im_start|>", 257});
  parts.added.push_back({"<|im_end|>", 258});
  parts.chat_templates = std::move(templates);
  return Tokenizer(std::move(parts));
}

Json message(const char* role, const char* content) {
  return Json::object({{"role", role}, {"content", content}});
}

TEST(ChatFormat, messages_become_the_tokens_that_the_template_writes) {
  const Tokenizer tokenizer = chat_tokenizer({{"default", kChatMl}});
  const auto format = ChatFormat::of(tokenizer);
  ASSERT_TRUE(format.has_value());
  const Json messages = Json::array({message("user", "Hi<")});
  EXPECT_EQ(format->render(messages, AnswerPrompt::none), "<|im_start|>user\nHi<<|im_end|>\n");
  std::vector<int32_t> expected{257};
  for (const char c : std::string("user\nHi<")) expected.push_back(static_cast<uint8_t>(c));
  expected.insert(expected.end(), {258, '\n', 257});
  for (const char c : std::string("assistant\n")) expected.push_back(static_cast<uint8_t>(c));
  EXPECT_EQ(format->encode(messages), expected);
  EXPECT_EQ(format->end_of_answer(), "<|im_end|>");
}

TEST(ChatFormat, names_special_tokens_and_other_templates) {
  const Tokenizer tokenizer = chat_tokenizer(
      {{"default", "{{ eos_token }}{{ bos_token is defined }}{{ messages[0].content }}"},
       {"loud", "{{ messages[0].content | upper }}"}});
  const Json messages = Json::array({message("user", "hi")});
  EXPECT_EQ(ChatFormat::of(tokenizer)->render(messages, AnswerPrompt::added),
            "<|endoftext|>Falsehi");
  EXPECT_EQ(ChatFormat::of(tokenizer, "loud")->render(messages, AnswerPrompt::added), "HI");
  EXPECT_EQ(ChatFormat::of(tokenizer)->end_of_answer(), "");
  EXPECT_FALSE(ChatFormat::of(tokenizer, "quiet").has_value());
  EXPECT_FALSE(ChatFormat::of(Tokenizer::bytes()).has_value());
}

TEST(ChatFormat, a_template_in_a_file_of_its_own_is_the_default) {
  const TemporaryFolder folder;
  chat_tokenizer({{"default", "old"}, {"loud", "LOUD"}}).save(folder.path());
  write_file(folder / "chat_template.jinja", kChatMl);
  const Tokenizer tokenizer = Tokenizer::load(folder.path());
  EXPECT_EQ(ChatFormat::of(tokenizer)->end_of_answer(), "<|im_end|>");
  EXPECT_EQ(ChatFormat::of(tokenizer, "loud")->render(Json::array(), AnswerPrompt::none), "LOUD");
}

TEST(ChatFormat, what_is_wrong_is_said) {
  const Tokenizer tokenizer = chat_tokenizer(
      {{"default", "{% if %}"}, {"refuses", "{{ raise_exception('roles must alternate') }}"}});
  expect_contains(error_of(ErrorKind::data, [&] { ChatFormat::of(tokenizer); }), "chat template");
  const auto format = ChatFormat::of(tokenizer, "refuses");  // asked for an example, it refuses
  EXPECT_EQ(format->end_of_answer(), "");
  EXPECT_THROW(format->render(Json::array(), AnswerPrompt::added), RaisedByTemplate);
}

}  // namespace
}  // namespace octavo

#include "octavo/checkpoint/chat_format.h"

#include <algorithm>
#include <ctime>

#include "octavo/base/error.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

std::tm local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm result{};
  localtime_r(&now, &result);
  return result;
}

Json message(std::string_view role, std::string_view content) {
  return Json::object({{"role", role}, {"content", content}});
}

}  // namespace

std::optional<ChatFormat> ChatFormat::of(const Tokenizer& tokenizer, std::string_view name) {
  const auto templates = tokenizer.chat_templates();
  const auto found = std::ranges::find(templates, name, &ChatTemplate::name);
  if (found == templates.end()) return std::nullopt;
  return ChatFormat(tokenizer, found->text, "chat template");
}

ChatFormat::ChatFormat(const Tokenizer& tokenizer, std::string_view text, std::string_view source)
    : tokenizer_(tokenizer),
      template_(Template::parse(text, source)),
      end_of_answer_(find_end_of_answer()) {}

std::string ChatFormat::render(const Json& messages, AnswerPrompt prompt) const {
  Json globals = Json::object(
      {{"messages", messages}, {"add_generation_prompt", prompt == AnswerPrompt::added}});
  const TokenRoles& roles = tokenizer_.roles();
  const auto set = [&](const char* name, int32_t token) {
    if (token >= 0) globals.set(name, tokenizer_.text_of(token));
  };
  set("bos_token", roles.begin_of_text);
  set("eos_token", tokenizer_.end_of_text());
  set("unk_token", roles.unknown);
  set("pad_token", roles.padding);
  return template_.render(globals, {.now = local_time()});
}

std::vector<int32_t> ChatFormat::encode(const Json& messages) const {
  return tokenizer_.encode(render(messages, AnswerPrompt::added), SpecialTokens::recognised);
}

// From a rendering of an answer that is nowhere else in it.
std::string ChatFormat::find_end_of_answer() const {
  constexpr std::string_view kAnswer = "7c5a3e9d";
  std::string text;
  try {
    text = render(Json::array({message("user", "x"), message("assistant", kAnswer)}),
                  AnswerPrompt::none);
  } catch (const Error&) {
    return "";  // it refuses such messages; the end of text ends an answer
  }
  const size_t at = text.rfind(kAnswer);
  if (at == std::string::npos) return "";
  return std::string(trimmed(std::string_view(text).substr(at + kAnswer.size())));
}

}  // namespace octavo

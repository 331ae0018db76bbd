// The chat format that came with a model: its template, and the tokens that the template names.
//
// A tokenizer carries the template's text (from chat_template.jinja, tokenizer_config.json or
// GGUF); here it is parsed, which nobody but who chats has to do, and given what transformers gives
// it: messages, the special tokens by name, and whether the answer is to begin. What it writes is
// the whole text, its beginning included. Tested by tests/checkpoint/chat_format_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "octavo/template/template.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

enum class AnswerPrompt { none, added };

class ChatFormat {
 public:
  /// The tokenizer's template of this name, if it has one. Throws `data` if it cannot be parsed.
  static std::optional<ChatFormat> of(const Tokenizer& tokenizer,
                                      std::string_view name = "default");
  /// From the text of a template; `source` names it in messages.
  ChatFormat(const Tokenizer& tokenizer, std::string_view text, std::string_view source);

  /// `messages`: [{"role": "user", "content": "…"}, …]. Throws `data`; RaisedByTemplate where the
  /// template refuses them.
  std::string render(const Json& messages, AnswerPrompt prompt) const;
  /// The same as tokens. Special tokens are recognised, those that a message spells out too, as in
  /// transformers.
  std::vector<int32_t> encode(const Json& messages) const;
  /// What the template writes behind an answer ("<|im_end|>"): where one ends. May be empty.
  const std::string& end_of_answer() const { return end_of_answer_; }

 private:
  std::string find_end_of_answer() const;

  Tokenizer tokenizer_;
  Template template_;
  std::string end_of_answer_;
};

}  // namespace octavo

#include "octavo/cli/conversation.h"

namespace octavo {

bool Conversation::undo() {
  if (turns_.empty()) return false;
  turns_.pop_back();
  return true;
}

std::vector<std::string> Conversation::stops() const {
  if (style_.format) {
    const std::string& end = style_.format->end_of_answer();
    return end.empty() ? std::vector<std::string>() : std::vector{end};
  }
  if (style_.plain) return {"\n\n"};
  return {"\n\n", "\n" + style_.user + ":"};
}

Json Conversation::messages_from(size_t first) const {
  Json messages = Json::array();
  const auto add = [&](const char* role, const std::string& content) {
    messages.append(Json::object({{"role", role}, {"content", content}}));
  };
  if (!system_.empty()) add("system", system_);
  for (size_t i = first; i < turns_.size(); ++i) {
    add("user", turns_[i].said);
    if (i + 1 < turns_.size() || !turns_[i].answer.empty()) add("assistant", turns_[i].answer);
  }
  return messages;
}

std::string Conversation::text_from(size_t first) const {
  if (style_.format) return style_.format->render(messages_from(first), AnswerPrompt::none);
  std::string text = system_;
  const auto begin_line = [&] {
    if (!text.empty() && text.back() != '\n') text += '\n';
  };
  for (size_t i = first; i < turns_.size(); ++i) {
    const Turn& turn = turns_[i];
    begin_line();
    if (style_.plain) {
      // Nothing said asks for more: where an answer ends at a blank line, there stands one.
      if (turn.said.empty() && !text.empty()) text += '\n';
      text += turn.said + turn.answer;
    } else {
      text += style_.user + ": " + turn.said + "\n" + style_.bot + ":" + turn.answer;
    }
  }
  return text;
}

Conversation::Prompt Conversation::prompt(const Tokenizer& tokenizer, int64_t room) const {
  Prompt prompt;
  for (size_t first = 0;; ++first) {
    prompt = {{}, first};
    if (style_.format) {
      prompt.tokens = style_.format->encode(messages_from(first));
    } else {
      prompt.tokens = tokenizer.frame().before;
      if (prompt.tokens.empty() && tokenizer.end_of_text() >= 0)
        prompt.tokens.push_back(tokenizer.end_of_text());
      tokenizer.encode_into(text_from(first), prompt.tokens);
    }
    if (static_cast<int64_t>(prompt.tokens.size()) <= room || first + 1 >= turns_.size())
      return prompt;
  }
}

}  // namespace octavo

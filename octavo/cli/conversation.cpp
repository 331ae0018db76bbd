#include "octavo/cli/conversation.h"

namespace octavo {

bool Conversation::undo() {
  if (turns_.empty()) return false;
  turns_.pop_back();
  return true;
}

std::vector<std::string> Conversation::stops() const {
  if (style_.plain) return {"\n\n"};
  return {"\n\n", "\n" + style_.user + ":"};
}

std::string Conversation::text_from(size_t first) const {
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
    if (tokenizer.end_of_text() >= 0) prompt.tokens.push_back(tokenizer.end_of_text());
    tokenizer.encode_into(text_from(first), prompt.tokens);
    if (static_cast<int64_t>(prompt.tokens.size()) <= room || first + 1 >= turns_.size())
      return prompt;
  }
}

}  // namespace octavo

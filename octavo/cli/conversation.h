// Conversation: what a chat with a model that only completes texts consists of.
//
// Such a model knows no roles; it goes on with the transcript as it stands:
//
//     You: Who are you?
//     Bot: A book.
//     You: …
//
// or, in the plain style, with nothing but what was typed and written so far. One that was trained
// to chat has a template instead, which says how its turns are written. When the context is full,
// whole turns are forgotten from the front.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "octavo/checkpoint/chat_format.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

struct ConversationStyle {
  std::string user = "You", bot = "Bot";
  bool plain = false;                  ///< no names: the text is continued
  std::optional<ChatFormat> format{};  ///< the model's own, in place of names
};

class Conversation {
 public:
  explicit Conversation(ConversationStyle style) : style_(std::move(style)) {}

  /// A text that stands before everything and is never forgotten.
  void set_system(std::string text) { system_ = std::move(text); }
  /// Begins a turn.
  void say(std::string text) { turns_.push_back({std::move(text), {}}); }
  /// What the model wrote in the last turn, as it wrote it.
  void answer(std::string text) { turns_.back().answer = std::move(text); }
  /// Forgets the last turn; false if there is none.
  bool undo();
  void clear() { turns_.clear(); }

  size_t turns() const { return turns_.size(); }
  const std::string& last_said() const { return turns_.back().said; }
  /// What ends an answer.
  std::vector<std::string> stops() const;

  /// The whole transcript.
  std::string text() const { return text_from(0); }

  struct Prompt {
    std::vector<int32_t> tokens;  ///< begins after the end of another text, as in training
    size_t forgotten = 0;         ///< turns that did not fit
  };
  /// What is to be continued, in at most `room` tokens if the last turn alone fits them.
  Prompt prompt(const Tokenizer& tokenizer, int64_t room) const;

 private:
  struct Turn {
    std::string said, answer;
  };
  std::string text_from(size_t first) const;
  Json messages_from(size_t first) const;

  ConversationStyle style_;
  std::string system_;
  std::vector<Turn> turns_;
};

}  // namespace octavo

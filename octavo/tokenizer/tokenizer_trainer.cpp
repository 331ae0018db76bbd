#include "octavo/tokenizer/tokenizer_trainer.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/byte_characters.h"
#include "octavo/tokenizer/merge_learner.h"
#include "octavo/tokenizer/vocabulary_reader.h"

namespace octavo {
namespace {

// Files have them twice: in the vocabulary, and where they say what is added.
size_t written(const std::vector<std::string>& special) {
  size_t characters = 0;
  for (const std::string& text : special) characters += 2 * text.size();
  return characters;
}

TokenizerTrainingOptions checked(TokenizerTrainingOptions options) {
  const auto special = static_cast<int64_t>(options.special.size());
  const auto most = static_cast<int64_t>(TokenTable::kMaximumSize);
  require(
      ErrorKind::usage, options.vocabulary > 256 + special && options.vocabulary <= most,
      "a vocabulary of {} to {} tokens was expected (256 bytes, {}, at least one merge), not {}",
      257 + special, most, counted(special, "special token"), options.vocabulary);
  for (auto one = options.special.begin(); one != options.special.end(); ++one) {
    const std::string name = in_quotes(*one);
    require(ErrorKind::usage, !one->empty() && is_utf8(*one),
            "a special token (--special) was expected, found {}", name);
    require(ErrorKind::usage, std::find(options.special.begin(), one, *one) == one,
            "the special token {} (--special) is there twice", name);
    const auto bytes = bytes_of(*one);
    require(ErrorKind::usage, one->size() > 1 && (!bytes || bytes->size() > 1),
            "the special token {} (--special) is one byte, or written like one: expected a longer "
            "text",
            name);
  }
  require(ErrorKind::usage,
          options.special.size() <= VocabularyReader::kMaximumAdded &&
              written(options.special) <= TokenTable::kMaximumCharacters / 2,
          "special tokens (--special) of at most {} together were expected, {} at most",
          human_bytes(TokenTable::kMaximumCharacters / 4), VocabularyReader::kMaximumAdded);
  return options;
}

CountingOptions counting_options(const TokenizerTrainingOptions& options) {
  return {.split = options.split,
          .special = options.special,
          .memory = options.memory / 2,  // the other half is for sorting and for the learner
          .scratch = options.scratch};
}

}  // namespace

TokenizerTrainer::TokenizerTrainer(TokenizerTrainingOptions options)
    : options_(checked(std::move(options))), counter_(counting_options(options_)) {}

void TokenizerTrainer::add(std::string_view document) {
  ++documents_;
  add_window(document);
}

void TokenizerTrainer::add_window(std::string_view text) {
  text_bytes_ += static_cast<int64_t>(text.size());
  broken_bytes_ += bytes_not_utf8(text);
  counter_.add(text);
}

TrainedTokenizer TokenizerTrainer::finish(const std::function<void(int64_t)>& progress) {
  const int64_t runs = counter_.runs();
  const PieceCounts pieces = counter_.finish(
      [&](const PieceCounts& so_far) { require_memory_to_learn(so_far, options_.memory); });
  require(pieces.size() > 0, "[tokenizer] no text to learn from in {}",
          counted(documents_, "document"));
  const auto special = static_cast<int32_t>(options_.special.size());
  const auto plain = static_cast<int32_t>(options_.vocabulary) - special;
  LearnedMerges learned =
      learn_merges(pieces, plain, progress,
                   {.memory = options_.memory,
                    .characters = TokenTable::kMaximumCharacters - written(options_.special)});
  const auto size = static_cast<int32_t>(learned.tokens.size());
  require(size == plain,
          "[tokenizer] the text supports a vocabulary of {} tokens, {} were asked: give more text, "
          "or ask for fewer",
          size + special, options_.vocabulary);

  learned.tokens.index();
  TokenizerParts parts{.tokens = std::move(learned.tokens),
                       .merges = std::move(learned.merges),
                       .rules = {.split = options_.split}};
  for (int32_t i = 0; i < special; ++i) {
    const std::string& text = options_.special[static_cast<size_t>(i)];
    const auto bytes = bytes_of(text);
    require(ErrorKind::usage, !bytes || parts.tokens.find(*bytes) < 0,
            "the special token {} (--special) is written like an ordinary one of this text",
            in_quotes(text));
    parts.added.push_back({text, size + i});
  }
  return {Tokenizer(std::move(parts)),         documents_, text_bytes_, broken_bytes_,
          static_cast<int64_t>(pieces.size()), runs};
}

}  // namespace octavo

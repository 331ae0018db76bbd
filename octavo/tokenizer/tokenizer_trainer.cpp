#include "octavo/tokenizer/tokenizer_trainer.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/merge_learner.h"

namespace octavo {
namespace {

TokenizerTrainingOptions checked(TokenizerTrainingOptions options) {
  const auto special = static_cast<int64_t>(options.special.size());
  const auto most = static_cast<int64_t>(TokenTable::kMaximumSize);
  require(
      ErrorKind::usage, options.vocabulary > 256 + special && options.vocabulary <= most,
      "a vocabulary of {} to {} tokens was expected (256 bytes, {}, at least one merge), not {}",
      257 + special, most, counted(special, "special token"), options.vocabulary);
  for (auto one = options.special.begin(); one != options.special.end(); ++one) {
    require(ErrorKind::usage, !one->empty() && is_utf8(*one),
            "a special token was expected, found \"{}\"", repair_utf8(*one));
    require(ErrorKind::usage, std::find(options.special.begin(), one, *one) == one,
            "the special token \"{}\" is there twice", *one);
  }
  return options;
}

CountingOptions counting_options(const TokenizerTrainingOptions& options) {
  return {.digits = options.digits,
          .special = options.special,
          .memory = options.memory / 2,  // the other half is for sorting and for the learner
          .scratch = options.scratch};
}

}  // namespace

TokenizerTrainer::TokenizerTrainer(TokenizerTrainingOptions options)
    : options_(checked(std::move(options))), counter_(counting_options(options_)) {}

void TokenizerTrainer::add(std::string_view document) {
  ++documents_;
  text_bytes_ += static_cast<int64_t>(document.size());
  broken_bytes_ += bytes_not_utf8(document);
  counter_.add(document);
}

TrainedTokenizer TokenizerTrainer::finish(const std::function<void(int64_t)>& progress) {
  const int64_t runs = counter_.runs();
  const PieceCounts pieces = counter_.finish();
  require(pieces.size() > 0, "[tokenizer] no text to learn from in {}",
          counted(documents_, "document"));
  require(
      memory_to_learn(pieces) <= options_.memory,
      "[tokenizer] {} distinct pieces of text take {} to learn from, {} were allowed: give more "
      "memory or less text",
      pieces.size(), human_bytes(static_cast<double>(memory_to_learn(pieces))),
      human_bytes(static_cast<double>(options_.memory)));
  const auto special = static_cast<int32_t>(options_.special.size());
  const auto plain = static_cast<int32_t>(options_.vocabulary) - special;
  LearnedMerges learned = learn_merges(pieces, plain, progress);
  const auto size = static_cast<int32_t>(learned.tokens.size());
  require(size == plain,
          "[tokenizer] the text supports a vocabulary of {} tokens, {} were asked: give more text, "
          "or ask for fewer",
          size + special, options_.vocabulary);

  learned.tokens.index();
  TokenizerParts parts{.tokens = std::move(learned.tokens),
                       .merges = std::move(learned.merges),
                       .digits = options_.digits};
  for (int32_t i = 0; i < special; ++i) {
    const std::string& text = options_.special[static_cast<size_t>(i)];
    require(ErrorKind::usage, parts.tokens.find(text) < 0,
            "the special token \"{}\" is an ordinary one of this text too", text);
    parts.added.push_back({text, size + i});
  }
  return {Tokenizer(std::move(parts)),         documents_, text_bytes_, broken_bytes_,
          static_cast<int64_t>(pieces.size()), runs};
}

}  // namespace octavo

// Generator: continues prompts, several sequences at once, with caches of keys and values.
//
// Each prompt is read once; its samples start from copies of that cache, as places come free. A
// forward pass takes one row of every text that is being written and, beside them, the rows of
// prompts that wait for a place, many short ones at once. Given continuations are weighed on the
// same cache, so that a question with ten choices and a free answer reads its prompt once. Rows do
// not touch each other, so a continuation is a function of its prompt, options and sample number.
// Tested by tests/generate/generator_test.cpp and weighed_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/generate/sampler.h"
#include "octavo/generate/token_score.h"
#include "octavo/model/gpt.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

enum class EndOfText {
  stops,      ///< the token ends the text and is not part of it
  continues,  ///< it is a token like others
};

enum class FullContext {
  ends,    ///< the text, with FinishReason::context_full
  slides,  ///< the last half of a context becomes the prompt of what follows (of a long prompt too)
};

struct GenerationRequest {
  std::vector<int32_t> prompt;  ///< not empty
  SamplingOptions sampling;
  int64_t max_tokens = 256;       ///< at most
  int64_t samples = 1;            ///< 0: nothing is written, only weighed
  std::vector<std::string> stop;  ///< needs a tokenizer
  EndOfText end_of_text = EndOfText::stops;
  FullContext full_context = FullContext::ends;
  /// Ways in which the prompt may go on, to be scored; none empty. Each must fit the context with
  /// the prompt (but for its last token, which is only predicted).
  std::vector<std::vector<int32_t>> weighed{};
};

enum class FinishReason { end_of_text, stop_string, max_tokens, context_full };
std::string_view name_of(FinishReason reason);  ///< "end_of_text", …

struct Continuation {
  /// Without the prompt, the final end of text, and the tokens that a stop string is in.
  std::vector<int32_t> tokens;
  std::string text;  ///< cut before a stop string; empty without a tokenizer
  FinishReason finish = FinishReason::max_tokens;
};

/// News of one sample: a token was drawn (it may turn out to be of a stop string), and this text
/// may be shown (whole characters, perhaps none). After its last token comes one more piece, with
/// the text that was held back and the reason.
struct GeneratedPiece {
  size_t request, sample;
  int32_t token;  ///< −1 in the last piece
  std::string_view text;
  std::optional<FinishReason> finish;  ///< in the last piece
};

struct GenerationSpeed {
  int64_t prompt_tokens = 0;   ///< prefilled or weighed; a prompt counts once
  int64_t decoded_tokens = 0;  ///< computed one at a time
  double prefill_seconds = 0, decode_seconds = 0;

  double prefill_rate() const { return rate(prompt_tokens, prefill_seconds); }  ///< tokens/s
  double decode_rate() const { return rate(decoded_tokens, decode_seconds); }

 private:
  static double rate(int64_t tokens, double seconds) {
    return seconds > 0 ? static_cast<double>(tokens) / seconds : 0;
  }
};

struct GenerationResult {
  std::vector<std::vector<Continuation>> continuations;  ///< [request][sample]
  std::vector<ContinuationScores> weighed;               ///< [request][continuation][token]
  GenerationSpeed speed;
};

/// Bounds on memory; no text depends on them.
struct GeneratorOptions {
  int64_t streams = 64;                    ///< texts written together, at most
  int64_t cache_bytes = int64_t{4} << 30;  ///< of their caches together, where there are several
};

class Generator {
 public:
  using OnPiece = std::function<void(const GeneratedPiece&)>;

  /// `tokenizer` may be null: tokens in, tokens out. Both must outlive the generator.
  explicit Generator(const GPT& model, const Tokenizer* tokenizer = nullptr,
                     const GeneratorOptions& options = {});

  /// Throws `usage` on options or a prompt that cannot be (empty, longer than a context that does
  /// not slide, a token outside the vocabulary), before anything is computed. An exception from
  /// `on_piece` ends all.
  GenerationResult generate(std::span<const GenerationRequest> requests,
                            const OnPiece& on_piece = {}) const;

  /// The prompt's tokens; of an empty text the end-of-text token, which every text begins after.
  std::vector<int32_t> encode_prompt(std::string_view text) const;

 private:
  struct Stream;
  struct Prompt;
  struct Step;
  class Run;
  void check(const GenerationRequest& request) const;
  void check_weighed(const GenerationRequest& request) const;

  const GPT& model_;
  const Tokenizer* tokenizer_;
  GeneratorOptions options_;
  int64_t vocabulary_;         // tokens that may be drawn
  std::vector<int32_t> ends_;  // tokens that end a text
};

}  // namespace octavo

#include "octavo/generate/generator.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>

#include "octavo/base/error.h"
#include "octavo/generate/stop_strings.h"

namespace octavo {
namespace {

// Rows of prompts computed together: enough for full speed, and a bound on activations.
constexpr size_t kPrefillRows = 1024;

class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds) {}
  ~Stopwatch() {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// How many of the tokens lie wholly in the first `bytes` bytes of their text: until they would, by
/// themselves, be a longer one.
size_t tokens_within(const Tokenizer& tokenizer, std::span<const int32_t> tokens, size_t bytes) {
  StreamDecoder decoder(tokenizer);
  size_t text = 0, within = 0;
  for (size_t i = 0; i < tokens.size() && text <= bytes; ++i) {
    text += decoder.push(tokens[i]).size();
    if (text + StreamDecoder(decoder).finish().size() <= bytes) within = i + 1;
  }
  return within;
}

}  // namespace

std::string_view name_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::end_of_text:
      return "end_of_text";
    case FinishReason::stop_string:
      return "stop_string";
    case FinishReason::max_tokens:
      return "max_tokens";
    case FinishReason::context_full:
      return "context_full";
  }
  return "";
}

Generator::Generator(const GPT& model, const Tokenizer* tokenizer, const GeneratorOptions& options)
    : model_(model),
      tokenizer_(tokenizer),
      options_(options),
      vocabulary_(model.config().vocabulary),
      end_of_text_(model.config().end_of_text) {
  require(ErrorKind::usage, options.streams >= 1, "[generate] {} texts at a time cannot be",
          options.streams);
  if (!tokenizer) return;
  vocabulary_ = std::min<int64_t>(vocabulary_, tokenizer->vocabulary_size());
  end_of_text_ = tokenizer->end_of_text();
}

std::vector<int32_t> Generator::encode_prompt(std::string_view text) const {
  require(ErrorKind::usage, tokenizer_, "[generate] a text needs a tokenizer, the model has none");
  if (text.empty()) return {tokenizer_->end_of_text()};
  return tokenizer_->encode(text);
}

void Generator::check(const GenerationRequest& request) const {
  constexpr auto kUsage = ErrorKind::usage;
  const int64_t context = model_.config().context;
  request.sampling.validate();
  require(kUsage, request.max_tokens >= 1, "[generate] at least one token, found {}",
          request.max_tokens);
  require(kUsage, request.samples >= 1, "[generate] at least one sample, found {}",
          request.samples);
  require(kUsage, request.stop.empty() || tokenizer_,
          "[generate] stop strings need a tokenizer, the model has none");
  StopStrings(request.stop);  // throws on an empty one
  require(kUsage, !request.prompt.empty(), "[generate] the prompt is empty");
  require(kUsage,
          static_cast<int64_t>(request.prompt.size()) <= context ||
              request.full_context == FullContext::slides,
          "[generate] the prompt has {} tokens, the model's context is {}: shorten it, or let the "
          "context slide (--slide) and the model see its end",
          request.prompt.size(), context);
  for (const int32_t token : request.prompt)
    require(kUsage, token >= 0 && token < model_.config().vocabulary,
            "[generate] token {} of the prompt is outside the vocabulary of {}", token,
            model_.config().vocabulary);
}

/// One sample on its way.
struct Generator::Stream {
  const GenerationRequest& request;
  size_t request_number, sample;
  KeyValueCaches caches;      // of everything but the last token
  std::vector<int32_t> text;  // prompt and continuation
  StopStrings stops;
  std::optional<StreamDecoder> decoder;
};

/// A prompt whose samples are not all begun.
struct Generator::Prompt {
  size_t request_number;
  KeyValueCaches caches;
  std::span<const int32_t> unread;
  Tensor logits{};    // [1, V] after its last token, once it is read
  size_t sample = 0;  // the next to begin
};

/// One call of generate.
class Generator::Run {
 public:
  Run(const Generator& generator, std::span<const GenerationRequest> requests,
      const OnPiece& on_piece)
      : generator_(generator), model_(generator.model_), requests_(requests), on_piece_(on_piece) {}

  GenerationResult run() {
    for (const GenerationRequest& request : requests_)
      result_.continuations.emplace_back(static_cast<size_t>(request.samples));
    while (next_request_ < requests_.size() || !prompts_.empty() || !streams_.empty()) {
      take_prompts();
      step();
      begin_samples();
    }
    return std::move(result_);
  }

 private:
  /// As many prompts as there are places for, so that short ones are read together.
  void take_prompts() {
    for (; next_request_ < requests_.size(); ++next_request_) {
      const GenerationRequest& request = requests_[next_request_];
      const int64_t context = model_.config().context;
      std::span<const int32_t> rows = request.prompt;
      if (static_cast<int64_t>(rows.size()) > context) rows = rows.last(kept_of_a_full_context());
      const int64_t longest =
          static_cast<int64_t>(rows.size()) + std::min(request.max_tokens, context) - 1;
      const int64_t capacity = std::min(context, longest);
      if (!has_room(streams_.size() + prompts_.size(), capacity)) return;
      prompts_.push_back(
          {next_request_, KeyValueCaches(model_.config(), model_.precision(), capacity), rows});
    }
  }

  /// Whether there may be one more cache beside those of `taken` places.
  bool has_room(size_t taken, int64_t capacity) const {
    if (taken == 0) return true;
    if (static_cast<int64_t>(taken) >= generator_.options_.streams) return false;
    const auto bytes = [&](int64_t positions) {
      return KeyValueCaches::bytes(model_.config(), model_.precision(), positions);
    };
    int64_t all = bytes(capacity);
    for (const Prompt& prompt : prompts_) all += bytes(prompt.caches.capacity());
    for (const auto& stream : streams_) all += bytes(stream->caches.capacity());
    return all <= generator_.options_.cache_bytes;
  }

  /// Begins samples of the prompts that are read, in order, and draws their first tokens.
  void begin_samples() {
    while (!prompts_.empty() && prompts_.front().unread.empty()) {
      Prompt& prompt = prompts_.front();
      const GenerationRequest& request = requests_[prompt.request_number];
      const bool is_last = prompt.sample + 1 == static_cast<size_t>(request.samples);
      const bool has_place = static_cast<int64_t>(streams_.size()) < generator_.options_.streams;
      if (is_last ? !has_place : !has_room(streams_.size(), prompt.caches.capacity())) return;
      const Tensor logits = prompt.logits;
      auto stream = std::make_unique<Stream>(
          Stream{request,
                 prompt.request_number,
                 prompt.sample++,
                 is_last ? std::move(prompt.caches) : prompt.caches.clone(),
                 request.prompt,
                 StopStrings(request.stop),
                 {}});
      if (is_last) prompts_.pop_front();
      if (generator_.tokenizer_) stream->decoder.emplace(*generator_.tokenizer_);
      if (draw(*stream, logits.as<float>())) streams_.push_back(std::move(stream));
    }
  }

  size_t kept_of_a_full_context() const {
    return static_cast<size_t>(std::max<int64_t>(model_.config().context / 2, 1));
  }

  /// Makes room in a full context: its last half stays, the last token still to be decoded.
  void slide(Stream& stream) {
    const Stopwatch watch(result_.speed.prefill_seconds);
    const size_t kept = kept_of_a_full_context();
    stream.caches.truncate(0);
    auto rows = std::span<const int32_t>(stream.text).last(kept).first(kept - 1);
    result_.speed.prompt_tokens += static_cast<int64_t>(rows.size());
    for (Tape tape(Recording::off); !rows.empty();) {
      const size_t count = std::min(rows.size(), kPrefillRows);
      model_.hidden(tape, Batch::of_sequence(rows.first(count), &stream.caches));
      rows = rows.subspan(count);
    }
  }

  /// One forward pass: one more token for every stream, and as many rows of prompts as may be read
  /// together.
  void step() {
    for (const auto& stream : streams_)
      if (stream->caches.length() == model_.config().context) slide(*stream);
    std::vector<std::span<const int32_t>> rows;
    std::vector<KeyValueCaches*> caches;
    for (const auto& stream : streams_) {
      rows.push_back(std::span(stream->text).last(1));
      caches.push_back(&stream->caches);
    }
    size_t prompt_rows = 0;
    for (Prompt& prompt : prompts_) {
      const size_t count = std::min(prompt.unread.size(), kPrefillRows - prompt_rows);
      if (count == 0) continue;
      rows.push_back(prompt.unread.first(count));
      caches.push_back(&prompt.caches);
      prompt_rows += count;
    }
    const Tensor logits = forward(rows, caches, prompt_rows);  // [sequences, V]
    int64_t row = 0;
    std::erase_if(streams_, [&](const std::unique_ptr<Stream>& stream) {
      return !draw(*stream, logits.slice(row++, 1).as<float>());
    });
    for (Prompt& prompt : prompts_) {
      if (prompt.unread.empty() || row == logits.rows()) continue;
      prompt.unread = prompt.unread.subspan(rows[static_cast<size_t>(row)].size());
      prompt.logits = logits.slice(row++, 1);
    }
  }

  /// The logits after each sequence; the time goes to reading and writing by their rows.
  Tensor forward(const std::vector<std::span<const int32_t>>& rows,
                 const std::vector<KeyValueCaches*>& caches, size_t prompt_rows) {
    double seconds = 0;
    const Tensor logits = [&] {
      const Stopwatch watch(seconds);
      Tape tape(Recording::off);
      const Batch batch = Batch::of_sequences(rows, caches);
      return model_.logits(last_rows(model_.hidden(tape, batch).data(), batch));
    }();
    GenerationSpeed& speed = result_.speed;
    const double all = static_cast<double>(streams_.size() + prompt_rows);
    const double reading = static_cast<double>(prompt_rows) / all;
    speed.prompt_tokens += static_cast<int64_t>(prompt_rows);
    speed.decoded_tokens += static_cast<int64_t>(streams_.size());
    speed.prefill_seconds += seconds * reading;
    speed.decode_seconds += seconds * (1 - reading);
    return logits;
  }

  /// Draws a token; false if the stream has ended.
  bool draw(Stream& stream, std::span<const float> logits) {
    const GenerationRequest& request = stream.request;
    const int32_t token =
        sample_token(logits.first(static_cast<size_t>(generator_.vocabulary_)), stream.text,
                     request.sampling, static_cast<uint32_t>(stream.sample));
    if (token == generator_.end_of_text_ && request.end_of_text == EndOfText::stops)
      return finish(stream, FinishReason::end_of_text);

    Continuation& continuation = continuation_of(stream);
    continuation.tokens.push_back(token);
    stream.text.push_back(token);
    if (stream.decoder)
      show(stream, token, stream.stops.push(stream.decoder->push(token)));
    else
      show(stream, token, "");

    if (stream.stops.met()) return finish(stream, FinishReason::stop_string);
    if (static_cast<int64_t>(continuation.tokens.size()) == request.max_tokens)
      return finish(stream, FinishReason::max_tokens);
    if (request.full_context == FullContext::ends &&
        static_cast<int64_t>(stream.text.size()) > model_.config().context)
      return finish(stream, FinishReason::context_full);
    return true;
  }

  bool finish(Stream& stream, FinishReason reason) {
    std::string rest;
    if (stream.decoder) rest = stream.stops.push(stream.decoder->finish());
    rest += stream.stops.finish();
    if (stream.stops.met()) reason = FinishReason::stop_string;
    Continuation& continuation = continuation_of(stream);
    continuation.finish = reason;
    show(stream, -1, rest, reason);
    if (stream.stops.met())
      continuation.tokens.resize(
          tokens_within(*generator_.tokenizer_, continuation.tokens, continuation.text.size()));
    return false;
  }

  void show(const Stream& stream, int32_t token, std::string_view text,
            std::optional<FinishReason> reason = {}) {
    continuation_of(stream).text += text;
    if (on_piece_) on_piece_({stream.request_number, stream.sample, token, text, reason});
  }

  Continuation& continuation_of(const Stream& stream) {
    return result_.continuations[stream.request_number][stream.sample];
  }

  const Generator& generator_;
  const GPT& model_;
  std::span<const GenerationRequest> requests_;
  const OnPiece& on_piece_;
  size_t next_request_ = 0;
  std::deque<Prompt> prompts_;
  std::vector<std::unique_ptr<Stream>> streams_;
  GenerationResult result_;
};

GenerationResult Generator::generate(std::span<const GenerationRequest> requests,
                                     const OnPiece& on_piece) const {
  for (const GenerationRequest& request : requests) check(request);
  return Run(*this, requests, on_piece).run();
}

}  // namespace octavo

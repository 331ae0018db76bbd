#include "octavo/generate/generator.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "octavo/base/error.h"
#include "octavo/generate/stop_strings.h"

namespace octavo {
namespace {

// Rows of a prompt computed together: enough for full speed, and a bound on activations.
constexpr size_t kPrefillRows = 1024;
// Samples decoded together; more requests wait until some of these have ended.
constexpr size_t kStreams = 64;

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

Generator::Generator(const GPT& model, const Tokenizer* tokenizer)
    : model_(model),
      tokenizer_(tokenizer),
      vocabulary_(model.config().vocabulary),
      end_of_text_(model.config().end_of_text) {
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
  require(kUsage, static_cast<int64_t>(request.prompt.size()) <= context,
          "[generate] the prompt has {} tokens, the model's context is {}", request.prompt.size(),
          context);
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

/// One call of generate.
class Generator::Run {
 public:
  Run(const Generator& generator, std::span<const GenerationRequest> requests,
      const OnPiece& on_piece)
      : generator_(generator), model_(generator.model_), requests_(requests), on_piece_(on_piece) {}

  GenerationResult run() {
    for (const GenerationRequest& request : requests_)
      result_.continuations.emplace_back(static_cast<size_t>(request.samples));
    for (size_t next = 0; next < requests_.size() || !streams_.empty();) {
      while (next < requests_.size() && streams_.size() < kStreams) begin(next++);
      if (!streams_.empty()) decode();
    }
    return std::move(result_);
  }

 private:
  /// Prefills a request's prompt and draws the first token of each of its samples.
  void begin(size_t number) {
    const GenerationRequest& request = requests_[number];
    const auto prompt = static_cast<int64_t>(request.prompt.size());
    const int64_t longest = prompt + std::min(request.max_tokens, model_.config().context) - 1;
    KeyValueCaches caches(model_.config(), model_.precision(),
                          std::min(model_.config().context, longest));
    const Tensor logits = prefill(request.prompt, caches);  // [1, V]
    for (size_t sample = 0; sample < static_cast<size_t>(request.samples); ++sample) {
      const bool is_last = sample + 1 == static_cast<size_t>(request.samples);
      auto stream = std::make_unique<Stream>(Stream{request,
                                                    number,
                                                    sample,
                                                    is_last ? std::move(caches) : caches.clone(),
                                                    request.prompt,
                                                    StopStrings(request.stop),
                                                    {}});
      if (generator_.tokenizer_) stream->decoder.emplace(*generator_.tokenizer_);
      if (draw(*stream, logits.as<float>())) streams_.push_back(std::move(stream));
    }
  }

  Tensor prefill(std::span<const int32_t> prompt, KeyValueCaches& caches) {
    const Stopwatch watch(result_.speed.prefill_seconds);
    result_.speed.prompt_tokens += static_cast<int64_t>(prompt.size());
    Tape tape(Recording::off);
    Tensor last;  // [1, C]
    for (size_t first = 0; first < prompt.size(); first += kPrefillRows) {
      const auto rows = prompt.subspan(first, std::min(kPrefillRows, prompt.size() - first));
      const Batch batch = Batch::of_sequence(rows, &caches);
      last = last_rows(model_.hidden(tape, batch).data(), batch);
    }
    return model_.logits(last);
  }

  /// Makes room in a full context: its last half stays, the last token still to be decoded.
  void slide(Stream& stream) {
    const int64_t kept = std::max<int64_t>(model_.config().context / 2, 1);
    stream.caches.truncate(0);
    const auto rows =
        std::span(stream.text).last(static_cast<size_t>(kept)).first(static_cast<size_t>(kept - 1));
    if (!rows.empty()) prefill(rows, stream.caches);
  }

  /// One more token for every stream.
  void decode() {
    for (const auto& stream : streams_)
      if (stream->caches.length() == model_.config().context) slide(*stream);
    const Stopwatch watch(result_.speed.decode_seconds);
    result_.speed.decoded_tokens += static_cast<int64_t>(streams_.size());
    std::vector<std::span<const int32_t>> tokens;
    std::vector<KeyValueCaches*> caches;
    for (const auto& stream : streams_) {
      tokens.push_back(std::span(stream->text).last(1));
      caches.push_back(&stream->caches);
    }
    Tape tape(Recording::off);
    const Tensor hidden = model_.hidden(tape, Batch::of_sequences(tokens, caches)).data();
    const Tensor logits = model_.logits(hidden);  // [streams, V]
    int64_t row = 0;
    std::erase_if(streams_, [&](const std::unique_ptr<Stream>& stream) {
      return !draw(*stream, logits.slice(row++, 1).as<float>());
    });
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
    continuation_of(stream).finish = reason;
    std::string rest;
    if (stream.decoder) rest = stream.stops.push(stream.decoder->finish());
    rest += stream.stops.finish();
    show(stream, -1, rest, reason);
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
  std::vector<std::unique_ptr<Stream>> streams_;
  GenerationResult result_;
};

GenerationResult Generator::generate(std::span<const GenerationRequest> requests,
                                     const OnPiece& on_piece) const {
  for (const GenerationRequest& request : requests) check(request);
  return Run(*this, requests, on_piece).run();
}

}  // namespace octavo

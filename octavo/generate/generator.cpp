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
// Samples decoded together; more of them wait until some of these have ended.
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

/// A prompt that has been read and whose samples are not all begun.
struct Generator::Prompt {
  size_t request_number;
  KeyValueCaches caches;
  Tensor logits;      // [1, V] after its last token
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
    const auto more = [&] { return prompt_ || next_request_ < requests_.size(); };
    while (more() || !streams_.empty()) {
      while (more() && streams_.size() < kStreams) begin();
      if (!streams_.empty()) decode();
    }
    return std::move(result_);
  }

 private:
  /// Begins the next sample and draws its first token. A request's first one prefills the prompt.
  void begin() {
    if (!prompt_) read_prompt(next_request_++);
    const size_t number = prompt_->request_number, sample = prompt_->sample++;
    const GenerationRequest& request = requests_[number];
    const bool is_last = prompt_->sample == static_cast<size_t>(request.samples);
    const Tensor logits = prompt_->logits;
    auto stream = std::make_unique<Stream>(
        Stream{request,
               number,
               sample,
               is_last ? std::move(prompt_->caches) : prompt_->caches.clone(),
               request.prompt,
               StopStrings(request.stop),
               {}});
    if (is_last) prompt_.reset();
    if (generator_.tokenizer_) stream->decoder.emplace(*generator_.tokenizer_);
    if (draw(*stream, logits.as<float>())) streams_.push_back(std::move(stream));
  }

  void read_prompt(size_t number) {
    const GenerationRequest& request = requests_[number];
    const int64_t context = model_.config().context;
    std::span<const int32_t> rows = request.prompt;
    if (static_cast<int64_t>(rows.size()) > context) rows = rows.last(kept_of_a_full_context());
    const int64_t longest =
        static_cast<int64_t>(rows.size()) + std::min(request.max_tokens, context) - 1;
    KeyValueCaches caches(model_.config(), model_.precision(), std::min(context, longest));
    const Tensor logits = prefill(rows, caches);
    prompt_.emplace(Prompt{number, std::move(caches), logits});
  }

  size_t kept_of_a_full_context() const {
    return static_cast<size_t>(std::max<int64_t>(model_.config().context / 2, 1));
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
    const size_t kept = kept_of_a_full_context();
    stream.caches.truncate(0);
    const auto rows = std::span(stream.text).last(kept).first(kept - 1);
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
  std::optional<Prompt> prompt_;
  std::vector<std::unique_ptr<Stream>> streams_;
  GenerationResult result_;
};

GenerationResult Generator::generate(std::span<const GenerationRequest> requests,
                                     const OnPiece& on_piece) const {
  for (const GenerationRequest& request : requests) check(request);
  return Run(*this, requests, on_piece).run();
}

}  // namespace octavo

#include "octavo/generate/generator.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>

#include "octavo/base/error.h"
#include "octavo/base/threads.h"
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

/// For what follows a prompt: the middle of a text, unless nothing but tokens such as the one that
/// begins a text stands before it.
StreamDecoder decoder_after(std::span<const int32_t> prompt, const Tokenizer& tokenizer) {
  const bool at_start = std::ranges::all_of(
      prompt, [&](int32_t token) { return tokenizer.added_token(token) != nullptr; });
  return StreamDecoder(tokenizer, at_start ? TextPlace::start : TextPlace::middle);
}

/// How many of the tokens lie wholly in the first `bytes` bytes of their text: until they would, by
/// themselves, be a longer one.
size_t tokens_within(StreamDecoder decoder, std::span<const int32_t> tokens, size_t bytes) {
  size_t text = 0, within = 0;
  for (size_t i = 0; i < tokens.size() && text <= bytes; ++i) {
    text += decoder.push(tokens[i]).size();
    if (text + StreamDecoder(decoder).finish().size() <= bytes) within = i + 1;
  }
  return within;
}

void check_tokens(std::span<const int32_t> tokens, std::string_view what,
                  const ModelConfig& config) {
  for (const int32_t token : tokens)
    require(ErrorKind::usage, token >= 0 && token < config.vocabulary,
            "[generate] token {} of {} is outside the vocabulary of {}", token, what,
            config.vocabulary);
}

/// The first continuation from number `from` on of which more than the first token is to be scored:
/// that one is scored with the prompt's last row.
size_t next_weighed(const GenerationRequest& request, size_t from) {
  while (from < request.weighed.size() && request.weighed[from].size() < 2) ++from;
  return from;
}

/// The model's and the tokenizer's.
std::vector<int32_t> ends_of(const ModelConfig& config, const Tokenizer* tokenizer) {
  std::vector<int32_t> ends = config.ends();
  if (tokenizer) ends.push_back(tokenizer->end_of_text());
  return ends;
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
      ends_(ends_of(model.config(), tokenizer)) {
  require(ErrorKind::usage, options.streams >= 1, "[generate] {} texts at a time cannot be",
          options.streams);
  if (!tokenizer) return;
  vocabulary_ = std::min<int64_t>(vocabulary_, tokenizer->vocabulary_size());
}

std::vector<int32_t> Generator::encode_prompt(std::string_view text) const {
  require(ErrorKind::usage, tokenizer_, "[generate] a text needs a tokenizer, the model has none");
  std::vector<int32_t> tokens = tokenizer_->frame().before;
  if (text.empty() && tokens.empty()) return {tokenizer_->end_of_text()};
  tokenizer_->encode_into(text, tokens);
  return tokens;
}

void Generator::check(const GenerationRequest& request) const {
  constexpr auto kUsage = ErrorKind::usage;
  const int64_t context = model_.config().context;
  request.sampling.validate();
  require(kUsage, request.max_tokens >= 1, "[generate] at least one token, found {}",
          request.max_tokens);
  require(kUsage, request.samples >= (request.weighed.empty() ? 1 : 0),
          "[generate] at least one sample, found {}", request.samples);
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
  check_tokens(request.prompt, "the prompt", model_.config());
  check_weighed(request);
}

void Generator::check_weighed(const GenerationRequest& request) const {
  for (const auto& one : request.weighed) {
    require(ErrorKind::usage, !one.empty(), "[generate] a continuation to weigh is empty");
    require(ErrorKind::usage,
            static_cast<int64_t>(request.prompt.size() + one.size()) <= model_.config().context + 1,
            "[generate] {} tokens and a continuation of {} do not fit the model's context of {}",
            request.prompt.size(), one.size(), model_.config().context);
    check_tokens(one, "a continuation", model_.config());
  }
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

/// A prompt that is being read or weighed, or whose samples are not all begun.
struct Generator::Prompt {
  const GenerationRequest& request;
  size_t request_number;
  KeyValueCaches caches;  // of what is read, and of the continuation that is being weighed
  std::span<const int32_t> rows;
  size_t read = 0;    // of the rows
  size_t weigh = 0;   // the next continuation, once all is read
  Tensor logits{};    // [1, V] after the last row
  size_t sample = 0;  // the next to begin

  bool is_ready() const { return read == rows.size() && weigh == request.weighed.size(); }
};

/// What one forward pass takes, and what is wanted of it.
struct Generator::Step {
  std::vector<std::span<const int32_t>> rows{};  // of each sequence
  std::vector<KeyValueCaches*> caches{};
  int64_t all_rows = 0;
  size_t prompt_rows = 0;           // of them
  std::vector<int64_t> drawn{};     // rows whose logits are wanted: the streams', then
  std::vector<Prompt*> finished{};  // those of prompts that are read to their end
  std::vector<ScoredRow> scored{};

  void add(std::span<const int32_t> tokens, KeyValueCaches& cache) {
    rows.push_back(tokens), caches.push_back(&cache);
    all_rows += static_cast<int64_t>(tokens.size());
  }
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
    result_.weighed.resize(requests_.size());
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
      const int64_t capacity = capacity_for(request, static_cast<int64_t>(rows.size()));
      if (!has_room(streams_.size() + prompts_.size(), capacity)) return;
      prompts_.push_back({request, next_request_,
                          KeyValueCaches(model_.config(), model_.precision(), capacity), rows});
    }
  }

  int64_t capacity_for(const GenerationRequest& request, int64_t rows) const {
    const int64_t context = model_.config().context;
    int64_t more = request.samples > 0 ? std::min(request.max_tokens, context) : 1;
    for (const auto& one : request.weighed) more = std::max(more, static_cast<int64_t>(one.size()));
    return std::min(context, rows + more - 1);
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

  /// Begins samples of the prompts that are ready, in order, and draws their first tokens.
  void begin_samples() {
    while (!prompts_.empty() && prompts_.front().is_ready()) {
      Prompt& prompt = prompts_.front();
      const GenerationRequest& request = prompt.request;
      const auto samples = static_cast<size_t>(request.samples);
      if (prompt.sample == samples) {
        prompts_.pop_front();
        continue;
      }
      const bool is_last = prompt.sample + 1 == samples;
      const bool has_place = static_cast<int64_t>(streams_.size()) < generator_.options_.streams;
      if (is_last ? !has_place : !has_room(streams_.size(), prompt.caches.capacity())) return;
      prompt.caches.truncate(static_cast<int64_t>(prompt.rows.size()));
      auto stream = std::make_unique<Stream>(
          Stream{request,
                 prompt.request_number,
                 prompt.sample++,
                 is_last ? std::move(prompt.caches) : prompt.caches.clone(),
                 request.prompt,
                 StopStrings(request.stop),
                 {}});
      if (generator_.tokenizer_)
        stream->decoder = decoder_after(request.prompt, *generator_.tokenizer_);
      const Tensor logits = prompt.logits;
      if (is_last) prompts_.pop_front();
      const int32_t token = drawn_token(*stream, logits.as<float>());
      if (take(*stream, token)) streams_.push_back(std::move(stream));
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
    Step step;
    for (const auto& stream : streams_) {
      if (stream->caches.length() == model_.config().context) slide(*stream);
      step.drawn.push_back(step.all_rows);
      step.add(std::span(stream->text).last(1), stream->caches);
    }
    for (Prompt& prompt : prompts_) {
      if (prompt.read < prompt.rows.size())
        read(prompt, step);
      else
        weigh(prompt, step);
    }
    const Tensor logits = forward(step);  // [drawn, V]
    std::vector<int32_t> tokens(streams_.size());
    parallel_for(static_cast<int64_t>(streams_.size()), [&](int64_t i) {
      const auto number = static_cast<size_t>(i);
      tokens[number] = drawn_token(*streams_[number], logits.slice(i, 1).as<float>());
    });
    size_t row = 0;
    std::erase_if(streams_, [&](const std::unique_ptr<Stream>& stream) {
      return !take(*stream, tokens[row++]);
    });
    for (Prompt* prompt : step.finished)
      prompt->logits = logits.slice(static_cast<int64_t>(row++), 1);
  }

  /// Adds rows of the prompt; its last one also scores the first token of every continuation.
  void read(Prompt& prompt, Step& step) {
    const size_t room = kPrefillRows - std::min(step.prompt_rows, kPrefillRows);
    const size_t count = std::min(prompt.rows.size() - prompt.read, room);
    if (count == 0) return;
    step.add(prompt.rows.subspan(prompt.read, count), prompt.caches);
    step.prompt_rows += count;
    prompt.read += count;
    if (prompt.read < prompt.rows.size()) return;
    ContinuationScores& scores = result_.weighed[prompt.request_number];
    for (const auto& one : prompt.request.weighed) {
      scores.emplace_back(one.size());
      step.scored.push_back({step.all_rows - 1, one.front(), scores.back().data()});
    }
    prompt.weigh = next_weighed(prompt.request, 0);
    if (prompt.request.samples == 0) return;
    step.drawn.push_back(step.all_rows - 1);
    step.finished.push_back(&prompt);
  }

  /// Adds the next continuation of the prompt, on top of its cache.
  void weigh(Prompt& prompt, Step& step) {
    if (prompt.is_ready()) return;
    const std::span<const int32_t> tokens = prompt.request.weighed[prompt.weigh];
    const std::span<const int32_t> rows = tokens.first(tokens.size() - 1);
    if (step.prompt_rows > 0 && step.prompt_rows + rows.size() > kPrefillRows) return;
    prompt.caches.truncate(static_cast<int64_t>(prompt.rows.size()));
    auto& scores = result_.weighed[prompt.request_number][prompt.weigh];
    for (size_t i = 1; i < tokens.size(); ++i)
      step.scored.push_back({step.all_rows + static_cast<int64_t>(i) - 1, tokens[i], &scores[i]});
    step.add(rows, prompt.caches);
    step.prompt_rows += rows.size();
    prompt.weigh = next_weighed(prompt.request, prompt.weigh + 1);
  }

  /// The logits that are wanted, [drawn, V]; the time goes to reading and writing by their rows.
  Tensor forward(const Step& step) {
    double seconds = 0;
    const Tensor logits = [&] {
      const Stopwatch watch(seconds);
      Tape tape(Recording::off);
      const Tensor hidden = model_.hidden(tape, Batch::of_sequences(step.rows, step.caches)).data();
      score_rows(model_, hidden, step.scored, generator_.vocabulary_);
      return step.drawn.empty() ? Tensor() : model_.logits(gathered(hidden, step.drawn));
    }();
    GenerationSpeed& speed = result_.speed;
    const double reading =
        static_cast<double>(step.prompt_rows) / static_cast<double>(step.all_rows);
    speed.prompt_tokens += static_cast<int64_t>(step.prompt_rows);
    speed.decoded_tokens += static_cast<int64_t>(streams_.size());
    speed.prefill_seconds += seconds * reading;
    speed.decode_seconds += seconds * (1 - reading);
    return logits;
  }

  int32_t drawn_token(const Stream& stream, std::span<const float> logits) const {
    return sample_token(logits.first(static_cast<size_t>(generator_.vocabulary_)), stream.text,
                        stream.request.sampling, static_cast<uint32_t>(stream.sample));
  }

  /// Goes on with a token; false if the stream has ended.
  bool take(Stream& stream, int32_t token) {
    const GenerationRequest& request = stream.request;
    if (request.end_of_text == EndOfText::stops &&
        std::ranges::find(generator_.ends_, token) != generator_.ends_.end())
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
          tokens_within(decoder_after(stream.request.prompt, *generator_.tokenizer_),
                        continuation.tokens, continuation.text.size()));
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

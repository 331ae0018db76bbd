#include "octavo/train/trainer.h"

#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "octavo/base/clock.h"
#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/train/data.h"
#include "octavo/train/plan.h"
#include "octavo/train/resume.h"
#include "octavo/train/step.h"
#include "octavo/train/training_report.h"

namespace octavo {
namespace {

template <class Event, class... Arguments>
void tell(const Event& event, const Arguments&... arguments) {
  if (event) event(arguments...);
}

std::optional<CheckpointPlace> newest_checkpoint(const RunFolder& folder, const Report& report) {
  if (folder.start() != RunStart::resume) return {};
  std::string damages;
  const auto checkpoint = find_resumable(folder.directory(), [&](const std::string& damage) {
    tell(report, LogLevel::warning, "passing over a damaged checkpoint: " + damage);
    damages += (damages.empty() ? "" : "; ") + damage;
  });
  require(checkpoint || damages.empty(),
          "{}: no checkpoint is whole ({}); put a good copy back, or begin anew with --overwrite",
          folder.directory().string(), damages);
  if (!checkpoint)
    tell(report, LogLevel::warning,
         folder.directory().string() + ": no checkpoint yet, beginning at the first step");
  return checkpoint;
}

// The recipe, which the run can follow and the machine can hold. What the run began with is known
// from its newest good checkpoint, whose hashes hold; recipe.toml beside it may have been edited.
Recipe checked(Recipe recipe, const RunFolder& folder,
               const std::optional<CheckpointPlace>& checkpoint) {
  if (folder.start() == RunStart::resume)
    require_resumable(
        checkpoint ? load_training_state(checkpoint->folder).recipe : read_file(folder.recipe()),
        recipe.as_run, folder.has_data() ? RunData::own_copy : RunData::in_place);
  require_memory(recipe);
  return recipe;
}

// Padding and the end of a text stand for none.
int64_t bytes_of_text(const Tokenizer& tokenizer, std::span<const int32_t> tokens) {
  int64_t bytes = 0;
  for (const int32_t token : tokens)
    if (token >= 0 && token != tokenizer.end_of_text())
      bytes += std::ssize(tokenizer.text_of(token));
  return bytes;
}

}  // namespace

Trainer::Trainer(Recipe recipe, RunFolder folder, TrainerEvents events, double peak_gflops)
    : checkpoint_(newest_checkpoint(folder, events.report)),
      recipe_(checked(std::move(recipe), folder, checkpoint_)),
      folder_(std::move(folder)),
      events_(std::move(events)),
      peak_gflops_(peak_gflops),
      tokenizer_(open_tokenizer(recipe_, folder_, events_.report)),
      data_(open_data(recipe_, folder_, tokenizer_, events_.report)),
      model_(starting_model()),
      optimizer_(model_.parameters(), recipe_.train.adamw),
      cursor_(data_.start()) {
  const LogPosition position = checkpoint_ ? restore(*checkpoint_) : LogPosition{};
  if (folder_.start() == RunStart::resume) set_aside_after(step_);
  if (checkpoint_) link_latest(folder_.directory(), *checkpoint_);
  folder_.begin(recipe_.as_run);
  log_.emplace(folder_, position, events_.report);
}

// From the checkpoint, from another model, or new. What the recipe does not say of a model stays as
// it was there.
GPT Trainer::starting_model() const {
  const ModelConfig& wanted = recipe_.model.config;
  const Precision precision = recipe_.train.precision;
  const auto folder = checkpoint_ ? checkpoint_->folder : recipe_.model.start_from;
  if (folder.empty()) return GPT(wanted, recipe_.train.seed, precision);
  const LoadedModel loaded = load_model(
      folder,
      {.purpose = Purpose::training, .precision = precision, .tokenizer = LoadTokenizer::never});
  ModelConfig config = loaded.model.config();
  require_same_function(wanted, config, folder);
  config.embedding_dropout = wanted.embedding_dropout;
  config.attention_dropout = wanted.attention_dropout;
  config.residual_dropout = wanted.residual_dropout;
  if (tokenizer_) config.set_end_of_text(wanted.end_of_text);
  const std::vector<Parameter> parameters = loaded.model.parameters();
  const auto take = [&](const ParameterInfo& info) {
    return parameters.at(info.number).value.data();
  };
  return GPT(config, take, precision, Purpose::training);
}

LogPosition Trainer::restore(const CheckpointPlace& checkpoint) {
  const TrainingState training = load_training_state(checkpoint.folder);
  for (const auto& [name, tensor] : optimizer_.state()) training.read(name, tensor);
  step_ = training.state.at("step").integer(0, std::numeric_limits<int64_t>::max());
  tokens_ = training.state.at("tokens").integer(0, std::numeric_limits<int64_t>::max());
  cursor_ = Cursor::from_json(training.state.at("cursor"));
  data_.check(cursor_);
  followed_ = !training.state.find("interrupted_validation");
  return {step_, training.state.at("metrics_bytes").integer(0, LineLog::kEverything)};
}

// Checkpoints that did not verify: out of the way, but for their owner to see.
void Trainer::set_aside_after(int64_t step) const {
  for (const CheckpointPlace& place : list_checkpoints(folder_.directory())) {
    if (checkpoint_ && place.step <= step) continue;
    auto aside = place.folder;
    aside.replace_filename("damaged-" + place.folder.filename().string());
    remove_all_quietly(aside);
    rename_durably(place.folder, aside);
  }
}

TrainingSummary Trainer::run() {
  const double begin = monotonic_seconds();
  tell(events_.on_start, TrainingStart{.parameters = count_parameters(model_.config()).total(),
                                       .precision = model_.precision(),
                                       .training_tokens = data_.training_tokens(),
                                       .validation_tokens = data_.validation_tokens(),
                                       .steps = recipe_.train.steps,
                                       .tokens = recipe_.total_tokens(),
                                       .step = step_,
                                       .flops_per_token = training_flops_per_token(
                                           model_.config(), recipe_.train.context),
                                       .peak_gflops = peak_gflops_});
  if (folder_.start() == RunStart::resume) write_report();  // it may tell of steps taken back
  if (!followed_) follow_step();
  while (step_ < recipe_.train.steps) {
    const StepRecord record = take_step();
    log_->add(record);
    tell(events_.on_step, record);
    follow_step();
  }
  const RunHistory& history = log_->history();
  return {.steps = step_,
          .tokens = tokens_,
          .loss = history.steps.empty() ? 0 : history.steps.back().loss,
          .validation_loss =
              history.validations.empty() ? std::nan("") : history.validations.back().loss,
          .seconds = monotonic_seconds() - begin,
          .model = checkpoint_ ? checkpoint_->folder : ""};
}

// What is due after a step. A stop within the validation leaves all of it for the next process,
// which does it before it goes on.
void Trainer::follow_step() {
  followed_ = !is_due(recipe_.train.validate_every) || validate();
  if (followed_ && is_due(recipe_.train.sample_every)) take_samples();
  const bool last = step_ == recipe_.train.steps;
  const bool stop = !followed_ || (!last && events_.stop_requested && events_.stop_requested());
  if (last || stop || is_due(recipe_.train.checkpoint_every)) save();
  if (stop)
    fail(ErrorKind::interrupted, "stopped after step {}; saved {}; --resume goes on", step_,
         checkpoint_->folder.string());
}

// Adds to an error of divergence what is left of the run.
void Trainer::check_diverged(const std::function<void()>& action) const {
  try {
    action();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::diverged) throw;
    write_report();
    fail(ErrorKind::diverged, "training diverged at {}; {}", error.what(),
         checkpoint_ ? "the last good checkpoint is " + checkpoint_->folder.string()
                     : "there is no checkpoint yet");
  }
}

StepRecord Trainer::take_step() {
  const double begin = monotonic_seconds();
  const TrainRecipe& train = recipe_.train;
  const int64_t sequences = train.batch_schedule.at(tokens_);
  const int64_t tokens = tokens_ + sequences * train.context;
  const double learning_rate = train.learning_rate.at(tokens);

  const StepBatch batch(sequences, train.context);
  Cursor next = cursor_;
  data_.next(next, sequences, batch.tokens.as<int32_t>(), batch.targets.as<int32_t>());
  StepResult result;
  check_diverged([&] {
    result = train_step(model_, optimizer_, batch, step_settings(train), step_ + 1, learning_rate);
  });
  cursor_ = next, tokens_ = tokens, ++step_;

  StepRecord record{.step = step_,
                    .tokens = tokens_,
                    .sequences = sequences,
                    .loss = result.loss,
                    .learning_rate = learning_rate,
                    .gradient_norm = result.gradient_norm};
  record.seconds = monotonic_seconds() - begin;
  record.tokens_per_second = static_cast<double>(sequences * train.context) / record.seconds;
  if (peak_gflops_ > 0)
    record.fraction_of_peak = record.tokens_per_second *
                              training_flops_per_token(model_.config(), train.context) /
                              (peak_gflops_ * 1e9);
  return record;
}

// The whole validation part, or as many windows as the recipe says, spread evenly over it. False,
// and nothing has happened, if a stop was requested meanwhile.
bool Trainer::validate() {
  const double begin = monotonic_seconds();
  const TrainRecipe& train = recipe_.train;
  const int64_t there = data_.validation_windows();
  if (there == 0) return true;
  const int64_t asked = train.validation_batches * train.micro_batch;
  const int64_t windows = asked == 0 ? there : std::min(asked, there);
  const auto context = static_cast<size_t>(train.context);
  LossSum sum;
  int64_t bytes = 0;
  for (int64_t first = 0; first < windows; first += train.micro_batch) {
    if (events_.stop_requested && events_.stop_requested()) return false;
    const StepBatch batch(std::min(train.micro_batch, windows - first), train.context);
    for (int64_t row = 0; row < batch.sequences(); ++row)
      data_.validation(
          (first + row) * there / windows, 1,
          batch.tokens.as<int32_t>().subspan(static_cast<size_t>(row) * context, context),
          batch.targets.as<int32_t>().subspan(static_cast<size_t>(row) * context, context));
    sum += evaluate_loss(model_, batch, train.micro_batch);
    if (tokenizer_) bytes += bytes_of_text(*tokenizer_, batch.targets.as<int32_t>());
  }
  check_diverged([&] {
    require(ErrorKind::diverged, std::isfinite(sum.loss), "step {}: the validation loss is {}",
            step_, sum.loss);
  });
  const ValidationRecord record{.step = step_,
                                .tokens = tokens_,
                                .loss = sum.mean(),
                                .loss_tokens = sum.tokens,
                                .bytes = bytes,
                                .seconds = monotonic_seconds() - begin};
  log_->add(record);
  tell(events_.on_validation, record);
  write_report();
  return true;
}

void Trainer::take_samples() {
  if (!events_.sample || !tokenizer_) return;
  for (const std::string& prompt : recipe_.train.sample_prompts) {
    const SampleRecord record{step_, prompt,
                              events_.sample({.model = model_,
                                              .tokenizer = *tokenizer_,
                                              .step = step_,
                                              .prompt = prompt,
                                              .tokens = recipe_.train.sample_tokens,
                                              .seed = recipe_.train.seed})};
    log_->add(record);
    tell(events_.on_sample, record);
  }
}

void Trainer::save() {
  const double begin = monotonic_seconds();
  check_diverged([&] { require_finite(optimizer_.parameters(), step_); });
  const LogPosition position = log_->sync();
  const std::vector<NamedTensor> moments = optimizer_.state();
  Json state = Json::object({{"format", "octavo-training"},
                             {"version", 1},
                             {"step", step_},
                             {"tokens", tokens_},
                             {"cursor", cursor_.json()},
                             {"metrics_bytes", position.metrics_bytes}});
  if (!followed_) state.set("interrupted_validation", true);
  checkpoint_ = save_checkpoint(folder_.directory(), step_,
                                {.model = model_,
                                 .tokenizer = tokenizer_ ? &*tokenizer_ : nullptr,
                                 .optimizer = moments,
                                 .state = std::move(state),
                                 .recipe = recipe_.as_run});
  prune_checkpoints(folder_.directory(), recipe_.train.keep_checkpoints);
  write_report();
  tell(events_.on_checkpoint,
       CheckpointRecord{step_, checkpoint_->folder, monotonic_seconds() - begin});
}

void Trainer::write_report() const {
  const RunHistory& history = log_->history();
  write_file(folder_.report(), training_report(recipe_, history, data_));
  write_file(folder_.loss_curve(), loss_curve(recipe_, history));
}

// Every so many steps and at the end; 0 is never.
bool Trainer::is_due(int64_t every) const {
  return every > 0 && (step_ % every == 0 || step_ == recipe_.train.steps);
}

}  // namespace octavo

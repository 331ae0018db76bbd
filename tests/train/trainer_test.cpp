// The trainer as a whole on a tiny model: it learns, it logs what it says, it stops where it
// should.
#include "octavo/train/trainer.h"

#include <gtest/gtest.h>

#include "octavo/base/json.h"
#include "octavo/checkpoint/model_folder.h"
#include "support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

using TrainerTest = TrainingTest;

TEST_F(TrainerTest, LearnsATinyCorpus) {
  const TrainingSummary summary = train("run", recipe({"train.steps=250", "model.dropout=0"}));
  EXPECT_EQ(summary.steps, 250);
  // Nine words in a random order: log 9 nats a word of 4.4 characters on average, about 0.5 a byte.
  EXPECT_LT(summary.validation_loss, 1.2);
  EXPECT_LT(summary.loss, 1.2);
  EXPECT_TRUE(fs::exists(folder / "run" / "report.html"));
  EXPECT_TRUE(fs::exists(summary.model / "config.json"));
}

TEST_F(TrainerTest, TellsWhatItDoes) {
  std::vector<StepRecord> steps;
  std::vector<ValidationRecord> validations;
  std::vector<int64_t> checkpoints;
  int64_t started = -1;
  TrainerEvents events;
  events.on_start = [&](const TrainingStart& start) {
    started = start.step;
    EXPECT_EQ(start.steps, 12);
    EXPECT_GT(start.training_tokens, 5000);
    EXPECT_GT(start.validation_tokens, 500);
    EXPECT_GT(start.flops_per_token, 6.0 * 20'000);
  };
  events.on_step = [&](const StepRecord& record) { steps.push_back(record); };
  events.on_validation = [&](const ValidationRecord& record) { validations.push_back(record); };
  events.on_checkpoint = [&](const CheckpointRecord& record) {
    checkpoints.push_back(record.step);
    EXPECT_TRUE(fs::exists(record.folder / "manifest.json"));
  };
  const Recipe tiny = recipe();
  const TrainingSummary summary = train("run", tiny, RunStart::fresh, events);

  EXPECT_EQ(started, 0);
  ASSERT_EQ(steps.size(), 12u);
  int64_t tokens = 0;
  for (const StepRecord& record : steps) {
    EXPECT_EQ(record.sequences, tiny.train.batch_schedule.at(tokens));
    tokens += record.sequences * 16;
    EXPECT_EQ(record.tokens, tokens);
    EXPECT_EQ(record.learning_rate, tiny.train.learning_rate.at(tokens));
    EXPECT_GT(record.tokens_per_second, 0);
  }
  EXPECT_EQ(steps.front().sequences, 2);
  EXPECT_EQ(steps.back().sequences, 8);
  EXPECT_EQ(tokens, tiny.total_tokens());
  ASSERT_EQ(validations.size(), 3u);
  EXPECT_EQ(validations[1].step, 8);
  EXPECT_EQ(validations[0].loss_tokens, validations[2].loss_tokens);
  for (const ValidationRecord& record : validations)  // a token is a byte, but for the text's end
    EXPECT_EQ(record.bytes, record.loss_tokens - 1);
  EXPECT_EQ(checkpoints, (std::vector<int64_t>{3, 6, 9, 12}));
  EXPECT_EQ(list_checkpoints(folder / "run").size(), 2u);  // keep_checkpoints
  EXPECT_EQ(summary.tokens, tokens);
  EXPECT_EQ(summary.validation_loss, validations.back().loss);
}

TEST_F(TrainerTest, ValidatesOnTheWholePartOrOnSomeOfIt) {
  int64_t whole = 0, some = 0;
  const auto run = [&](const std::string& name, std::vector<std::string> overrides,
                       int64_t& tokens) {
    TrainerEvents events;
    events.on_validation = [&](const ValidationRecord& record) { tokens = record.loss_tokens; };
    overrides.push_back("train.steps=1");
    train(name, recipe(overrides), RunStart::fresh, events);
  };
  run("whole", {}, whole);
  run("some", {"train.validation_batches=3"}, some);
  const auto size = static_cast<double>(tiny_corpus().size());
  EXPECT_NEAR(static_cast<double>(whole), 0.1 * size, 4);  // every token but the first
  EXPECT_EQ(some, 3 * 2 * 16);
}

TEST_F(TrainerTest, ContinuesFromAModel) {
  const TrainingSummary first = train("first", recipe({"train.steps=60", "model.dropout=0"}));
  std::vector<double> losses;
  TrainerEvents events;
  events.on_step = [&](const StepRecord& record) { losses.push_back(record.loss); };
  const std::string text = "[model]\nstart_from = '" + first.model.string() +
                           "'\n[data]\npath = 'corpus.txt'\n[train]\nsteps = 2\nbatch = 8\n";
  const Recipe more = Recipe::parse(text, "more.toml", {}, folder);
  EXPECT_EQ(more.model.config.width, 32);
  train("more", more, RunStart::fresh, events);
  EXPECT_LT(losses.front(), 2.5);  // a new model's is log 257 = 5.5
}

// What a recipe's sizes do not say of a model comes with it, and stays without it.
TEST_F(TrainerTest, ContinuesAModelAsItIs) {
  ModelConfig config{.vocabulary = 257, .context = 16, .layers = 2, .width = 32, .heads = 2};
  config.activation = Activation::gelu_exact;
  config.norm_epsilon = 1e-3;
  config.head = HeadKind::untied;
  config.initializer_range = 0.03;
  config.end_of_text = 256;
  save_model(folder / "base", GPT(config, 5, Precision::f32()), {});
  const std::string text = "[model]\nstart_from = '" + (folder / "base").string() +
                           "'\n[data]\npath = 'corpus.txt'\n[train]\nsteps = 4\nbatch = 8\n"
                           "precision = 'fp32'\n[run]\ndirectory = '" +
                           (folder / "run").string() + "'\n";
  const auto load = [&](std::vector<std::string> settings, RunStart start) {
    return Recipe::parse(text, "more.toml", settings, folder, start);
  };
  expect_error(ErrorKind::usage, "model.heads: the recipe says 4",
               [&] { train("other", load({"model.heads=4"}, RunStart::fresh)); });
  const Recipe first = load({}, RunStart::fresh);
  EXPECT_EQ(first.model.config, config);
  train("run", first);
  EXPECT_EQ(load_config(folder / "run" / "latest"), config);

  fs::remove_all(folder / "base");
  for (const char* setting : {"train.clip=1.0", "model.start_from=''"}) {
    const Recipe longer = load({"train.steps=6", setting}, RunStart::resume);
    EXPECT_EQ(longer.model.config.activation, Activation::gelu_exact);
    train("run", longer, RunStart::resume);
    EXPECT_EQ(load_config(folder / "run" / "latest"), config);
  }
  // recipe.toml is not believed against the checkpoint.
  std::string recipe_text = read_file(folder / "run" / "recipe.toml");
  recipe_text.replace(recipe_text.find("gelu_exact"), 10, "gelu_tanh");
  write_file(folder / "run" / "recipe.toml", recipe_text);
  expect_error(
      ErrorKind::usage,
      "model.activation: this run began with \"gelu_exact\" and the recipe now says \"gelu_tanh\"",
      [&] { train("run", load({"train.steps=7"}, RunStart::resume), RunStart::resume); });
}

// Llama, with a dropout that its config.json has no key for; and what no other kind expresses.
TEST_F(TrainerTest, AModelOfAnyKindIsContinuedAndResumed) {
  ModelConfig base{.vocabulary = 257, .context = 16, .layers = 2, .width = 32, .heads = 4};
  base.end_of_text = 256;
  base.norm = NormKind::rmsnorm;
  base.feed_forward = FeedForwardKind::swiglu;
  base.key_heads = 2;
  base.inner_width = 48;
  base.positions = PositionKind::rotary;
  base.biases = {.qkv = false, .projection = false, .feed_forward = false};
  ModelConfig odd = base;
  odd.biases.qkv = true;
  odd.residual = ResidualKind::parallel;
  for (const auto& [name, config] : {std::pair("llama", base), std::pair("octavo_gpt", odd)}) {
    const fs::path model = folder / name, run = folder / "runs" / name;
    save_model(model, GPT(config, 5, Precision::f32()), {});
    const std::string text = "[model]\nstart_from = '" + model.string() +
                             "'\ndropout = 0.1\n[data]\npath = 'corpus.txt'\n[train]\nsteps = 2\n"
                             "batch = 8\nprecision = 'fp32'\n[run]\ndirectory = '" +
                             run.string() + "'\n";
    const auto load = [&](std::vector<std::string> settings, RunStart start) {
      return Recipe::parse(text, "more.toml", settings, folder, start);
    };
    train("runs/" + std::string(name), load({}, RunStart::fresh));
    fs::remove_all(model);
    train("runs/" + std::string(name), load({"train.steps=4"}, RunStart::resume), RunStart::resume);
    EXPECT_EQ(list_checkpoints(run).back().step, 4);
    ModelConfig found = load_config(run / "latest");
    found.embedding_dropout = found.attention_dropout = found.residual_dropout = 0;
    EXPECT_EQ(found.rotary, config.rotary);
    found.head_width = config.head_width;
    EXPECT_EQ(found, config);
    EXPECT_EQ(Json::parse(read_file(run / "latest" / "config.json"), "").at("model_type").text(),
              name);
  }
}

TEST_F(TrainerTest, ContinuesFromARunsNewestModel) {
  const TrainingSummary first = train("first", recipe({"train.steps=4"}));
  const Recipe more = recipe({"model.start_from=" + (folder / "first").string(), "train.steps=1"});
  EXPECT_EQ(fs::canonical(more.model.start_from), fs::canonical(first.model));
  EXPECT_NE(more.as_run.find("step-00000004"), std::string::npos);  // that one, also tomorrow
  train("more", more);
}

TEST_F(TrainerTest, NothingThatIsNotFiniteIsKept) {
  // Steps of 1e300: the weights are infinite after the first.
  const std::vector<std::string> wild{"train.learning_rate=1e300", "train.steps=1",
                                      "train.warmup_tokens=0"};
  std::vector<std::string> settings = wild;
  settings.push_back("train.validate_every=0");
  expect_error(ErrorKind::diverged, "step 1: the parameter ",
               [&] { train("saved", recipe(settings)); });
  settings.back() = "train.validate_every=1";
  expect_error(ErrorKind::diverged, "step 1: the validation loss is ",
               [&] { train("validated", recipe(settings)); });
  for (const char* run : {"saved", "validated"}) {
    EXPECT_TRUE(list_checkpoints(folder / run).empty());
    EXPECT_EQ(read_file(folder / run / "metrics.jsonl").find("validation"), std::string::npos);
  }
}

TEST_F(TrainerTest, SamplesAreTakenFromTheModelAsItStands) {
  std::vector<int64_t> steps;
  TrainerEvents events;
  events.sample = [&](const SampleRequest& request) {
    EXPECT_EQ(request.model.config().width, 32);
    return fmt::format(" at {}", request.step);
  };
  events.on_sample = [&](const SampleRecord& record) {
    steps.push_back(record.step);
    EXPECT_EQ(record.text, fmt::format(" at {}", record.step));
  };
  train("run", recipe({"train.sample_every=5", "train.sample_prompts=[\"a\", \"b\"]"}),
        RunStart::fresh, events);
  EXPECT_EQ(steps, (std::vector<int64_t>{5, 5, 10, 10, 12, 12}));
}

}  // namespace
}  // namespace octavo

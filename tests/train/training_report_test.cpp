// The report holds what the run did: all five curves, samples, data, recipe; and nothing from a
// network.
#include "octavo/train/training_report.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "octavo/train/data.h"
#include "support.h"

namespace octavo {
namespace {

using ReportTest = TrainingTest;

TEST_F(ReportTest, HoldsCurvesSamplesDataAndRecipe) {
  TrainerEvents events;
  events.sample = [](const SampleRequest& request) {
    EXPECT_EQ(request.prompt, "the");
    EXPECT_EQ(request.tokens, 5);
    return std::string(" <cat> & mat");
  };
  const Recipe tiny =
      recipe({"train.sample_every=6", "train.sample_prompts=[\"the\"]", "train.sample_tokens=5"});
  Trainer(tiny, RunFolder(folder / "run", RunStart::fresh), events, 100).run();
  const std::string page = read_file(folder / "run" / "report.html");
  for (const char* part :
       {"Loss", "training", "validation", "Learning rate", "Gradient norm", "Speed",
        "Share of peak", "the &lt;cat&gt; &amp; mat", "corpus.txt", "warmup_tokens = 64", "<svg"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  for (const char* remote : {"src=\"http", "href=\"http", "@import", "<script src"})
    EXPECT_EQ(page.find(remote), std::string::npos) << remote;
}

TEST_F(ReportTest, LeavesTheLossAsAPicture) {
  const Recipe tiny = recipe();
  Trainer(tiny, RunFolder(folder / "run", RunStart::fresh), {}, 100).run();
  const std::string picture = read_file(folder / "run" / "loss.svg");
  for (const char* part :
       {"<svg", "xmlns", "<style", "Loss of ", "training", "validation", "nats per token"})
    EXPECT_NE(picture.find(part), std::string::npos) << part;
}

TEST_F(ReportTest, TensorBoardHasTheSameCurves) {
  Trainer(recipe(), RunFolder(folder / "run", RunStart::fresh), {}, 100).run();
  std::string events;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "run"))
    if (entry.path().filename().string().starts_with("events.out.tfevents."))
      events += read_file(entry.path());
  for (const char* tag : {"loss/training", "loss/validation", "learning rate", "gradient norm",
                          "speed/tokens per second", "speed/share of peak"})
    EXPECT_NE(events.find(tag), std::string::npos) << tag;
}

TEST_F(ReportTest, IsMadeAnewOnResume) {
  const Recipe tiny = recipe();
  Trainer(tiny, RunFolder(folder / "run", RunStart::fresh), {}, 100).run();
  // Steps that a kill took back, all of them here, are taken back in the pictures too.
  std::filesystem::remove_all(folder / "run" / "checkpoints");
  std::filesystem::remove(folder / "run" / "latest");
  for (const char* file : {"report.html", "loss.svg"}) write_file(folder / "run" / file, "of old");
  TrainerEvents events;
  events.on_step = [&](const StepRecord& record) {
    if (record.step > 1) return;
    for (const char* file : {"report.html", "loss.svg"})
      EXPECT_NE(read_file(folder / "run" / file), "of old") << file;
  };
  Trainer(tiny, RunFolder(folder / "run", RunStart::resume), events, 100).run();
}

TEST_F(ReportTest, CanBeMadeBeforeTheFirstStep) {
  const Recipe tiny = recipe();
  const RunFolder place(folder / "run", RunStart::fresh);
  const Batches data = open_data(tiny, place, open_tokenizer(tiny, place, {}), {});
  EXPECT_NE(training_report(tiny, {}, data).find("<html"), std::string::npos);
  EXPECT_NE(loss_curve(tiny, {}).find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace octavo

// octavo train: a run from text to samples, stopped and gone on with, refused what it must refuse.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "octavo/base/files.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class TrainCommandTest : public ProgramTest {
 protected:
  TrainCommandTest() {
    write("tiny.toml", kTinyRecipe);
    write("text.txt", tiny_text());
  }

  /// What must be the same for the same run, by name.
  std::map<std::string, std::string> results(const std::string& run) const {
    std::map<std::string, std::string> results;
    for (const char* name : {"metrics.jsonl", "samples.jsonl"})
      results[name] = read(run + "/" + name);
    for (const auto& entry : fs::recursive_directory_iterator(folder / (run + "/latest")))
      if (entry.is_regular_file() && entry.path().filename() != "recipe.toml" &&
          entry.path().filename() != "manifest.json")
        results[entry.path().lexically_relative(folder / run)] = read_file(entry.path());
    return results;
  }
};

TEST_F(TrainCommandTest, text_in_model_out) {
  const Outcome outcome = run({"train", "tiny.toml"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  for (const char* part :
       {"step 4: validation loss ", "step 12: the model writes\n\n  the ",
        "step 10: saved runs/tiny/checkpoints/step-00000010", "done: 12 steps, 768 tokens, loss ",
        "octavo generate --model runs/tiny --prompt ''"})
    EXPECT_NE(outcome.err.find(part), std::string::npos) << part << "\n" << outcome.err;
  EXPECT_EQ(outcome.err.find('\r'), std::string::npos);  // no bar: this is no terminal
  for (const char* file :
       {"recipe.toml", "metrics.jsonl", "timing.jsonl", "report.html", "loss.svg", "latest"})
    EXPECT_TRUE(fs::exists(folder / ("runs/tiny/" + std::string(file)))) << file;

  // The run is used as the program said.
  const Outcome text =
      run({"generate", "--model", "runs/tiny", "--prompt", "", "--max-tokens", "9", "--greedy"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_FALSE(text.out.empty());
  EXPECT_EQ(run({"train", "tiny.toml", "--quiet", "-o", "silent"}).err, "");
}

TEST_F(TrainCommandTest, trains_in_fp32_where_bf16_arithmetic_is_absent_and_says_so) {
  std::string recipe(kTinyRecipe);
  const std::string precision = "precision = \"fp32\"\n";
  recipe.erase(recipe.find(precision), precision.size());
  write("tiny.toml", recipe);
  setenv("OCTAVO_KERNELS", "portable", 1);
  const Outcome outcome = run({"train", "tiny.toml", "--set", "train.steps=1"});
  unsetenv("OCTAVO_KERNELS");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const char* line = "fp32 on 1 threads, portable kernels, which have no bf16 arithmetic";
  EXPECT_NE(outcome.err.find(line), std::string::npos) << outcome.err;
}

TEST_F(TrainCommandTest, samples_are_shown_without_what_drives_a_terminal) {
  const Outcome outcome = run({"train", "tiny.toml", "-o", "runs/ends", "--set",
                               "train.sample_prompts=[\"a\\r\\nb\\rc\\u001B[1m\"]"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("the model writes\n\n  a\n  b\uFFFDc\uFFFD[1m"), std::string::npos)
      << outcome.err;
}

TEST_F(TrainCommandTest, json_lines_tell_the_same) {
  const Outcome outcome = run({"train", "tiny.toml", "--json", "--quiet"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  std::map<std::string, int> counts;
  std::vector<double> losses;
  for (const Json& line : outcome.lines()) {
    const std::string& event = line.at("event").text();
    ++counts[event];
    if (event == "step") {
      losses.push_back(line.at("loss").number());
      EXPECT_GT(line.at("tokens_per_s").number(), 0);
    }
    if (event == "start") {
      EXPECT_EQ(line.at("steps").integer(), 12);
    }
    if (event == "end") {
      EXPECT_EQ(line.at("model").text(), "runs/tiny/checkpoints/step-00000012");
    }
  }
  EXPECT_EQ(counts, (std::map<std::string, int>{{"start", 1},
                                                {"step", 12},
                                                {"validation", 3},
                                                {"sample", 1},
                                                {"checkpoint", 3},
                                                {"end", 1}}));
  EXPECT_LT(losses.back(), losses.front());
}

// The signal comes wherever it comes; the checkpoint is of the step at hand.
TEST_F(TrainCommandTest, a_signal_saves_and_resume_goes_on_to_the_bit) {
  const std::vector<std::string> start = {
      "train", "tiny.toml", "--set", "train.steps=400", "--set", "train.checkpoint_every=150",
      "--json"};
  const auto in = [&](const std::string& output) {
    std::vector<std::string> words = start;
    words.insert(words.end(), {"-o", output});
    return words;
  };
  const Outcome straight = run(in("straight"));
  ASSERT_EQ(straight.code, 0) << straight.err;

  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    const std::string name = "stopped-" + std::to_string(number);
    Program program(folder.path(), in(name));
    program.wait_for("\"step\": 20,");
    program.send(number);
    const Outcome outcome = program.wait();
    ASSERT_EQ(outcome.code, static_cast<int>(ErrorKind::interrupted)) << outcome.err;
    EXPECT_NE(outcome.err.find("stopped after step "), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("--json -o " + name + " --resume\n"), std::string::npos)
        << outcome.err;
    const Json last = outcome.lines().back();
    EXPECT_EQ(last.at("event").text(), "checkpoint");
    EXPECT_GE(last.at("step").integer(), 20);
    ASSERT_LT(last.at("step").integer(), 400);

    std::vector<std::string> again = in(name);
    again.push_back("--resume");
    const Outcome resumed = run(again);
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(resumed.lines().front().at("step").integer(), last.at("step").integer());
    EXPECT_EQ(results(name), results("straight"));
  }
}

/// A pipe with a name, whose reader goes when it is told to.
class NamedPipe {
 public:
  explicit NamedPipe(fs::path path) : path_(std::move(path)) {
    EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0);
    reader_ = open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  ~NamedPipe() { close_reader(); }
  std::string path() const { return path_.string(); }
  void close_reader() {
    if (reader_ >= 0) close(std::exchange(reader_, -1));
  }

 private:
  fs::path path_;
  int reader_ = -1;
};

const std::vector<std::string> kLongRun = {"train", "tiny.toml", "--set", "train.steps=1000000"};

// Ctrl-C on `octavo train … 2>&1 | tee log` takes tee first.
TEST_F(TrainCommandTest, nobody_reads_its_messages_and_it_saves_all_the_same) {
  NamedPipe messages(folder / "messages");
  std::vector<std::string> words = kLongRun;
  words.push_back("--json");
  Program program(folder.path(), words, {.error_file = messages.path()});
  program.wait_for("\"step\": 2,");
  messages.close_reader();
  program.send(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::interrupted));
  EXPECT_EQ(outcome.lines().back().at("event").text(), "checkpoint");
}

TEST_F(TrainCommandTest, nobody_reads_its_json_and_it_saves_first) {
  NamedPipe events(folder / "events");
  std::vector<std::string> words = kLongRun;
  words.push_back("--json");
  Program program(folder.path(), words, {.output_file = events.path()});
  while (!fs::exists(folder / "runs/tiny/metrics.jsonl")) usleep(1000);
  events.close_reader();
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::io)) << outcome.err;
  EXPECT_NE(outcome.err.find("error: standard output: cannot write: Broken pipe; stopped after "),
            std::string::npos)
      << outcome.err;
  EXPECT_TRUE(fs::exists(folder / "runs/tiny/latest/manifest.json"));
}

TEST_F(TrainCommandTest, a_changed_token_is_not_trained_on) {
  ASSERT_EQ(run({"train", "tiny.toml"}).code, 0);
  const std::string shard = "runs/tiny/data/source-0/tokens-00000.bin";
  std::string tokens = read(shard);
  tokens[tokens.size() - 2] = static_cast<char>(tokens[tokens.size() - 2] ^ 1);
  write(shard, tokens);
  const std::vector<std::string> longer = {"train",   "runs/tiny", "--resume",
                                           "--quiet", "--set",     "train.steps=14"};
  expect_error(ErrorKind::data, longer, {shard, "is damaged"});
}

TEST_F(TrainCommandTest, a_run_can_be_named_by_its_folder) {
  ASSERT_EQ(run({"train", "tiny.toml", "-o", "here"}).code, 0);
  const Outcome longer = run({"train", "here", "--resume", "--set", "train.steps=14", "--json"});
  ASSERT_EQ(longer.code, 0) << longer.err;
  EXPECT_EQ(longer.lines().back().at("step").integer(), 14);
  expect_error(ErrorKind::usage, {"train", "."}, {"a folder without recipe.toml"});
}

TEST_F(TrainCommandTest, another_run_is_never_overwritten_unasked) {
  ASSERT_EQ(run({"train", "tiny.toml"}).code, 0);
  const auto before = results("runs/tiny");
  expect_error(ErrorKind::conflict, {"train", "tiny.toml"},
               {"runs/tiny", "--resume", "--overwrite", "--output"});
  expect_error(ErrorKind::usage, {"train", "tiny.toml", "--resume", "--set", "model.width=64"},
               {"model.width", "32", "64"});
  EXPECT_EQ(results("runs/tiny"), before);
  EXPECT_EQ(run({"train", "tiny.toml", "--overwrite"}).code, 0);
  EXPECT_EQ(results("runs/tiny"), before);

  write("strange/diary.txt", "mine");
  for (const char* flag : {"--overwrite", "--json"})
    expect_error(ErrorKind::conflict, {"train", "tiny.toml", "-o", "strange", flag},
                 {"strange", "diary.txt"});
  EXPECT_EQ(read("strange/diary.txt"), "mine");
  expect_error(ErrorKind::data, {"train", "tiny.toml", "-o", "nowhere", "--resume"},
               {"nowhere", "no recipe.toml"});
}

TEST_F(TrainCommandTest, two_processes_do_not_write_one_run) {
  Program first(folder.path(), {"train", "tiny.toml", "--set", "train.steps=1000000", "--json"});
  first.wait_for("\"step\": 2,");
  for (const char* flag : {"--resume", "--overwrite"})
    expect_error(ErrorKind::conflict, {"train", "tiny.toml", "--set", "train.steps=1000000", flag},
                 {"runs/tiny/lock", "held by process", "wait for it, or end it (kill "});
  first.send(SIGTERM);
  EXPECT_EQ(first.wait().code, static_cast<int>(ErrorKind::interrupted));
}

TEST_F(TrainCommandTest, recipes_that_cannot_be) {
  const auto usage = ErrorKind::usage;
  expect_error(ErrorKind::data, {"train", "none.toml"}, {"none.toml"});
  write("empty.toml", "");
  expect_error(usage, {"train", "empty.toml"}, {"empty.toml", "expected the key"});
  write("broken.toml", "[model\nlayers = 2");
  expect_error(usage, {"train", "broken.toml"}, {"broken.toml:1"});
  write("binary.toml", std::string("\0\1\2\xff", 4));
  expect_error(usage, {"train", "binary.toml"}, {"binary.toml"});
  const auto setting = [&](const std::string& change, const std::vector<std::string>& parts) {
    expect_error(usage, {"train", "tiny.toml", "--set", change}, parts);
  };
  setting("train.stpes=3", {"unknown key \"train.stpes\" (did you mean \"train.steps\"?)"});
  setting("train.steps=many", {"train.steps", "expected an integer", "many"});
  setting("train.steps=0", {"train.steps", "from 1"});
  setting("model.heads=3", {"model.width", "a multiple of model.heads = 3, found 32"});
  setting("model.width=0", {"model.width"});
  setting("train.context=17", {"train.context", "at most the model's context of 16, found 17"});
  setting("train.batch=3", {"train.micro_batch", "a divisor of train.batch = 3"});
  setting("train.precision=fp23", {"train.precision", "fp32"});
  setting("train.learning_rate=-1", {"train.learning_rate"});
  setting("model.preset=gpt4", {"model.preset", "gpt2"});
  setting("steps", {"steps"});
  EXPECT_FALSE(fs::exists(folder / "runs"));
}

TEST_F(TrainCommandTest, data_that_cannot_be_trained_on) {
  write("empty.txt", "");
  write("small.txt", "hi");
  write("binary.txt", std::string("\x7f"
                                  "ELF\0\0",
                                  6));
  write("latin1.txt", "caf\xe9 au lait");
  write("bad.jsonl", "{\"text\": \"good\"}\n{\"txt\": \"bad\"}\n");
  write("odd.bin", std::string(1001, '\0'));  // no whole number of uint16
  fs::create_directory(folder / "hollow");
  const auto with = [&](const std::string& path, const std::vector<std::string>& parts) {
    const Outcome outcome = run({"train", "tiny.toml", "--quiet", "--set", "data.path=" + path});
    EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::data)) << path << "\n" << outcome.err;
    for (const std::string& part : parts)
      EXPECT_NE(outcome.err.find(part), std::string::npos) << part << "\n" << outcome.err;
  };
  with("nothing.txt", {"nothing.txt"});
  with("empty.txt", {"empty.txt", "empty"});
  with("small.txt", {"small"});
  with("binary.txt", {"binary.txt"});
  with("latin1.txt", {"latin1.txt", "byte 3"});
  with("bad.jsonl", {"bad.jsonl:2", "text"});
  with("odd.bin", {"odd.bin"});
  with("hollow", {"hollow"});
  if (geteuid() != 0) {
    write("secret.txt", "x");
    fs::permissions(folder / "secret.txt", fs::perms::none);
    EXPECT_EQ(run({"train", "tiny.toml", "--set", "data.path=secret.txt"}).code,
              static_cast<int>(ErrorKind::io));
  }
  // Where the data is can be said in two ways.
  fs::create_directory(folder / "texts");
  fs::rename(folder / "text.txt", folder / "texts/text.txt");
  EXPECT_EQ(run({"train", "tiny.toml", "--data", "texts", "--overwrite"}).code, 0);
}

TEST_F(TrainCommandTest, a_disk_that_fills_keeps_the_last_checkpoint) {
  ASSERT_EQ(run({"train", "tiny.toml"}).code, 0);
  const auto before = results("runs/tiny");
  const Outcome full = run({"train", "runs/tiny", "--resume", "--quiet", "--set", "train.steps=20"},
                           {.largest_file = 40'000});  // the model alone is larger
  EXPECT_EQ(full.code, static_cast<int>(ErrorKind::io)) << full.err;
  EXPECT_NE(full.err.find("File too large"), std::string::npos) << full.err;
  const Outcome again = run({"train", "tiny.toml", "--resume", "--quiet"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(results("runs/tiny"), before);
}

TEST_F(TrainCommandTest, a_run_that_diverges_names_the_step) {
  const Outcome outcome =
      run({"train", "tiny.toml", "--quiet", "--set", "train.learning_rate=1e30"});
  EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::diverged)) << outcome.err;
  EXPECT_NE(outcome.err.find("diverged at step "), std::string::npos) << outcome.err;
}

TEST_F(TrainCommandTest, a_dry_run_only_tells) {
  const Outcome text = run({"train", "tiny.toml", "--dry-run"});
  ASSERT_EQ(text.code, 0) << text.err;
  for (const char* part : {"34,", "parameters", "12 steps of 4 × 16 tokens: 768 tokens, fp32",
                           "at its peak", "GFLOP/s", "runs/tiny"})
    EXPECT_NE(text.out.find(part), std::string::npos) << part << "\n" << text.out;
  const Outcome json = run({"train", "tiny.toml", "--dry-run", "--json"});
  const Json plan = json.lines().at(0);
  EXPECT_EQ(plan.at("parameters").integer(), 34'208);
  EXPECT_EQ(plan.at("weight_bytes").integer(), 4 * 34'208);
  EXPECT_GT(plan.at("peak_bytes").integer(), 4 * 4 * 34'208);
  EXPECT_GT(plan.at("seconds").number(), 0);
  EXPECT_FALSE(fs::exists(folder / "runs"));
  // The largest model there is: nothing of its size is allocated.
  const std::string recipe = std::string(OCTAVO_SOURCE_DIR) + "/recipes/gpt3-175b.toml";
  const Outcome giant = run({"train", recipe, "--dry-run", "--json"});
  ASSERT_EQ(giant.code, 0) << giant.err;
  EXPECT_GT(giant.lines().at(0).at("peak_bytes").number(), 2.7e12);
}

}  // namespace
}  // namespace octavo

// octavo evaluate, as typed: tables, JSON, samples, plots, comparison, and what it refuses.
#include <algorithm>

#include "octavo/base/files.h"
#include "tests/cli/support.h"
#include "tests/evaluate/support.h"

namespace octavo {
namespace {

class EvaluateCommandTest : public ProgramTest {
 protected:
  EvaluateCommandTest() {
    const Tokenizer tokenizer = Tokenizer::bytes();
    save_model(folder / "letters", letter_model(64, Purpose::training), {.tokenizer = &tokenizer});
    std::string all, half;
    for (char c = 'A'; c < 'A' + 20; ++c) {
      all += line_of(std::string("\n") + c, std::string(1, static_cast<char>(c + 32)));
      half +=
          line_of(std::string("\n") + c, std::string(1, static_cast<char>(c % 2 ? c + 32 : 'x')));
    }
    write("tasks/all.jsonl", all);
    write("tasks/half.jsonl", half);
  }

  static std::string line_of(const std::string& context, const std::string& completion) {
    return Json::object({{"context", context}, {"completion", completion}}).dump() + "\n";
  }
  Outcome evaluate(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"evaluate", "--model", "letters"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  void refused(ErrorKind kind, const std::vector<std::string>& more,
               const std::vector<std::string>& parts) const {
    std::vector<std::string> words = {"evaluate", "--model", "letters"};
    words.insert(words.end(), more.begin(), more.end());
    expect_error(kind, words, parts);
  }
};

TEST_F(EvaluateCommandTest, a_table_of_tasks_and_shots) {
  const Outcome outcome = evaluate({"--tasks", "tasks", "--shots", "0,1,4"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "letters (31.3k parameters): accuracy in %, greedy answers that match\n\n"
            "               K = 0         K = 1         K = 4\n"
            "  all    100.0 ± 0.0   100.0 ± 0.0   100.0 ± 0.0\n"
            "  half   50.0 ± 11.2   50.0 ± 11.2   50.0 ± 11.2\n"
            "  mean    75.0 ± 5.6    75.0 ± 5.6    75.0 ± 5.6\n");
  EXPECT_NE(outcome.err.find("evaluate 120/120 (100%)"), std::string::npos) << outcome.err;
}

TEST_F(EvaluateCommandTest, json_says_what_was_asked_of_whom) {
  const Outcome outcome = evaluate({"--tasks", "tasks/half.jsonl", "-k", "0,2", "--limit", "5",
                                    "--seed", "3", "--json", "--quiet", "-o", "kept.json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const Json json = outcome.lines().at(0);
  EXPECT_EQ(json, Json::parse(read("kept.json"), "kept.json"));
  EXPECT_EQ(json.at("model").at("name").text(), "letters");
  EXPECT_EQ(json.at("settings").at("seed").integer(), 3);
  ASSERT_EQ(json.at("results").size(), 2u);
  const Json& two = json.at("results").at(1);
  EXPECT_EQ(two.at("task").text(), "half");
  EXPECT_EQ(two.at("hash").text(), hash_file(folder / "tasks/half.jsonl"));
  EXPECT_EQ(two.at("shots").integer(), 2);
  EXPECT_EQ(two.at("items").integer(), 5);
  for (const char* name : {"accuracy", "likelihood_accuracy"})
    EXPECT_EQ(two.at(name).number(), 0.6) << name;
  EXPECT_GT(two.at("standard_error").number(), 0);
  EXPECT_LT(two.at("log_likelihood_per_byte").number(), 0);
}

TEST_F(EvaluateCommandTest, numbers_depend_on_neither_batch_nor_threads) {
  save_byte_model(folder / "random");
  const auto results = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--tasks", "tasks", "-k", "0,3", "--log-samples", "samples.jsonl"});
    std::vector<std::string> words = {"evaluate", "-m", "random", "--json", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out + read("samples.jsonl");
  };
  const std::string expected = results({});
  EXPECT_EQ(std::ranges::count(expected, '\n'), 1 + 80);
  EXPECT_EQ(results({"--batch", "1", "--threads", "3"}), expected);
  EXPECT_EQ(results({"--batch", "7"}), expected);
  EXPECT_NE(results({"--seed", "1"}), expected);
  EXPECT_NE(results({"--dtype", "bf16"}), expected);
}

TEST_F(EvaluateCommandTest, samples_show_prompt_and_answer) {
  write("pool.jsonl", line_of("\nZ", "z"));
  const Outcome outcome =
      evaluate({"--tasks", "tasks/half.jsonl", "-k", "1", "--examples-from", "pool.jsonl",
                "--separator", "#", "--log-samples", "samples.jsonl"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::string text = read("samples.jsonl");
  EXPECT_EQ(std::ranges::count(text, '\n'), 20);
  const Json second = Json::parse(
      text.substr(text.find('\n') + 1, text.find('\n', text.find('\n') + 1) - text.find('\n') - 1),
      "samples");
  EXPECT_EQ(second.at("prompt").text(), "<|endoftext|>\nZz#\nB");
  EXPECT_EQ(second.at("completion").text(), "x");
  EXPECT_EQ(second.at("answer").text(), "b");
  EXPECT_FALSE(second.at("right").boolean());
}

TEST_F(EvaluateCommandTest, likelihood_alone_and_choices) {
  write("choices.jsonl",
        "{\"context\": \"\\nA\", \"completion\": \"a\", \"choices\": [\"b\", \"a\"]}\n"
        "{\"context\": \"\\nB\", \"completion\": \"c\", \"choices\": [\"b\", \"c\"]}\n");
  const Outcome both = evaluate({"--tasks", "choices.jsonl", "-k", "0,1"});
  EXPECT_NE(both.out.find("chance         K = 0"), std::string::npos) << both.out;
  EXPECT_NE(both.out.find("  choices     50.0   50.0"), std::string::npos) << both.out;
  EXPECT_NE(both.out.find("the likeliest of the choices\n"), std::string::npos) << both.out;
  const Outcome alone =
      evaluate({"--tasks", "choices.jsonl", "-k", "0", "--by", "likelihood", "--json"});
  const Json result = alone.lines().at(0).at("results").at(0);
  EXPECT_EQ(result.at("accuracy").number(), 0.5);
  EXPECT_EQ(result.at("choice_accuracy_per_byte").number(), 0.5);
  EXPECT_EQ(evaluate({"--tasks", "choices.jsonl", "-k", "0", "--by", "greedy", "--json"})
                .lines()
                .at(0)
                .at("results")
                .at(0)
                .find("likelihood_accuracy"),
            nullptr);
}

TEST_F(EvaluateCommandTest, long_prompts_are_told) {
  write("long.jsonl", line_of("\n" + std::string(40, '.') + "A", "a") +
                          line_of("\n" + std::string(40, '.') + "B", "b"));
  const Outcome outcome = evaluate({"--tasks", "long.jsonl", "-k", "0,1"});
  EXPECT_NE(outcome.err.find("warning: K = 1: 2 of 2 prompts were too long for the model's "
                             "context of 64 and were shortened"),
            std::string::npos)
      << outcome.err;
  EXPECT_EQ(outcome.err.find("K = 0"), std::string::npos);
}

TEST_F(EvaluateCommandTest, results_are_compared_and_drawn) {
  save_byte_model(folder / "random");
  const std::vector<std::string> how = {"--tasks", "tasks", "-k", "0,1", "-q"};
  std::vector<std::string> first = {"evaluate", "-m", "letters", "-o", "a.json", "--plot", "a.svg"};
  std::vector<std::string> second = {"evaluate", "-m", "random", "-o", "b.json"};
  for (auto* words : {&first, &second}) {
    words->insert(words->end(), how.begin(), how.end());
    const Outcome outcome = run(*words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
  }
  EXPECT_NE(read("a.svg").find(">half<"), std::string::npos);
  const Outcome compared = run({"evaluate", "--compare", "a.json", "b.json", "--plot", "both.svg"});
  EXPECT_EQ(compared.code, 0) << compared.err;
  EXPECT_NE(compared.out.find("accuracy in %: mean over 2 tasks"), std::string::npos);
  EXPECT_NE(compared.out.find("letters (31.3k)   75.0 ± 5.6   75.0 ± 5.6"), std::string::npos)
      << compared.out;
  EXPECT_NE(read("both.svg").find(">letters (31.3k)<"), std::string::npos);
  const Json json = run({"evaluate", "--compare", "a.json", "b.json", "--json"}).lines().at(0);
  EXPECT_EQ(json.at("models").at(0).at("mean").at(1).at("accuracy").number(), 0.75);
  const Outcome half = run({"evaluate", "--compare", "a.json", "b.json", "--only", "half"});
  EXPECT_NE(half.out.find("accuracy in %: half"), std::string::npos) << half.out << half.err;
  expect_error(ErrorKind::data, {"evaluate", "--compare", "a.json", "--only", "halv"}, {"half"});
  write("broken.json", "{\"model\": 1");
  expect_error(ErrorKind::data, {"evaluate", "--compare", "a.json", "broken.json"},
               {"broken.json"});
  expect_error(ErrorKind::data, {"evaluate", "--compare", "none.json"}, {"none.json"});
  refused(ErrorKind::usage, {"--compare", "a.json"}, {"--compare"});
  for (const char* option : {"--shots=0", "--output=c.json", "--limit=3"})
    expect_error(ErrorKind::usage, {"evaluate", "--compare", "a.json", option}, {"--compare"});

  EXPECT_EQ(compared.err.find("warning"), std::string::npos) << compared.err;
  evaluate({"--tasks", "tasks", "-k", "0,1", "-q", "-o", "seeded.json", "--seed", "1"});
  const Outcome warned = run({"evaluate", "--compare", "a.json", "seeded.json"});
  EXPECT_NE(warned.err.find("warning: letters and letters differ in \"seed\": 0 and 1"),
            std::string::npos)
      << warned.err;
  evaluate({"--tasks", "tasks", "-k", "0,1", "-q", "-o", "fewer.json", "--limit", "9"});
  expect_error(ErrorKind::data, {"evaluate", "--compare", "a.json", "fewer.json"}, {"other tasks"});
}

// Not when hours of work are done.
TEST_F(EvaluateCommandTest, a_place_to_write_that_is_none_is_told_at_once) {
  for (const char* option : {"--output", "--plot", "--log-samples"}) {
    const Outcome outcome = evaluate({"--tasks", "tasks", option, "nowhere/file"});
    EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::io)) << option;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err.find("evaluate 1"), std::string::npos) << outcome.err;
  }
}

TEST_F(EvaluateCommandTest, what_cannot_be_is_one_clear_line) {
  refused(ErrorKind::data, {"--tasks", "tasks", "-k", "20"},
          {"all.jsonl:1: expected 20 examples for as many shots, found 19"});
  write("bad.jsonl", line_of("a", "b") + "{\"context\": \"c\"\n");
  refused(ErrorKind::data, {"--tasks", "bad.jsonl"}, {"bad.jsonl:2:"});
  write("half-done.jsonl", line_of("a", "b") + "{\"context\": \"c\"}\n");
  refused(ErrorKind::data, {"--tasks", "half-done.jsonl"},
          {"half-done.jsonl:2: expected the key \"completion\", found none"});
  write("empty.jsonl", "");
  refused(ErrorKind::data, {"--tasks", "empty.jsonl"}, {"empty.jsonl", "found none"});
  write("none.jsonl", line_of("a", ""));
  refused(ErrorKind::data, {"--tasks", "none.jsonl"}, {"none.jsonl:1", "empty text"});
  refused(ErrorKind::data, {"--tasks", "nowhere"}, {"nowhere: no such file"});
  write("other/all.jsonl", line_of("a", "b"));
  refused(ErrorKind::usage, {"--tasks", "tasks", "other"}, {"different names", "other/all.jsonl"});
  for (const char* shots : {"x", "1,", ",1", "1,1", "4,2", "-1", "1.5", "99999"})
    refused(ErrorKind::usage, {"--tasks", "tasks", std::string("--shots=") + shots},
            {"--shots: expected ascending numbers"});
  refused(ErrorKind::usage, {"--tasks", "tasks", "--by", "guess"}, {"greedy"});
  refused(ErrorKind::usage, {"--tasks", "tasks", "--stop", ""}, {"stop"});
  refused(ErrorKind::usage, {}, {"--tasks"});
  expect_error(ErrorKind::usage, {"evaluate", "--tasks", "tasks"}, {"--model"});
  expect_error(ErrorKind::data, {"evaluate", "-m", "nowhere", "--tasks", "tasks"}, {"nowhere"});
  for (const char* file : {"tokenizer.json", "vocab.json", "merges.txt"})
    std::filesystem::remove(folder / "letters" / file);
  refused(ErrorKind::usage, {"--tasks", "tasks"}, {"no tokenizer"});
}

TEST_F(EvaluateCommandTest, gpt3s_files_run_as_they_are) {
  const auto paper = test_data("data/gpt3-paper");
  if (!paper) GTEST_SKIP() << "no test data";
  const Outcome outcome =
      evaluate({"--tasks", (*paper / "two_digit_addition.jsonl").string(),
                (*paper / "reversed_words.jsonl.gz").string(), "-k", "0,1", "--limit", "20"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("reversed_words"), std::string::npos) << outcome.out;
  const Outcome all = evaluate({"--tasks", paper->string(), "-k", "0", "--limit", "4", "--json"});
  EXPECT_EQ(all.lines().at(0).at("results").size(), 15u);
  EXPECT_NE(all.err.find("175b_samples.jsonl:1"), std::string::npos) << all.err;  // texts, no task
}

}  // namespace
}  // namespace octavo

// The runner gives what asking one question at a time gives, for any batch and threads; a model
// whose answers are known gets the figures that it deserves.
#include "octavo/evaluate/runner.h"

#include <cmath>

#include "octavo/evaluate/few_shot_task.h"
#include "octavo/generate/generator.h"
#include "tests/base/temporary_folder.h"
#include "tests/evaluate/support.h"

namespace octavo {
namespace {

/// Documents with none to three texts to continue and none to two prompts with continuations.
class MixedTask : public Task {
 public:
  explicit MixedTask(size_t size) : size_(size) {}

  size_t size() const override { return size_; }
  Questions ask(size_t document) const override {
    Questions questions;
    for (uint64_t i = 0; i < document % 4; ++i)
      questions.greedy.push_back(
          {random_tokens(1 + static_cast<int64_t>((document + i) % 23), 256, document + i),
           1 + static_cast<int64_t>(document % 9),
           {"\x01"}});
    for (uint64_t i = 0; i < document % 3; ++i)
      questions.weighed.push_back(
          {random_tokens(1 + static_cast<int64_t>((document * 5 + i) % 31), 256, document),
           {random_tokens(3, 256, i), random_tokens(1 + static_cast<int64_t>(i), 256, 9)}});
    return questions;
  }
  Judgement judge(size_t document, const Questions& questions,
                  const Answers& answers) const override {
    EXPECT_EQ(answers.greedy.size(), questions.greedy.size());
    EXPECT_EQ(answers.weighed.size(), questions.weighed.size());
    Judgement judgement;
    judgement.sample = Json::object({{"document", document}, {"texts", Json::array()}});
    double sum = 0;
    for (const auto& scores : answers.weighed)
      for (const auto& one : scores)
        for (const TokenScore& token : one) sum += double{token.log_probability};
    judgement.sample.set("texts", Json::array_of(answers.greedy)).set("sum", sum);
    if (document % 2)
      judgement.measures.push_back({"odd", MeasureKind::share, document % 4 == 1 ? 1.0 : 0.0});
    judgement.measures.push_back({"sum", MeasureKind::mean, sum, 2});
    judgement.measures.push_back({"all", MeasureKind::count, 1});
    return judgement;
  }

 private:
  size_t size_;
};

ModelConfig random_config() {
  ModelConfig config = tiny_config();
  config.vocabulary = 257, config.context = 48, config.end_of_text = 256;
  return config;
}

TEST(Runner, gives_what_one_question_at_a_time_gives) {
  const GPT model(random_config(), 1);
  const Tokenizer tokenizer = Tokenizer::bytes();
  const MixedTask first(530), second(7);  // more than are in memory at once
  const std::vector<const Task*> tasks{&first, &second};

  std::vector<std::string> expected;
  {
    const UseThreads one(1);
    const Generator generator(model, &tokenizer);
    for (const Task* task : tasks)
      for (size_t document = 0; document < task->size(); ++document) {
        const Questions questions = task->ask(document);
        Answers answers;
        for (const GreedyRequest& one : questions.greedy) {
          const GenerationRequest request{.prompt = one.prompt,
                                          .sampling = {.temperature = 0},
                                          .max_tokens = one.max_tokens,
                                          .stop = one.stop};
          answers.greedy.push_back(generator.generate({&request, 1}).continuations[0][0].text);
        }
        for (const ContinuationRequest& one : questions.weighed)
          answers.weighed.push_back(score_continuations(model, {&one, 1})[0]);
        expected.push_back(task->judge(document, questions, answers).sample.dump());
      }
  }
  for (const auto& [batch, threads] : {std::pair(1, 1), {3, 2}, {64, 1}, {1000, 3}}) {
    const UseThreads use(threads);
    std::vector<std::string> found;
    double last = 0;
    RunnerEvents events;
    events.on_judgement = [&](size_t task, size_t document, const Judgement& judgement) {
      EXPECT_EQ(task * 530 + document, found.size());
      found.push_back(judgement.sample.dump());
    };
    events.on_progress = [&](double done) {
      EXPECT_GE(done, last);
      last = done;
    };
    const auto figures = run_tasks(model, tokenizer, tasks, {.batch = batch}, events);
    EXPECT_EQ(found, expected) << "batches of " << batch;
    EXPECT_NEAR(last, 537, 1e-9);
    ASSERT_EQ(figures.size(), 2u);
    // In the order of their first documents: sum, all, odd.
    EXPECT_EQ(figures[0].at(1).value(), 530);
    EXPECT_EQ(figures[1].at(1).value(), 7);
    EXPECT_EQ(figures[1].at(2).name, "odd");
    EXPECT_NEAR(figures[1].at(2).value(), 2.0 / 3, 1e-12);
  }
}

TEST(Runner, a_known_model_gets_what_it_deserves) {
  const GPT model = letter_model();
  const Tokenizer tokenizer = Tokenizer::bytes();
  // Three are right; of the others one is wrong, one right but not at its end, one never answered.
  TaskFile file{
      "letters",
      "letters.jsonl",
      "",
      {{{"A", "a"}}, {{"BB", "b"}}, {{".C", "c"}}, {{"D", "e"}}, {{"E", "ee"}}, {{"f.", "f"}}}};
  file.items[3].choices = {"e", "d"};
  file.items[0].choices = {"b", "a"};
  const FewShotTask both(file, file.items, 2, tokenizer, 64, {});
  const FewShotTask none(file, file.items, 0, tokenizer, 64, {.by = AnsweredBy::greedy});
  const std::vector<const Task*> tasks{&both, &none};
  const auto figures = run_tasks(model, tokenizer, tasks);
  const auto value = [&](size_t task, std::string_view name) {
    const auto found = std::ranges::find(figures[task], name, &Figure::name);
    EXPECT_NE(found, figures[task].end()) << name;
    return found->value();
  };
  EXPECT_EQ(value(0, "accuracy"), 0.5);
  EXPECT_EQ(value(0, "likelihood_accuracy"), 0.5);
  EXPECT_EQ(value(0, "choice_accuracy"), 0.5);  // of the two that have choices
  EXPECT_LT(value(0, "log_likelihood_per_token"), 0);
  EXPECT_EQ(value(1, "accuracy"), 0.5);
  EXPECT_NEAR(figures[1][0].standard_error(), std::sqrt(0.25 / 6), 1e-12);
}

}  // namespace
}  // namespace octavo

// Prompts to the byte, what fits the context, and what an answer is worth.
#include "octavo/evaluate/few_shot_task.h"

#include "tests/base/temporary_folder.h"
#include "tests/evaluate/support.h"

namespace octavo {
namespace {

constexpr auto kNoContext = int64_t{1000};  // more than any prompt here

TaskFile file_of(std::vector<Item> items) {
  TaskFile file{"letters", "letters.jsonl", "", std::move(items)};
  for (size_t i = 0; i < file.items.size(); ++i) file.items[i].line = static_cast<int64_t>(i) + 1;
  return file;
}

class FewShotTaskTest : public testing::Test {
 protected:
  FewShotTask task(const TaskFile& file, int64_t shots, const FewShotOptions& options = {},
                   int64_t context = kNoContext) const {
    return FewShotTask(file, file.items, shots, tokenizer, context, options);
  }
  /// The prompt as text.
  std::string prompt(const FewShotTask& task, size_t document) const {
    return tokenizer.decode(task.ask(document).requests.at(0).prompt);
  }
  std::string refused(const TaskFile& file, int64_t shots, const FewShotOptions& options = {},
                      int64_t context = kNoContext) const {
    return error_of(ErrorKind::data, [&] { task(file, shots, options, context); });
  }
  static double measure(const Judgement& judgement, std::string_view name) {
    for (const Measure& one : judgement.measures)
      if (one.name == name) return one.amount;
    ADD_FAILURE() << "no measure " << name;
    return -1;
  }

  const Tokenizer tokenizer = Tokenizer::bytes();
  const TaskFile pairs = file_of({{{"\nA =", " a"}}, {{"\nB =", " b"}}, {{"\nC =", " c"}}});
};

TEST_F(FewShotTaskTest, a_prompt_is_examples_and_the_question) {
  EXPECT_EQ(prompt(task(pairs, 0), 1), "<|endoftext|>\nB =");
  const std::string one = prompt(task(pairs, 1), 1);
  EXPECT_TRUE(one == "<|endoftext|>\nA = a\nB =" || one == "<|endoftext|>\nC = c\nB =") << one;
  const std::string two = prompt(task(pairs, 2, {.start = PromptStart::none, .separator = "#"}), 0);
  EXPECT_TRUE(two == "\nB = b#\nC = c#\nA =" || two == "\nC = c#\nB = b#\nA =") << two;

  const Questions questions = task(pairs, 0).ask(2);
  ASSERT_EQ(questions.requests.size(), 1u);
  const GenerationRequest& request = questions.requests[0];
  EXPECT_EQ(request.sampling.temperature, 0);
  EXPECT_EQ(request.stop, std::vector<std::string>{"\n"});
  EXPECT_GE(request.max_tokens, 3);  // the completion, and what ends it
  ASSERT_EQ(request.weighed.size(), 1u);
  EXPECT_EQ(tokenizer.decode(request.weighed[0]), " c");
  EXPECT_FALSE(questions.shortened);

  EXPECT_TRUE(task(pairs, 0, {.by = AnsweredBy::greedy}).ask(0).requests[0].weighed.empty());
  EXPECT_EQ(task(pairs, 0, {.by = AnsweredBy::likelihood}).ask(0).requests[0].samples, 0);
  EXPECT_EQ(task(pairs, 0, {.limit = 2}).size(), 2u);
  EXPECT_EQ(task(pairs, 0, {.limit = 9}).size(), 3u);
}

TEST_F(FewShotTaskTest, spaces_at_a_contexts_end_belong_to_the_completion) {
  const TaskFile file = file_of({{{"A:  ", "a"}}, {{"  ", "a"}}});
  const GenerationRequest request = task(file, 0).ask(0).requests[0];
  EXPECT_EQ(tokenizer.decode(request.prompt), "<|endoftext|>A:");
  EXPECT_EQ(tokenizer.decode(request.weighed[0]), "  a");
  EXPECT_EQ(prompt(task(file, 0), 1), "<|endoftext|>");
}

// " a" and "\n\n" are tokens of their own.
Tokenizer merging_tokenizer() {
  TokenizerParts parts;
  for (int byte = 0; byte < 256; ++byte) parts.tokens.add(std::string(1, static_cast<char>(byte)));
  for (const char* text : {" a", "\n\n", ""}) parts.tokens.add(text);
  parts.tokens.index();
  parts.merges = {{' ', 'a', 256}, {'\n', '\n', 257}};
  parts.added = {{std::string(Tokenizer::kEndOfText), 258}};
  return Tokenizer(std::move(parts));
}

TEST_F(FewShotTaskTest, a_completions_tokens_are_those_of_the_whole_text) {
  const Tokenizer merging = merging_tokenizer();
  const TaskFile file = file_of({{{"A: ", "a"}}, {{"A\n", "\n"}}});
  const FewShotTask asks(file, file.items, 0, merging, kNoContext, {.by = AnsweredBy::likelihood});
  const GenerationRequest spaced = asks.ask(0).requests[0];
  EXPECT_EQ(spaced.prompt, (std::vector<int32_t>{258, 'A', ':'}));
  EXPECT_EQ(spaced.weighed[0], std::vector<int32_t>{256});
  // The whole is "A" and "\n\n", which the prompt's tokens do not begin: each by itself.
  const GenerationRequest torn = asks.ask(1).requests[0];
  EXPECT_EQ(torn.prompt, (std::vector<int32_t>{258, 'A', '\n'}));
  EXPECT_EQ(torn.weighed[0], std::vector<int32_t>{'\n'});
}

TEST_F(FewShotTaskTest, examples_come_from_another_file_too) {
  const TaskFile other = file_of({{{"\nZ =", " z"}}});
  const FewShotTask from_other(pairs, other.items, 1, tokenizer, kNoContext, {});
  EXPECT_EQ(prompt(from_other, 0), "<|endoftext|>\nZ = z\nA =");
  TaskFile own = file_of({{{"\nA =", " a"}}});
  own.items[0].examples = {{"\nX =", " x"}, {"\nY =", " y"}};
  EXPECT_EQ(prompt(FewShotTask(own, other.items, 1, tokenizer, kNoContext, {}), 0),
            "<|endoftext|>\nX = x\nA =");
}

TEST_F(FewShotTaskTest, a_long_prompt_loses_whole_examples_from_the_front) {
  const std::string whole = prompt(task(pairs, 2), 0), one = "<|endoftext|>" + whole.substr(19);
  ASSERT_EQ(one.size(), 13u + 6 + 4);
  // A token to begin, 6 + 6 + 4 bytes, and six for the answer, the last one only predicted.
  EXPECT_EQ(prompt(task(pairs, 2, {}, 22), 0), whole);
  EXPECT_FALSE(task(pairs, 2, {}, 22).ask(0).shortened);
  for (const int64_t context : {21, 16}) {
    EXPECT_EQ(prompt(task(pairs, 2, {}, context), 0), one);
    EXPECT_TRUE(task(pairs, 2, {}, context).ask(0).shortened);
  }
  EXPECT_EQ(prompt(task(pairs, 2, {}, 15), 0), "<|endoftext|>\nA =");
  EXPECT_EQ(prompt(task(pairs, 0, {}, 10), 0), "<|endoftext|>\nA =");
  // A question that is too long itself keeps its end.
  EXPECT_EQ(prompt(task(pairs, 0, {}, 9), 0), "<|endoftext|>A =");
  EXPECT_TRUE(task(pairs, 0, {}, 9).ask(0).shortened);
  EXPECT_EQ(prompt(task(pairs, 0, {.start = PromptStart::none}, 7), 0), " =");
}

TEST_F(FewShotTaskTest, what_cannot_be_asked_is_named_with_its_line) {
  const auto has = [](const std::string& message, std::string_view part) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  has(refused(pairs, 3), "letters.jsonl:1: expected 3 examples for as many shots, found 2");
  TaskFile own = pairs;
  own.items[1].examples = {{"\nX =", " x"}};
  has(refused(own, 2), "letters.jsonl:2: expected 2 examples for as many shots, found 1");
  has(refused(file_of({{{"\nA =", " a"}}, {{"\nB =", " b\nb"}}}), 0),
      "letters.jsonl:2: the completion holds \"\\n\"");
  task(file_of({{{"\nB =", " b\nb"}}}), 0, {.by = AnsweredBy::likelihood});
  task(file_of({{{"\nB =", " b\nb"}}}), 0, {.stop = {"#"}});
  task(file_of({{{"\nB =", " b\n"}}}), 0);  // compared without it
  has(refused(file_of({{{"\nB =", "\nb"}}}), 0), "letters.jsonl:1: the completion holds");
  has(refused(file_of({{{"\nB =", " \n"}}}), 0), "letters.jsonl:1: the completion is white space");
  task(file_of({{{"\nB =", " \n"}}}), 0, {.by = AnsweredBy::likelihood});
  has(refused(pairs, 0, {}, 5), "letters.jsonl:1: a completion of 2 tokens has no room");
  has(refused(file_of({{{"A", "a"}}, {{" ", "b"}}}), 0, {.start = PromptStart::none}),
      "letters.jsonl:2: an empty context");
  // Examples that do not fit are dropped, and then nothing would be left.
  TaskFile dropped = file_of({{{"", "a"}}});
  dropped.items[0].examples = {{std::string(20, 'x'), " y"}};
  has(refused(dropped, 1, {.start = PromptStart::none}, 10), "letters.jsonl:1: an empty context");
  // Spaces at the end of a context are the completion's, and need room like it.
  TaskFile spaces = file_of({{{std::string(20, ' '), "x"}}});
  spaces.items[0].examples = {{"\nTom", " bus"}};
  for (const PromptStart start : {PromptStart::none, PromptStart::end_of_text})
    refused(spaces, 1, {.start = start}, 20);
}

TEST_F(FewShotTaskTest, answers_are_judged) {
  const FewShotTask plain = task(pairs, 0);
  const Questions questions = plain.ask(0);
  const auto judged = [&](const std::string& answer, bool first, bool second) {
    const std::vector<Answer> answers{{{{.text = answer}}, {{{-0.5f, first}, {-0.25f, second}}}}};
    return plain.judge(0, questions, answers);
  };
  Judgement right = judged(" a ", true, true);
  EXPECT_EQ(measure(right, "accuracy"), 1);
  EXPECT_EQ(measure(right, "likelihood_accuracy"), 1);
  EXPECT_EQ(measure(right, "log_likelihood_per_token"), -0.75);
  EXPECT_EQ(measure(right, "shortened_prompts"), 0);
  EXPECT_EQ(right.sample.at("prompt").text(), "<|endoftext|>\nA =");
  EXPECT_EQ(right.sample.at("completion").text(), " a");
  EXPECT_EQ(right.sample.at("answer").text(), " a ");
  EXPECT_TRUE(right.sample.at("right").boolean());
  EXPECT_EQ(right.sample.at("line").integer(), 1);
  EXPECT_TRUE(std::ranges::none_of(right.measures,
                                   [](const Measure& one) { return one.name == "chance"; }));
  for (const char* wrong : {"", " b", " aa", " A", "a b"})
    EXPECT_EQ(measure(judged(wrong, true, false), "accuracy"), 0) << wrong;
  EXPECT_EQ(measure(judged(" a", true, false), "likelihood_accuracy"), 0);
}

TEST_F(FewShotTaskTest, choices_are_weighed_whole_and_per_byte) {
  TaskFile file = pairs;
  file.items[0].choices = {" a", " long", " b"};
  file.items[0].chance = 0.25;
  const auto judged = [&](AnsweredBy by, std::vector<float> logs) {
    const FewShotTask with = task(file, 0, {.by = by});
    const Questions questions = with.ask(0);
    EXPECT_EQ(questions.requests[0].weighed.size(), 3u);
    std::vector<Answer> answers(1);
    if (questions.requests[0].samples > 0) answers[0].written.push_back({.text = " x"});
    for (const float one : logs) answers[0].weighed.push_back({{one, false}});
    return with.judge(0, questions, answers);
  };
  Judgement judgement = judged(AnsweredBy::both, {-1, -2, -1.5});
  EXPECT_EQ(measure(judgement, "accuracy"), 0);
  EXPECT_EQ(measure(judgement, "chance"), 0.25);
  EXPECT_EQ(measure(judgement, "choice_accuracy"), 1);
  EXPECT_EQ(measure(judgement, "choice_accuracy_per_byte"), 0);  // −0.5, −0.4, −0.75
  EXPECT_EQ(judgement.sample.at("choice_log_likelihoods").numbers(),
            (std::vector<double>{-1, -2, -1.5}));
  judgement = judged(AnsweredBy::likelihood, {-1, -2, -0.5});
  EXPECT_EQ(measure(judgement, "choice_accuracy"), 0);
  EXPECT_EQ(measure(judgement, "accuracy"), 0);
  EXPECT_EQ(measure(judged(AnsweredBy::likelihood, {-1, -2, -3}), "accuracy"), 1);
}

}  // namespace
}  // namespace octavo

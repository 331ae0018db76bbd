// Every task's documents and items, many of each: answers are right by other means than those that
// made them, items keep to what is held out, and documents keep away from it.
#include "octavo/corpus/tasks.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>
#include <optional>
#include <set>

#include "octavo/base/files.h"
#include "tests/corpus/support.h"

namespace octavo {
namespace {

/// The words of a text, without what is between them.
std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words{""};
  for (const char c : text) {
    if (std::isalpha(static_cast<unsigned char>(c)))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  return words;
}

std::string sorted_letters(std::string text) {
  std::erase_if(text, [](char c) { return !std::isalpha(static_cast<unsigned char>(c)); });
  std::sort(text.begin(), text.end());
  return text;
}

// ---- All tasks ----------------------------------------------------------------------------------

TEST(Tasks, have_names_of_their_own_and_something_to_do) {
  std::set<std::string_view> seen;
  for (const TaskFamily& one : tasks()) {
    EXPECT_TRUE(seen.insert(one.name).second) << one.name;
    EXPECT_TRUE(one.document || one.item) << one.name;
    EXPECT_EQ(one.share > 0, static_cast<bool>(one.document)) << one.name;
    EXPECT_TRUE(one.chance >= 0 && one.chance < 1) << one.name;
  }
  EXPECT_GE(seen.size(), 20u);
}

void expect_good(const Problem& example, std::string_view name) {
  const std::string& completion = example.completion;
  EXPECT_TRUE(example.context.starts_with('\n')) << name << example.context;
  EXPECT_NE(example.context.back(), ' ') << name << example.context;
  EXPECT_TRUE(completion.size() > 1 && completion[0] == ' ' && completion[1] != ' ')
      << name << completion;
  EXPECT_EQ(completion.find('\n'), completion.npos) << name << completion;
}

TEST(Tasks, every_item_has_a_question_and_an_answer_on_one_line) {
  for (const TaskFamily& one : tasks()) {
    if (!one.item) continue;
    for (const TaskItem& item : items_of(one)) {
      expect_good(item.query, one.name);
      for (const Problem& example : item.examples) expect_good(example, one.name);
      EXPECT_EQ(item.examples.size(), one.examples == ExamplesFrom::item ? kOwnExamples : 0)
          << one.name;
    }
  }
}

TEST(Tasks, every_document_is_lines_of_plain_text) {
  for (const TaskFamily& one : tasks()) {
    if (!one.document) continue;
    for (const std::string& text : documents_of(one)) {
      EXPECT_TRUE(text.starts_with('\n')) << one.name;
      EXPECT_GT(text.size(), 10u) << one.name;
      EXPECT_TRUE(std::all_of(text.begin(), text.end(),
                              [](char c) { return c == '\n' || (c >= ' ' && c < 127); }))
          << one.name << text;
      EXPECT_NE(text.back(), '\n') << one.name;
    }
  }
}

TEST(Tasks, no_item_of_one_that_is_always_the_same_is_in_a_document) {
  for (const TaskFamily& one : tasks()) {
    if (one.group == TaskGroup::context || !one.document) continue;
    std::string all;
    for (const std::string& text : documents_of(one, 2000)) all += text;
    for (const TaskItem& item : items_of(one))
      EXPECT_EQ(all.find(item.query.text() + "\n"), all.npos) << item.query.text();
  }
}

TEST(Tasks, the_document_has_every_share_and_chance) {
  const std::string page = read_file(OCTAVO_SOURCE_DIR "/docs/corpus.md");
  for (const TaskFamily& one : tasks()) {
    const std::string chance = one.item ? fmt::format("{:.2g} %", 100 * one.chance) : "–";
    const std::string row = fmt::format("| `{}` | {} | {} |", one.name, one.share, chance);
    EXPECT_NE(page.find(row), page.npos) << row;
  }
}

// ---- Arithmetic ---------------------------------------------------------------------------------

struct Sum {
  std::vector<int> numbers;  ///< sorted
  int right = 0, told = 0;
};

int applied(int a, char sign, int b) {
  return sign == '+' ? a + b : sign == '-' ? a - b : sign == '*' ? a * b : 1 << 30;
}

/// Reads and computes "Q: What is 98 plus 45?\n\nA: 143".
std::optional<Sum> read_sum(const std::string& text) {
  int a = 0, b = 0, c = 0, told = 0, end = 0;
  char first = 0, second = 0, word[8] = {};
  const auto whole = [&] { return end == static_cast<int>(text.size()); };
  if (std::sscanf(text.c_str(), "Q: What is %d %7[a-z] %d?\n\nA: %d%n", &a, word, &b, &told,
                  &end) == 4 &&
      whole()) {
    const std::string_view name = word;
    const char sign = name == "plus" ? '+' : name == "minus" ? '-' : name == "times" ? '*' : '?';
    return Sum{{std::min(a, b), std::max(a, b)}, applied(a, sign, b), told};
  }
  if (std::sscanf(text.c_str(), "Q: What is (%d %c %d) %c %d?\n\nA: %d%n", &a, &first, &b, &second,
                  &c, &told, &end) == 6 &&
      whole()) {
    Sum sum{{a, b, c}, applied(applied(a, first, b), second, c), told};
    std::sort(sum.numbers.begin(), sum.numbers.end());
    return sum;
  }
  if (std::sscanf(text.c_str(), "Q: What is the sum of the digits of the number %d?\n\nA: %d%n", &a,
                  &told, &end) == 2 &&
      whole()) {
    Sum sum{{a}, 0, told};
    for (const char digit : std::to_string(a)) sum.right += digit - '0';
    return sum;
  }
  return std::nullopt;
}

TEST(Arithmetic, every_answer_is_right_and_held_out_numbers_are_in_no_document) {
  std::set<std::vector<int>> trained, evaluated;
  const auto read = [](const std::string& text) {
    const std::optional<Sum> sum = read_sum(text);
    EXPECT_TRUE(sum) << text;
    if (!sum) return std::vector<int>{};
    EXPECT_EQ(sum->told, sum->right) << text;
    return sum->numbers;
  };
  size_t bytes = 0;
  for (const TaskFamily& one : tasks()) {
    if (one.group != TaskGroup::arithmetic) continue;
    for (const std::string& text : documents_of(one, 2000)) {
      bytes += text.size();
      const auto sums = split(text, "\n\nQ: ");
      EXPECT_TRUE(sums[0].empty()) << text;
      EXPECT_TRUE(sums.size() >= 9 && sums.size() <= 25) << sums.size();
      for (size_t i = 1; i < sums.size(); ++i) trained.insert(read("Q: " + sums[i]));
    }
    for (const TaskItem& item : items_of(one, 1000)) {
      EXPECT_TRUE(item.query.context.starts_with("\n\nQ: "));
      evaluated.insert(read(item.query.text().substr(2)));
    }
  }
  EXPECT_GT(bytes, 2'000'000u);
  EXPECT_GT(trained.size(), 5000u);
  EXPECT_GT(evaluated.size(), 1000u);
  for (const auto& numbers : evaluated) EXPECT_FALSE(trained.contains(numbers)) << numbers[0];
}

// ---- Words --------------------------------------------------------------------------------------

/// What a family keeps of a word: the letters, and how many at each end; "" if nothing is wrong.
std::string wrong_with(std::string_view name, const std::string& scrambled,
                       const std::string& word) {
  const auto keeps = [&](size_t ends) {
    return scrambled.substr(0, ends) == word.substr(0, ends) &&
           scrambled.substr(scrambled.size() - ends) == word.substr(word.size() - ends);
  };
  if (sorted_letters(scrambled) != sorted_letters(word)) return "other letters";
  if (scrambled == word) return "not scrambled";
  if (name == "random_insertion_in_word") {
    for (size_t i = 0; i < word.size(); ++i)
      if (scrambled[2 * i] != word[i]) return "not a letter in two";
    return scrambled.size() == 2 * word.size() - 1 ? "" : "too long";
  }
  if (scrambled.size() != word.size()) return "another length";
  if (name == "mid_word_1_anagrams") return keeps(1) ? "" : "ends changed";
  if (name == "mid_word_2_anagrams") return keeps(2) ? "" : "ends changed";
  if (name == "cycle_letters_in_word")
    return (scrambled + scrambled).find(word) != std::string::npos ? "" : "no cycle";
  if (name == "reversed_words")
    return std::equal(word.begin(), word.end(), scrambled.rbegin()) ? "" : "not reversed";
  return "an unknown task";
}

TEST(WordTasks, scrambles_keep_what_they_say_and_words_their_side) {
  for (const std::string_view name :
       {"cycle_letters_in_word", "mid_word_1_anagrams", "mid_word_2_anagrams",
        "random_insertion_in_word", "reversed_words"}) {
    std::set<std::string> trained;
    for (const std::string& text : documents_of(task(name), 1000)) {
      const auto lines = split(text.substr(1), "\n");
      EXPECT_TRUE(lines.size() >= 8 && lines.size() <= 24) << text;
      for (const std::string& line : lines) {
        const auto sides = split(line, " = ");
        ASSERT_EQ(sides.size(), 2u) << line;
        EXPECT_EQ(wrong_with(name, sides[0], sides[1]), "") << name << ": " << line;
        trained.insert(sides[1]);
      }
    }
    for (const TaskItem& item : items_of(task(name))) {
      const std::string& context = item.query.context;
      ASSERT_TRUE(context.ends_with(" =")) << context;
      const std::string word = item.query.completion.substr(1);
      EXPECT_EQ(wrong_with(name, context.substr(1, context.size() - 3), word), "") << context;
      EXPECT_FALSE(trained.contains(word)) << word;
    }
  }
}

TEST(WordTasks, a_new_word_is_defined_before_it_is_used) {
  for (const std::string_view name : {"new_word", "new_word_of_two"}) {
    std::string trained;
    for (const std::string& text : documents_of(task(name))) trained += text;
    int first = 0;
    for (const TaskItem& item : items_of(task(name))) {
      const std::string& word = item.query.completion;
      EXPECT_NE(item.query.context.find("A" + word + " is a"), std::string::npos)
          << item.query.text();
      EXPECT_EQ(trained.find(word + " is"), trained.npos) << word;
      first += item.query.context.starts_with("\nA" + word + " is a");
    }
    const uint32_t first_meant = name == "new_word" ? kDraws : kDraws / 2;
    EXPECT_NEAR(first, first_meant, kDraws / 6);
  }
}

// ---- Context ------------------------------------------------------------------------------------

TEST(Pairings, the_first_example_is_the_query_and_names_differ) {
  for (const std::string_view name : {"pairings", "pairings_new_names", "pairings_new_answers"}) {
    std::set<std::string> answers;
    for (const TaskItem& item : items_of(task(name))) {
      ASSERT_GE(item.examples.size(), 8u);
      EXPECT_EQ(item.examples[0].context, item.query.context);
      EXPECT_EQ(item.examples[0].completion, item.query.completion);
      std::set<std::string> contexts;
      for (const Problem& example : item.examples) contexts.insert(example.context);
      EXPECT_EQ(contexts.size(), item.examples.size()) << item.query.context;
      answers.insert(item.query.completion);
    }
    EXPECT_GE(answers.size(), 14u) << name;  // of 16 or more
  }
}

TEST(Pairings, a_document_asks_again_and_answers_the_same) {
  double lines = 0, answered = 0;
  for (const std::string& text : documents_of(task("pairings"))) {
    std::set<std::string> seen;
    const auto written = split(text.substr(1), "\n");
    EXPECT_TRUE(written.size() >= 12 && written.size() <= 40) << text;
    std::set<std::string> keys;
    for (const std::string& line : written) {
      answered += seen.contains(line);
      seen.insert(line);
      keys.insert(words_in(line)[0]);
    }
    EXPECT_EQ(keys.size(), seen.size()) << text;  // a key always has the same answer
    EXPECT_LE(keys.size(), 10u) << text;
    lines += static_cast<double>(written.size());
  }
  EXPECT_GT(answered / lines, 0.7);
}

// They are what a small model learns to look back by: without them it never does.
TEST(Pairings, half_of_the_documents_pair_words_that_no_dictionary_has) {
  std::set<std::string_view> known(names(CorpusSplit::training).begin(),
                                   names(CorpusSplit::training).end());
  for (const Category* category : categories(CorpusSplit::training))
    known.insert(category->members.begin(), category->members.end());
  double documents = 0, new_keys = 0, new_answers = 0;
  for (const std::string& text : documents_of(task("pairings"), 1000)) {
    auto line = words_in(split(text.substr(1), "\n").front());
    if (line.back().empty()) line.pop_back();  // after the stop of "Tom said bus."
    new_keys += !known.contains(line.front());
    new_answers += !known.contains(line.back());
    ++documents;
  }
  EXPECT_NEAR(new_keys / documents, 0.55, 0.05);
  EXPECT_NEAR(new_answers / documents, 0.45, 0.05);
}

TEST(ContextTasks, held_out_names_and_words_are_in_no_document) {
  std::set<std::string_view> held_out(names(CorpusSplit::evaluation).begin(),
                                      names(CorpusSplit::evaluation).end());
  for (const Category* category : categories(CorpusSplit::evaluation))
    held_out.insert(category->members.begin(), category->members.end());
  size_t words = 0;
  for (const TaskFamily& one : tasks()) {
    if (!one.document || one.group != TaskGroup::context) continue;
    for (const std::string& text : documents_of(one, 1000))
      for (const std::string& word : words_in(text)) {
        EXPECT_FALSE(held_out.contains(word)) << word << " in " << text;
        ++words;
      }
  }
  EXPECT_GT(words, 100'000u);
  for (const TaskItem& item : items_of(task("pairings_new_names")))
    for (const Problem& example : item.examples)
      EXPECT_TRUE(held_out.contains(words_in(example.context)[0])) << example.context;
  for (const TaskItem& item : items_of(task("pairings_new_answers")))
    EXPECT_TRUE(held_out.contains(item.query.completion.substr(1))) << item.query.completion;
}

TEST(Copying, the_answer_followed_the_same_words_before) {
  for (const TaskItem& item : items_of(task("copying"))) {
    const auto words = split(item.query.context.substr(1), " ");
    ASSERT_TRUE(words.size() > 4 && words.size() < 8);
    EXPECT_EQ(item.query.completion, " " + words[words.size() - 4]);
    EXPECT_EQ(words.back(), words[words.size() - 5]);
  }
}

TEST(Lookup, the_answer_is_in_the_one_fact_that_was_asked_for) {
  for (const TaskItem& item : items_of(task("lookup"))) {
    const auto sentences = split(item.query.context.substr(1), ". ");
    ASSERT_EQ(sentences.size(), 4u) << item.query.context;
    const std::string& question = sentences.back();
    const size_t asked = question.find('?');
    // "Who has the cup?" asks for the beginning of a fact, "Tom has the" for its end.
    const std::string known =
        asked == question.npos
            ? question + item.query.completion
            : item.query.completion.substr(1) +
                  question.substr(question.find(' '), asked - question.find(' '));
    int facts = 0;
    for (size_t i = 0; i < 3; ++i) facts += sentences[i].ends_with(known);
    EXPECT_EQ(facts, 1) << item.query.text() << "\n" << known;
  }
}

// Whatever is asked again is answered as the facts before it say.
TEST(Lookup, documents_answer_as_their_facts_say) {
  int64_t asked = 0;
  for (const std::string& text : documents_of(task("lookup"), 1000)) {
    std::set<std::string> facts;
    for (const std::string& line : split(text.substr(1), "\n")) {
      auto sentences = split(line, ". ");
      if (sentences.size() > 1) {  // new facts, and a question behind them or none
        facts.clear();
        if (sentences.back().ends_with('.')) sentences.back().pop_back(), sentences.push_back("");
        facts.insert(sentences.begin(), sentences.end() - 1);
        if (sentences.back().empty()) continue;
      }
      const std::string question = sentences.back();
      const size_t mark = question.find("? ");
      const std::string fact =
          mark == question.npos
              ? question
              : question.substr(mark + 2) +
                    question.substr(question.find(' '), mark - question.find(' '));
      EXPECT_TRUE(facts.contains(fact)) << fact << " in" << text;
      ++asked;
    }
  }
  EXPECT_GT(asked, 5000);
}

// A repeated sequence goes on as it began; an example's last word is the one that stood there.
TEST(Copying, documents_copy) {
  int64_t copied = 0;
  for (const std::string& text : documents_of(task("copying"), 1000)) {
    const auto lines = split(text.substr(1), "\n");
    const std::vector<std::string> words = words_in(text);
    size_t period = 1;
    const auto repeats = [&] {
      for (size_t i = period; i < words.size(); ++i)
        if (!words[i].empty() && words[i] != words[i - period]) return false;
      return true;
    };
    while (period <= 12 && !repeats()) ++period;
    if (period <= 12) {
      copied += static_cast<int64_t>(words.size() - period);
      continue;
    }
    for (const std::string& line : lines) {
      const auto example = split(line, " ");
      ASSERT_GT(example.size(), 5u) << text;
      for (size_t i = 4; i < example.size(); ++i) EXPECT_EQ(example[i], example[i - 4]) << line;
    }
  }
  EXPECT_GT(copied, 10'000);
}

// A word of a category has the label that all words of that category have.
TEST(Labels, documents_label_a_category_one_way) {
  int64_t labelled = 0;
  for (const std::string& text : documents_of(task("labels"), 1000)) {
    std::map<std::string, std::string> label_of;
    for (const std::string& line : split(text.substr(1), "\n"))
      for (const std::string_view between : {": ", " -> ", " = "})
        if (const auto sides = split(line, between); sides.size() == 2)
          for (const std::string& word : split(sides[0], ", ")) {
            const auto [known, is_new] = label_of.emplace(category_of(word), sides[1]);
            EXPECT_EQ(known->second, sides[1]) << line << " in" << text;
            ++labelled;
          }
    EXPECT_LE(label_of.size(), 3u) << text;
    EXPECT_FALSE(label_of.contains("")) << text;
  }
  EXPECT_GT(labelled, 10'000);
}

TEST(Lists, go_on_with_words_of_one_category) {
  for (const std::string& text : documents_of(task("lists"), 1000))
    for (const std::string& line : split(text.substr(1), "\n")) {
      const auto sides = split(line, ": ");
      std::set<std::string> kinds;
      if (sides.size() == 2) kinds.insert(sides[0]);
      for (const std::string& word : split(sides.back(), ", ")) kinds.insert(category_of(word));
      EXPECT_EQ(kinds.size(), 1u) << line;
    }
}

TEST(Labels, an_item_labels_each_category_its_own_way) {
  int as = 0;
  for (const TaskItem& item : items_of(task("labels"))) {
    std::set<std::string> contexts{item.query.context};
    for (size_t i = 0; i < item.examples.size(); ++i) {
      contexts.insert(item.examples[i].context);
      EXPECT_EQ(item.examples[i].completion == item.examples[0].completion, i % 2 == 0);
    }
    EXPECT_EQ(contexts.size(), 9u) << item.query.context;
    const auto kind_of = [](const Problem& example) {
      return category_of(example.context.substr(1, example.context.size() - 2));
    };
    for (const Problem& example : item.examples)
      EXPECT_EQ(example.completion == item.query.completion,
                kind_of(example) == kind_of(item.query));
    as += item.query.completion == " A";
  }
  EXPECT_NEAR(as, kDraws / 2, kDraws / 6);
}

}  // namespace
}  // namespace octavo

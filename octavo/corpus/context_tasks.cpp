// Tasks that only the context can solve: pairings, copying, facts to look up, labels. Whatever is
// asked was drawn for this document or item alone.
//
// A training document is dense: a few pairs (facts, words) come back many times, so that nearly
// every line after the first few is a question that the lines before answer. An evaluation item of
// pairings shows each pair once, the queried one first among its examples (so that the first K hold
// it for every K; who evaluates shuffles them).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "octavo/corpus/dice.h"
#include "octavo/corpus/tasks.h"
#include "octavo/corpus/words_of.h"

namespace octavo {
namespace {

// ---- Pairings -----------------------------------------------------------------------------------

/// How a line is written: "\n", the key, `between`, a space, the answer, `after`.
struct LineForm {
  double share;
  std::string_view between, after = "";
};

constexpr LineForm kForms[] = {{8, ""}, {2, ":"}, {1, " ->"}, {1, " ="}};
constexpr LineForm kNameForms[] = {{8, ""},   {2, ":"},          {1, " ->"},
                                   {1, " ="}, {1, " said", "."}, {1, " has the word", "."}};

/// What a document pairs.
enum class Pool {
  people,
  one_kind,   ///< of a category
  any,        ///< of all categories, and people
  new_words,  ///< that no dictionary has
};
struct PoolShare {
  double share;
  Pool pool;
};
// A model that reads little else than some dozen names with sixteen answers settles for guessing
// among the answers it has seen, and never finds out which belongs to whom. A new word of several
// tokens can only be copied from where it stood, so those are what it learns to look back by
// (docs/notebook.md).
constexpr PoolShare kKeys[] = {{20, Pool::people}, {55, Pool::new_words}, {25, Pool::any}};
constexpr PoolShare kAnswers[] = {{30, Pool::one_kind}, {45, Pool::new_words}, {25, Pool::any}};

std::vector<std::string> words_in(Dice& dice, Pool pool) {
  const auto strings = [](const Words& words) {
    return std::vector<std::string>(words.begin(), words.end());
  };
  const auto& kinds = categories(CorpusSplit::training);
  std::vector<std::string> words;
  switch (pool) {
    case Pool::people:
      return strings(names(CorpusSplit::training));
    case Pool::one_kind:
      return strings(dice.one_of(kinds)->members);
    case Pool::any:
      words = strings(names(CorpusSplit::training));
      for (const Category* kind : kinds)
        words.insert(words.end(), kind->members.begin(), kind->members.end());
      return words;
    case Pool::new_words:
      break;
  }
  std::set<std::string> different;
  while (different.size() < 16) different.insert(made_up_word(dice, CorpusSplit::training));
  return {different.begin(), different.end()};
}

std::string pairings_document(Dice& dice) {
  const Pool pool = dice.one_by_share(kKeys).pool;
  const LineForm form =
      pool == Pool::people ? dice.one_by_share(kNameForms) : dice.one_by_share(kForms);
  const auto count = static_cast<size_t>(dice.between(2, 10));
  const auto keys = dice.some_of(words_in(dice, pool), count);
  const auto possible = words_in(dice, dice.one_by_share(kAnswers).pool);
  std::vector<std::string> lines;
  for (const std::string& key : keys)
    lines.push_back(
        fmt::format("\n{}{} {}{}", key, form.between, dice.one_of(possible), form.after));
  std::string text;
  for (int written = dice.between(12, 30); written > 0; --written) text += dice.one_of(lines);
  return text;
}

/// Eight names, each with an answer of its own drawing.
TaskItem pairings_item(Dice& dice, const Words& keys, const Words& answers) {
  TaskItem item;
  for (const std::string_view key : dice.some_of(keys, kOwnExamples))
    item.examples.push_back({fmt::format("\n{}", key), fmt::format(" {}", dice.one_of(answers))});
  item.query = item.examples.front();
  return item;
}

// ---- Copying ------------------------------------------------------------------------------------

/// Names, letters, words of one kind or of any.
Words copied_words(Dice& dice, size_t count) {
  static const Words letters = words_of("a b c d e f g h i j k l m n o p q r s t u v w x y z");
  if (dice.chance(0.3)) return dice.some_of(names(CorpusSplit::training), count);
  if (dice.chance(0.2)) return dice.some_of(letters, count);
  const auto& kinds = categories(CorpusSplit::training);
  if (dice.chance(0.4)) return dice.some_of(dice.one_of(kinds)->members, count);
  Words words;
  while (words.size() < count) {
    const std::string_view word = dice.one_of(dice.one_of(kinds)->members);
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

/// One sequence, again and again: on one line, a line each time, or a line for each word.
std::string repeated_sequence(Dice& dice) {
  static constexpr std::array<std::string_view, 4> kBetween{" ", ", ", "\n", " "};
  static constexpr std::array<std::string_view, 4> kBetweenRounds{" ", "\n", "\n", "\n"};
  const size_t form = dice.below(kBetween.size());
  const auto count = static_cast<size_t>(dice.between(3, 12));
  const std::string round =
      dice.chance(0.3)
          ? fmt::format("{}", fmt::join(dice.some_of(words_in(dice, Pool::new_words), count),
                                        kBetween[form]))
          : fmt::format("{}", fmt::join(copied_words(dice, count), kBetween[form]));
  std::string text = "\n" + round;
  for (size_t rounds = static_cast<size_t>(dice.between(24, 60)) / count; rounds > 0; --rounds)
    text += fmt::format("{}{}", kBetweenRounds[form], round);
  return text;
}

/// "\nred cat sun Tom red cat" and " sun": four words, and again up to one of them.
Problem copying_example(Dice& dice, CorpusSplit) {
  const Words words = copied_words(dice, 4);
  const size_t asked = 1 + dice.below(words.size() - 1);
  const Words again(words.begin(), words.begin() + static_cast<ptrdiff_t>(asked));
  return {fmt::format("\n{} {}", fmt::join(words, " "), fmt::join(again, " ")),
          fmt::format(" {}", words[asked])};
}

std::string copying_document(Dice& dice) {
  if (dice.chance(0.7)) return repeated_sequence(dice);
  std::string text;
  for (int i = dice.between(4, 12); i > 0; --i)
    text += copying_example(dice, CorpusSplit::training).text();
  return text;
}

// ---- Facts to look up ---------------------------------------------------------------------------

/// "Ann has the key." can be asked from both ends: "Who has the key?", and "Ann has the" again.
struct FactForm {
  std::string_view before_subject, verb, question, after_question;
  const Words* subjects;
  const Words* objects;
};

const Words& members(std::string_view name) {
  for (const Category& category : categories())
    if (category.name == name) return category.members;
  return names(CorpusSplit::training);
}

const std::vector<FactForm>& fact_forms() {
  static const Words &people = names(CorpusSplit::training), &places = members("place");
  static const std::vector<FactForm> forms{
      {"", " has the", "Who has the", "?", &people, &members("tool")},
      {"", " has the", "Who has the", "?", &people, &members("toy")},
      {"", " likes the", "Who likes the", "?", &people, &members("animal")},
      {"", " is at the", "Who is at the", "?", &people, &places},
      {"The ", " is at the", "What is at the", "? The", &members("animal"), &places},
      {"The ", " is", "What is", "? The", &members("garment"), &members("color")},
      {"The ", " is", "What is", "? The", &members("furniture"), &members("color")},
  };
  return forms;
}

struct Facts {
  FactForm form;
  Words subjects, objects;  ///< all different, so that each question has one answer
  std::string text;         ///< the facts in a row

  /// A question about one of them, which follows the facts or another question.
  Problem question(Dice& dice, std::string_view before) const {
    const size_t i = dice.below(subjects.size());
    if (dice.chance(0.5))
      return {fmt::format("{}{} {}{}", before, form.question, objects[i], form.after_question),
              fmt::format(" {}", subjects[i])};
    return {fmt::format("{}{}{}{}", before, form.before_subject, subjects[i], form.verb),
            fmt::format(" {}", objects[i])};
  }
};

Facts draw_facts(Dice& dice, size_t count) {
  const FactForm& form = dice.one_of(fact_forms());
  Facts facts{form, dice.some_of(*form.subjects, count), dice.some_of(*form.objects, count), "\n"};
  for (size_t i = 0; i < count; ++i)
    facts.text += fmt::format("{}{}{}{} {}.", i > 0 ? " " : "", form.before_subject,
                              facts.subjects[i], form.verb, facts.objects[i]);
  return facts;
}

Problem lookup_example(Dice& dice, CorpusSplit) {
  const Facts facts = draw_facts(dice, 3);
  Problem example = facts.question(dice, " ");
  example.context = facts.text + example.context;
  return example;
}

std::string lookup_document(Dice& dice) {
  std::string text;
  if (dice.chance(0.5)) {
    for (int i = dice.between(2, 8); i > 0; --i)
      text += lookup_example(dice, CorpusSplit::training).text();
    return text;
  }
  const Facts facts = draw_facts(dice, static_cast<size_t>(dice.between(3, 8)));
  text = facts.text;
  for (int i = dice.between(6, 16); i > 0; --i) text += facts.question(dice, "\n").text();
  return text;
}

// ---- Labels and lists ---------------------------------------------------------------------------

using Labels = std::array<std::string_view, 3>;

/// Lines of one or several words of a category, with the label that the document gives it.
class LabelledWords {
 public:
  LabelledWords(Dice& dice, size_t kinds, Labels labels) : dice_(dice), labels_(labels) {
    for (const Category* category : dice.some_of(categories(CorpusSplit::training), kinds))
      words_.push_back(dice.some_of(category->members, category->members.size()));
  }

  /// The next `count` words of a category; after the last one the first comes again.
  Problem line(size_t category, size_t count, std::string_view between) {
    Words chosen;
    for (; count > 0; --count) {
      Words& words = words_[category];
      chosen.push_back(words.front());
      std::rotate(words.begin(), words.begin() + 1, words.end());
    }
    return {fmt::format("\n{}{}", fmt::join(chosen, ", "), between),
            fmt::format(" {}", labels_[category])};
  }
  Problem any_line(size_t count, std::string_view between) {
    return line(dice_.below(words_.size()), count, between);
  }

 private:
  Dice& dice_;
  Labels labels_;
  std::vector<Words> words_;
};

std::string labels_document(Dice& dice) {
  static constexpr Labels kLabels[] = {{"A", "B", "C"},        {"A", "B", "C"},
                                       {"1", "2", "3"},        {"X", "Y", "Z"},
                                       {"yes", "no", "maybe"}, {"left", "right", "middle"}};
  Labels labels = dice.one_of(kLabels);
  const size_t kinds = dice.chance(0.7) ? 2 : 3;
  if (dice.chance(0.5)) std::swap(labels[0], labels[1]);
  LabelledWords words(dice, kinds, labels);
  const size_t together = dice.chance(0.8) ? 1 : 3;
  const std::string_view between = dice.one_of(std::array{":", " ->", " ="});
  std::string text;
  for (int i = dice.between(10, 30); i > 0; --i) text += words.any_line(together, between).text();
  return text;
}

/// Two categories; the examples are of one and the other in turn.
TaskItem labels_item(Dice& dice) {
  const bool turned = dice.chance(0.5);
  LabelledWords words(dice, 2, turned ? Labels{"B", "A"} : Labels{"A", "B"});
  TaskItem item;
  for (size_t i = 0; i < kOwnExamples; ++i) item.examples.push_back(words.line(i % 2, 1, ":"));
  item.query = words.any_line(1, ":");
  return item;
}

/// "\ncolor: red, green, pink": lists of a category's words, some of them with its name.
std::string lists_document(Dice& dice) {
  const auto kinds = dice.some_of(categories(CorpusSplit::training), 3);
  const bool named = dice.chance(0.5);
  std::string text;
  for (int i = dice.between(4, 10); i > 0; --i) {
    const Category& category = *dice.one_of(kinds);
    const Words words = dice.some_of(category.members, static_cast<size_t>(dice.between(4, 8)));
    text += fmt::format("\n{}{}{}", named ? category.name : "", named ? ": " : "",
                        fmt::join(words, ", "));
  }
  return text;
}

}  // namespace

std::vector<TaskFamily> context_tasks() {
  const auto pairings = [](CorpusSplit key_split, CorpusSplit answer_split) {
    return [=](Dice& dice) {
      return pairings_item(dice, names(key_split), dice.one_of(categories(answer_split))->members);
    };
  };
  constexpr CorpusSplit kTraining = CorpusSplit::training, kEvaluation = CorpusSplit::evaluation;
  const double one_answer = 1.0 / 16;
  const double one_of_all = one_answer / static_cast<double>(categories(kTraining).size());
  constexpr TaskGroup kGroup = TaskGroup::context;
  constexpr ExamplesFrom kItem = ExamplesFrom::item, kFile = ExamplesFrom::file;
  return {
      {"pairings", kGroup, 45, one_of_all, kItem, pairings_document,
       pairings(kTraining, kTraining)},
      {"pairings_new_names", kGroup, 0, one_of_all, kItem, {}, pairings(kEvaluation, kTraining)},
      {"pairings_new_answers", kGroup, 0, one_answer, kItem, {}, pairings(kTraining, kEvaluation)},
      {"copying", kGroup, 15, 0.25, kFile, copying_document,
       [](Dice& dice) {
         return TaskItem{{}, copying_example(dice, kEvaluation)};
       }},
      {"lookup", kGroup, 10, 1.0 / 3, kFile, lookup_document,
       [](Dice& dice) {
         return TaskItem{{}, lookup_example(dice, kEvaluation)};
       }},
      {"labels", kGroup, 8, 0.5, kItem, labels_document, labels_item},
      {"lists", kGroup, 2, 0, kFile, lists_document, {}},
  };
}

}  // namespace octavo

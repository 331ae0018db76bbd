// Rules to induce from examples: "\ncat -> cats". A document draws one of many small rules, and
// what is free in it: the step, the affix, the kind of word to find. Some affixes and joining words
// are never trained on.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "octavo/corpus/dice.h"
#include "octavo/corpus/tasks.h"
#include "octavo/corpus/words_of.h"

namespace octavo {
namespace {

/// What stands left and right of the arrow.
struct Line {
  std::string input, output;
};
/// A rule with what was drawn for it: makes lines that all follow it.
using Rule = std::function<Line(Dice&)>;

/// A kind of rule.
struct RuleKind {
  CorpusSplit split;
  Rule (*draw)(Dice&);
};

std::string text_of(std::string_view word) { return std::string(word); }

/// Any word of any category that is trained on.
std::string any_word(Dice& dice) {
  return text_of(dice.one_of(dice.one_of(categories(CorpusSplit::training))->members));
}

std::string upper(std::string word, size_t letters) {
  for (char& c : word)
    if (letters > 0) c = static_cast<char>(std::toupper(c)), --letters;
  return word;
}

Rule of_pairs(const std::vector<WordPair>& pairs, double backwards) {
  return [&pairs, backwards](Dice& dice) {
    const WordPair& pair = dice.one_of(pairs);
    return dice.chance(backwards) ? Line{text_of(pair.second), text_of(pair.first)}
                                  : Line{text_of(pair.first), text_of(pair.second)};
  };
}

/// What `change` makes of one word.
template <class Change>
Rule of_word(Change change) {
  return [change](Dice& dice) {
    const std::string word = any_word(dice);
    return Line{word, change(word)};
  };
}

/// The word at `place` of `count` different words.
Rule of_place(size_t count, size_t place) {
  return [=](Dice& dice) {
    std::vector<std::string> words;
    while (words.size() < count)
      if (const std::string word = any_word(dice);
          std::find(words.begin(), words.end(), word) == words.end())
        words.push_back(word);
    return Line{fmt::format("{}", fmt::join(words, " ")), words[place]};
  };
}

template <class Choose>
Rule of_two_numbers(Choose choose) {
  return [choose](Dice& dice) {
    const int a = dice.between(0, 99), b = (a + dice.between(1, 99)) % 100;
    return Line{fmt::format("{} {}", a, b), std::to_string(choose(a, b))};
  };
}

constexpr CorpusSplit kTraining = CorpusSplit::training, kEvaluation = CorpusSplit::evaluation;

/// A few letters to put before or behind words.
template <CorpusSplit split>
std::string affix(Dice& dice) {
  static const Words affixes =
      words_of(split == kTraining ? "un re pre mis over out ing er ed ly ness ful less ish "
                                    "able ment za ko lu mi bo ta ri ne"
                                  : "dis sub anti trans hood ward wise like xo pu vi gam");
  return text_of(dice.one_of(affixes));
}

template <CorpusSplit split>
Rule affix_before(Dice& dice) {
  return of_word([part = affix<split>(dice)](const std::string& w) { return part + w; });
}

template <CorpusSplit split>
Rule affix_behind(Dice& dice) {
  return of_word([part = affix<split>(dice)](const std::string& w) { return w + part; });
}

template <CorpusSplit split>
Rule joined(Dice& dice) {
  static const Words between = words_of(split == kTraining ? "and or with near under of in on"
                                                           : "by at from behind then but");
  return [middle = dice.one_of(between)](Dice& line_dice) {
    const std::string a = any_word(line_dice), b = any_word(line_dice);
    return Line{a + " " + b, fmt::format("{} {} {}", a, middle, b)};
  };
}

Rule found_in_list(Dice& dice) {
  const auto& kinds = categories(CorpusSplit::training);
  const Category* wanted = dice.one_of(kinds);
  return [wanted, &kinds](Dice& line_dice) {
    const std::string answer = text_of(line_dice.one_of(wanted->members));
    std::vector<std::string> words{answer};
    while (words.size() < 3)
      if (const Category* other = line_dice.one_of(kinds); other != wanted)
        words.push_back(text_of(line_dice.one_of(other->members)));
    line_dice.shuffle(words);
    return Line{fmt::format("{}", fmt::join(words, " ")), answer};
  };
}

/// Three of a kind and one of another.
Rule odd_one_out(Dice&) {
  return [](Dice& dice) {
    const auto kinds = dice.some_of(categories(CorpusSplit::training), 2);
    Words words = dice.some_of(kinds[0]->members, 3);
    words.push_back(dice.one_of(kinds[1]->members));
    const std::string odd = text_of(words.back());
    dice.shuffle(words);
    return Line{fmt::format("{}", fmt::join(words, " ")), odd};
  };
}

Rule next_by_step(Dice& dice) {
  const int step = dice.between(1, 9) * (dice.chance(0.3) ? -1 : 1);
  return [step](Dice& line_dice) {
    const int number = line_dice.between(10, 90);
    return Line{std::to_string(number), std::to_string(number + step)};
  };
}

Rule next_in_order(Dice& dice) {
  static const Words letters = words_of("a b c d e f g h i j k l m n o p q r s t u v w x y z");
  const std::array<const Words*, 3> orders{&letters, &number_words(), &months()};
  return [order = dice.one_of(orders)](Dice& line_dice) {
    const size_t i = line_dice.below(order->size() - 1);
    return Line{text_of((*order)[i]), text_of((*order)[i + 1])};
  };
}

Rule number_as_digits(Dice& dice) {
  const bool from_digits = dice.chance(0.5);
  return [from_digits](Dice& line_dice) {
    const size_t i = line_dice.below(number_words().size());
    const std::string word = text_of(number_words()[i]), digits = std::to_string(i + 1);
    return from_digits ? Line{digits, word} : Line{word, digits};
  };
}

Rule count_of_words(Dice&) {
  return [](Dice& dice) {
    const int count = dice.between(1, 5);
    std::vector<std::string> words;
    for (int i = 0; i < count; ++i) words.push_back(any_word(dice));
    return Line{fmt::format("{}", fmt::join(words, " ")), std::to_string(count)};
  };
}

Rule category_of_word(Dice&) {
  return [](Dice& dice) {
    const Category& category = *dice.one_of(categories(CorpusSplit::training));
    return Line{text_of(dice.one_of(category.members)), text_of(category.name)};
  };
}

Rule always_the_same(Dice& dice) {
  return of_word([answer = any_word(dice)](const std::string&) { return answer; });
}

const std::vector<RuleKind>& rule_kinds() {
  static const std::vector<RuleKind> kinds{
      {kTraining, [](Dice&) { return of_pairs(plurals(), 0); }},
      {kTraining, [](Dice&) { return of_pairs(plurals(), 1); }},
      {kTraining, [](Dice&) { return of_pairs(opposites(), 0.5); }},
      {kTraining, [](Dice&) { return of_pairs(past_tenses(), 0); }},
      {kTraining, [](Dice&) { return of_pairs(comparatives(), 0); }},
      {kTraining, [](Dice&) { return of_place(2, 0); }},
      {kTraining, [](Dice&) { return of_place(2, 1); }},
      {kTraining, [](Dice&) { return of_place(3, 0); }},
      {kTraining, [](Dice&) { return of_place(3, 2); }},
      {kEvaluation,
       [](Dice& dice) {
         return dice.chance(0.5) ? affix_before<kEvaluation>(dice)
                                 : affix_behind<kEvaluation>(dice);
       }},
      {kTraining,
       [](Dice&) { return of_two_numbers([](int a, int b) { return std::max(a, b); }); }},
      {kEvaluation, joined<kEvaluation>},
      {kTraining, [](Dice&) { return of_word([](const std::string& w) { return w; }); }},
      {kTraining, [](Dice&) { return of_word([](const std::string& w) { return w + " " + w; }); }},
      {kTraining,
       [](Dice&) { return of_word([](const std::string& w) { return upper(w, w.size()); }); }},
      {kTraining, [](Dice&) { return of_word([](const std::string& w) { return upper(w, 1); }); }},
      {kTraining,
       [](Dice&) { return of_word([](const std::string& w) { return w.substr(0, 1); }); }},
      {kTraining,
       [](Dice&) { return of_word([](const std::string& w) { return w.substr(w.size() - 1); }); }},
      {kTraining,
       [](Dice&) {
         return of_word(
             [](const std::string& w) { return fmt::format("{} {}", article_of(w), w); });
       }},
      {kTraining, affix_before<kTraining>},
      {kTraining, affix_behind<kTraining>},
      {kTraining, joined<kTraining>},
      {kTraining, found_in_list},
      {kTraining, odd_one_out},
      {kTraining, next_by_step},
      {kTraining, next_in_order},
      {kTraining, number_as_digits},
      {kTraining, count_of_words},
      {kTraining, category_of_word},
      {kTraining, always_the_same},
  };
  return kinds;
}

Rule draw_rule(Dice& dice, CorpusSplit split) {
  for (;;)
    if (const RuleKind& kind = dice.one_of(rule_kinds()); kind.split == split)
      return kind.draw(dice);
}

struct Arrow {
  double share;
  std::string_view text;
};
constexpr Arrow kArrows[] = {{6, " ->"}, {2, ":"}, {1, " ="}};

Problem example_of(const Line& line, std::string_view arrow) {
  return {fmt::format("\n{}{}", line.input, arrow), " " + line.output};
}

std::string rules_document(Dice& dice) {
  const Rule rule = draw_rule(dice, kTraining);
  const std::string_view arrow = dice.one_by_share(kArrows).text;
  std::string text;
  for (int i = dice.between(6, 20); i > 0; --i) text += example_of(rule(dice), arrow).text();
  return text;
}

/// Eight examples of a rule and a query, all of different inputs.
TaskItem rules_item(Dice& dice, CorpusSplit split) {
  const Rule rule = draw_rule(dice, split);
  std::set<std::string> inputs;
  std::vector<Problem> lines;
  while (lines.size() <= kOwnExamples)
    if (const Line line = rule(dice); inputs.insert(line.input).second)
      lines.push_back(example_of(line, kArrows[0].text));
  TaskItem item{std::move(lines), {}};
  item.query = std::move(item.examples.back());
  item.examples.pop_back();
  return item;
}

}  // namespace

std::vector<TaskFamily> rule_tasks() {
  const auto item = [](CorpusSplit split) {
    return [split](Dice& dice) { return rules_item(dice, split); };
  };
  const auto trained = std::count_if(rule_kinds().begin(), rule_kinds().end(),
                                     [](auto& kind) { return kind.split == kTraining; });
  const double one_rule = 1.0 / static_cast<double>(trained);
  return {{"rules", TaskGroup::context, 20, one_rule, ExamplesFrom::item, rules_document,
           item(kTraining)},
          {"rules_new", TaskGroup::context, 0, 0, ExamplesFrom::item, {}, item(kEvaluation)}};
}

}  // namespace octavo

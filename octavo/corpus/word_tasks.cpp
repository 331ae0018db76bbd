// Tasks on the letters of words and with a new word, as in §3.9.2 and §3.9.5 of GPT-3's paper:
// "asinoc =" is completed by " casino". A tenth of the words, the made-up ones too, is the
// evaluation's.
#include <fmt/format.h>

#include <array>

#include "octavo/corpus/dice.h"
#include "octavo/corpus/tasks.h"
#include "octavo/corpus/words_of.h"

namespace octavo {
namespace {

using Scramble = std::string (*)(Dice&, std::string_view word);

std::string cycle_letters(Dice& dice, std::string_view word) {
  const size_t first = 1 + dice.below(word.size() - 1);
  return std::string(word.substr(first)) + std::string(word.substr(0, first));
}

std::string reverse_letters(Dice&, std::string_view word) { return {word.rbegin(), word.rend()}; }

/// Shuffles all but the first and last `kept` letters.
template <size_t kept>
std::string shuffle_middle(Dice& dice, std::string_view word) {
  std::vector<char> middle(word.begin() + kept, word.end() - kept);
  dice.shuffle(middle);
  return std::string(word.substr(0, kept)) + std::string(middle.begin(), middle.end()) +
         std::string(word.substr(word.size() - kept));
}

/// A space or a mark between any two letters: "s.u!c/c!e.s s".
std::string insert_marks(Dice& dice, std::string_view word) {
  static constexpr std::string_view kMarks = "   .,!?/-;";
  std::string text(1, word.front());
  for (const char letter : word.substr(1)) {
    text += dice.one_of(kMarks);
    text += letter;
  }
  return text;
}

const Words& words_from(size_t least_letters, CorpusSplit split) {
  static const auto lists = [] {
    std::array<std::array<Words, 2>, 7> found;  // by letters, then split
    for (const std::string_view word : common_words())
      for (size_t letters = 4; letters < found.size() && letters <= word.size(); ++letters)
        found[letters][static_cast<size_t>(split_of(word))].push_back(word);
    return found;
  }();
  return lists[least_letters][static_cast<size_t>(split)];
}

/// Words of at least `least_letters`, 4 to 6, that the scramble changes.
ExampleMaker unscramble(size_t least_letters, Scramble scramble) {
  return [least_letters, scramble](Dice& dice, CorpusSplit split) {
    for (;;) {
      const std::string_view word = dice.one_of(words_from(least_letters, split));
      const std::string scrambled = scramble(dice, word);
      if (scrambled != word) return Problem{"\n" + scrambled + " =", fmt::format(" {}", word)};
    }
  };
}

/// A thing, and the beginning of a sentence that it ends.
struct Use {
  std::string_view thing, sentence;
};

constexpr Use kUses[] = {
    {"key", "I opened the door with my"},
    {"key", "She could not get in, for she had lost her"},
    {"hat", "The wind blew away his"},
    {"hat", "The sun was strong, so she put on her"},
    {"cup", "He drank his tea from a"},
    {"cup", "She poured milk into the"},
    {"knife", "Mother cut the bread with a"},
    {"knife", "Be careful, that is a sharp"},
    {"boat", "We crossed the lake in a"},
    {"boat", "The fisherman rowed home in his"},
    {"horse", "The farmer rode home on his"},
    {"horse", "He put the saddle on the"},
    {"bird", "In the nest sat a young"},
    {"bird", "High in the air sang a"},
    {"lamp", "It was dark, so we lit the"},
    {"lamp", "He read at night beside a"},
    {"bed", "She was tired and lay down on her"},
    {"bed", "He slept all night in his"},
    {"book", "She turned the last page of her"},
    {"book", "He learned to read from a"},
    {"pen", "I wrote my name with a"},
    {"pen", "He signed the letter with his"},
    {"shoe", "She tied the lace of her"},
    {"shoe", "There was a stone in my"},
    {"cake", "For her birthday we baked a"},
    {"cake", "He blew out the candles on the"},
    {"ball", "The children kicked the"},
    {"ball", "He threw and she caught the"},
    {"umbrella", "It rained, so I opened my"},
    {"umbrella", "We stayed dry under her"},
    {"clock", "To see how late it was, he looked at the"},
    {"clock", "Twelve o'clock struck the"},
    {"chair", "He pulled up and sat down on a"},
    {"chair", "To reach the shelf she stood on a"},
    {"spoon", "She stirred her soup with a"},
    {"spoon", "The baby ate his porridge with a"},
    {"broom", "I swept the floor with a"},
    {"hammer", "He drove in the nail with a"},
    {"needle", "She mended the sock with a"},
    {"saw", "He cut the log in two with a"},
    {"bell", "At noon in the tower they rang the"},
    {"ladder", "He climbed up to the roof on a"},
    {"bag", "She carried her things in a"},
    {"coat", "It was snowing, so he buttoned up his"},
    {"fish", "With a net they caught a"},
    {"cow", "Every morning in the barn she milked the"},
    {"tree", "The squirrel ran up the"},
    {"bridge", "To get across the river we walked over the"},
    {"train", "At the station we waited for the"},
    {"bicycle", "She pedaled up the hill on her"},
    {"mirror", "He saw his own face in the"},
    {"candle", "She lit a match and held it to the"},
    {"basket", "They gathered the eggs in a"},
    {"letter", "The postman brought me a"},
    {"rope", "They tied the boat to the pier with a"},
    {"pillow", "He laid his head on a"},
    {"towel", "After the bath she dried herself with a"},
    {"kite", "In the autumn wind he flew his"},
    {"drum", "He beat time on a"},
    {"window", "She looked out at the street through the"},
};

/// One word is defined and used.
Problem new_word(Dice& dice, CorpusSplit split) {
  const std::string word = made_up_word(dice, split);
  const Use& use = dice.one_of(kUses);
  return {fmt::format("\nA {} is {} {}. A sentence that uses the word {} is: {}", word,
                      article_of(use.thing), use.thing, word, use.sentence),
          " " + word};
}

/// Two words are defined, and the sentence tells which is meant.
Problem new_word_of_two(Dice& dice, CorpusSplit split) {
  const Use *meant = &dice.one_of(kUses), *other = meant;
  while (other->thing == meant->thing) other = &dice.one_of(kUses);
  const std::string word = made_up_word(dice, split);
  std::string other_word = word;
  while (other_word == word) other_word = made_up_word(dice, split);
  std::array<std::string, 2> definitions{
      fmt::format("A {} is {} {}.", word, article_of(meant->thing), meant->thing),
      fmt::format("A {} is {} {}.", other_word, article_of(other->thing), other->thing)};
  if (dice.chance(0.5)) std::swap(definitions[0], definitions[1]);
  return {fmt::format("\n{} {} {}", definitions[0], definitions[1], meant->sentence), " " + word};
}

}  // namespace

std::vector<TaskFamily> word_tasks() {
  const auto task = [](std::string_view name, double share, double chance, ExampleMaker make) {
    return task_of_examples(name, TaskGroup::words, share, chance, std::move(make));
  };
  return {
      task("cycle_letters_in_word", 1, 0, unscramble(4, cycle_letters)),
      task("mid_word_1_anagrams", 1, 0, unscramble(5, shuffle_middle<1>)),
      task("mid_word_2_anagrams", 1, 0, unscramble(6, shuffle_middle<2>)),
      task("random_insertion_in_word", 2, 0, unscramble(4, insert_marks)),
      task("reversed_words", 1, 0, unscramble(4, reverse_letters)),
      task("new_word", 1, 0, new_word),
      task("new_word_of_two", 2, 0.5, new_word_of_two),
  };
}

}  // namespace octavo

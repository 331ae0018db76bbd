// Words: the lists that the built-in corpus is made of, in plain American English, and the split
// that keeps some of what could be trained on for the evaluation.
//
// Held out are ten names, a category, and a tenth of all words and numbers. Names and category are
// marked here; of the tenth a hash decides. So the split is a function of the content: no seed and
// no size moves anything from one side to the other. Tested by tests/corpus/words_test.cpp.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace octavo {

class Dice;
using Words = std::vector<std::string_view>;

/// Which side of the split something is made for.
enum class CorpusSplit { training, evaluation };

/// The side of a word (of the word tasks), by its hash: one in ten is the evaluation's.
CorpusSplit split_of(std::string_view word);
/// The side of the numbers of a sum, in any order: 12 plus 7 is held out if 7 minus 12 is.
CorpusSplit split_of(std::initializer_list<int> numbers);

/// First names (names.h). The evaluation's, the last ten, stand in stories, never in a task that is
/// trained on.
const Words& names(CorpusSplit split);

/// A kind of thing and the words for it.
struct Category {
  std::string_view name;  ///< "animal"
  CorpusSplit split;      ///< the evaluation's is in no context task that is trained on
  Words members;          ///< 16 of them, each in one category only
};
const std::vector<Category>& categories();
/// Those of one side.
const std::vector<const Category*>& categories(CorpusSplit split);

/// In order: "one" to "twenty", and the months.
const Words& number_words();
const Words& months();

/// Two forms of a word.
struct WordPair {
  std::string_view first, second;
};
const std::vector<WordPair>& plurals();       ///< cat, cats
const std::vector<WordPair>& opposites();     ///< hot, cold
const std::vector<WordPair>& past_tenses();   ///< go, went
const std::vector<WordPair>& comparatives();  ///< big, bigger

/// About 2,200 common words of 4 to 10 letters, sorted.
const Words& common_words();

/// "an" before a vowel, else "a".
std::string_view article_of(std::string_view noun);

/// A word of one side that no dictionary has, such as "dorvel"; never one of common_words().
std::string made_up_word(Dice& dice, CorpusSplit split);

}  // namespace octavo

#include "octavo/corpus/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "octavo/corpus/dice.h"
#include "octavo/corpus/names.h"
#include "octavo/corpus/words_of.h"

namespace octavo {
namespace {

// FNV-1a, then the last steps of MurmurHash3, since the low bits of FNV follow the last letter.
uint64_t spread_hash(std::string_view text) {
  uint64_t hash = 14695981039346656037ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdull;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53ull;
  return hash ^ hash >> 33;
}

// "cat cats, dog dogs": pairs of words.
std::vector<WordPair> pairs_of(std::string_view text) {
  const Words words = words_of(text);
  assert(words.size() % 2 == 0);
  std::vector<WordPair> pairs;
  for (size_t i = 0; i + 1 < words.size(); i += 2) pairs.push_back({words[i], words[i + 1]});
  return pairs;
}

}  // namespace

CorpusSplit split_of(std::string_view word) {
  return spread_hash(word) % 10 == 0 ? CorpusSplit::evaluation : CorpusSplit::training;
}

CorpusSplit split_of(std::initializer_list<int> numbers) {
  std::vector<int> sorted(numbers);
  std::sort(sorted.begin(), sorted.end());
  return split_of(std::string_view(fmt::format("{}", fmt::join(sorted, " "))));
}

const Words& names(CorpusSplit split) {
  constexpr size_t kHeldOut = 10;
  static const auto of = [](std::span<const FirstName> people) {
    Words found;
    for (const FirstName& person : people) found.push_back(person.name);
    return found;
  };
  static const Words training = of(std::span(kFirstNames).first(kFirstNames.size() - kHeldOut));
  static const Words evaluation = of(std::span(kFirstNames).last(kHeldOut));
  return split == CorpusSplit::training ? training : evaluation;
}

const std::vector<Category>& categories() {
  constexpr CorpusSplit kTraining = CorpusSplit::training, kEvaluation = CorpusSplit::evaluation;
  static const std::vector<Category> all{
      {"color", kTraining,
       words_of("red blue green yellow black white brown pink gray purple gold silver cream violet "
                "orange scarlet")},
      {"animal", kTraining,
       words_of("cat dog horse cow pig sheep goat mouse rabbit lion tiger bear wolf fox monkey "
                "frog")},
      {"food", kTraining,
       words_of("bread cheese soup rice egg cake butter honey salad pasta pizza sausage pie jam "
                "porridge pudding")},
      {"fruit", kTraining,
       words_of("apple pear plum peach cherry grape lemon melon banana fig berry mango apricot "
                "lime raisin date")},
      {"number", kTraining,
       words_of("one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
                "fifteen sixteen")},
      {"tool", kTraining,
       words_of("hammer saw axe spade rake broom knife needle drill brush ladder rope shovel "
                "scissors wrench file")},
      {"garment", kTraining,
       words_of("hat coat shirt dress shoe sock glove scarf skirt boot cap belt jacket sweater "
                "apron tie")},
      {"place", kTraining,
       words_of("park school market church farm beach garden shop station library bridge harbor "
                "forest castle museum bakery")},
      {"vehicle", kTraining,
       words_of("car bus train boat ship bicycle truck plane tram wagon sled canoe taxi van "
                "tractor rocket")},
      {"tree", kTraining,
       words_of("oak pine elm birch maple willow beech ash cedar palm fir poplar chestnut larch "
                "hazel walnut")},
      {"furniture", kTraining,
       words_of("table chair bed desk shelf lamp sofa bench stool cupboard mirror carpet drawer "
                "wardrobe cradle curtain")},
      {"drink", kTraining,
       words_of("water milk tea coffee juice wine beer cocoa lemonade cider soda broth syrup punch "
                "rum espresso")},
      {"job", kTraining,
       words_of(
           "baker doctor teacher farmer sailor painter singer driver nurse cook soldier tailor "
           "miner writer judge clerk")},
      {"body", kTraining,
       words_of("hand foot head arm leg nose ear eye mouth knee neck back finger toe chin "
                "shoulder")},
      {"flower", kTraining,
       words_of("rose tulip lily daisy poppy iris orchid pansy lilac clover daffodil jasmine "
                "marigold peony thistle primrose")},
      {"toy", kTraining,
       words_of("ball doll kite puppet puzzle top marble balloon swing drum robot blocks yoyo "
                "rattle whistle teddy")},
      {"instrument", kEvaluation,
       words_of("piano violin flute trumpet guitar harp organ cello banjo horn fiddle bell cymbal "
                "oboe clarinet lute")},
  };
  return all;
}

const std::vector<const Category*>& categories(CorpusSplit split) {
  static const auto of = [](CorpusSplit side) {
    std::vector<const Category*> found;
    for (const Category& category : categories())
      if (category.split == side) found.push_back(&category);
    return found;
  };
  static const std::vector<const Category*> training = of(CorpusSplit::training);
  static const std::vector<const Category*> evaluation = of(CorpusSplit::evaluation);
  return split == CorpusSplit::training ? training : evaluation;
}

const Words& number_words() {
  static const Words words = words_of(
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
      "sixteen seventeen eighteen nineteen twenty");
  return words;
}

const Words& months() {
  static const Words words = words_of(
      "January February March April May June July August September October November December");
  return words;
}

const std::vector<WordPair>& plurals() {
  static const auto pairs = pairs_of(
      "cat cats dog dogs horse horses cow cows pig pigs bird birds tree trees book books cup cups "
      "hat hats house houses car cars boat boats apple apples table tables chair chairs door doors "
      "window windows river rivers flower flowers king kings friend friends letter letters star "
      "stars stone stones box boxes bus buses dish dishes glass glasses peach peaches match "
      "matches "
      "brush brushes fox foxes church churches bench benches dress dresses baby babies city cities "
      "lady ladies berry berries story stories cherry cherries pony ponies party parties knife "
      "knives leaf leaves wolf wolves shelf shelves loaf loaves wife wives half halves man men "
      "woman women child children foot feet tooth teeth goose geese mouse mice ox oxen sheep sheep "
      "fish fish deer deer potato potatoes tomato tomatoes hero heroes");
  return pairs;
}

const std::vector<WordPair>& opposites() {
  static const auto pairs = pairs_of(
      "hot cold big small up down in out day night black white good bad old young long short high "
      "low fast slow hard soft wet dry full empty open shut light dark happy sad "
      "rich poor strong weak thick thin wide narrow deep shallow early late near far left right "
      "top "
      "bottom first last love hate win lose push pull buy sell give take come go start stop laugh "
      "cry yes no on off true false clean dirty loud quiet sweet sour front back inside outside "
      "above below before after always never many few more less begin end ask answer find miss "
      "summer winter east west north south boy girl man woman king queen brother sister mother "
      "father uncle aunt friend enemy war peace sharp blunt brave afraid");
  return pairs;
}

const std::vector<WordPair>& past_tenses() {
  static const auto pairs = pairs_of(
      "walk walked talk talked play played look looked jump jumped call called help helped work "
      "worked wash washed paint painted open opened close closed dance danced smile smiled love "
      "loved live lived cry cried carry carried hurry hurried stop stopped plan planned go went "
      "come "
      "came see saw eat ate run ran give gave take took make made find found think thought buy "
      "bought bring brought catch caught teach taught tell told sell sold say said sing sang swim "
      "swam drink drank begin began write wrote ride rode drive drove break broke speak spoke fly "
      "flew grow grew know knew throw threw sleep slept keep kept feel felt leave left lose lost "
      "meet met sit sat stand stood win won");
  return pairs;
}

const std::vector<WordPair>& comparatives() {
  static const auto pairs = pairs_of(
      "big bigger small smaller tall taller short shorter long longer old older young younger fast "
      "faster slow slower cold colder warm warmer hot hotter wet wetter thin thinner strong "
      "stronger "
      "weak weaker rich richer poor poorer dark darker light lighter happy happier heavy heavier "
      "easy easier early earlier nice nicer wide wider large larger good better bad worse far "
      "farther clean cleaner loud louder soft softer");
  return pairs;
}

std::string_view article_of(std::string_view noun) {
  return std::string_view("aeiou").find(noun.front()) != std::string_view::npos ? "an" : "a";
}

std::string made_up_word(Dice& dice, CorpusSplit split) {
  static const Words first = words_of("b bl d dr f fl g gr k l m n p pl r s sn t tr v w z");
  static const Words vowel = words_of("a e i o u");
  static const Words middle = words_of("b d g ck l ll m mp n nd p rb rv ss t v x z");
  static const Words last = words_of("le et in o up er ix ab um ot a el");
  for (;;) {
    std::string word;
    for (const Words* part : {&first, &vowel, &middle, &last}) word += dice.one_of(*part);
    if (!std::binary_search(common_words().begin(), common_words().end(), word) &&
        split_of(word) == split)
      return word;
  }
}

}  // namespace octavo

// Stories are checked as a strict reader would: spaces, capitals, ends of sentences, quotes,
// articles; and that the facts which a plot says come back do.
#include "octavo/corpus/stories.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "octavo/corpus/names.h"
#include "octavo/corpus/story_plots.h"
#include "octavo/corpus/story_script.h"

namespace octavo {
namespace {

constexpr size_t kStories = 2000;

Dice dice(uint64_t seed) { return Dice(RandomStream{seed, stream_of("stories"), 0}); }

const std::vector<Story>& stories() {
  static const std::vector<Story> all = [] {
    std::vector<Story> made;
    for (size_t i = 0; i < kStories; ++i) {
      Dice own = dice(i);
      made.push_back(tell_story(own));
    }
    return made;
  }();
  return all;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    const bool inside = std::isalpha(static_cast<unsigned char>(c)) || (c == '\'' && !word.empty());
    if (inside) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

std::vector<std::string> paragraphs_of(const std::string& text) {
  std::vector<std::string> paragraphs;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find("\n\n", start), text.size() - 1);
    paragraphs.push_back(text.substr(start, end - start));
    start = end + (end + 1 == text.size() ? 1 : 2);
  }
  return paragraphs;
}

size_t count_of(const std::string& text, const std::string& phrase) {
  size_t count = 0;
  for (size_t at = text.find(phrase); at != std::string::npos; at = text.find(phrase, at + 1))
    ++count;
  return count;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_title(const std::string& paragraph) {
  return std::string(".!\"").find(paragraph.back()) == std::string::npos &&
         paragraph.find(". ") == std::string::npos && paragraph.size() < 60;
}

// The first complaint about a paragraph, or nothing.
std::string complaint(const std::string& paragraph) {
  size_t quotes = 0;
  for (size_t i = 0; i < paragraph.size(); ++i) {
    const char c = paragraph[i];
    if (c == '"') ++quotes;
    if (static_cast<unsigned char>(c) >= 128) return "not ASCII";
    if (std::string("{}[]|<>_\n").find(c) != std::string::npos) return "a pattern shows through";
    if (c == ' ' && i + 1 < paragraph.size() &&
        std::string(" .,?!;:").find(paragraph[i + 1]) != std::string::npos)
      return "a space too many";
    if (std::string(",;:").find(c) != std::string::npos && i + 1 < paragraph.size() &&
        paragraph[i + 1] != ' ' && paragraph[i + 1] != '"')
      return "a space missing";
    const bool end =
        c == '.' || (std::string("?!").find(c) != std::string::npos && paragraph[i + 1] != '"');
    if (!end || i + 1 >= paragraph.size()) continue;
    size_t next = i + 1;
    if (paragraph[next] == '"') ++next;
    if (next >= paragraph.size()) continue;
    if (paragraph[next] != ' ') return "no space after a sentence";
    ++next;
    if (paragraph[next] == '"') ++next;
    if (!std::isupper(static_cast<unsigned char>(paragraph[next])))
      return "a sentence begins small";
  }
  if (quotes % 2) return "quotes do not balance";
  const size_t first = paragraph[0] == '"' ? 1 : 0;
  if (!std::isupper(static_cast<unsigned char>(paragraph[first]))) return "begins small";
  std::string_view last = paragraph;
  if (last.ends_with('"')) last.remove_suffix(1);
  if (!last.ends_with('.') && !last.ends_with('?') && !last.ends_with('!')) return "does not end";
  return {};
}

// After «?"» or «!"» goes on only whoever says it: "Where is it?" she asked.
std::string complaint_about_speech(const std::string& paragraph) {
  static const std::set<std::string> tags = {"said",    "asked",     "answered", "cried", "called",
                                             "shouted", "whispered", "thought",  "in",    "again"};
  for (const char* end : {"?\" ", "!\" "}) {
    for (size_t at = paragraph.find(end); at != std::string::npos;
         at = paragraph.find(end, at + 1)) {
      const std::string rest = paragraph.substr(at + 3, 60);
      if (!std::islower(static_cast<unsigned char>(rest[0]))) continue;
      const auto words = words_of(rest.substr(0, rest.find_first_of(".,?!")));
      const auto tagged =
          std::find_if(words.begin(), words.begin() + std::min<long>(5, words.size()),
                       [&](const std::string& word) { return tags.contains(word); });
      if (tagged == words.begin() + std::min<long>(5, words.size()))
        return "no speech tag: " + rest;
    }
  }
  static const std::set<std::string> askers = {"Where", "What", "Who",  "How",   "Is",
                                               "Are",   "Do",   "Does", "Did",   "Can",
                                               "May",   "Why",  "Have", "Shall", "Which"};
  for (size_t open = paragraph.find('"'); open != std::string::npos;) {
    const size_t close = paragraph.find('"', open + 1);
    const std::string speech = paragraph.substr(open + 1, close - open - 1);
    const size_t last = speech.find_last_of(".?!", speech.size() - 2);
    const size_t begin = last == std::string::npos ? 0 : last + 2;
    const std::string first = words_of(speech.substr(begin) + " x")[0];
    static constexpr const char* statements[] = {
        "What a",      "What luck", "How good",  "How fine", "How silly",
        "How strange", "Do not",    "Who knows", "Why not",  "May you"};
    const bool statement =
        std::any_of(std::begin(statements), std::end(statements), [&](const char* start) {
          return speech.compare(begin, std::string(start).size(), start) == 0;
        });
    if (askers.contains(first) && speech.back() == ',' && !statement) {
      return "a question without a mark: " + speech;
    }
    open = paragraph.find('"', close + 1);
  }
  return {};
}

TEST(Stories, AreAFunctionOfTheDice) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Dice one = dice(seed), two = dice(seed);
    EXPECT_EQ(make_story(one), make_story(two));
  }
}

TEST(Stories, AreShortTextsThatEndInANewline) {
  for (const Story& story : stories()) {
    const size_t words = words_of(story.text).size();
    EXPECT_GE(words, 60u) << story.plot << "\n" << story.text;
    EXPECT_LE(words, 450u) << story.plot << "\n" << story.text;
    EXPECT_TRUE(story.text.ends_with("\n") && !story.text.ends_with("\n\n"));
  }
}

TEST(Stories, AreWrittenCleanly) {
  for (const Story& story : stories()) {
    const auto paragraphs = paragraphs_of(story.text);
    for (size_t i = is_title(paragraphs[0]) ? 1 : 0; i < paragraphs.size(); ++i) {
      EXPECT_EQ(complaint(paragraphs[i]), "") << story.plot << ": " << paragraphs[i];
      EXPECT_EQ(complaint_about_speech(paragraphs[i]), "") << story.plot << ": " << paragraphs[i];
    }
  }
}

TEST(Stories, SayAnBeforeVowelsAndRepeatNoWord) {
  const std::set<std::string> sound_of_consonant = {"one", "once", "use", "useful"};
  const std::set<std::string> sound_of_vowel = {"hour", "honest"};
  for (const Story& story : stories()) {
    const auto words = words_of(story.text);
    for (size_t i = 0; i + 1 < words.size(); ++i) {
      const std::string word = lower(words[i]), next = lower(words[i + 1]);
      const bool vowel = sound_of_vowel.contains(next) ||
                         (std::string("aeiou").find(next[0]) != std::string::npos &&
                          !sound_of_consonant.contains(next));
      if (word == "a") {
        EXPECT_FALSE(vowel) << story.plot << ": a " << next << "\n" << story.text;
      }
      if (word == "an") {
        EXPECT_TRUE(vowel) << story.plot << ": an " << next << "\n" << story.text;
      }
      if (words[i] == words[i + 1] && count_of(story.text, words[i] + " " + next) > 0) {
        EXPECT_TRUE(word == "had" || word == "that")
            << story.plot << ": " << word << " " << next << "\n"
            << story.text;
      }
    }
  }
}

TEST(Stories, ComeBackToTheirFacts) {
  for (const Story& story : stories()) {
    std::string text = lower(story.text);
    const std::string first = paragraphs_of(text)[0];
    if (is_title(first)) text.erase(0, first.size());
    EXPECT_FALSE(story.facts.empty()) << story.plot;
    for (const std::string& fact : story.facts) {
      EXPECT_GE(count_of(text, lower(fact)), 2u) << story.plot << ": " << fact << "\n"
                                                 << story.text;
    }
  }
}

TEST(Stories, HavePeopleTalk) {
  const auto talks = [](const Story& story) { return count_of(story.text, "\"") >= 2; };
  const auto talking = std::count_if(stories().begin(), stories().end(), talks);
  EXPECT_GE(talking, static_cast<long>(stories().size() * 95 / 100));
}

TEST(Stories, KeepToAChildsVocabulary) {
  std::map<std::string, size_t> vocabulary;
  for (const Story& story : stories()) {
    for (const std::string& word : words_of(story.text)) ++vocabulary[lower(word)];
  }
  EXPECT_LE(vocabulary.size(), 1800u);
  EXPECT_GE(vocabulary.size(), 500u);
}

TEST(Stories, Differ) {
  std::set<std::string> beginnings;
  std::map<std::string_view, size_t> plot_count;
  for (const Story& story : stories()) {
    beginnings.insert(std::string(story.plot) + story.text.substr(0, 200));
    ++plot_count[story.plot];
  }
  EXPECT_GE(beginnings.size(), kStories * 999 / 1000);
  EXPECT_EQ(plot_count.size(), all_plots().size());
}

TEST(Stories, TellEveryPlotInEveryWay) {
  size_t seed = 0;
  for (const StoryPlot& plot : all_plots()) {
    std::set<std::string> told;
    for (int i = 0; i < 40; ++i) {
      Dice own = dice(++seed);
      const Story story = tell_story(own, plot);
      EXPECT_EQ(story.plot, plot.name);
      told.insert(story.text);
    }
    EXPECT_EQ(told.size(), 40u) << plot.name;
  }
}

Person person(std::string_view name, Pronoun pronoun) {
  Person person;
  static_cast<Referent&>(person) = {name, {}, {}, "child", pronoun, Naming::proper};
  return person;
}

std::string told(std::initializer_list<std::string_view> patterns) {
  static const Person tom = person("Tom", Pronoun::he), ben = person("Ben", Pronoun::he),
                      anna = person("Anna", Pronoun::she);
  Thing key;
  static_cast<Referent&>(key) = {"key", "old"};
  Dice own = dice(1);
  Telling telling(own);
  telling.bind('T', tom), telling.bind('B', ben), telling.bind('A', anna), telling.bind('k', key);
  for (const std::string_view pattern : patterns) telling.say({&pattern, 1});
  return telling.finish();
}

TEST(Telling, SaysHeOnlyWhereOneIsMeant) {
  EXPECT_EQ(told({"[T] saw [B.o].", "[T] ran."}), "Tom saw Ben. Tom ran.\n");
  EXPECT_EQ(told({"[T] saw [B.o].", "[B] ran.", "[T] sang."}), "Tom saw Ben. Ben ran. Tom sang.\n");
  const std::string clear = told({"[T] saw [A.o].", "[T] ran to [A.o].", "[A.s] hat fell."});
  EXPECT_NE(clear.find("He ran to her. Her hat"), std::string::npos) << clear;
}

TEST(Telling, SetsCapitalsQuotesAndArticles) {
  EXPECT_EQ(told({"[k.a] lay there. it was [T.ns]."}), "An old key lay there. It was Tom's.\n");
  EXPECT_EQ(told({"«[k.a]!» said [T.n], «and a bell.» that was all."}),
            "\"An old key!\" said Tom, \"and a bell.\" That was all.\n");
  EXPECT_EQ(told({"a useful a hour {x|x}"}), "A useful an hour x\n");
}

#ifndef NDEBUG
TEST(Scene, RefusesWhatCannotHappen) {
  Dice own = dice(1);
  Scene scene(own);
  scene.child('A'), scene.child('B');
  scene.thing('k', toy);
  scene.place('p'), scene.place('q');
  scene.moves('A', 'p'), scene.moves('B', 'q');
  scene.takes('A', 'k');
  EXPECT_DEATH(scene.takes('B', 'k'), "holder");
  EXPECT_DEATH(scene.gives('A', 'k', 'B'), "place");
  EXPECT_DEATH(scene.gives('B', 'k', 'A'), "holder");
  scene.moves('B', 'p');
  scene.gives('A', 'k', 'B');
  EXPECT_DEATH(scene.lays('A', 'k'), "holder");
}
#endif

TEST(Stories, KnowFortyEightNames) {
  std::set<std::string_view> names;
  for (const FirstName& name : kFirstNames) names.insert(name.name);
  EXPECT_EQ(names.size(), 48u);
}

}  // namespace
}  // namespace octavo

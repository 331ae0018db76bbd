// Telling: patterns become sentences. A pattern is English with choices and references:
//
//   "{One|On a} {cold|wet} morning [A] put [A.his] [k.b] {under|behind} the bench."
//   "«Have you seen my [k.b]?» [ask>A]."
//
// {x|y} is a choice (they nest; a line break counts as a space), «» a quotation, [A] whoever plays
// the role A. The telling knows who was spoken of last, so that "he" always means one person; it
// sets capitals, spaces and "an". A pattern already used in a story is avoided while others are
// left. The forms of a reference:
//
//   people   [A] name or he   [A.o] name or him   [A.s] Tom's or his   [A.n] name   [A.ns] Tom's
//            [A.he] [A.him] [A.his] [A.self] pronouns for certain      [A.was] was or were
//            [A.k] boy, dog, mother   [A.b] gray dog   [A.a] a gray dog
//            [say>A] "said Tom" or "he said" (ask, cry, reply, whisper)
//   things   [k] the red kite or the kite   [k.the] the red kite   [k.a] a red kite
//            [k.b] red kite   [k.n] kite   [k.c] red   [k.it] it
//            [k.use] fly it   [k.used] flew it
//   animals  like people, and [D.likes] carrots   [D.food] a carrot   [D.sounded] barked
//   places   [p] the garden   [p.in] in the garden
//   texts    [x] the bound text, itself a pattern
//
// Tested by tests/corpus/stories_test.cpp.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/corpus/dice.h"
#include "octavo/corpus/names.h"

namespace octavo {

enum class Naming { proper, common };  // "Tom", "the baker"

/// Whatever a sentence can speak of.
struct Referent {
  std::string_view name;
  std::string_view adjective = {};
  std::string_view at = {};    ///< of a place: "in", "at", "by", "on"
  std::string_view kind = {};  ///< of one with a name: "boy", "dog", "grandmother"
  Pronoun pronoun = Pronoun::it;
  Naming naming = Naming::common;
  std::array<const Referent*, 2> members = {};  ///< of a pair: "Tom and Anna"
  struct Word {
    std::string_view form, word;
  };
  std::array<Word, 4> words = {};  ///< forms of its own: {"used", "flew it in the wind"}
};

using Options = std::span<const std::string_view>;

class Telling {
 public:
  explicit Telling(Dice& dice) : dice_(dice) { text_.reserve(2048); }

  /// The referent must outlive the telling's use of the role.
  void bind(char role, const Referent& referent);
  void bind(char role, std::string text);

  /// Gives one story in three a line above it, in capitals and lower case as titles are.
  void title(Options options);
  /// Tells one of the patterns, as a sentence or more.
  void say(Options options);
  void paragraph();
  void paragraph_if_long();

  /// The pattern as it reads now, without telling it: for facts.
  std::string phrase(std::string_view pattern);
  /// The whole text, ending in a newline.
  std::string finish();

 private:
  struct Slot {
    const Referent* referent = nullptr;
    std::string text;
  };
  struct Mention {
    const Referent* who = nullptr;
    int sentence = -9;  // of the last mention
    int other = -9;     // of the last mention of another one with the same pronoun
    size_t place = 0;   // in the text, of the last mention
  };

  void expand(std::string_view pattern);
  size_t expand_choice(std::string_view pattern);
  void expand_reference(std::string_view reference);
  void refer(const Referent& referent, std::string_view form);
  void refer_to_thing(const Referent& referent, std::string_view form);
  void speech_tag(std::string_view verb, const Referent& referent);
  void open_quote();
  void close_quote();
  void put(char c);
  void put(std::string_view text) {
    for (const char c : text) put(c);
  }
  void put_name(const Referent& referent);
  void mention(const Referent& referent);
  bool clear_pronoun(const Referent& referent) const;

  Dice& dice_;
  std::string text_, title_;
  std::array<Slot, 128> slots_;
  std::array<Mention, 4> mentions_;
  std::vector<const char*> used_;
  int sentence_ = 0;
  size_t quote_start_ = 0;  // where the present quotation began
  bool capital_ = true;
  bool ended_ = false;
  bool in_quote_ = false;
};

}  // namespace octavo

// Added tokens: found in text before it is split, as Hugging Face finds them.
//
// The first place counts, and there the longest text. A token may ask to take the white space
// around it, or to stand alone as a word. Tested by tests/tokenizer/added_tokens_test.cpp against
// plain loops.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/tokenizer/text_finder.h"

namespace octavo {

/// A token that merges do not make.
struct AddedToken {
  std::string text;
  int32_t id = 0;
  /// Special ones are recognised where that is asked, others always.
  bool special = true;
  /// Looked for in normalized text (rules.h), where the others were not found.
  bool normalized = false;
  bool takes_space_before = false, takes_space_after = false;  ///< "lstrip", "rstrip" of files
  bool single_word = false;  ///< not where a letter or digit is its neighbour
  bool operator==(const AddedToken&) const = default;
};

/// Which white space tokens take that ask for it: a space that stands for U+2581 (rules.h) is none.
enum class TakenSpace { any, any_but_plain };

class AddedTokenFinder {
 public:
  explicit AddedTokenFinder(TakenSpace taken = TakenSpace::any) : taken_(taken) {}

  /// `text`: what to look for, if not the token's own.
  void add(const AddedToken& token, std::string_view text);

  /// Calls on_text(part, place) for what is between tokens, never empty, and on_token(id), in
  /// order.
  template <class OnText, class OnToken>
  void for_each(std::string_view text, const OnText& on_text, const OnToken& on_token) const {
    size_t done = 0;
    while (const auto found = next(text, done)) {
      if (found->begin > done) on_text(text.substr(done, found->begin - done), done);
      on_token(found->id);
      done = found->end;
    }
    if (done < text.size()) on_text(text.substr(done), done);
  }

 private:
  struct Found {
    size_t begin, end;
    int32_t id;
  };
  std::optional<Found> next(std::string_view text, size_t begin) const;
  bool is_taken(std::string_view text, size_t position) const;
  size_t taken_at_start(std::string_view text) const;
  size_t taken_at_end(std::string_view text) const;

  struct Asks {
    int32_t id;
    bool space_before, space_after, single_word;
  };
  TakenSpace taken_;
  TextFinder texts_;
  std::vector<Asks> asks_;
};

}  // namespace octavo

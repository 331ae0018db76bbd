// Where a text may be cut so that its parts split into pieces, and so encode and count, as the
// whole does; and a text of any length, read in windows that end at such places.
//
// A cut is where no piece crosses (split.h), nor a text that is looked for before the split. A
// window becomes longer until there is one. Tested by tests/tokenizer/text_windows_test.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/line_reader.h"
#include "octavo/tokenizer/added_tokens.h"
#include "octavo/tokenizer/rules.h"

namespace octavo {

class TextCuts {
 public:
  /// By the split alone, and through none of the texts in `whole`.
  explicit TextCuts(TextSplit split, std::vector<std::string> whole = {})
      : split_(split), whole_(std::move(whole)) {}
  /// For a tokenizer of these rules, whose pieces are those of `split`, that looks for these
  /// tokens.
  TextCuts(TextSplit split, const TokenizerRules& rules, std::span<const AddedToken> tokens);

  /// The first place at or after `position`; the end if there is none.
  size_t next(std::string_view text, size_t position) const;
  /// The text in parts of about `size` bytes; none of an empty one.
  std::vector<std::string_view> parts(std::string_view text, size_t size) const;

  size_t longest() const;  ///< of the texts that are not cut through; 1 if there are none

 private:
  TextSplit split_;
  std::vector<std::string> whole_;
};

/// Calls `use` with windows of about `size` bytes, with an empty one if there is no text.
void for_each_window(ByteReader reader, size_t size, const TextCuts& cuts,
                     const std::function<void(std::string_view window)>& use);

}  // namespace octavo

// A text of any length, read in windows that split into pieces, and so encode and count, as the
// whole does.
//
// A window ends where no piece crosses (split.h), nor a text that is looked for before the split;
// it becomes longer until there is such a place. Tested by tests/tokenizer/text_windows_test.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "octavo/base/line_reader.h"

namespace octavo {

/// The first place at or after `position` that no piece of the text crosses and none of the texts
/// in `whole`; the end if there is none.
size_t whole_cut(std::string_view text, size_t position, std::span<const std::string> whole);

/// Calls `use` with windows of about `size` bytes, with an empty one if there is no text. None cuts
/// one of the texts in `whole`.
void for_each_window(ByteReader reader, size_t size, std::span<const std::string> whole,
                     const std::function<void(std::string_view window)>& use);

}  // namespace octavo

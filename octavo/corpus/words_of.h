// A list of words written as one text, "red blue green".
#pragma once

#include <algorithm>

#include "octavo/corpus/words.h"

namespace octavo {

inline Words words_of(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace octavo

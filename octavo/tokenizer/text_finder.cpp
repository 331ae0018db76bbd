#include "octavo/tokenizer/text_finder.h"

#include <algorithm>

namespace octavo {

void TextFinder::add(std::string_view text, int32_t id) {
  ids_.emplace(text, id);
  std::vector<size_t>& lengths = lengths_[static_cast<unsigned char>(text[0])];
  const auto place = std::ranges::lower_bound(lengths, text.size(), std::greater<>());
  if (place == lengths.end() || *place != text.size()) lengths.insert(place, text.size());
}

std::optional<TextFinder::Found> TextFinder::find(std::string_view text) const {
  if (ids_.empty()) return std::nullopt;
  for (size_t place = 0; place < text.size(); ++place)
    for (const size_t length : lengths_[static_cast<unsigned char>(text[place])]) {
      if (length > text.size() - place) continue;
      const auto found = ids_.find(text.substr(place, length));
      if (found != ids_.end()) return Found{place, length, found->second};
    }
  return std::nullopt;
}

}  // namespace octavo

#include "octavo/tokenizer/text_finder.h"

#include <algorithm>

namespace octavo {

void TextFinder::add(std::string_view text, int32_t id) {
  ids_.emplace(text, id);
  Beginning& beginning = beginnings_[static_cast<unsigned char>(text[0])];
  std::vector<size_t>& lengths = beginning.lengths;
  const auto place = std::ranges::lower_bound(lengths, text.size(), std::greater<>());
  if (place == lengths.end() || *place != text.size()) lengths.insert(place, text.size());
  if (text.size() == 1)
    beginning.is_whole = true;
  else
    beginning.second.set(static_cast<unsigned char>(text[1]));
}

std::optional<TextFinder::Found> TextFinder::find(std::string_view text, size_t begin) const {
  if (ids_.empty()) return std::nullopt;
  for (size_t place = begin; place < text.size(); ++place) {
    const Beginning& beginning = beginnings_[static_cast<unsigned char>(text[place])];
    if (beginning.lengths.empty()) continue;
    if (!beginning.is_whole && (place + 1 == text.size() ||
                                !beginning.second[static_cast<unsigned char>(text[place + 1])]))
      continue;
    for (const size_t length : beginning.lengths) {
      if (length > text.size() - place) continue;
      const auto found = ids_.find(text.substr(place, length));
      if (found != ids_.end()) return Found{place, length, found->second};
    }
  }
  return std::nullopt;
}

}  // namespace octavo

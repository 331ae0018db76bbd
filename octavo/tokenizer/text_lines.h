// The lines of a text in memory, as tokenizer files have them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace octavo {

/// use(line, number) for each line, without its end; numbers begin with 1.
template <class Use>
void for_each_line(std::string_view text, const Use& use) {
  for (int64_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    use(line, number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace octavo

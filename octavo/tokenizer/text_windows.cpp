#include "octavo/tokenizer/text_windows.h"

#include <algorithm>

#include "octavo/tokenizer/split.h"

namespace octavo {
namespace {

// In the last quarter of a window; 0 if there is no place.
size_t cut_of(std::string_view window, std::span<const std::string> whole) {
  size_t cut = 0, longest = 1;
  for (const std::string& text : whole) longest = std::max(longest, text.size());
  const auto is_crossed_by = [&](const std::string& text) {
    const size_t begin = cut - std::min(cut, text.size() - 1);
    return window.substr(begin, cut - begin + text.size() - 1).find(text) != window.npos;
  };
  do cut = safe_cut(window, std::max(cut + 1, window.size() - window.size() / 4));
  while (cut + longest <= window.size() && std::ranges::any_of(whole, is_crossed_by));
  return cut + longest <= window.size() ? cut : 0;
}

}  // namespace

void for_each_window(ByteReader reader, size_t size, std::span<const std::string> whole,
                     const std::function<void(std::string_view)>& use) {
  std::string text;
  size_t held = 0;
  for (bool more = true; more;) {
    text.resize(std::max(size, 2 * held));
    while (more && held < text.size()) {
      const size_t count = reader.read(text.data() + held, text.size() - held);
      held += count, more = count > 0;
    }
    const std::string_view window(text.data(), held);
    const size_t cut = more ? cut_of(window, whole) : held;
    if (more && cut == 0) continue;  // a longer window
    use(window.substr(0, cut));
    text.erase(0, cut), held -= cut;
  }
}

}  // namespace octavo

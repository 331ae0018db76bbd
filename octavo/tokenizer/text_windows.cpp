#include "octavo/tokenizer/text_windows.h"

#include <algorithm>
#include <cstring>

#include "octavo/tokenizer/split.h"

namespace octavo {
namespace {

// In the last part of a window behind which the text goes on; 0 if there is no place.
size_t cut_of(std::string_view window, std::span<const std::string> whole) {
  size_t longest = 1;
  for (const std::string& text : whole) longest = std::max(longest, text.size());
  // What is left is moved to the next window: little of it, if there is a place so near the end.
  for (const size_t last : {std::min(window.size() / 4, size_t{1} << 16), window.size() / 4}) {
    const size_t cut = whole_cut(window, window.size() - last, whole);
    if (cut + longest <= window.size()) return cut;
  }
  return 0;
}

}  // namespace

size_t whole_cut(std::string_view text, size_t position, std::span<const std::string> whole) {
  size_t cut = safe_cut(text, position);
  const auto is_crossed_by = [&](const std::string& one) {
    const size_t begin = cut - std::min(cut, one.size() - 1);
    return text.substr(begin, cut - begin + one.size() - 1).find(one) != text.npos;
  };
  while (cut < text.size() && std::ranges::any_of(whole, is_crossed_by))
    cut = safe_cut(text, cut + 1);
  return cut;
}

void for_each_window(ByteReader reader, size_t size, std::span<const std::string> whole,
                     const std::function<void(std::string_view)>& use) {
  std::string text(size, '\0');
  size_t held = 0;
  for (bool more = true; more;) {
    while (more && held < text.size()) {
      const size_t count = reader.read(text.data() + held, text.size() - held);
      held += count, more = count > 0;
    }
    const std::string_view window(text.data(), held);
    const size_t cut = more ? cut_of(window, whole) : held;
    if (more && cut == 0) {  // a longer window
      text.resize(2 * held);
      continue;
    }
    use(window.substr(0, cut));
    held -= cut;
    std::memmove(text.data(), text.data() + cut, held);
    if (text.size() > size) text.resize(std::max(size, 2 * held));  // it had to be longer
  }
}

}  // namespace octavo

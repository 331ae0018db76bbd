#include "octavo/tokenizer/text_windows.h"

#include <algorithm>
#include <cstring>

namespace octavo {
namespace {

// Cuts are before one of them.
constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";

// In the last part of a window behind which the text goes on; 0 if there is no place.
size_t cut_of(std::string_view window, const TextCuts& cuts) {
  // What is left is moved to the next window: little of it, if there is a place so near the end.
  for (const size_t last : {std::min(window.size() / 4, size_t{1} << 16), window.size() / 4}) {
    const size_t cut = cuts.next(window, window.size() - last);
    if (cut + cuts.longest() <= window.size()) return cut;
  }
  return 0;
}

}  // namespace

TextCuts::TextCuts(TextSplit split, const TokenizerRules& rules, std::span<const AddedToken> tokens)
    : split_(split) {
  for (const AddedToken& token : tokens) {
    // Where what is before a cut decides whether a token is one, or where text may spell it
    // otherwise, there is no telling: such tokens are rare, and nothing is cut.
    const bool has_space = token.text.find_first_of(kWhiteSpace) != token.text.npos;
    const bool is_space = token.text.find_first_not_of(kWhiteSpace) == token.text.npos;
    const bool gets_space = token.normalized && rules.prefix == PrefixSpace::always;
    const bool other_spelling =
        token.normalized && ((rules.normalization != Normalization::none && !is_space) ||
                             rules.symbols == Symbols::characters);
    if ((token.single_word && (has_space || gets_space)) || (has_space && other_spelling))
      split_ = TextSplit::none;
    // What is after it belongs to the token, or gets a space of its own.
    whole_.push_back(token.text);
    if (token.takes_space_after || rules.prefix != PrefixSpace::none)
      for (const char c : kWhiteSpace) whole_.push_back(token.text + c);
  }
}

size_t TextCuts::longest() const {
  size_t longest = 1;
  for (const std::string& text : whole_) longest = std::max(longest, text.size());
  return longest;
}

size_t TextCuts::next(std::string_view text, size_t position) const {
  size_t cut = safe_cut(text, position, split_);
  const auto is_crossed_by = [&](const std::string& one) {
    const size_t begin = cut - std::min(cut, one.size() - 1);
    return text.substr(begin, cut - begin + one.size() - 1).find(one) != text.npos;
  };
  while (cut < text.size() && std::ranges::any_of(whole_, is_crossed_by))
    cut = safe_cut(text, cut + 1, split_);
  return cut;
}

std::vector<std::string_view> TextCuts::parts(std::string_view text, size_t size) const {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t cut = next(text, size);
    parts.push_back(text.substr(0, cut));
    text.remove_prefix(cut);
  }
  return parts;
}

void for_each_window(ByteReader reader, size_t size, const TextCuts& cuts,
                     const std::function<void(std::string_view)>& use) {
  std::string text(size, '\0');
  size_t held = 0;
  for (bool more = true; more;) {
    while (more && held < text.size()) {
      const size_t count = reader.read(text.data() + held, text.size() - held);
      held += count, more = count > 0;
    }
    const std::string_view window(text.data(), held);
    const size_t cut = more ? cut_of(window, cuts) : held;
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

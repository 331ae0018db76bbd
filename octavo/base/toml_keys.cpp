#include "octavo/base/toml_keys.h"

#include <algorithm>

namespace octavo {
namespace {

/// Bytes of the string that the text begins with, quotes included; at most the line if it is a
/// string of one line that never ends.
size_t string_length(std::string_view text) {
  const char quote = text.front();
  const auto ends = [&](size_t at, size_t quotes) {
    return text.substr(at, quotes).find_first_not_of(quote) == text.npos &&
           at + quotes <= text.size();
  };
  const size_t quotes = ends(0, 3) ? 3 : 1;
  for (size_t at = quotes; at < text.size(); ++at) {
    if (ends(at, quotes)) {
      // Of up to five quotes at the end of a long string the last three end it.
      for (int more = 0; more < 2 && quotes == 3 && ends(at + 1, 3); ++more) ++at;
      return at + quotes;
    }
    if (text[at] == '\n' && quotes == 1) return at;
    if (text[at] == '\\' && quote == '"') ++at;
  }
  return text.size();
}

}  // namespace

size_t line_of_too_deep_key(std::string_view toml) {
  size_t line = 1, parts = 1;
  while (!toml.empty()) {
    const char c = toml.front();
    size_t length = 1;
    if (c == '"' || c == '\'') {
      length = string_length(toml);
    } else if (c == '#') {
      length = std::min(toml.find('\n'), toml.size());
    } else if (c == '.') {
      if (++parts > kMostKeyParts) return line;
    } else if (c == '\n' || std::string_view("=[]{},").find(c) != std::string_view::npos) {
      parts = 1;
    }
    line += static_cast<size_t>(std::ranges::count(toml.substr(0, length), '\n'));
    toml.remove_prefix(length);
  }
  return 0;
}

}  // namespace octavo

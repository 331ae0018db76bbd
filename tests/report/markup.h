// A check that every tag of a piece of HTML or SVG is closed, in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace octavo {

/// What is wrong with the markup, or nothing.
inline std::string markup_problem(std::string_view text) {
  std::vector<std::string> open;
  for (size_t at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
    const size_t end = text.find('>', at);
    if (end == text.npos) return "a tag without an end";
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    const std::string name(tag.substr(0, tag.find_first_of(" \n/", 1)));
    if (tag.starts_with('!') || tag.ends_with('/') || name == "meta") continue;
    if (!tag.starts_with('/')) {
      open.push_back(name);
    } else if (open.empty() || "/" + open.back() != tag) {
      return "an unexpected <" + std::string(tag) + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "an open <" + open.back() + ">";
}

}  // namespace octavo

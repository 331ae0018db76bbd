// Finds any of several texts in a longer one: special tokens, before the rest is split.
//
// The first place counts, and there the longest text. A place costs one look at its byte, and a
// hash for every length of the texts that begin with it, however many texts there are. Tested by
// tests/tokenizer/tokenizer_test.cpp against plain loops.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace octavo {

class TextFinder {
 public:
  /// A text that is not empty, and what to call it. Of equal texts the first stays.
  void add(std::string_view text, int32_t id);

  struct Found {
    size_t place, length;
    int32_t id;
  };
  std::optional<Found> find(std::string_view text) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> ids_;
  std::array<std::vector<size_t>, 256> lengths_;  // of texts with this first byte, descending
};

}  // namespace octavo

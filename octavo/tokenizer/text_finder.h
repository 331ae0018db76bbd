// Finds any of several texts in a longer one: special tokens, before the rest is split.
//
// The first place counts, and there the longest text. A place costs one look at its byte, a second
// at the next one where a text begins with the first, and a hash for every length of the texts that
// begin with both, however many texts there are. Tested by tests/tokenizer/tokenizer_test.cpp
// against plain loops.
#pragma once

#include <array>
#include <bitset>
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
  /// The first at or after `begin`.
  std::optional<Found> find(std::string_view text, size_t begin = 0) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Beginning {
    std::vector<size_t> lengths;  // of texts with this first byte, descending
    std::bitset<256> second;      // their second bytes
    bool is_whole = false;        // the byte is a text
  };
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> ids_;
  std::array<Beginning, 256> beginnings_;
};

}  // namespace octavo

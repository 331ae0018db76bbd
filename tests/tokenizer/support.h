// What the tests of tokenizers share: small ones made of words, random ones, and random text.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/base/random.h"
#include "octavo/base/threads.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "tests/base/temporary_folder.h"
#include "tests/base/test_data.h"

namespace octavo {

inline const std::string kEndOfText(Tokenizer::kEndOfText);

/// The bytes, then what the merges of "left right" make, then the end of text.
inline TokenizerParts parts_of(const std::vector<std::pair<std::string, std::string>>& merges) {
  TokenizerParts parts;
  for (int byte = 0; byte < 256; ++byte) parts.tokens.add(std::string(1, static_cast<char>(byte)));
  parts.tokens.index();
  for (const auto& [left, right] : merges) {
    if (parts.tokens.find(left + right) < 0) parts.tokens.add(left + right);
    parts.tokens.index();
    parts.merges.push_back(
        {parts.tokens.find(left), parts.tokens.find(right), parts.tokens.find(left + right)});
  }
  parts.added.push_back({kEndOfText, static_cast<int32_t>(parts.tokens.size())});
  return parts;
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

/// Numbers from 0 to `bound` − 1, each time the next.
class Dice {
 public:
  explicit Dice(uint64_t seed) : random_{seed, stream_of("tokenizer tests"), 0} {}
  uint64_t operator()(uint64_t bound) { return random_.below(index_++, bound); }

  template <class List>
  const auto& one_of(const List& list) {
    return list[(*this)(std::size(list))];
  }
  std::string bytes(size_t length) {
    std::string text(length, '\0');
    for (char& c : text) c = static_cast<char>((*this)(256));
    return text;
  }
  /// Of these characters.
  std::string text(std::string_view characters, size_t length) {
    std::string text(length, '\0');
    for (char& c : text) c = one_of(characters);
    return text;
  }

 private:
  RandomStream random_;
  uint64_t index_ = 0;
};

/// Merges of tokens over a few letters to some of up to 16, in the order they can be made in.
inline TokenizerParts random_parts(Dice& dice, std::string_view letters, size_t count) {
  std::vector<std::string> tokens;
  for (const char letter : letters) tokens.emplace_back(1, letter);
  std::vector<std::pair<std::string, std::string>> merges;
  while (merges.size() < count) {
    std::pair merge(dice.one_of(tokens), dice.one_of(tokens));
    if (merge.first.size() + merge.second.size() > 16 ||
        std::find(merges.begin(), merges.end(), merge) != merges.end())
      continue;
    tokens.push_back(merge.first + merge.second);
    merges.push_back(std::move(merge));
  }
  return parts_of(merges);
}

/// Words of letters, rare ones too, numbers, punctuation and lines: `size` bytes or a little more.
inline std::string random_prose(Dice& dice, size_t size) {
  std::vector<std::string> words;
  for (int i = 0; i < 3000; ++i)
    words.push_back(dice.text("aaaeeeiioutnsrhldcmfpgwyb", 1 + dice(9)));
  std::string text;
  while (text.size() < size) {
    text += words[dice(1 + dice(words.size()))];
    static constexpr std::string_view kBetween[] = {
        " ", " ", " ", " ", " ", ", ", ".\n", "'s ", " 7", "\n\n", " \u00e9", "   ", "\t"};
    text += dice.one_of(kBetween);
  }
  return text;
}

/// Sets the number of threads for as long as it lives.
class Threads {
 public:
  explicit Threads(int count) : before_(threads()) { set_threads(count); }
  ~Threads() { set_threads(before_); }

 private:
  int before_;
};

inline void expect_same(const TokenizerParts& a, const TokenizerParts& b) {
  ASSERT_EQ(a.tokens.size(), b.tokens.size());
  for (int32_t id = 0; id < static_cast<int32_t>(a.tokens.size()); ++id)
    ASSERT_EQ(a.tokens[id], b.tokens[id]) << id;
  EXPECT_EQ(a.merges, b.merges);
  EXPECT_EQ(a.added, b.added);
  EXPECT_TRUE(a.rules == b.rules);
}

inline constexpr TokenizerFormat kFormats[] = {TokenizerFormat::hugging_face,
                                               TokenizerFormat::vocabulary, TokenizerFormat::gpt2,
                                               TokenizerFormat::tiktoken};

/// As learned: ids in the order of merges, the end of text last.
inline TokenizerParts learned_parts() {
  return parts_of(
      {{"t", "h"}, {"th", "e"}, {" ", "the"}, {"\xC3", "\xA9"}, {"\n", "\n"}, {"i", "n"}});
}

/// Written in the format and read back.
inline TokenizerParts through(const Tokenizer& tokenizer, TokenizerFormat format) {
  const TemporaryFolder folder;
  const std::vector<std::string> names = write_tokenizer(tokenizer, folder.path(), format);
  EXPECT_EQ(static_cast<int64_t>(names.size()), folder.entries());
  TokenizerParts parts = read_tokenizer(folder.path());
  if (format == TokenizerFormat::hugging_face)
    expect_same(read_tokenizer(folder / "tokenizer.json"), parts);
  else  // any one of the files finds the other
    for (const std::string& name : names) expect_same(read_tokenizer(folder / name), parts);
  return parts;
}

}  // namespace octavo

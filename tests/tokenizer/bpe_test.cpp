// Encoding against its definition in plain loops, for random merges in any order and pieces of any
// length; long runs, random bytes, many threads.
#include "octavo/tokenizer/bpe.h"

#include <thread>

#include "tests/base/resident_peak.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

using Tokens = std::vector<int32_t>;

// Of all neighbours that a merge joins those of the lowest rank, the leftmost first.
Tokens merged_plainly(const Bpe& bpe, std::string_view piece) {
  Tokens parts;
  for (const char byte : piece) parts.push_back(bpe.byte_token(static_cast<unsigned char>(byte)));
  const auto size = bpe.tokens().size();
  std::vector<size_t> ranks(size * size, bpe.merges().size());
  for (size_t rank = 0; rank < bpe.merges().size(); ++rank)
    ranks[static_cast<size_t>(bpe.merges()[rank].left) * size +
          static_cast<size_t>(bpe.merges()[rank].right)] = rank;
  while (true) {
    size_t lowest = bpe.merges().size(), place = 0;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      const size_t rank =
          ranks[static_cast<size_t>(parts[i]) * size + static_cast<size_t>(parts[i + 1])];
      if (rank < lowest) lowest = rank, place = i;
    }
    if (lowest == bpe.merges().size()) return parts;
    parts[place] = bpe.merges()[lowest].result;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
}

Tokens encoded_piece(Encoder& encoder, std::string_view piece) {
  Tokens tokens;
  encoder.encode_piece(piece, tokens);
  return tokens;
}

TEST(Encoder, follows_the_definition) {
  for (uint64_t round = 0; round < 400; ++round) {
    Dice dice(round);
    const std::string_view letters = std::string_view("abcd").substr(0, 1 + dice(4));
    TokenizerParts parts = random_parts(dice, letters, 1 + dice(30));
    // A merge may well stand before the one that makes what it is of.
    if (round % 2 == 0)
      for (size_t i = parts.merges.size() - 1; i > 0; --i)
        std::swap(parts.merges[i], parts.merges[dice(i + 1)]);
    const Bpe bpe(parts.tokens, parts.merges);
    Encoder encoder(bpe);
    for (const size_t most : {5, 20, 100, 255, 256, 257, 600}) {
      const std::string piece = dice.text(letters, 1 + dice(most));
      ASSERT_EQ(encoded_piece(encoder, piece), merged_plainly(bpe, piece)) << round << ' ' << piece;
    }
    const std::string full = dice.text(letters, 256);
    ASSERT_EQ(encoded_piece(encoder, full), merged_plainly(bpe, full)) << round;
  }
}

TEST(Encoder, texts_are_the_sum_of_their_pieces) {
  for (uint64_t round = 0; round < 100; ++round) {
    Dice dice(round);
    const Bpe bpe = [&] {
      TokenizerParts parts = random_parts(dice, "ab '", 40);
      return Bpe(parts.tokens, parts.merges, {.split = static_cast<TextSplit>(round % 9)});
    }();
    Encoder encoder(bpe), fresh(bpe);
    for (int i = 0; i < 50; ++i) {
      const std::string text = dice.text("aabb '\n1", dice(60));
      Tokens tokens, expected;
      encoder.encode(text, tokens);
      for (std::string_view rest = text; !rest.empty();) {
        const std::string_view piece = rest.substr(0, first_piece(rest, bpe.split()));
        fresh.encode_piece(piece, expected);
        rest.remove_prefix(piece.size());
      }
      ASSERT_EQ(tokens, expected) << text;
      Tokens again;
      encoder.encode(text, again);  // now from memory
      ASSERT_EQ(again, expected) << text;
    }
  }
}

// The memory of pieces must not take one for another that differs in zeros at its end.
TEST(Encoder, pieces_with_zero_bytes_are_told_apart) {
  const Tokenizer tokenizer = Tokenizer::bytes();
  for (size_t length = 1; length < 20; ++length)
    for (int round = 0; round < 2; ++round)
      EXPECT_EQ(tokenizer.encode(std::string(length, '\0')), Tokens(length, 0));
}

// Doubles a character: of n equal ones as many of the longest as fit.
Tokenizer doubling_tokenizer(const std::string& character) {
  std::vector<std::pair<std::string, std::string>> merges;
  for (size_t i = 1; i < character.size(); ++i)
    merges.emplace_back(character.substr(0, i), character.substr(i, 1));
  for (std::string run = character; run.size() < 64 * character.size(); run += run)
    merges.emplace_back(run, run);
  return Tokenizer(parts_of(merges));
}

TEST(Encoder, a_million_equal_characters_of_every_class) {
  constexpr size_t kCount = 1'000'000;
  for (const std::string character : {"a", "\u00e9", "\u4e00", "7", "\u0663", "!", "\u2014", " ",
                                      "\n", "\u3000", "\U0001F600", "'", "\xFF", "\x80"}) {
    const Tokenizer tokenizer = doubling_tokenizer(character);
    std::string text;
    for (size_t i = 0; i < kCount; ++i) text += character;
    Tokens tokens;
    const size_t rise = resident_rise([&] { tokens = tokenizer.encode(text); });
    EXPECT_EQ(tokens.size(), kCount / 64) << character;
    EXPECT_EQ(tokenizer.decode(tokens), text) << character;
    EXPECT_LT(rise, 40 * text.size() + (size_t{4} << 20)) << character;
  }
}

TEST(Encoder, a_million_random_strings_decode_to_themselves) {
  Dice dice(1);
  TokenizerParts parts = random_parts(dice, "ab\xC3\xA9 '0", 60);
  const Tokenizer tokenizer(std::move(parts));
  Tokens tokens;
  for (int i = 0; i < 1'000'000; ++i) {
    const size_t length = dice(33);
    const std::string text = i % 2 ? dice.bytes(length) : dice.text("ab\xC3\xA9 '0", length);
    tokens.clear();
    tokenizer.encode_into(text, tokens);
    ASSERT_EQ(tokenizer.decode(tokens), text) << i;
  }
}

TEST(Tokenizer, any_number_of_threads_gives_the_same_tokens) {
  Dice dice(2);
  const Tokenizer tokenizer(random_parts(dice, "aeioutnsrhl '", 200));
  const std::string text = random_prose(dice, size_t{3} << 20) + std::string(1 << 20, 'a') + " end";
  Tokens expected;
  Encoder(tokenizer.bpe()).encode(text, expected);
  for (const int count : {1, 2, 3}) {
    const Threads threads(count);
    EXPECT_EQ(tokenizer.encode(text), expected) << count;
  }
  EXPECT_EQ(tokenizer.decode(expected), text);
}

TEST(Tokenizer, copies_are_used_by_several_threads_at_once) {
  Dice dice(3);
  const Tokenizer tokenizer(random_parts(dice, "aeioutnsrhl '", 200));
  std::vector<std::string> texts;
  std::vector<Tokens> expected, found(4);
  for (int i = 0; i < 4; ++i) {
    texts.push_back(random_prose(dice, i == 0 ? size_t{1} << 20 : size_t{1} << 16));
    Encoder(tokenizer.bpe()).encode(texts.back(), expected.emplace_back());
  }
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 4; ++i)
    threads.emplace_back([&, copy = tokenizer, i] {
      for (int round = 0; round < 5; ++round) found[i] = copy.encode(texts[i]);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, expected);
}

TEST(Bpe, a_merge_may_not_be_there_twice) {
  TokenizerParts parts = parts_of({{"a", "b"}, {"b", "c"}});
  parts.merges.push_back(parts.merges[0]);
  EXPECT_NE(error_of(ErrorKind::data, [&] { Tokenizer{parts}; }).find("merges 0 and 2"),
            std::string::npos);
}

}  // namespace
}  // namespace octavo

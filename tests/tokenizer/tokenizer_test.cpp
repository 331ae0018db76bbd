// The byte tokenizer: any bytes come back the same, its files read back, files that ask for more
// than bytes are refused, and streaming never cuts a character.
#include "octavo/tokenizer/tokenizer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/random.h"
#include "octavo/base/text.h"
#include "octavo/tokenizer/tokenizer_files.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class TokenizerFiles : public testing::Test {
 protected:
  TokenizerFiles() {
    fs::create_directories(folder);
    Tokenizer::bytes().save(folder);
    text = read_file(folder / "tokenizer.json");
  }
  ~TokenizerFiles() override { fs::remove_all(folder); }

  // Replaces one piece of the good file and expects the reader to say why not.
  void expect_refused(std::string_view from, std::string_view to, std::string_view reason) {
    std::string changed = text;
    const size_t found = changed.find(from);
    ASSERT_NE(found, std::string::npos) << from;
    changed.replace(found, from.size(), to);
    try {
      parse_tokenizer_json(changed, "tokenizer.json");
      ADD_FAILURE() << "accepted " << to;
    } catch (const Error& error) {
      EXPECT_NE(std::string_view(error.what()).find(reason), std::string_view::npos)
          << error.what();
      EXPECT_NE(std::string_view(error.what()).find("tokenizer.json"), std::string_view::npos);
    }
  }

  const fs::path folder = fs::temp_directory_path() / fmt::format("octavo-tokenizer-{}", getpid());
  std::string text;
};

std::string random_bytes(const RandomStream& random, uint64_t size) {
  std::string bytes(size, '\0');
  for (uint64_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(random.bits(i)[0]);
  return bytes;
}

TEST(Tokenizer, bytes_come_back) {
  const Tokenizer tokenizer = Tokenizer::bytes();
  EXPECT_EQ(tokenizer.vocabulary_size(), 257);
  EXPECT_EQ(tokenizer.encode("A\xC3\xBC\xFF"), (std::vector<int32_t>{65, 0xC3, 0xBC, 0xFF}));
  for (uint32_t round = 0; round < 200; ++round) {
    const std::string bytes = random_bytes({round, 1}, round * 7);
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(bytes)), bytes);
  }
}

TEST(Tokenizer, special_tokens_only_when_asked) {
  const Tokenizer tokenizer = Tokenizer::bytes();
  const std::string text = "a<|endoftext|><|endoftext|>b<|endof";
  EXPECT_EQ(tokenizer.encode(text).size(), text.size());
  const auto tokens = tokenizer.encode(text, SpecialTokens::recognised);
  EXPECT_EQ(tokens, (std::vector<int32_t>{'a', 256, 256, 'b', '<', '|', 'e', 'n', 'd', 'o', 'f'}));
  EXPECT_EQ(tokenizer.decode(tokens), text);
}

// The first place, there the longest; ordinary added tokens always, special ones where asked.
std::vector<int32_t> encoded_plainly(Encoder& encoder, const std::vector<AddedToken>& added,
                                     std::string_view text, SpecialTokens special) {
  std::vector<int32_t> tokens;
  size_t begin = 0;
  for (size_t place = 0; place < text.size();) {
    const AddedToken* best = nullptr;
    for (const AddedToken& token : added)
      if ((!token.special || special == SpecialTokens::recognised) &&
          text.substr(place).starts_with(token.text) &&
          (!best || token.text.size() > best->text.size()))
        best = &token;
    if (best) {
      encoder.encode(text.substr(begin, place - begin), tokens);
      tokens.push_back(best->id);
      begin = place + best->text.size();
    }
    place = best ? begin : place + 1;
  }
  encoder.encode(text.substr(begin), tokens);
  return tokens;
}

TEST(Tokenizer, added_tokens_against_plain_loops) {
  const std::string_view letters = "ab<";
  for (uint64_t round = 0; round < 200; ++round) {
    Dice dice(round);
    TokenizerParts parts = parts_of({{"a", "b"}});
    for (uint64_t i = dice(6); i > 0; --i) {
      const std::string added = dice.text(letters, 2 + dice(3));
      const auto same = [&](const AddedToken& token) { return token.text == added; };
      if (added != "ab" && std::none_of(parts.added.begin(), parts.added.end(), same))
        parts.added.push_back({added, static_cast<int32_t>(300 + i), dice(2) == 0});
    }
    const Tokenizer tokenizer(parts);
    Encoder encoder(tokenizer.bpe());
    for (int i = 0; i < 20; ++i) {
      const std::string text = dice.text(letters, dice(20));
      for (const SpecialTokens special : {SpecialTokens::as_text, SpecialTokens::recognised}) {
        const auto tokens = tokenizer.encode(text, special);
        ASSERT_EQ(tokens, encoded_plainly(encoder, parts.added, text, special)) << text;
        EXPECT_EQ(tokenizer.decode(tokens), text);
      }
    }
  }
}

TEST(Tokenizer, parts_that_contradict_each_other) {
  const auto refusal = [](const AddedToken& token) {
    TokenizerParts parts = parts_of({{"a", "b"}});
    parts.added.push_back(token);
    return error_of(ErrorKind::data, [&] { Tokenizer{parts}; });
  };
  EXPECT_EQ(refusal({kEndOfText, 300}),
            "tokenizer: the added token \"<|endoftext|>\" is there twice");
  EXPECT_EQ(refusal({"<|x|>", 256}),
            "tokenizer: the added token \"<|x|>\" has the id 256 of \"ab\"");
  EXPECT_EQ(refusal({"<|x|>", 257}),
            "tokenizer: the added token \"<|x|>\" has the id 257 of \"<|endoftext|>\"");
  EXPECT_EQ(
      refusal({"ab", 300}),
      "tokenizer: the added token \"ab\" has the id 300, but files write the token 256 like that");
  EXPECT_EQ(refusal({"\u0120", 300}),  // a space, in files
            "tokenizer: the added token \"\u0120\" has the id 300, but files write the token 32 "
            "like that");
  for (const char* text : {"", "a\xFF"})
    EXPECT_NE(refusal({text, 300}).find("expected text"), std::string::npos);
  for (const int32_t id : {-1, 1 << 19, INT32_MAX})
    EXPECT_NE(refusal({"<|x|>", id}).find("expected an id from 0 to 524287"), std::string::npos);
}

TEST(Tokenizer, ids_that_no_token_has) {
  TokenizerParts parts = parts_of({});
  parts.added.push_back({"<|x|>", 300});
  const Tokenizer tokenizer(parts);
  EXPECT_EQ(tokenizer.vocabulary_size(), 301);
  EXPECT_EQ(tokenizer.decode(std::vector<int32_t>{257, 299, 300}), "<|x|>");
}

TEST(Tokenizer, ids_outside_the_vocabulary) {
  const Tokenizer tokenizer = Tokenizer::bytes();
  for (const int32_t id : {-1, 257, 50256})
    EXPECT_THROW(tokenizer.decode(std::vector<int32_t>{id}), Error) << id;
}

TEST_F(TokenizerFiles, round_trip) {
  const Tokenizer read = Tokenizer::load(folder);
  EXPECT_EQ(read.fingerprint(), Tokenizer::bytes().fingerprint());
  EXPECT_EQ(Tokenizer::load(folder / "tokenizer.json").vocabulary_size(), 257);
  const fs::path again = folder / "again";
  fs::create_directories(again);
  for (const std::string& name : read.save(again))
    EXPECT_EQ(read_file(again / name), read_file(folder / name)) << name;
}

TEST_F(TokenizerFiles, the_vocabulary_is_gpt2s_alphabet) {
  const Json vocab = Json::parse(read_file(folder / "vocab.json"), "vocab.json");
  EXPECT_EQ(vocab.size(), 257u);
  EXPECT_EQ(vocab.at("A").integer(), 'A');
  EXPECT_EQ(vocab.at("Ġ").integer(), ' ');   // U+0120, as every GPT-2 file shows a space
  EXPECT_EQ(vocab.at("Ċ").integer(), '\n');  // U+010A
  EXPECT_EQ(vocab.at("Ń").integer(), 0xAD);  // U+0143, the last replacement
  EXPECT_EQ(vocab.at("ÿ").integer(), 0xFF);
  EXPECT_EQ(read_file(folder / "merges.txt"), "#version: 0.2\n");
}

TEST_F(TokenizerFiles, other_peoples_spelling_of_the_same_is_read) {
  std::string changed = text;
  const std::string_view last = ",\n      \"<|endoftext|>\": 256";
  const size_t found = changed.find(last);
  ASSERT_NE(found, std::string::npos);
  changed.erase(found, last.size());
  EXPECT_EQ(Tokenizer(parse_tokenizer_json(changed, "x")).vocabulary_size(), 257);
}

TEST_F(TokenizerFiles, what_differs_is_refused) {
  expect_refused("\"merges\": []", R"("merges": [["a", "b"]])", "the token \"ab\"");
  expect_refused("\"BPE\"", "\"Unigram\"", "BPE");
  expect_refused("\"A\": 65", "\"A\": 66", "have the same id 66");
  expect_refused("\"A\": 65", "\"AB\": 65", "lacks the byte 0x41");
  expect_refused("\"A\": 65", "\"B\": 65", "\"B\" has two ids, 65 and 66");
  expect_refused("\"A\": 65,", "", "lacks the byte 0x41");
  expect_refused("\"A\": 65", "\"A\": -1", "expected an id");
  expect_refused("\"A\": 65", "\"A\": 1000000", "expected an id");
  expect_refused("\"id\": 256", "\"id\": 300", "300 as an added token");
  expect_refused("\"lstrip\": false", "\"lstrip\": 1", "lstrip");
  expect_refused("\"normalizer\": null", R"("normalizer": {"type": "NFKC"})", "normalizer");
  expect_refused("\"ByteLevel\"", "\"Whitespace\"", "pre_tokenizer");
  expect_refused("\"dropout\": null", "\"dropout\": 0.1", "dropout");
  expect_refused("\"post_processor\": null", R"("post_processor": {"type": "Bert"})", "Bert");
  EXPECT_THROW(Tokenizer::load(folder / "absent"), Error);
}

TEST(StreamDecoder, emits_whole_characters) {
  const Tokenizer tokenizer = Tokenizer::bytes();
  StreamDecoder decoder(tokenizer);
  std::vector<std::string> pieces;
  for (const int32_t token : tokenizer.encode("a€😀")) pieces.push_back(decoder.push(token));
  EXPECT_EQ(pieces, (std::vector<std::string>{"a", "", "", "€", "", "", "", "😀"}));
  EXPECT_EQ(decoder.finish(), "");
  EXPECT_EQ(decoder.push(256), "<|endoftext|>");
}

TEST(StreamDecoder, a_cut_character_is_replaced) {
  const Tokenizer tokenizer = Tokenizer::bytes();
  StreamDecoder decoder(tokenizer);
  EXPECT_EQ(decoder.push(0xE2), "");
  EXPECT_EQ(decoder.push('x'), "\uFFFDx");
  EXPECT_EQ(decoder.push(0xF0), "");
  EXPECT_EQ(decoder.push(256), "\uFFFD<|endoftext|>");
  EXPECT_EQ(decoder.push(0xC3), "");
  EXPECT_EQ(decoder.finish(), "\uFFFD");
  EXPECT_EQ(decoder.finish(), "");
}

// Bytes drawn from those that make and break characters.
TEST(StreamDecoder, any_stream_equals_the_repaired_whole) {
  const Tokenizer tokenizer = Tokenizer::bytes();
  const std::string_view bytes =
      "az\x80\x8F\x90\x9F\xA0\xBF\xC0\xC2\xDF\xE0\xED\xEF\xF0\xF4\xF5\xFF";
  for (uint32_t round = 0; round < 3000; ++round) {
    const RandomStream random{round, 2};
    std::string whole, streamed;
    StreamDecoder decoder(tokenizer);
    for (uint64_t i = 0; i < 40; ++i) {
      const char byte = bytes[random.below(i, bytes.size())];
      whole += byte;
      const std::string piece = decoder.push(static_cast<unsigned char>(byte));
      EXPECT_TRUE(is_utf8(piece));
      streamed += piece;
    }
    streamed += decoder.finish();
    EXPECT_EQ(streamed, repair_utf8(whole));
  }
}

}  // namespace
}  // namespace octavo

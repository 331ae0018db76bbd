// Tokenizer files: every format there and back, in all directions, and what a format cannot say.
#include "octavo/tokenizer/tokenizer_files.h"

#include "octavo/base/files.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

TEST(TokenizerFormats, all_say_the_same_in_all_directions) {
  Dice dice(1);
  const Tokenizer tokenizer(learned_parts());
  const std::string text = random_prose(dice, 20'000) + dice.bytes(2000) + " the the\n\n\u00e9";
  for (const TokenizerFormat first : kFormats)
    for (const TokenizerFormat second : kFormats) {
      const TokenizerParts parts = through(Tokenizer(through(tokenizer, first)), second);
      EXPECT_EQ(parts.added, (std::vector<AddedToken>{{kEndOfText, 262}}));
      EXPECT_EQ(Tokenizer(parts).encode(text), tokenizer.encode(text));
    }
  for (const TokenizerFormat format : kFormats)
    expect_same(through(tokenizer, format), learned_parts());
  for (const TokenizerFormat format : kFormats)
    expect_same(through(Tokenizer::bytes(), format), parts_of({}));
}

// tiktoken's ranks join any two tokens that are a third one; merges join those that are listed.
TEST(TokenizerFormats, ranks_are_written_only_where_they_mean_the_same) {
  size_t written = 0, refused = 0;
  for (uint64_t round = 0; round < 100; ++round) {
    Dice dice(round);
    const Tokenizer tokenizer(random_parts(dice, "abc", 1 + dice(12)));
    try {
      const Tokenizer read(through(tokenizer, TokenizerFormat::tiktoken));
      for (int i = 0; i < 100; ++i) {
        const std::string text = dice.text("abc", 1 + dice(40));
        ASSERT_EQ(read.encode(text), tokenizer.encode(text)) << round << ' ' << text;
      }
      const TokenizerParts again = through(read, TokenizerFormat::tiktoken);
      EXPECT_EQ(again.merges.size(), read.bpe().merges().size());
      ++written;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(written, 10u);
  EXPECT_GT(refused, 10u);
}

TEST(TokenizerFormats, hugging_faces_says_everything) {
  TokenizerParts parts = learned_parts();
  parts.rules.split = TextSplit::gpt2_digits;
  parts.added.push_back({"<|user|>", 263});
  parts.added.push_back({"two words, \u00e9\n\"\\", 264, false});
  parts.added.push_back({"\U0001F600", 270});  // with a hole before it
  const Tokenizer tokenizer(parts);
  expect_same(through(tokenizer, TokenizerFormat::hugging_face), parts);
  for (const TokenizerFormat other :
       {TokenizerFormat::vocabulary, TokenizerFormat::gpt2, TokenizerFormat::tiktoken}) {
    const TemporaryFolder folder;
    const std::string error =
        error_of(ErrorKind::data, [&] { write_tokenizer(tokenizer, folder.path(), other); });
    EXPECT_NE(error.find("cannot say what this tokenizer is"), std::string::npos) << error;
    EXPECT_EQ(folder.entries(), 0);
  }
}

// Whatever stops a tokenizer from being replaced: the old one, the new one, or none that is taken
// for whole.
TEST(TokenizerFormats, are_replaced_or_not_but_never_mixed) {
  const Tokenizer old = Tokenizer::bytes(), other(learned_parts());
  const std::string text = "the thin hen in the inn";
  int64_t olds = 0, others = 0, neither = 0;
  for (const TokenizerFormat first : kFormats)
    for (const TokenizerFormat second : kFormats)
      for (const FileOperation operation :
           {FileOperation::open, FileOperation::write, FileOperation::rename})
        for (int64_t at = 1, failed = true; failed; ++at) {
          const TemporaryFolder folder;
          write_tokenizer(old, folder.path(), first);
          try {
            const FileFaults faults({.operation = operation, .at = at});
            replace_tokenizer(other, folder.path(), second);
            failed = false;
          } catch (const Error&) {
          }
          try {
            const auto found = Tokenizer(read_tokenizer(folder.path())).encode(text);
            const bool is_new = found == other.encode(text);
            EXPECT_TRUE(is_new || (failed && found == old.encode(text)));
            ++(is_new ? others : olds);
          } catch (const Error&) {
            EXPECT_TRUE(failed);
            ++neither;
          }
        }
  for (const int64_t count : {olds, others, neither}) EXPECT_GT(count, 10);
}

// By that name they would be read as the special token.
TEST(TokenizerFormats, an_ordinary_token_may_be_named_as_the_end_of_text) {
  TokenizerParts parts = learned_parts();
  parts.tokens.add(parts.added[0].text);
  parts.tokens.index();
  parts.added.clear();
  expect_same(parse_tokenizer_json(tokenizer_json(Tokenizer(parts)), "x"), parts);
  for (const TokenizerFormat format :
       {TokenizerFormat::vocabulary, TokenizerFormat::gpt2, TokenizerFormat::tiktoken})
    EXPECT_THROW(tokenizer_files(Tokenizer(parts), format), Error);
}

TEST(TokenizerFormats, tiktoken_has_the_end_of_text_behind_all_others) {
  TokenizerParts parts = learned_parts();
  parts.added[0].id = 300;
  const TemporaryFolder folder;
  const std::string error = error_of(ErrorKind::data, [&] {
    write_tokenizer(Tokenizer(parts), folder.path(), TokenizerFormat::tiktoken);
  });
  EXPECT_NE(error.find("<|endoftext|> must come after all others"), std::string::npos) << error;
}

TEST(TokenizerFormats, everything_that_decides_ids_is_in_the_fingerprint) {
  std::vector<TokenizerParts> all(6, learned_parts());
  std::swap(all[1].merges[0], all[1].merges[3]);
  all[2].rules.split = TextSplit::gpt2_digits;
  all[3].added.push_back({"<|user|>", 263});
  all[4].added.push_back({"<|user|>", 263, false});
  all[5].added.clear();
  std::vector<std::string> fingerprints;
  for (const TokenizerParts& parts : all) fingerprints.push_back(Tokenizer(parts).fingerprint());
  std::sort(fingerprints.begin(), fingerprints.end());
  EXPECT_EQ(std::unique(fingerprints.begin(), fingerprints.end()), fingerprints.end());
}

}  // namespace
}  // namespace octavo

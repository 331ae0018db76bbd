// Counting pieces and learning merges: against the definition in plain loops, against other
// people's merges, and the same for any number of threads and any memory.
#include <map>
#include <set>

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/tokenizer/byte_characters.h"
#include "octavo/tokenizer/merge_learner.h"
#include "octavo/tokenizer/tokenizer_trainer.h"
#include "tests/base/resident_peak.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

PieceCounts count(std::string_view text, CountingOptions options = {}) {
  PieceCounter counter(std::move(options));
  counter.add(text);
  return counter.finish();
}

Names names_of(const LearnedMerges& learned) {
  Names names;
  for (const Merge& merge : learned.merges) {
    names.emplace_back(learned.tokens[merge.left], learned.tokens[merge.right]);
    EXPECT_EQ(names.back().first + names.back().second, learned.tokens[merge.result]);
  }
  return names;
}

void expect_same(const PieceCounts& a, const PieceCounts& b) {
  EXPECT_EQ(a.bytes, b.bytes);
  EXPECT_EQ(a.ends, b.ends);
  EXPECT_EQ(a.counts, b.counts);
}

// ---- The definition -----------------------------------------------------------------------------

std::map<std::string, int64_t> counted_plainly(std::string_view text, TextSplit split) {
  std::map<std::string, int64_t> counts;
  while (!text.empty()) {
    const size_t length = first_piece(text, split);
    ++counts[std::string(text.substr(0, length))];
    text.remove_prefix(length);
  }
  return counts;
}

// After every merge all pairs are counted anew; of equal counts the greatest bytes win.
Names learned_plainly(const std::map<std::string, int64_t>& pieces, size_t vocabulary) {
  std::vector<std::pair<std::vector<std::string>, int64_t>> words;
  for (const auto& [piece, count] : pieces) {
    words.emplace_back(std::vector<std::string>(), count);
    for (const char byte : piece) words.back().first.emplace_back(1, byte);
  }
  Names merges;
  while (256 + merges.size() < vocabulary) {
    std::map<std::pair<std::string, std::string>, int64_t> pairs;
    for (const auto& [word, count] : words)
      for (size_t i = 0; i + 1 < word.size(); ++i) pairs[{word[i], word[i + 1]}] += count;
    if (pairs.empty()) break;
    const auto best = std::max_element(pairs.begin(), pairs.end(), [](auto& a, auto& b) {
      return std::tie(a.second, a.first) < std::tie(b.second, b.first);
    });
    const auto& [left, right] = best->first;
    merges.push_back(best->first);
    for (auto& [word, count] : words)
      for (size_t i = 0; i + 1 < word.size(); ++i)
        if (word[i] == left && word[i + 1] == right) {
          word[i] += right;
          word.erase(word.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
  }
  return merges;
}

TEST(MergeLearner, follows_the_definition) {
  for (uint64_t round = 0; round < 600; ++round) {
    Dice dice(round);
    static constexpr std::string_view kLetters[] = {
        "a", "ab", "ab ", "abc  ", "aab\xFF\xE2\x80", "abcdefgh    '!1"};
    const std::string_view letters = dice.one_of(kLetters);
    std::string text;
    for (uint64_t i = dice(40); i > 0; --i)
      text += dice(4) == 0 ? std::string(1 + dice(12), dice.one_of(letters))
                           : dice.text(letters, 1 + dice(8));
    const TextSplit split = round % 2 ? TextSplit::gpt2_digits : TextSplit::gpt2;
    const auto pieces = counted_plainly(text, split);
    const PieceCounts counts = count(text, {.split = split});
    ASSERT_EQ(counts.size(), pieces.size());
    size_t i = 0;
    for (const auto& [piece, number] : pieces) {
      EXPECT_EQ(counts[i], piece);
      EXPECT_EQ(counts.counts[i++], number);
    }
    const auto vocabulary = static_cast<int32_t>(256 + dice(60));
    const Names expected = learned_plainly(pieces, static_cast<size_t>(vocabulary));
    const LearnedMerges learned = learn_merges(counts, vocabulary);
    ASSERT_EQ(names_of(learned), expected) << round << ": " << text;
    ASSERT_EQ(learned.tokens.size(), 256 + expected.size());
  }
}

// Counts need 64 bits, and pairs that are there more than 2³¹ times still compare.
TEST(MergeLearner, large_counts) {
  PieceCounts pieces;
  pieces.add("ab", int64_t{1} << 40);
  pieces.add("bc", (int64_t{1} << 40) + 1);
  pieces.add("cd", int64_t{1} << 33);
  pieces.add("xcd", int64_t{1} << 33);
  const LearnedMerges learned = learn_merges(pieces, 300);
  EXPECT_EQ(names_of(learned), (Names{{"b", "c"}, {"a", "b"}, {"c", "d"}, {"x", "cd"}}));
}

TEST(MergeLearner, a_piece_of_a_million_characters) {
  const LearnedMerges learned =
      learn_merges(count(std::string(1'000'000, 'a')), 300, {}, {.characters = SIZE_MAX});
  ASSERT_GE(learned.merges.size(), 6u);
  std::string run = "a";
  for (size_t i = 0; i < 6; ++i, run += run) {
    EXPECT_EQ(learned.tokens[learned.merges[i].left], run);
    EXPECT_EQ(learned.tokens[learned.merges[i].right], run);
  }
}

PieceCounts random_words(size_t words) {
  Dice dice(4);
  std::string text;
  for (size_t i = 0; i < words; ++i) text += ' ' + dice.text("abcdefghijklmnopqrstuvwxyz", 7);
  return count(text);
}

// Pairs become more while it learns; what does not fit is said before it is taken.
TEST(MergeLearner, keeps_to_its_memory) {
  const PieceCounts pieces = random_words(60'000);
  size_t learned = 0;
  for (const size_t memory : {14'000'000, 17'000'000, 22'000'000, 30'000'000, 50'000'000}) {
    std::string error;
    const size_t rise = resident_rise([&] {
      try {
        learn_merges(pieces, 20'000, {}, {.memory = memory});
        ++learned;
      } catch (const Error& refused) {
        error = refused.what();
      }
    });
    EXPECT_LE(rise, memory) << error;
    EXPECT_TRUE(error.empty() || error.find("allowed: give more memory") != error.npos) << error;
  }
  EXPECT_GE(learned, 1u);
  EXPECT_LE(learned, 3u);
  EXPECT_NO_THROW(require_memory_to_learn(pieces, 17'000'000));  // refused for its pairs
  EXPECT_THROW(require_memory_to_learn(pieces, 14'000'000), Error);
}

TEST(MergeLearner, stops_where_the_text_gives_no_more) {
  EXPECT_EQ(learn_merges(count(""), 300).tokens.size(), 256u);
  EXPECT_EQ(learn_merges(count("a b c"), 300).tokens.size(), 258u);
  EXPECT_EQ(learn_merges(count("aaaa bbbb"), 256).merges.size(), 0u);
  std::vector<int64_t> seen;
  learn_merges(count("abcd"), 258, [&](int64_t tokens) { seen.push_back(tokens); });
  EXPECT_EQ(seen, (std::vector<int64_t>{257, 258}));
}

// ---- Counting -----------------------------------------------------------------------------------

TEST(PieceCounter, special_texts_are_no_pieces) {
  const PieceCounts counts =
      count("aXbcd<|x|><|x|>!a<|x|", {.special = {"<|x|>", "bc", "XbcdX", "Xbc"}});
  std::map<std::string, int64_t> found;
  for (size_t i = 0; i < counts.size(); ++i) found[std::string(counts[i])] = counts.counts[i];
  EXPECT_EQ(found, (std::map<std::string, int64_t>{
                       {"!", 1}, {"<|", 1}, {"a", 2}, {"d", 1}, {"x", 1}, {"|", 1}}));
}

TEST(PieceCounter, pieces_do_not_cross_documents) {
  PieceCounter counter({});
  for (const char* text : {"ab", "ab", "", "ab ", "c"}) counter.add(text);
  const PieceCounts counts = counter.finish();
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[1], "ab");
  EXPECT_EQ(counts.counts[1], 3);
  EXPECT_EQ(counter.finish().size(), 0u);
}

TEST(PieceCounter, threads_and_memory_change_nothing) {
  Dice dice(5);
  const std::string text = random_prose(dice, size_t{5} << 20) + std::string(300'000, 'z');
  const TemporaryFolder scratch;
  const PieceCounts expected = count(text);
  const LearnedMerges learned = learn_merges(expected, 1000);
  for (const int threads : {1, 2, 7})
    for (const size_t memory : {size_t{1} << 30, size_t{100'000}}) {
      const Threads team(threads);
      PieceCounter counter({.memory = memory, .scratch = scratch.path()});
      counter.add(text);
      EXPECT_EQ(counter.runs() > 0, memory < (size_t{1} << 30));
      const PieceCounts counts = counter.finish();
      expect_same(counts, expected);
      EXPECT_EQ(learn_merges(counts, 1000).merges, learned.merges);
      EXPECT_EQ(scratch.entries(), 0);
    }
}

TEST(PieceCounter, more_runs_than_are_merged_at_once) {
  const TemporaryFolder scratch;
  PieceCounter counter({.memory = 1, .scratch = scratch.path()}), plain({});
  for (uint64_t round = 0; round < 150; ++round) {
    Dice dice(round);
    const std::string text = dice.text("ab  ", 30);
    counter.add(text), plain.add(text);
  }
  EXPECT_EQ(counter.runs(), 150);
  EXPECT_LE(scratch.entries(), 64);
  expect_same(counter.finish(), plain.finish());
  EXPECT_EQ(scratch.entries(), 0);
}

// Pieces that are too many are refused while they become more, not when all are there.
TEST(PieceCounter, is_checked_while_runs_are_merged) {
  const TemporaryFolder scratch;
  for (const size_t memory : {size_t{1}, size_t{1} << 30}) {
    PieceCounter counter({.memory = memory, .scratch = scratch.path()});
    for (const char* text : {"a b c", "d b", "e f a"}) counter.add(text);
    size_t seen = 0;
    const std::string error = error_of(ErrorKind::data, [&] {
      counter.finish([&](const PieceCounts& pieces) {
        seen = pieces.size();
        require(seen < 4, "four");
      });
    });
    EXPECT_EQ(error, "four");
    EXPECT_EQ(seen, 4u);
  }
  EXPECT_EQ(scratch.entries(), 0);
}

TEST(PieceCounter, leaves_nothing_behind) {
  const TemporaryFolder scratch;
  {
    PieceCounter one({.memory = 1, .scratch = scratch.path()});
    PieceCounter two({.memory = 1, .scratch = scratch.path()});
    one.add("one text"), two.add("two texts"), one.add("one more");
    EXPECT_EQ(scratch.entries(), 3);
    EXPECT_EQ(two.finish()[0], " texts");
    EXPECT_EQ(scratch.entries(), 2);
  }
  EXPECT_EQ(scratch.entries(), 0);
  {
    FileFaults faults({.operation = FileOperation::write,
                       .at = 1,
                       .effect = FaultEffect::no_space,
                       .repeat = FaultRepeat::persistent});
    PieceCounter counter({.memory = 1, .scratch = scratch.path()});
    EXPECT_EQ(error_of(ErrorKind::io, [&] { counter.add("text"); }).find('\n'), std::string::npos);
  }
  EXPECT_EQ(scratch.entries(), 0);
}

// ---- The trainer --------------------------------------------------------------------------------

TrainedTokenizer trained(const std::vector<std::string>& documents,
                         TokenizerTrainingOptions options) {
  TokenizerTrainer trainer(std::move(options));
  for (const std::string& document : documents) trainer.add(document);
  return trainer.finish();
}

TEST(TokenizerTrainer, bytes_then_merges_then_special_tokens) {
  const TrainedTokenizer result = trained(
      {"ab ab<|user|>ab", "\xFF\xC3 ab", ""},
      {.vocabulary = 260, .special = {kEndOfText, "<|user|>"}, .split = TextSplit::gpt2_digits});
  expect_same(
      [&] {
        TokenizerParts parts{.rules = {.split = TextSplit::gpt2_digits}};
        for (int32_t id = 0; id < 258; ++id) parts.tokens.add(result.tokenizer.text_of(id));
        parts.tokens.index();
        const auto merges = result.tokenizer.bpe().merges();
        parts.merges.assign(merges.begin(), merges.end());
        parts.added = {{kEndOfText, 258}, {"<|user|>", 259}};
        return parts;
      }(),
      through(result.tokenizer, TokenizerFormat::hugging_face));
  EXPECT_EQ(result.tokenizer.text_of(256), "ab");
  EXPECT_EQ(result.tokenizer.text_of(257), " ab");
  EXPECT_EQ(result.documents, 3);
  EXPECT_EQ(result.text_bytes, 20);
  EXPECT_EQ(result.broken_bytes, 2);
  EXPECT_EQ(result.pieces, 3);
}

TEST(TokenizerTrainer, neither_order_nor_threads_nor_memory_matter) {
  Dice dice(7);
  const std::string prose = random_prose(dice, size_t{2} << 20);
  std::vector<std::string> documents;
  for (size_t i = 0; i < 200; ++i) documents.push_back(prose.substr(i * 10'000, 10'000));
  const TemporaryFolder scratch;
  const TokenizerTrainingOptions plain{.vocabulary = 600, .scratch = scratch.path()};
  const std::string expected = tokenizer_json(trained(documents, plain).tokenizer);
  std::reverse(documents.begin(), documents.end());
  for (const int count : {1, 2, 7}) {
    const Threads threads(count);
    TokenizerTrainingOptions little = plain;
    little.memory = 20'000'000;
    const TrainedTokenizer result = trained(documents, little);
    EXPECT_EQ(tokenizer_json(result.tokenizer), expected) << count;
    EXPECT_EQ(tokenizer_json(trained(documents, plain).tokenizer), expected) << count;
  }
}

// Tokens double in length: what would be too long to be read is not made.
TEST(TokenizerTrainer, what_was_learned_can_be_read) {
  Dice dice(8);
  const std::string run = dice.text("abcdefghijklmnopqrstuvwxyz", 24'000);
  const TokenizerTrainingOptions options{.vocabulary = 6000, .special = {kEndOfText, "<|user|>"}};
  const std::string error = error_of(ErrorKind::data, [&] { trained({run, run}, options); });
  EXPECT_NE(error.find("tokens take more than 6.29 MB together"), std::string::npos) << error;
  TokenizerTrainingOptions fewer = options;
  fewer.vocabulary = 4200;
  const TrainedTokenizer result = trained({run, run}, fewer);
  const Tokenizer read(through(result.tokenizer, TokenizerFormat::hugging_face));
  EXPECT_EQ(read.fingerprint(), result.tokenizer.fingerprint());
}

TEST(TokenizerTrainer, what_cannot_be_learned) {
  const auto usage = [](TokenizerTrainingOptions options) {
    return error_of(ErrorKind::usage, [&] { trained({"abab xyz"}, std::move(options)); });
  };
  const auto data = [](std::vector<std::string> documents, TokenizerTrainingOptions options) {
    return error_of(ErrorKind::data, [&] { trained(documents, std::move(options)); });
  };
  const auto expect = [](const std::string& line, std::string_view words) {
    EXPECT_NE(line.find(words), std::string::npos) << line;
  };
  expect(usage({.vocabulary = 257}), "a vocabulary of 258 to 524288 tokens was expected");
  expect(usage({.vocabulary = (1 << 19) + 1}), "not 524289");
  expect(usage({.vocabulary = 260, .special = {""}}), "a special token (--special) was expected");
  expect(usage({.vocabulary = 260, .special = {"\xFF"}}),
         "a special token (--special) was expected");
  expect(usage({.vocabulary = 260, .special = {"<|x|>", "<|x|>"}}), "is there twice");
  for (const char* text : {"x", "\u0120", "\u00e9"})
    expect(usage({.vocabulary = 260, .special = {text}}), "is one byte, or written like one");
  expect(data({}, {.vocabulary = 260}), "no text to learn from in 0 documents");
  expect(data({"", kEndOfText}, {.vocabulary = 260}), "no text to learn from in 2 documents");
  expect(data({"abab"}, {.vocabulary = 300}),
         "supports a vocabulary of 259 tokens, 300 were asked");
  expect(data({"abab"}, {.vocabulary = 258, .memory = 1000}), "1 kB were allowed");
}

// ---- Other people's merges ----------------------------------------------------------------------

TEST(MergeLearner, the_merges_of_the_reference) {
  const auto folder = test_data() / "data" / "bpe-training";
  if (!exists(folder)) GTEST_SKIP() << folder << " is absent";
  const PieceCounts counts = count(read_file(folder / "corpus.en"), {.special = {kEndOfText}});
  const LearnedMerges learned = learn_merges(counts, 499);
  std::string merges;
  for (const auto& [left, right] : names_of(learned))
    merges += characters_of(left) + " " + characters_of(right) + "\n";
  EXPECT_EQ(learned.merges.size(), 243u);
  EXPECT_EQ(merges, read_file(folder / "train-bpe-reference-merges.txt"));
  const Json vocabulary =
      Json::parse(read_file(folder / "train-bpe-reference-vocab.json"), "vocabulary");
  std::set<std::string> expected, found{kEndOfText};
  for (const Json& token : vocabulary.members()) expected.emplace(token.key());
  for (size_t id = 0; id < learned.tokens.size(); ++id)
    found.insert(characters_of(learned.tokens[static_cast<int32_t>(id)]));
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace octavo

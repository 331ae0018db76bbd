// Sources: several files are one stream, and a split divides it without loss or overlap.
#include "octavo/dataset/source.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "octavo/base/files.h"
#include "octavo/base/random.h"
#include "octavo/dataset/write_dataset.h"
#include "tests/dataset/support.h"

namespace octavo {
namespace {

using SourceTest = FolderTest;

// `sizes[d]` tokens of id d for document d.
std::shared_ptr<const Source> source_of(const std::vector<int64_t>& sizes) {
  std::vector<int32_t> tokens;
  std::vector<int64_t> starts;
  for (size_t document = 0; document < sizes.size(); ++document) {
    starts.push_back(static_cast<int64_t>(tokens.size()));
    tokens.insert(tokens.end(), static_cast<size_t>(sizes[document]),
                  static_cast<int32_t>(document));
  }
  Source source{"documents", {}, 1, {}};
  source.files.push_back(TokenFile::of("documents", tokens, starts));
  return std::make_shared<const Source>(std::move(source));
}

std::vector<int32_t> read_all(const TokenPart& part) {
  std::vector<int32_t> tokens(static_cast<size_t>(part.size()));
  part.read(0, tokens, 1'000'000);
  return tokens;
}

TEST_F(SourceTest, files_join_to_one_stream) {
  write_token_file(folder / "b.bin", std::vector<int32_t>{4, 5, 6, 7}, 10, std::vector<int64_t>{1});
  write_token_file(folder / "a.bin", std::vector<int32_t>{1, 2, 3}, 10, std::vector<int64_t>{0, 2});
  write_token_file(folder / "c.bin", std::vector<int32_t>{8}, 10, std::vector<int64_t>{});
  const Source source = open_source(folder);
  EXPECT_EQ(source.size(), 8);
  EXPECT_TRUE(source.has_documents());
  EXPECT_EQ(source.documents(), (std::vector<int64_t>{0, 2, 4}));
  for (int64_t first = 0; first <= 8; ++first) {
    for (int64_t last = first; last <= 8; ++last) {
      std::vector<int32_t> tokens(static_cast<size_t>(last - first));
      source.read(first, tokens, 10);
      for (int64_t i = first; i < last; ++i)
        EXPECT_EQ(tokens[static_cast<size_t>(i - first)], i + 1);
    }
  }
}

TEST_F(SourceTest, unusable_folders) {
  expect_error("no token files", [&] { open_source(folder); });
  expect_error("absent", [&] { open_source(folder / "absent"); });
  put("dataset.json",
      R"({"tokenizer":{"fingerprint":"f"},"shards":[{"file":"../x.bin","tokens":1}]})");
  expect_error("no file name", [&] { open_source(folder); });
  put("dataset.json",
      R"({"tokenizer":{"fingerprint":"f"},"shards":[{"file":"x.bin","tokens":5}]})");
  write_token_file(folder / "x.bin", std::vector<int32_t>{1, 2}, 10, {});
  expect_error("5 tokens were recorded, it has 2", [&] { open_source(folder); });
  put("dataset.json",
      R"({"tokenizer":{"fingerprint":"f"},"shards":[{"file":"x.bin","tokens":2}]})");
  EXPECT_EQ(open_source(folder).tokenizer, "f");
  std::filesystem::remove(folder / "x.docs");
  expect_error("x.docs is missing", [&] { open_source(folder); });
}

TEST_F(SourceTest, any_changed_byte_of_a_data_set_is_found) {
  const std::vector<std::string> input{put("in.txt", "some text to flip bits in").string()};
  const std::filesystem::path set = folder / "set";
  write_dataset(input, set, Tokenizer::bytes(), {.shard_tokens = 10});
  EXPECT_TRUE(verify_dataset(set));
  for (const char* name : {"tokens-00001.bin", "tokens-00000.docs", "tokens-00002.docs"}) {
    const std::string whole = read_file(set / name);
    for (const size_t at : {size_t{0}, whole.size() / 2, whole.size() - 1}) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ 1);
      write_file(set / name, flipped);
      expect_error(std::string(name) + ": is damaged", [&] { verify_dataset(set); });
    }
    write_file(set / name, whole);
  }
  std::filesystem::remove(set / "tokens-00002.bin");
  expect_error("tokens-00002.bin", [&] { verify_dataset(set); });
  EXPECT_FALSE(verify_dataset(folder));  // nothing is recorded there
}

// A corpus of many files has a long list of them in its manifest.
TEST_F(SourceTest, many_sources_do_not_weigh) {
  write_token_file(folder / "x.bin", std::vector<int32_t>{1, 2}, 10, {});
  std::string sources;
  for (int i = 0; i < 60'000; ++i)
    sources += fmt::format(
        "{}{{\"file\":\"{}.txt\",\"documents\":1,\"tokens\":1,\"text_bytes\":1}}", i ? "," : "", i);
  put("dataset.json",
      fmt::format(R"({{"tokenizer":{{"fingerprint":"f"}},"shards":[{{"file":"x.bin",)"
                  R"("tokens":2}}],"sources":[{}]}})",
                  sources));
  EXPECT_EQ(open_source(folder).size(), 2);
}

TEST_F(SourceTest, parts_read_across_their_runs) {
  std::vector<int32_t> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 0);
  Source source{"numbers", {}, 1, {}};
  source.files.push_back(TokenFile::of("a", {numbers.begin(), numbers.begin() + 333}));
  source.files.push_back(TokenFile::of("b", {numbers.begin() + 333, numbers.end()}));
  TokenPart part(std::make_shared<const Source>(std::move(source)));
  std::vector<int32_t> expected;
  const RandomStream random{1};
  for (uint64_t i = 0, position = 0; position < 990; ++i) {
    const uint64_t first = position + random.below(i * 2, 4);  // sometimes no gap, sometimes no run
    const uint64_t last = std::min<uint64_t>(1000, first + random.below(i * 2 + 1, 9));
    part.append(static_cast<int64_t>(first), static_cast<int64_t>(last));
    for (uint64_t p = first; p < last; ++p) expected.push_back(static_cast<int32_t>(p));
    position = last;
  }
  ASSERT_EQ(read_all(part), expected);
  for (size_t first = 0; first + 20 <= expected.size(); ++first) {
    std::vector<int32_t> tokens(20);
    part.read(static_cast<int64_t>(first), tokens, 1000);
    EXPECT_TRUE(
        std::equal(tokens.begin(), tokens.end(), expected.begin() + static_cast<long>(first)));
  }
}

TEST_F(SourceTest, by_position_the_end_validates) {
  const auto source = source_of({1, 2, 3, 4});
  const SplitSource parts = split(source, {SplitBy::position, 0.25}, 1, 2);
  EXPECT_EQ(read_all(parts.training), (std::vector<int32_t>{0, 1, 1, 2, 2, 2, 3}));
  EXPECT_EQ(read_all(parts.validation), (std::vector<int32_t>{3, 3, 3}));
  const SplitSource whole = split(source, {SplitBy::document, 0}, 1, 2);
  EXPECT_EQ(whole.training.size(), 10);
  EXPECT_EQ(whole.validation.size(), 0);
}

TEST_F(SourceTest, by_document_nothing_is_lost_or_shared) {
  std::vector<int64_t> sizes;
  for (int64_t i = 0; i < 2000; ++i) sizes.push_back(1 + i % 7);
  const auto source = source_of(sizes);
  const SplitSource parts = split(source, {SplitBy::document, 0.1}, 3, 4);
  std::vector<int64_t> found(sizes.size());
  std::set<int32_t> training, validation;
  for (const int32_t token : read_all(parts.training)) {
    ++found[static_cast<size_t>(token)];
    training.insert(token);
  }
  for (const int32_t token : read_all(parts.validation)) {
    ++found[static_cast<size_t>(token)];
    validation.insert(token);
  }
  EXPECT_EQ(found, sizes);
  EXPECT_EQ(training.size() + validation.size(), sizes.size());
  EXPECT_NEAR(static_cast<double>(validation.size()), 200, 60);
  // Another seed, another choice; the same, the same.
  EXPECT_EQ(read_all(split(source, {SplitBy::document, 0.1}, 3, 4).validation),
            read_all(parts.validation));
  EXPECT_NE(read_all(split(source, {SplitBy::document, 0.1}, 5, 4).validation),
            read_all(parts.validation));
}

TEST_F(SourceTest, by_document_each_side_gets_one) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    for (const double fraction : {1e-9, 0.5, 0.999999999}) {
      const SplitSource parts = split(source_of({1, 1, 1}), {SplitBy::document, fraction}, seed, 0);
      EXPECT_GE(parts.training.size(), 1);
      EXPECT_GE(parts.validation.size(), 1);
    }
  }
}

TEST_F(SourceTest, by_document_needs_documents) {
  expect_error("at least two documents, it has 1; data.validation = \"tail\"", [] {
    split(source_of({5}), {SplitBy::document, 0.1}, 1, 1);
  });
  Source unknown{"unknown", {}, 1, {}};
  unknown.files.push_back(TokenFile::of("unknown", {1, 2, 3}));
  const auto shared = std::make_shared<const Source>(std::move(unknown));
  expect_error("not known", [&] { split(shared, {SplitBy::document, 0.1}, 1, 1); });
  for (const double fraction : {-0.1, 1.0, 2.0})
    expect_error(
        "validation fraction",
        [&] {
          split(shared, {SplitBy::position, fraction}, 1, 1);
        },
        ErrorKind::usage);
}

}  // namespace
}  // namespace octavo

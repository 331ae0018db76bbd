// From text to shards and back: what is read is what was written, in any cut, to the byte the same
// each time, and a failure leaves what was there.
#include "octavo/dataset/write_dataset.h"

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/dataset/batches.h"
#include "tests/dataset/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class WriteDataset : public FolderTest {
 protected:
  DatasetSummary write(const DatasetOptions& options = {}, const fs::path& name = "in") {
    const std::vector<std::string> paths{(folder / name).string()};
    return write_dataset(paths, out, tokenizer, options);
  }
  std::string text() const {
    const Source source = open_source(out);
    std::vector<int32_t> tokens(static_cast<size_t>(source.size()));
    source.read(0, tokens, tokenizer.vocabulary_size());
    return tokenizer.decode(tokens);
  }

  const Tokenizer tokenizer = Tokenizer::bytes();
  const fs::path out = folder / "out";
};

TEST_F(WriteDataset, documents_are_joined_by_end_of_text) {
  put("in/b.txt", "second");
  put("in/a.txt", "first\n");
  put("in/c.jsonl", "{\"text\":\"third\"}\n{\"text\":\"\"}\n{\"text\":\"fo\u00fcrth\"}\n");
  int64_t calls = 0;
  DatasetProgress last;
  const DatasetSummary summary = write({.progress = [&](const DatasetProgress& progress) {
    ++calls;
    last = progress;
  }});
  EXPECT_EQ(text(),
            "first\n<|endoftext|>second<|endoftext|>third<|endoftext|>fo\u00fcrth<|endoftext|>");
  EXPECT_EQ(summary.files, 3);
  EXPECT_EQ(summary.documents, 4);
  EXPECT_EQ(summary.tokens, 28);
  EXPECT_EQ(summary.text_bytes, 24);
  EXPECT_EQ(summary.shards, 1);
  EXPECT_EQ(calls, 7);
  EXPECT_EQ(last.bytes, last.total_bytes);
  const Source source = open_source(out);
  EXPECT_EQ(source.tokenizer, tokenizer.fingerprint());
  EXPECT_EQ(source.documents(), (std::vector<int64_t>{0, 7, 14, 20}));

  write({.end_of_text = EndOfTextPlace::before, .existing = Existing::replaced});
  EXPECT_EQ(text(),
            "<|endoftext|>first\n<|endoftext|>second<|endoftext|>third<|endoftext|>fo\u00fcrth");
  write({.end_of_text = EndOfTextPlace::none, .existing = Existing::replaced});
  EXPECT_EQ(text(), "first\nsecondthirdfo\u00fcrth");
}

TEST_F(WriteDataset, any_shard_size_gives_the_same_stream) {
  for (int i = 0; i < 20; ++i)
    put(fmt::format("in/{:02}.txt", i),
        std::string(static_cast<size_t>(1 + i * 3 % 17), static_cast<char>('a' + i)));
  write();
  const std::string expected = text();
  const std::vector<int64_t> documents = open_source(out).documents();
  for (const int64_t shard_tokens : {9, 16, 17, 100, 1000}) {
    const DatasetSummary summary =
        write({.shard_tokens = shard_tokens, .existing = Existing::replaced});
    EXPECT_EQ(summary.shards, (summary.tokens + shard_tokens - 1) / shard_tokens);
    EXPECT_EQ(text(), expected);
    EXPECT_EQ(open_source(out).documents(), documents);
  }
}

TEST_F(WriteDataset, the_manifest_says_what_is_there) {
  put("in/a.txt", "0123456789");
  write({.shard_tokens = 4});
  const Json manifest = Json::parse(read_file(out / "dataset.json"), "dataset.json");
  EXPECT_EQ(manifest.at("tokens").integer(), 11);
  EXPECT_EQ(manifest.at("end_of_text").text(), "after");
  ASSERT_EQ(manifest.at("shards").size(), 3u);
  int64_t documents = 0;
  for (const Json& shard : manifest.at("shards").items()) {
    const fs::path file = out / shard.at("file").text();
    EXPECT_EQ(shard.at("hash").text(), hash_file(file));
    EXPECT_EQ(shard.at("documents_hash").text(), hash_file(documents_path(file)));
    documents += shard.at("documents").integer();
  }
  EXPECT_EQ(documents, 1);
  const Json& source = manifest.at("sources").at(size_t{0});
  EXPECT_EQ(source.at("file").text(), (folder / "in/a.txt").string());
  EXPECT_EQ(source.at("text_hash").text(), hash_hex("0123456789"));
  EXPECT_EQ(source.at("text_bytes").integer(), 10);
}

TEST_F(WriteDataset, the_same_input_gives_the_same_bytes) {
  put("in/a.txt", "some text");
  put("in/b.txt", "more of it");
  write({.shard_tokens = 7});
  std::vector<std::pair<std::string, std::string>> before, after;
  const auto snapshot = [&](auto& files) {
    for (const auto& entry : fs::directory_iterator(out))
      if (entry.path().filename() != ".lock")
        files.emplace_back(entry.path().filename(), read_file(entry.path()));
    std::sort(files.begin(), files.end());
  };
  snapshot(before);
  write({.shard_tokens = 7, .existing = Existing::replaced});
  snapshot(after);
  EXPECT_EQ(before, after);
  EXPECT_EQ(before.size(), 7u);
}

TEST_F(WriteDataset, an_existing_data_set_is_not_overwritten) {
  put("in/a.txt", "some text");
  put("other/a.txt", "x");
  put("binary/a.txt", "\xFF");
  write();
  expect_error(
      "there is a data set already", [&] { write({}, "other"); }, ErrorKind::conflict);
  // Nor is it lost when its replacement turns out to be unusable.
  expect_error("not a text", [&] { write({.existing = Existing::replaced}, "binary"); });
  EXPECT_EQ(text(), "some text<|endoftext|>");
  write({.shard_tokens = 1, .existing = Existing::replaced});
  write({.existing = Existing::replaced}, "other");
  EXPECT_EQ(text(), "x<|endoftext|>");
  EXPECT_FALSE(fs::exists(out / "tokens-00001.bin"));
  EXPECT_FALSE(fs::exists(out / ".unfinished"));
}

TEST_F(WriteDataset, two_writers_at_once) {
  put("in/a.txt", "some text");
  fs::create_directories(out);
  const FileLock other(out / ".lock");
  expect_error(
      "", [&] { write(); }, ErrorKind::conflict);
}

TEST_F(WriteDataset, a_full_disk_leaves_what_was_there) {
  put("in/a.txt", "some text");
  put("other/b.txt", std::string(3000, 'b'));
  write();
  int64_t writes = 0;
  {
    const FileFaults counting;
    write({.shard_tokens = 1000, .existing = Existing::replaced}, "other");
    writes = counting.count(FileOperation::write);
  }
  for (int64_t at = 1; at <= writes; ++at) {
    write({.existing = Existing::replaced});
    {
      const FileFaults faults(
          {.operation = FileOperation::write, .at = at, .effect = FaultEffect::no_space});
      EXPECT_THROW(write({.shard_tokens = 1000, .existing = Existing::replaced}, "other"), Error);
    }
    if (fs::exists(out / "dataset.json")) {
      EXPECT_EQ(text(), "some text<|endoftext|>");
    } else {
      EXPECT_EQ(at, writes);  // all but the manifest was in place
    }
  }
}

TEST_F(WriteDataset, nothing_to_write) {
  put("in/a.jsonl", "{\"text\":\"\"}\n");
  expect_error("no text in 1 file", [&] { write(); });
  EXPECT_FALSE(fs::exists(out / "dataset.json"));
  put("in/a.txt", "x");
  expect_error(
      "shards of 1 to", [&] { write({.shard_tokens = 0}); }, ErrorKind::usage);
}

TEST_F(WriteDataset, tinyshakespeare_to_batches) {
  const fs::path input = test_data() / "data" / "tinyshakespeare" / "input.txt";
  if (!fs::exists(input)) GTEST_SKIP() << input << " is not there (set OCTAVO_TEST_DATA)";
  const DatasetSummary summary = write_dataset(std::vector{input.string()}, out, tokenizer);
  EXPECT_EQ(summary.tokens, 1'115'395);
  std::vector<Source> sources;
  sources.push_back(open_source(out));
  const Batches batches(
      std::move(sources),
      {.context = 64, .rows = 12, .vocabulary = 257, .seed = 1, .split = {SplitBy::position, 0.1}});
  EXPECT_EQ(batches.training_tokens(), 1'003'855);
  EXPECT_EQ(batches.validation_tokens(), 111'540);
  const std::string whole = read_file(input);
  std::vector<int32_t> window(65);
  for (int64_t sample = 0; sample < 2000; ++sample) {
    batches.sample(sample, window);
    const auto position = static_cast<size_t>(batches.place(sample).position);
    ASSERT_EQ(tokenizer.decode(window), whole.substr(position, 65));
  }
}

}  // namespace
}  // namespace octavo

// The corpus as files: the same bytes for the same seed with any number of threads, a larger one
// that begins like the smaller one, a manifest that is true, and nothing half-written.
#include "octavo/corpus/synthesize.h"

#include <gtest/gtest.h>
#include <algorithm>

#include <map>

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/threads.h"
#include "octavo/corpus/tasks.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

/// Expects an error of the kind whose message has all parts.
template <class Action>
void expect_error(ErrorKind kind, const Action& action, const std::vector<std::string>& parts) {
  const std::string message = error_of(kind, action);
  for (const std::string& part : parts) EXPECT_NE(message.find(part), message.npos) << message;
}

class SynthesizeTest : public testing::Test {
 protected:
  ~SynthesizeTest() override { set_threads(usual_threads); }

  SynthesisOptions options(const std::string& name, int64_t size = 300'000) const {
    return {.folder = folder / name, .size = size, .items = 20};
  }
  std::string read(const std::string& name) const { return read_file(folder / name); }
  std::map<std::string, std::string> hashes(const Synthesis& made) const {
    std::map<std::string, std::string> found;
    for (const auto* files : {&made.corpus, &made.evaluation})
      for (const SynthesizedFile& file : *files) found[file.name] = file.hash;
    return found;
  }

  const TemporaryFolder folder;
  const int usual_threads = threads();
};

TEST_F(SynthesizeTest, same_bytes_for_any_number_of_threads) {
  std::map<std::string, std::string> first;
  for (const int count : {1, 2, 5}) {
    set_threads(count);
    const auto found = hashes(synthesize(options("threads-" + std::to_string(count))));
    if (first.empty()) first = found;
    EXPECT_EQ(found, first) << count;
  }
  SynthesisOptions other = options("other");
  other.seed = 2;
  for (const auto& [name, hash] : hashes(synthesize(other))) EXPECT_NE(hash, first[name]) << name;
}

TEST_F(SynthesizeTest, larger_corpus_begins_like_the_smaller) {
  SynthesisOptions large = options("large", 700'000);
  large.items = 50;
  const Synthesis small = synthesize(options("small"));
  synthesize(large);
  for (const auto* files : {&small.corpus, &small.evaluation})
    for (const SynthesizedFile& file : *files) {
      const std::string less = read("small/" + file.name), more = read("large/" + file.name);
      EXPECT_TRUE(more.starts_with(less)) << file.name;
      EXPECT_GT(more.size(), less.size()) << file.name;
    }
}

TEST_F(SynthesizeTest, documents_and_items_are_json_lines) {
  const Synthesis made = synthesize(options("corpus"));
  ASSERT_EQ(made.corpus.size(), document_kinds().size());
  for (const SynthesizedFile& file : made.corpus) {
    const std::string kind = file.name.substr(0, file.name.find('.'));
    LineReader lines(folder / "corpus" / file.name);
    int64_t documents = 0, bytes = 0;
    while (const auto line = lines.next()) {
      const Json document = Json::parse(*line, file.name);
      EXPECT_EQ(document.at("id").text(), kind + "-" + std::to_string(documents++));
      EXPECT_FALSE(document.at("meta").at("kind").text().empty());
      bytes += static_cast<int64_t>(document.at("text").text().size());
    }
    EXPECT_EQ(documents, file.documents);
    EXPECT_EQ(bytes, file.text_bytes);
  }
  const auto chance_of = [](const std::string& file) {
    const auto is_of = [&](const TaskFamily& task) {
      return file == "evaluation/" + std::string(task.name) + ".jsonl";
    };
    return std::ranges::find_if(tasks(), is_of)->chance;
  };
  for (const SynthesizedFile& file : made.evaluation) {
    LineReader lines(folder / "corpus" / file.name);
    int64_t items = 0;
    while (const auto line = lines.next()) {
      const Json item = Json::parse(*line, file.name);
      EXPECT_FALSE(item.at("context").text().empty());
      EXPECT_FALSE(item.at("completion").text().empty());
      const Json* examples = item.find("examples");
      EXPECT_TRUE(!examples || examples->size() == kOwnExamples);
      EXPECT_EQ(item.find("chance") != nullptr, chance_of(file.name) > 0) << file.name;
      ++items;
    }
    EXPECT_EQ(items, file.documents);
    EXPECT_EQ(items, 20) << file.name;
  }
}

// One scramble of a word as an example for another would hand out the answer.
TEST_F(SynthesizeTest, a_word_is_asked_for_once) {
  SynthesisOptions many = options("corpus", 1000);
  many.items = 250;
  synthesize(many);
  for (const TaskFamily& task : tasks()) {
    if (task.group != TaskGroup::words) continue;
    std::set<std::string> answers;
    LineReader lines(folder / "corpus" / "evaluation" / (std::string(task.name) + ".jsonl"));
    while (const auto line = lines.next())
      EXPECT_TRUE(answers.insert(Json::parse(*line, "items").at("completion").text()).second)
          << *line;
    EXPECT_GE(answers.size(), 80u) << task.name;
  }
}

TEST_F(SynthesizeTest, shares_hold_to_a_document) {
  SynthesisOptions some = options("corpus", 400'000);
  some.shares = {{"stories", 0}, {"arithmetic", 1}, {"words", 0}, {"context", 3}, {"copying", 0}};
  const Synthesis made = synthesize(some);
  ASSERT_EQ(made.corpus.size(), 2u);
  EXPECT_NEAR(static_cast<double>(made.corpus[0].text_bytes), 100'000, 2000);
  EXPECT_NEAR(static_cast<double>(made.corpus[1].text_bytes), 300'000, 2000);
  EXPECT_GE(made.corpus[1].text_bytes, 300'000);
  EXPECT_FALSE(fs::exists(folder / "corpus/stories.jsonl"));
  const std::string context = read("corpus/context.jsonl");
  EXPECT_EQ(context.find("\"copying\""), context.npos);
  EXPECT_NE(context.find("\"pairings\""), context.npos);
}

TEST_F(SynthesizeTest, a_kind_with_a_tiny_share_has_one_document) {
  SynthesisOptions tiny = options("corpus", 2000);
  tiny.shares = {{"stories", 1e-9}};
  const Synthesis made = synthesize(tiny);
  EXPECT_EQ(made.corpus[0].documents, 1);
}

TEST_F(SynthesizeTest, manifest_is_true) {
  const Synthesis made = synthesize(options("corpus"));
  const Json manifest = Json::parse(read("corpus/corpus.json"), "corpus.json");
  EXPECT_EQ(manifest.at("format").text(), "octavo corpus");
  EXPECT_EQ(manifest.at("version").integer(), 1);
  EXPECT_EQ(manifest.at("seed").integer(), 1);
  EXPECT_EQ(manifest.at("size").integer(), 300'000);
  EXPECT_EQ(manifest.at("shares").at("stories").number(), 35);
  EXPECT_EQ(manifest.at("files").size(), made.corpus.size());
  EXPECT_EQ(manifest.at("evaluation").size(), made.evaluation.size());
  for (const char* list : {"files", "evaluation"})
    for (const Json& file : manifest.at(list).items()) {
      const fs::path path = folder / "corpus" / file.at("name").text();
      EXPECT_EQ(hash_file(path), file.at("xxh3_128").text()) << path;
      EXPECT_EQ(static_cast<int64_t>(fs::file_size(path)), file.at("bytes").integer()) << path;
    }
}

TEST_F(SynthesizeTest, another_corpus_is_replaced_only_on_demand) {
  SynthesisOptions again = options("corpus");
  synthesize(again);
  again.seed = 2;
  const std::string before = read("corpus/corpus.json");
  expect_error(ErrorKind::conflict, [&] { synthesize(again); }, {"corpus.json", "--overwrite"});
  EXPECT_EQ(read("corpus/corpus.json"), before);
  again.old = OldCorpus::replace;
  again.shares = {{"words", 0}};
  synthesize(again);
  EXPECT_NE(read("corpus/corpus.json"), before);
  EXPECT_FALSE(fs::exists(folder / "corpus/words.jsonl"));
}

TEST_F(SynthesizeTest, files_of_the_user_are_kept) {
  fs::create_directories(folder / "corpus");
  write_file(folder / "corpus/stories.jsonl", "mine");
  expect_error(ErrorKind::conflict, [&] { synthesize(options("corpus")); }, {"stories.jsonl"});
  EXPECT_EQ(read("corpus/stories.jsonl"), "mine");
}

TEST_F(SynthesizeTest, whatever_stops_it_leaves_no_part) {
  const auto files = [&] {
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "corpus"))
      count += entry.is_regular_file();
    return count;
  };
  const auto stop = [](int64_t bytes) {
    if (bytes > 200'000) throw std::runtime_error("stop");
  };
  EXPECT_THROW(synthesize(options("corpus"), stop), std::runtime_error);
  EXPECT_EQ(files(), 0);
  int calls = 0;
  SynthesisOptions many = options("corpus", 1000);
  many.items = 5000;
  const auto stop_among_items = [&](int64_t) {
    if (++calls > 20) throw std::runtime_error("stop");
  };
  EXPECT_THROW(synthesize(many, stop_among_items), std::runtime_error);
  EXPECT_EQ(files(), 0);
  for (const FileOperation operation : {FileOperation::write, FileOperation::rename})
    for (const int64_t at : {1, 3, 6}) {
      const FileFaults faults({.operation = operation, .at = at, .effect = FaultEffect::no_space});
      expect_error(ErrorKind::io, [&] { synthesize(options("corpus")); }, {"corpus"});
      EXPECT_EQ(files(), 0);
    }
}

TEST_F(SynthesizeTest, shares_of_nothing_are_errors) {
  const auto expect = [&](std::vector<std::pair<std::string, double>> shares,
                          const std::vector<std::string>& parts) {
    SynthesisOptions wrong = options("corpus");
    wrong.shares = std::move(shares);
    expect_error(
        ErrorKind::usage, [&] { synthesize(wrong); }, parts);
    EXPECT_FALSE(fs::exists(folder / "corpus"));
  };
  expect({{"storys", 1}}, {"\"storys\"", "did you mean \"stories\""});
  expect({{"pairings_new_names", 1}}, {"pairings_new_names"});  // held out: has no share
  expect({{"stories", -1}}, {"stories", "-1"});
  expect({{"stories", 0}, {"words", 0}, {"context", 0}, {"arithmetic", 0}}, {"above 0"});
}

}  // namespace
}  // namespace octavo

// Task files: what is read, and what is refused with the line that it stands in.
#include "octavo/evaluate/task_file.h"

#include <stdlib.h>

#include "octavo/base/files.h"
#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kItem = R"({"context": "Q", "completion": " A"})";

class TaskFileTest : public testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view text) const {
    make_directories((folder / name).parent_path());
    write_file(folder / name, text);
    return folder / name;
  }
  std::vector<std::string> found(const std::vector<std::string>& paths) {
    std::vector<std::string> names;
    for (const fs::path& path : find_task_files(paths, report))
      names.push_back(path.filename().string());
    return names;
  }
  /// The message about a file whose second line is this, behind the file's name.
  std::string refused(std::string_view line) const {
    const fs::path path = write("bad.jsonl", std::string(kItem) + "\n" + std::string(line) + "\n");
    const std::string message = error_of(ErrorKind::data, [&] { read_task_file(path); });
    EXPECT_TRUE(message.starts_with(path.string() + ":2:")) << message;
    return message;
  }

  TemporaryFolder folder;
  std::string told;
  const Report report = [this](LogLevel, std::string_view text) { told += text; };
};

TEST_F(TaskFileTest, items_have_what_their_lines_say) {
  const TaskFile file =
      read_task_file(write("pairs.v2.jsonl",
                           "{\"context\": \"\\n\\nQ: \\u00e9?\", \"completion\": \" b\"}\r\n"
                           "\n"
                           "{\"completion\": \" y\", \"context\": \"\", \"source\": {\"any\": 7},"
                           " \"choices\": [\" z\", \" y\"],"
                           " \"examples\": [{\"context\": \"c\", \"completion\": \"d\", \"id\": 1},"
                           " {\"context\": \"\", \"completion\": \"f\"}]}"));
  EXPECT_EQ(file.name, "pairs.v2");
  EXPECT_EQ(file.hash, hash_file(file.path));
  ASSERT_EQ(file.items.size(), 2u);
  EXPECT_EQ(file.items[0].context, "\n\nQ: é?");
  EXPECT_EQ(file.items[0].completion, " b");
  EXPECT_TRUE(file.items[0].examples.empty() && file.items[0].choices.empty());
  EXPECT_EQ(file.where(file.items[0]), file.path + ":1");
  const Item& second = file.items[1];
  EXPECT_EQ(second.line, 3);
  EXPECT_EQ(second.context, "");
  EXPECT_EQ(second.choices, (std::vector<std::string>{" z", " y"}));
  ASSERT_EQ(second.examples.size(), 2u);
  EXPECT_EQ(second.examples[1].context, "");
  EXPECT_EQ(second.examples[1].completion, "f");
}

TEST_F(TaskFileTest, what_is_no_item_is_named_with_its_line) {
  const auto has = [](const std::string& message, std::string_view part) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  has(refused("{\"context\": \"Q\""), "expected ',' or '}', found the end");
  has(refused("\"a text\""), "expected an object, found the text \"a text\"");
  has(refused("[1]"), "expected an object");
  has(refused("{\"context\": \"Q\"}"), "expected the key \"completion\", found none");
  has(refused("{\"completion\": \"A\"}"), "expected the key \"context\", found none");
  has(refused("{\"context\": 1, \"completion\": \"A\"}"), "\"context\": expected a text, found 1");
  has(refused("{\"context\": \"Q\", \"completion\": null}"), "\"completion\": expected a text");
  has(refused("{\"context\": \"Q\", \"completion\": \"\"}"),
      "\"completion\": expected a completion, found an empty text");
  has(refused("{\"context\": \"Q\", \"completion\": \"A\", \"examples\": \"x\"}"),
      "\"examples\": expected an array");
  has(refused("{\"context\": \"Q\", \"completion\": \"A\", \"examples\": [{\"context\": \"\"}]}"),
      "\"completion\"");
  has(refused("{\"context\": \"Q\", \"completion\": \"A\", \"choices\": [\"B\", \"C\"]}"),
      "\"choices\": expected the completion \"A\" among them");
  has(refused("{\"context\": \"Q\", \"completion\": \"A\", \"choices\": [\"A\", \"\"]}"), "empty");
  has(refused("{\"context\": \"Q\", \"completion\": \"A\", \"chance\": 1.5}"),
      "\"chance\": expected a number from 0 to 1, found 1.5");
  has(refused("{\"context\": \"\xFF\", \"completion\": \"A\"}"), "UTF-8");
  for (const char* nothing : {"", "\n \n"}) {
    const fs::path empty = write("empty.jsonl", nothing);
    has(error_of(ErrorKind::data, [&] { read_task_file(empty); }), "found none");
  }
}

TEST_F(TaskFileTest, a_folder_is_its_task_files) {
  write("tasks/b.jsonl", kItem);
  write("tasks/a.jsonl", kItem);
  write("tasks/notes.txt", "no task");
  write("tasks/samples.jsonl", "\"a text\"\n");
  write("tasks/cut.jsonl", "");
  write("other.json", kItem);
  EXPECT_EQ(found({(folder / "other.json").string(), (folder / "tasks").string()}),
            (std::vector<std::string>{"other.json", "a.jsonl", "b.jsonl"}));
  EXPECT_NE(told.find("samples.jsonl:1: expected an object"), std::string::npos) << told;
  EXPECT_NE(told.find("cut.jsonl: holds no line"), std::string::npos) << told;
  EXPECT_EQ(read_task_file(folder / "other.json").name, "other");
  fs::create_directory(folder / "none");
  const auto message = [&](const std::string& name) {
    return error_of(ErrorKind::data, [&] { found({(folder / name).string()}); });
  };
  EXPECT_NE(message("none").find("no task files in this folder"), std::string::npos);
  EXPECT_NE(message("nowhere").find("no such file"), std::string::npos);
}

// The files that the paper's authors released, as they are.
TEST_F(TaskFileTest, gpt3s_files_are_read_whole) {
  const fs::path paper = test_data() / "data/gpt3-paper";
  if (!fs::exists(paper)) GTEST_SKIP() << "no test data: " << paper;
  const std::vector<fs::path> files = find_task_files(std::vector{paper.string()}, report);
  EXPECT_EQ(files.size(), 15u);
  EXPECT_NE(told.find("175b_samples.jsonl:1"), std::string::npos) << told;  // texts, not a task
  size_t compressed = 0;
  for (const fs::path& path : files) {
    const TaskFile file = read_task_file(path);
    compressed += path.extension() == ".gz";
    EXPECT_EQ(file.name.find('.'), std::string::npos);
    EXPECT_EQ(file.items.size(), path.extension() == ".gz" ? 10'000u : 2'000u) << file.name;
    for (const Item& item : file.items) ASSERT_TRUE(item.completion.starts_with(' '));
  }
  EXPECT_EQ(compressed, 4u);
  const TaskFile file = read_task_file(paper / "reversed_words.jsonl.gz");
  EXPECT_EQ(file.name, "reversed_words");
  EXPECT_EQ(file.items[0].context, "\ntaefed =");
  EXPECT_EQ(file.items[0].completion, " defeat");
}

}  // namespace
}  // namespace octavo

// Finding text files and the documents in them.
#include "octavo/dataset/text_files.h"

#include <zlib.h>

#include "tests/dataset/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class TextFiles : public FolderTest {
 protected:
  std::vector<std::string> find(const std::vector<std::string>& names) const {
    std::vector<std::string> paths, found;
    for (const std::string& name : names) paths.push_back((folder / name).string());
    for (const fs::path& path : find_text_files(paths))
      found.push_back(fs::relative(path, folder).string());
    return found;
  }
  static std::vector<std::string> documents(const fs::path& path,
                                            BinaryText binary = BinaryText::refused) {
    std::vector<std::string> result;
    for_each_document(path, binary, [&](std::string_view text) { result.emplace_back(text); });
    return result;
  }
};

using Names = std::vector<std::string>;

TEST_F(TextFiles, folders_patterns_and_names) {
  put("b.txt", "b");
  put("a.md", "a");
  put("sub/deep/c.cpp", "c");
  put("sub/d.jsonl.gz", "d");
  put("image.png", "p");
  put("empty.txt", "");
  put(".hidden.txt", "h");
  put(".git/x.txt", "x");
  EXPECT_EQ(find({""}), (Names{"a.md", "b.txt", "sub/d.jsonl.gz", "sub/deep/c.cpp"}));
  EXPECT_EQ(find({"sub", "sub/deep/c.cpp"}), (Names{"sub/d.jsonl.gz", "sub/deep/c.cpp"}));
  EXPECT_EQ(find({"image.png"}), (Names{"image.png"}));
  EXPECT_EQ(find({"[ab].*"}), (Names{"a.md", "b.txt"}));
  EXPECT_EQ(find({"s?b"}), find({"sub"}));
}

TEST_F(TextFiles, nothing_usable) {
  put("empty.txt", "");
  put("only/image.png", "p");
  expect_error("absent: no such file", [&] { find({"absent"}); });
  expect_error("empty.txt: is empty", [&] { find({"empty.txt"}); });
  expect_error("no text files in this folder", [&] { find({"only"}); });
  expect_error("matches no file", [&] { find({"*.nothing"}); });
  expect_error(
      "no input", [&] { find({}); }, ErrorKind::usage);
  if (geteuid() != 0) {
    put("locked/a.txt", "a");
    fs::permissions(folder / "locked", fs::perms::none);
    expect_error(
        "locked", [&] { find({"locked"}); }, ErrorKind::io);
    fs::permissions(folder / "locked", fs::perms::owner_all);
  }
}

TEST_F(TextFiles, a_text_file_is_one_document) {
  EXPECT_EQ(documents(put("a.txt", "one\r\n\ntwo\n")), (Names{"one\r\n\ntwo\n"}));
}

TEST_F(TextFiles, jsonl_is_one_document_a_line) {
  const fs::path path = put("a.jsonl",
                            "{\"text\": \"one\\n\\u00e4\", \"id\": 1}\n\n{\"text\":\"\"}\r\n"
                            "{\"meta\":{},\"text\":\"three\"}");
  EXPECT_EQ(documents(path), (Names{"one\n\u00e4", "", "three"}));
}

TEST_F(TextFiles, compressed_files_are_read_through) {
  const fs::path path = folder / "a.jsonl.gz";
  const std::string_view line = "{\"text\":\"inside\"}\n";
  gzFile out = gzopen(path.c_str(), "wb");
  gzwrite(out, line.data(), static_cast<unsigned>(line.size()));
  gzclose(out);
  EXPECT_EQ(documents(path), (Names{"inside"}));
  fs::copy_file(path, folder / "b.txt.gz");
  EXPECT_EQ(documents(folder / "b.txt.gz"), (Names{std::string(line)}));
}

TEST_F(TextFiles, malformed_lines_are_named) {
  expect_error("a.jsonl:2", [&] { documents(put("a.jsonl", "{\"text\":\"x\"}\n{\"text\":")); });
  expect_error("b.jsonl:1", [&] { documents(put("b.jsonl", "{\"body\":\"x\"}\n")); });
  expect_error("c.jsonl:1", [&] { documents(put("c.jsonl", "{\"text\":5}\n")); });
  expect_error("d.jsonl:1: not a text: byte 1 is 0x00",
               [&] { documents(put("d.jsonl", "{\"text\":\"x\\u0000\"}\n")); });
}

TEST_F(TextFiles, places_are_file_line_column) {
  expect_error("e.jsonl:2:9: expected a value",
               [&] { documents(put("e.jsonl", "{\"text\":\"x\"}\n{\"text\":}")); });
}

TEST_F(TextFiles, counting_streams_and_checks) {
  const auto count = [](const fs::path& path) {
    const DocumentCount found = count_documents(path);
    return std::pair(found.documents, found.bytes);
  };
  EXPECT_EQ(count(put("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"\u00e4\"}\n")),
            std::pair(int64_t{2}, int64_t{5}));
  EXPECT_EQ(count(put("empty.txt", "")), std::pair(int64_t{1}, int64_t{0}));
  // Characters of every length lie across the windows that a long text is read in.
  std::string text = "a";
  while (text.size() < (size_t{5} << 20) / 2) text += "\u20ac\u00e9\U0001F600x";
  EXPECT_EQ(count(put("long.txt", text)), std::pair(int64_t{1}, static_cast<int64_t>(text.size())));
  const size_t place = text.size();
  expect_error(fmt::format("bad.txt: not a text: byte {} is 0xe9", place),
               [&] { count(put("bad.txt", text + "\xe9 au lait")); });
  expect_error(fmt::format("cut.txt: not a text: byte {} is 0xe2", place),
               [&] { count(put("cut.txt", text + "\xe2\x82")); });
}

TEST_F(TextFiles, a_document_too_large_for_memory_says_what_to_do) {
  const fs::path path = put("huge.txt", "x");
  fs::resize_file(path, (uintmax_t{4} << 30) + 1);  // a hole: it takes no room
  expect_error(
      "huge.txt: expected a document of at most 4.29 GB, found 4.29 GB: split it, or make "
      "it JSON lines",
      [&] { documents(path); });
}

TEST_F(TextFiles, binary_files_are_refused_unless_allowed) {
  const fs::path nul = put("nul.txt", std::string("ab\0c", 4));
  const fs::path latin = put("latin.txt", "caf\xE9 au lait");
  const fs::path cut = put("cut.txt", "ab\xE2\x82");
  expect_error("nul.txt: not a text: byte 2 is 0x00 (NUL)", [&] { documents(nul); });
  expect_error("latin.txt: not a text: byte 3 is 0xe9", [&] { documents(latin); });
  expect_error("cut.txt: not a text: byte 2 is 0xe2", [&] { documents(cut); });
  EXPECT_EQ(documents(nul, BinaryText::allowed), (Names{std::string("ab\0c", 4)}));
  EXPECT_EQ(documents(latin, BinaryText::allowed), (Names{"caf\xE9 au lait"}));
}

}  // namespace
}  // namespace octavo

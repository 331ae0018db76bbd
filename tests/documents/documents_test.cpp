// What documents and comments claim about the tree: links lead somewhere, files that are named
// exist
// ("Tested by tests/…"), and the README's example is the one that tests/install builds and runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/files.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = OCTAVO_SOURCE_DIR;

/// What people wrote: documents, sources, recipes and scripts, without what is built or run.
std::vector<fs::path> written_files() {
  const std::set<std::string> extensions{".md", ".h", ".cpp", ".txt", ".cmake", ".toml", ".sh"};
  std::vector<fs::path> files;
  const auto add = [&](const fs::directory_entry& entry) {
    if (entry.is_regular_file() && extensions.contains(entry.path().extension().string()))
      files.push_back(entry.path());
  };
  for (const auto& entry : fs::directory_iterator(kRoot)) add(entry);
  for (const char* folder : {"benchmarks", "cmake", "docs", "octavo", "recipes", "tests", "tools"})
    if (fs::exists(kRoot / folder))
      for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder))
        if (entry.path().string().find("/corpus/") == std::string::npos) add(entry);
  return files;
}

/// The longest pieces of `text` that are spelt like paths.
std::vector<std::string> paths_in(std::string_view text) {
  constexpr std::string_view kPathCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
  std::vector<std::string> paths;
  for (size_t begin = 0; (begin = text.find_first_of(kPathCharacters, begin)) != text.npos;) {
    const size_t end = std::min(text.find_first_not_of(kPathCharacters, begin), text.size());
    std::string_view path = text.substr(begin, end - begin);
    while (path.ends_with('.')) path.remove_suffix(1);
    paths.emplace_back(path);
    begin = end;
  }
  return paths;
}

/// True for "tests/ops/tape_test.cpp" and its like.
bool names_a_file(const std::string& path) {
  constexpr std::array kFolders{"cmake/", "docs/", "octavo/", "tests/", "tools/"};
  constexpr std::array kExtensions{".cpp", ".h", ".md", ".sh"};
  return std::ranges::any_of(kFolders, [&](auto folder) { return path.starts_with(folder); }) &&
         std::ranges::any_of(kExtensions, [&](auto ending) { return path.ends_with(ending); });
}

TEST(Documents, NamedFilesExist) {
  int named = 0;
  for (const fs::path& file : written_files()) {
    for (const std::string& path : paths_in(read_file(file))) {
      if (!names_a_file(path)) continue;
      if (file.parent_path().filename() == "check_layers") continue;  // made-up names
      ++named;
      EXPECT_TRUE(fs::exists(kRoot / path))
          << fs::relative(file, kRoot).string() << " names " << path;
    }
  }
  EXPECT_GT(named, 50);
}

TEST(Documents, LinksLeadToFiles) {
  for (const fs::path& file : written_files()) {
    if (file.extension() != ".md") continue;
    const std::string text = read_file(file);
    for (size_t at = 0; (at = text.find("](", at)) != text.npos;) {
      at += 2;
      std::string link = text.substr(at, text.find(')', at) - at);
      link.resize(std::min(link.find('#'), link.size()));
      if (link.empty() || link.find("://") != link.npos) continue;
      EXPECT_TRUE(fs::exists(file.parent_path() / link)) << file << " links to " << link;
    }
  }
}

TEST(Documents, TheReadmesExampleIsTheOneThatIsTested) {
  const std::string example = read_file(kRoot / "tests/install/example/main.cpp");
  const std::string code = example.substr(example.find("#include"));
  EXPECT_NE(read_file(kRoot / "README.md").find("```cpp\n" + code + "```"), std::string::npos)
      << "README.md does not hold this example:\n"
      << code;
}

}  // namespace
}  // namespace octavo

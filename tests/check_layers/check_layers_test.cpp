// check_layers: every #include under octavo/ against the layer table of docs/architecture.md, and
// what keeps the house as it is drawn: a row for each folder, heavy libraries out of headers.
#include <gtest/gtest.h>

#include <filesystem>

#include "layer_table.h"
#include "octavo/base/files.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = OCTAVO_SOURCE_DIR;

std::vector<Layer> table() { return read_layer_table(read_file(kRoot / "docs/architecture.md")); }

TEST(CheckLayers, EveryIncludeIsAllowed) {
  const std::vector<Include> includes = find_includes(kRoot);
  ASSERT_GT(includes.size(), 100u);
  for (const std::string& problem : forbidden_includes(table(), includes)) ADD_FAILURE() << problem;
}

TEST(CheckLayers, EveryIncludedFileIsThere) {
  for (const Include& include : find_includes(kRoot))
    EXPECT_TRUE(fs::exists(kRoot / include.target))
        << include.file << ":" << include.line << " includes " << include.target;
}

TEST(CheckLayers, EveryFolderHasARowAndEveryRowAFolder) {
  std::set<std::string> folders, rows;
  for (const auto& entry : fs::directory_iterator(kRoot / "octavo"))
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  for (const Layer& layer : table())
    if (!layer.to_come) rows.insert(layer.folder);
  EXPECT_EQ(folders, rows);
}

// They cost every file that includes the header seconds, and whoever installs it the library.
TEST(CheckLayers, HeavyLibrariesStayOutOfHeaders) {
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "octavo")) {
    if (entry.path().extension() != ".h") continue;
    const std::string text = read_file(entry.path());
    for (const char* heavy : {"#include <nlohmann/", "#include <toml++/", "#include <CLI/"})
      EXPECT_EQ(text.find(heavy), text.npos) << entry.path() << " has " << heavy;
  }
}

}  // namespace
}  // namespace octavo

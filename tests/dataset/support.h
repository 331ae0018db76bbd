// What the tests of this folder share: a folder of their own, and expecting an error's words.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "octavo/base/error.h"
#include "tests/base/test_data.h"

namespace octavo {

class FolderTest : public testing::Test {
 protected:
  FolderTest() { std::filesystem::create_directories(folder); }
  ~FolderTest() override { std::filesystem::remove_all(folder); }

  std::filesystem::path put(std::string_view name, std::string_view text) {
    const std::filesystem::path path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary)
        .write(text.data(), static_cast<std::streamsize>(text.size()));
    return path;
  }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("octavo-dataset-{}", getpid());
};

/// Runs the action and expects an Error of this kind whose message holds these words.
template <class Action>
void expect_error(std::string_view words, const Action& action, ErrorKind kind = ErrorKind::data) {
  try {
    action();
    ADD_FAILURE() << "no error; expected: " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_NE(std::string_view(error.what()).find(words), std::string_view::npos) << error.what();
  }
}

}  // namespace octavo

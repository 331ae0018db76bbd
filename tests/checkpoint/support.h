// What tests of model folders share: a small model on disk, and ways to damage it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/checkpoint/model_folder.h"
#include "tests/base/temporary_folder.h"
#include "tests/model/support.h"

namespace octavo {

/// Small in bytes, for tests that touch every one of them.
inline ModelConfig small_config() {
  ModelConfig config;
  config.vocabulary = 257;
  config.context = 16;
  config.layers = 2;
  config.width = 8;
  config.heads = 2;
  config.end_of_text = 256;
  return config;
}

/// Every file below a folder, by relative name.
inline std::map<std::string, std::string> contents_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[entry.path().lexically_relative(folder).generic_string()] = read_file(entry.path());
  return files;
}

/// Writes bytes as they are, as nobody careful would.
inline void overwrite(const std::filesystem::path& path, std::string_view bytes) {
  FILE* file = fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  fwrite(bytes.data(), 1, bytes.size(), file);
  fclose(file);
}

inline void expect_same_parameters(const GPT& a, const GPT& b) {
  ASSERT_EQ(a.parameters().size(), b.parameters().size());
  for (size_t i = 0; i < a.parameters().size(); ++i) {
    EXPECT_EQ(a.parameters()[i].name, b.parameters()[i].name);
    EXPECT_TRUE(same_bits(a.parameters()[i].value.data(), b.parameters()[i].value.data()))
        << a.parameters()[i].name;
  }
}

inline void expect_contains(const std::string& text, std::string_view part) {
  EXPECT_NE(text.find(part), std::string::npos) << "\"" << text << "\" lacks \"" << part << "\"";
}

}  // namespace octavo

// Real models and texts, which tests find through OCTAVO_TEST_DATA (default: ../shared).
#pragma once

#include <cstdlib>
#include <filesystem>

namespace octavo {

inline std::filesystem::path test_data() {
  const char* given = std::getenv("OCTAVO_TEST_DATA");
  return given ? std::filesystem::path(given)
               : std::filesystem::path(OCTAVO_SOURCE_DIR) / ".." / "shared";
}

}  // namespace octavo

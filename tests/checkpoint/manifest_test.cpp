// Every flipped byte, every cut, every missing or added file is found and named.
#include "octavo/checkpoint/manifest.h"

#include "octavo/base/random.h"
#include "tests/checkpoint/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class Manifest : public testing::Test {
 protected:
  Manifest() {
    fs::create_directories(folder / "training");
    overwrite(folder / "config.json", "{\"model_type\": \"gpt2\"}");
    overwrite(folder / "model.safetensors", std::string(40, 'w'));
    overwrite(folder / "empty", "");
    overwrite(folder / "training" / "state.json", "{\"step\": 3}");
    write_manifest(folder);
  }
  std::string problem() const {
    const auto found = check_manifest(folder);
    return found ? found->message() : "";
  }

  TemporaryFolder temporary;
  const fs::path folder = temporary / "checkpoint";
};

TEST_F(Manifest, an_undamaged_folder_verifies) {
  EXPECT_EQ(problem(), "");
  EXPECT_NO_THROW(verify_manifest(folder));
  const std::string text = read_file(folder / kManifestName);
  write_manifest(folder);  // again: the same bytes, and it does not list itself
  EXPECT_EQ(read_file(folder / kManifestName), text);
  EXPECT_EQ(text.find(kManifestName), std::string::npos);
}

TEST_F(Manifest, every_flipped_byte_is_found_and_its_file_named) {
  for (const auto& [name, bytes] : contents_of(folder)) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      for (const int flip : {1 << (i % 8), 0xFF, 0x20}) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ flip);
        overwrite(folder / name, damaged);
        const std::string found = problem();
        EXPECT_TRUE(found.find(name) != std::string::npos &&
                    found.find("damaged") != std::string::npos)
            << name << " byte " << i << ": " << found;
      }
    }
    overwrite(folder / name, bytes);
  }
  EXPECT_EQ(problem(), "");
}

TEST_F(Manifest, every_cut_and_addition_is_found) {
  for (const auto& [name, bytes] : contents_of(folder)) {
    for (size_t length = 0; length < bytes.size(); ++length) {
      overwrite(folder / name, bytes.substr(0, length));
      EXPECT_NE(problem().find(name), std::string::npos) << name << " cut to " << length;
    }
    for (const char more : {'\0', ' ', '\n'}) {
      overwrite(folder / name, bytes + more);
      EXPECT_NE(problem().find(name), std::string::npos) << name;
    }
    fs::remove(folder / name);
    expect_contains(problem(), name + " is missing");
    overwrite(folder / name, bytes);
  }
}

TEST_F(Manifest, an_added_file_is_named) {
  overwrite(folder / "training" / "extra.bin", "x");
  expect_contains(problem(), "training/extra.bin is not in the manifest");
  fs::remove(folder / "training" / "extra.bin");
  fs::create_symlink("config.json", folder / "link.json");
  expect_contains(problem(), "link.json");
}

TEST_F(Manifest, a_file_that_became_a_folder_is_found) {
  fs::remove(folder / "empty");
  fs::create_directories(folder / "empty");
  expect_contains(problem(), "empty is missing");
}

TEST_F(Manifest, given_hashes_are_taken) {
  const std::vector<WeightFile> known = {{"config.json", std::string(32, '0'), 0}};
  write_manifest(folder, known);
  expect_contains(problem(), "config.json is damaged");
}

}  // namespace
}  // namespace octavo

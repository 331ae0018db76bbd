// What the tests of the command line share: running the program as a user does, in a folder of its
// own, and tiny things to give it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/checkpoint/model_folder.h"
#include "tests/base/temporary_folder.h"

namespace octavo {

/// How the program ended and what it said.
struct Outcome {
  int code = -1;    ///< the exit code
  int signal = 0;   ///< the signal that ended it, if one did
  size_t peak = 0;  ///< the most memory that it had, bytes
  std::string out, err;

  /// stdout as JSON lines.
  std::vector<Json> lines() const;
};

struct RunOptions {
  std::string input{};                    ///< on stdin
  int input_descriptor = -1;              ///< stdin in place of `input`
  std::string output_file{};              ///< stdout goes there and `out` stays empty
  std::string error_file{};               ///< stderr goes there and `err` stays empty
  std::optional<int64_t> largest_file{};  ///< bytes; a longer one cannot be written (EFBIG)
};

/// A run of the program, in the background until `wait`.
class Program {
 public:
  Program(const std::filesystem::path& directory, const std::vector<std::string>& arguments,
          const RunOptions& options = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Waits until stdout holds the text; fails the test after a minute, or if the program ends.
  void wait_for(std::string_view text) const;
  void send(int signal) const;
  Outcome wait();

 private:
  std::string standard_output() const;

  TemporaryFolder streams_;
  pid_t process_ = 0;
};

/// A test with an empty working directory.
class ProgramTest : public testing::Test {
 protected:
  Outcome run(const std::vector<std::string>& arguments, const RunOptions& options = {}) const {
    return Program(folder.path(), arguments, options).wait();
  }
  /// Expects the exit code of the kind, nothing on stdout, and one line on stderr that has all
  /// parts.
  void expect_error(ErrorKind kind, const std::vector<std::string>& arguments,
                    const std::vector<std::string>& parts, const RunOptions& options = {}) const;

  /// Writes a file into the working directory.
  void write(const std::string& name, std::string_view text) const;
  std::string read(const std::string& name) const;

  TemporaryFolder folder;
};

/// A model of the byte vocabulary, small enough to compute at once.
ModelConfig byte_model();
/// Saves a new one as a model folder with its tokenizer.
void save_byte_model(const std::filesystem::path& folder);

/// A text to train on: few words in a random order.
std::string tiny_text(uint64_t words = 2000);

/// A recipe for it: a step takes a millisecond.
inline constexpr std::string_view kTinyRecipe = R"([model]
layers = 2
heads = 2
width = 32
context = 16
dropout = 0.1

[data]
path = "text.txt"
validation = "tail"
validation_fraction = 0.1

[train]
steps = 12
batch = 4
micro_batch = 2
precision = "fp32"
learning_rate = 1e-2
warmup_tokens = 64
validate_every = 4
checkpoint_every = 5
sample_every = 12
sample_prompts = ["the "]
sample_tokens = 30
)";

/// The folder of real test data, or nothing; a test without it skips.
std::optional<std::filesystem::path> test_data(const std::string& name);

}  // namespace octavo

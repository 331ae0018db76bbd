// The command line itself: help, versions, misspelt words, wrong values, completion, a standard
// output that takes nothing, and that docs/commands.md knows every option.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "octavo/base/files.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

using Words = std::vector<std::string>;

const std::vector<Words> kCommands = {
    {"train"},           {"generate"},         {"score"},
    {"inspect"},         {"bench", "train"},   {"bench", "prefill"},
    {"bench", "decode"}, {"bench", "kernels"}, {"completion"}};

using CommandLineTest = ProgramTest;

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The options that a help page lists: "--model".
std::vector<std::string> options_in(const std::string& help) {
  std::vector<std::string> options;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  -")) continue;
    const size_t begin = line.find("--");
    options.push_back(line.substr(begin, line.find_first_of(" ,", begin) - begin));
  }
  return options;
}

TEST_F(CommandLineTest, every_command_has_help) {
  for (Words words : kCommands) {
    const std::string usage = "Usage: octavo " + joined(words);
    words.push_back("--help");
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.err, "");
    EXPECT_NE(outcome.out.find(usage), std::string::npos) << outcome.out;
    for (const char* part : {"--json", "--quiet", "--threads N", "--help", "Examples:\n  octavo "})
      EXPECT_NE(outcome.out.find(part), std::string::npos) << outcome.out;
    for (const char c : std::string_view("\t\r")) EXPECT_EQ(outcome.out.find(c), std::string::npos);
  }
  const Outcome all = run({"--help"});
  for (const Words& words : kCommands)
    EXPECT_NE(all.out.find("\n  " + words.front() + " "), std::string::npos) << all.out;
}

TEST_F(CommandLineTest, the_documents_know_every_option) {
  const std::string document =
      read_file(std::filesystem::path(OCTAVO_SOURCE_DIR) / "docs/commands.md");
  for (Words words : kCommands) {
    const size_t begin = document.find("\n## octavo " + joined(words) + "\n");
    ASSERT_NE(begin, std::string::npos) << joined(words);
    const std::string section = document.substr(begin, document.find("\n## ", begin + 4) - begin);
    words.push_back("--help");
    for (const std::string& option : options_in(run(words).out)) {
      const bool common =
          option == "--json" || option == "--quiet" || option == "--threads" || option == "--help";
      EXPECT_NE((common ? document : section).find("`" + option), std::string::npos)
          << joined(words) << " " << option;
    }
  }
}

TEST_F(CommandLineTest, version) {
  const Outcome outcome = run({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(outcome.out.starts_with("octavo 0.")) << outcome.out;
  EXPECT_NE(outcome.out.find(", 1 thread)"), std::string::npos) << outcome.out;
}

TEST_F(CommandLineTest, what_is_misspelt_gets_a_suggestion) {
  const auto usage = ErrorKind::usage;
  expect_error(usage, {}, {"expected a command: train, generate", "octavo --help"});
  expect_error(usage, {"tran"}, {"no command \"tran\" (did you mean \"train\"?)"});
  expect_error(usage, {"bench", "decod"}, {"(did you mean \"decode\"?)", "octavo bench --help"});
  expect_error(usage, {"bench"},
               {"expected a command: train, prefill, decode, breakdown or kernels"});
  // Also where something else is missing because of it.
  expect_error(usage, {"generate", "--modle", "x"},
               {"no option --modle (did you mean \"--model\"?)", "octavo generate --help"});
  expect_error(usage, {"train", "x.toml", "--overwite=1"}, {"(did you mean \"--overwrite\"?)"});
  expect_error(usage, {"bench", "train", "--dtype", "fp23"},
               {"--dtype: expected fp32 or bf16, found \"fp23\" (did you mean \"fp32\"?)"});
  expect_error(usage, {"bench", "train", "--preset", "gpt3-smal"},
               {"did you mean \"gpt3-small\"?"});
}

TEST_F(CommandLineTest, wrong_values_say_what_was_expected) {
  const auto usage = ErrorKind::usage;
  expect_error(usage, {"train"}, {"RECIPE is required"});
  expect_error(usage, {"train", "a", "b"}, {"unexpected argument \"b\""});
  expect_error(usage, {"train", "a", "--set"}, {"--set: expected a value"});
  expect_error(usage, {"train", "a", "--data", "x", "--data", "y"},
               {"--data: given more than once"});
  expect_error(usage, {"train", "a", "--resume", "--overwrite"}, {"--resume", "--overwrite"});
  expect_error(usage, {"bench", "train", "--threads", "0"},
               {"--threads: expected a whole number from 1 to 4096, found \"0\""});
  for (const char* wrong : {"x", "1.5", "", "99999999999999999999", "-1", "1e3", " 1"})
    expect_error(usage, {"bench", "train", "--batch", wrong}, {"--batch: expected a whole number"});
  for (const char* wrong : {"x", "-0.1", "nan", "inf", "1,5"})
    expect_error(usage, {"generate", "-m", "x", "--temperature", wrong},
                 {"--temperature: expected a number"});
  for (const char* wrong : {"0", "-1", "1.1"})
    expect_error(usage, {"generate", "-m", "x", "--top-p", wrong},
                 {"--top-p: expected a number above 0 and at most 1"});
  for (const char* wrong : {"0", "1e-300", "1e6"})
    expect_error(usage, {"generate", "-m", "x", "--repetition-penalty", wrong},
                 {"--repetition-penalty: expected a number from 0.01 to 100"});
}

TEST_F(CommandLineTest, names_that_the_system_refuses_give_one_clean_line) {
  const std::string name(300, 'x');
  write("tiny.toml", kTinyRecipe);
  write("text.txt", tiny_text());
  for (const std::vector<std::string>& words : {Words{"inspect", name},
                                                {"train", "tiny.toml", "--quiet", "-o", name},
                                                {"score", "-m", name}})
    expect_error(ErrorKind::io, words, {"error: " + name, ": File name too long\n"});
}

TEST_F(CommandLineTest, a_standard_output_that_nobody_reads_is_an_error) {
  save_byte_model(folder / "model");
  const std::filesystem::path pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Program program(folder.path(), {"score", "--model", "model"},
                  {.input_descriptor = ends[0], .output_file = pipe.string()});
  close(ends[0]);
  close(reader);
  ASSERT_EQ(::write(ends[1], "[1, 2]\n", 7), 7);
  close(ends[1]);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::io));
  EXPECT_EQ(outcome.err, "error: standard output: cannot write: Broken pipe\n");
}

TEST_F(CommandLineTest, a_standard_output_that_is_full_is_an_error) {
  save_byte_model(folder / "model");
  expect_error(ErrorKind::io, {"score", "--model", "model"}, {"standard output: cannot write"},
               {.input = "[1, 2]\n", .output_file = "/dev/full"});
  expect_error(ErrorKind::io, {"inspect", "model"}, {"standard output"},
               {.output_file = "/dev/full"});
  expect_error(ErrorKind::io, {"train", "--help"}, {"standard output"},
               {.output_file = "/dev/full"});
}

TEST_F(CommandLineTest, a_file_name_cannot_drive_the_terminal) {
  const Outcome outcome = run({"inspect", "a\x1b[31m\nb"});
  EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::data));
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1);
}

TEST_F(CommandLineTest, the_shell_completes) {
  write("octavo.bash", run({"completion", "bash"}).out);
  write("ask.bash", R"(source octavo.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_octavo
echo "${COMPREPLY[*]}" > answer
)");
  const auto ask = [&](const std::string& words) {
    const std::string command =
        "cd '" + folder.path().string() + "' && bash ask.bash octavo " + words;
    EXPECT_EQ(std::system(command.c_str()), 0);
    return read("answer");
  };
  EXPECT_EQ(ask("tr"), "train\n");
  EXPECT_EQ(ask("train --over"), "--overwrite\n");
  EXPECT_EQ(ask("train --resume --o"), "--overwrite --output\n");
  EXPECT_EQ(ask("bench de"), "decode\n");
  EXPECT_EQ(ask("bench decode --ba"), "--batch\n");
  EXPECT_EQ(ask("generate --model score --dtype ''"), "fp32 bf16 int8\n");
  EXPECT_EQ(ask("completion f"), "fish\n");
  EXPECT_EQ(ask("inspect x"), "\n");  // names of files, which bash adds
  EXPECT_TRUE(run({"completion", "zsh"}).out.starts_with("#compdef octavo\n"));
  const std::string fish = run({"completion", "fish"}).out;
  EXPECT_NE(fish.find("-l dtype -r -f -a 'fp32 bf16'"), std::string::npos) << fish;
}

}  // namespace
}  // namespace octavo

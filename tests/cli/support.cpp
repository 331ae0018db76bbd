#include "tests/cli/support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "octavo/base/files.h"
#include "octavo/base/random.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void become(const fs::path& directory, std::vector<std::string> words, int in, int out,
                         int err, std::optional<int64_t> largest_file) {
  ::signal(SIGHUP, SIG_DFL);  // whoever runs the tests may have ignored it
  dup2(in, STDIN_FILENO), dup2(out, STDOUT_FILENO), dup2(err, STDERR_FILENO);
  if (chdir(directory.c_str()) != 0) _exit(126);
  setenv("OMP_NUM_THREADS", "1", 1);  // tiny models
  unsetenv("OCTAVO_DATA");
  if (largest_file) {
    const rlimit limit{static_cast<rlim_t>(*largest_file), static_cast<rlim_t>(*largest_file)};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(arguments.front(), arguments.data());
  _exit(127);
}

}  // namespace

std::vector<Json> Outcome::lines() const {
  std::vector<Json> values;
  std::string_view text = out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    values.push_back(Json::parse(text.substr(0, end), "stdout"));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return values;
}

Program::Program(const fs::path& directory, const std::vector<std::string>& arguments,
                 const RunOptions& options) {
  std::vector<std::string> words{OCTAVO_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  write_file(streams_ / "in", options.input);
  const std::string out =
      options.output_file.empty() ? (streams_ / "out").string() : options.output_file;
  const std::string err =
      options.error_file.empty() ? (streams_ / "err").string() : options.error_file;
  const int descriptors[] = {
      options.input_descriptor >= 0 ? dup(options.input_descriptor)
                                    : open((streams_ / "in").c_str(), O_RDONLY),
      open(out.c_str(), O_WRONLY | O_CREAT, 0600), open(err.c_str(), O_WRONLY | O_CREAT, 0600)};
  process_ = fork();
  if (process_ == 0)
    become(directory, std::move(words), descriptors[0], descriptors[1], descriptors[2],
           options.largest_file);
  for (const int descriptor : descriptors) close(descriptor);
}

Program::~Program() {
  if (process_ <= 0) return;
  send(SIGKILL);
  waitpid(process_, nullptr, 0);
}

std::string Program::standard_output() const {
  return fs::exists(streams_ / "out") ? read_file(streams_ / "out") : "";
}

void Program::wait_for(std::string_view text) const {
  using namespace std::chrono_literals;
  for (int i = 0; i < 6000; ++i, std::this_thread::sleep_for(10ms)) {
    if (standard_output().find(text) != std::string::npos) return;
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT);
    ASSERT_EQ(info.si_pid, 0) << "it ended before \"" << text << "\" came";
  }
  FAIL() << "\"" << text << "\" did not come";
}

void Program::send(int signal) const { ::kill(process_, signal); }

Outcome Program::wait() {
  int status = 0;
  rusage usage{};
  wait4(process_, &status, 0, &usage);
  process_ = 0;
  Outcome outcome;
  outcome.peak = static_cast<size_t>(usage.ru_maxrss) << 10;
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  outcome.out = standard_output();
  if (fs::exists(streams_ / "err")) outcome.err = read_file(streams_ / "err");
  return outcome;
}

void ProgramTest::expect_error(ErrorKind kind, const std::vector<std::string>& arguments,
                               const std::vector<std::string>& parts,
                               const RunOptions& options) const {
  const Outcome outcome = run(arguments, options);
  const std::string command = testing::PrintToString(arguments);
  EXPECT_EQ(outcome.code, static_cast<int>(kind)) << command << "\n" << outcome.err;
  EXPECT_EQ(outcome.out, "") << command;
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << command << "\n" << outcome.err;
  EXPECT_TRUE(outcome.err.starts_with("error: ")) << command << "\n" << outcome.err;
  for (const std::string& part : parts)
    EXPECT_NE(outcome.err.find(part), std::string::npos)
        << command << "\nexpected: " << part << "\nfound: " << outcome.err;
}

void ProgramTest::write(const std::string& name, std::string_view text) const {
  make_directories((folder / name).parent_path());
  write_file(folder / name, text);
}

std::string ProgramTest::read(const std::string& name) const { return read_file(folder / name); }

ModelConfig byte_model() {
  ModelConfig config;
  config.vocabulary = 257, config.context = 32;
  config.layers = 2, config.width = 32, config.heads = 2;
  config.end_of_text = 256;
  return config;
}

void save_byte_model(const fs::path& folder) {
  const GPT model(byte_model(), 1);
  const Tokenizer tokenizer = Tokenizer::bytes();
  save_model(folder, model, {.tokenizer = &tokenizer});
}

std::string tiny_text(uint64_t words) {
  constexpr const char* kWords[] = {"the", "cat", "sat", "on", "a", "mat", "and", "slept", "well"};
  std::string text;
  for (uint64_t i = 0; i < words; ++i)
    text += std::string(kWords[RandomStream{1, 2, 3}.below(i, 9)]) + (i % 10 == 9 ? ".\n" : " ");
  return text;
}

std::optional<fs::path> test_data(const std::string& name) {
  const char* given = getenv("OCTAVO_TEST_DATA");
  const fs::path root = given ? fs::path(given) : fs::path(OCTAVO_SOURCE_DIR) / "../shared";
  return fs::exists(root / name) ? std::optional(root / name) : std::nullopt;
}

}  // namespace octavo

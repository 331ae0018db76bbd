// octavo: the program. Its commands, each in a file of its own; whatever goes wrong ends as one
// line on stderr and an exit code (docs/exit-codes.md).
#include <CLI/CLI.hpp>

#include <filesystem>
#include <new>

#include "octavo/base/error.h"
#include "octavo/base/signals.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/cli/command.h"
#include "octavo/cli/help.h"
#include "octavo/kernels/kernels.h"

namespace octavo {
namespace {

void add_commands(CLI::App& program, CommonOptions& common) {
  add_train(program, common);       // text in, model out
  add_generate(program, common);    // continues a prompt
  add_chat(program, common);        // turn by turn, in a terminal
  add_score(program, common);       // log-probabilities of texts
  add_evaluate(program, common);    // how well it solves tasks
  add_corpus(program, common);      // text to train on
  add_convert(program, common);     // between layouts and types
  add_tokenizer(program, common);   // learn one; text to ids and back
  add_inspect(program, common);     // what a file or folder is
  add_bench(program, common);       // how fast this machine does all that
  add_completion(program, common);  // for the shell
}

constexpr const char* kFooter =
    "Every command explains itself: octavo train --help\n"
    "Data goes to standard output, messages and progress to standard error.\n"
    "Environment: OMP_NUM_THREADS, OCTAVO_DATA (where recipes find data),\n"
    "             OCTAVO_KERNELS (force an instruction set), NO_COLOR";

std::string version() {
  return fmt::format("octavo {} (kernels {}, {})", OCTAVO_VERSION, kernels().name(),
                     counted(threads(), "thread"));
}

// The library's words without its call and brackets.
std::string plain_words(const std::filesystem::filesystem_error& error) {
  const std::string path = error.path1().string();
  return path.empty() ? error.code().message()
                      : fmt::format("{}: {}", path, error.code().message());
}

// One line, whatever a file's name holds.
int report_error(ErrorKind kind, std::string_view message) {
  std::string line = harmless(message);
  for (char& c : line)
    if (c == '\n' || c == '\t') c = ' ';
  Console().message(kind == ErrorKind::interrupted ? LogLevel::info : LogLevel::error, line);
  return static_cast<int>(kind);
}

int read_command_line(CLI::App& program, int argc, char** argv) {
  try {
    program.parse(argc, argv);
    return 0;
  } catch (const CLI::Success& success) {
    return program.exit(success);  // --help, --version
  } catch (const CLI::ParseError& error) {
    return report_error(ErrorKind::usage,
                        fmt::format("{} ({} --help tells more)", usage_error(program, error),
                                    typed_command(program)));
  }
}

int run(int argc, char** argv) {
  CommonOptions common;
  common.words.assign(argv, argv + argc);
  CLI::App program("Octavo: the whole life of a GPT, from text to a model that writes.", "octavo");
  set_help_format(program);
  program.require_subcommand(1);
  add_commands(program, common);
  program.set_version_flag("--version", version, "Version, kernels in use and threads");
  program.set_help_flag("-h,--help", "This help");
  program.footer(kFooter);
  const int code = read_command_line(program, argc, argv);
  flush_output();
  return code;
}

}  // namespace
}  // namespace octavo

int main(int argc, char** argv) {
  using octavo::ErrorKind, octavo::report_error;
  octavo::ignore_signals_of_writes();
  try {
    return octavo::run(argc, argv);
  } catch (const octavo::Error& error) {
    return report_error(error.kind(), error.what());
  } catch (const std::bad_alloc&) {
    return report_error(ErrorKind::io, "out of memory: the system gave no more");
  } catch (const std::filesystem::filesystem_error& error) {
    return report_error(ErrorKind::io, octavo::plain_words(error));
  } catch (const std::exception& error) {
    return report_error(ErrorKind::internal,
                        fmt::format("a bug in octavo, please report it: {}", error.what()));
  }
}

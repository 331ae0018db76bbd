// What the commands share: the options that all of them take, ways to add an option whose error
// says what was expected, and standard output.
//
// A command is one file with one add_… function. It adds a subcommand with its options to the
// program's tree (CLI11, which stays in the .cpp files) and leaves a callback that runs it once the
// command line has been read. Data goes to stdout through `put`, everything else to a Console.
// Tested by tests/cli, which runs the program.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/console.h"
#include "octavo/base/json.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace octavo {

/// Options that every command takes. --threads acts by itself.
struct CommonOptions {
  bool json = false;               ///< for programs: JSON on stdout
  bool quiet = false;              ///< nothing on stderr but errors
  std::vector<std::string> words;  ///< as typed, for "to go on, type …"

  LogLevel least() const { return quiet ? LogLevel::error : LogLevel::info; }
};

// The commands, in the order of `octavo --help`.
void add_train(CLI::App& program, CommonOptions& common);
void add_generate(CLI::App& program, CommonOptions& common);
void add_chat(CLI::App& program, CommonOptions& common);
void add_score(CLI::App& program, CommonOptions& common);
void add_evaluate(CLI::App& program, CommonOptions& common);
void add_corpus(CLI::App& program, CommonOptions& common);
void add_convert(CLI::App& program, CommonOptions& common);
void add_tokenizer(CLI::App& program, CommonOptions& common);
void add_tokenizer_train(CLI::App& tokenizer, CommonOptions& common);  ///< its first subcommand
void add_inspect(CLI::App& program, CommonOptions& common);
void add_bench(CLI::App& program, CommonOptions& common);
void add_completion(CLI::App& program, CommonOptions& common);

/// Ends the description of a command: --json, --quiet, --threads and --help, examples below the
/// help ("octavo train recipes/x.toml   what it does"), and what to do.
void finish_command(CLI::App& command, CommonOptions& common,
                    std::initializer_list<std::string_view> examples, std::function<void()> run);

// Options. `value_name` stands for the value in the help; "FILE", "DIR" and "PATH" complete to
// names of files. A wrong value is a usage error that says what was expected.
CLI::Option* add_text(CLI::App& command, const std::string& name, std::string& value,
                      const std::string& value_name, const std::string& help);
/// May be given several times, one value each; without a dash, all words that are no option.
CLI::Option* add_texts(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                       const std::string& value_name, const std::string& help);
CLI::Option* add_integer(CLI::App& command, const std::string& name, int64_t& value, int64_t least,
                         int64_t most, const std::string& help);
CLI::Option* add_number(CLI::App& command, const std::string& name, double& value, double least,
                        double most, const std::string& help);
/// Bytes, as "20MB".
CLI::Option* add_size(CLI::App& command, const std::string& name, int64_t& value, int64_t least,
                      int64_t most, const std::string& help);
/// A number above 0.
CLI::Option* add_positive(CLI::App& command, const std::string& name, double& value, double most,
                          const std::string& help);
CLI::Option* add_choice(CLI::App& command, const std::string& name, std::string& value,
                        std::span<const std::string> choices, const std::string& help);
CLI::Option* add_precision(CLI::App& command, const std::string& name, std::string& value,
                           const std::string& help);

/// The words as a shell would read them back.
std::string shell_quoted(std::span<const std::string> words);

/// Writes to standard output. Throws `io` if it cannot take it.
void put(std::string_view text);
/// The value on a line of its own.
void put_line(const Json& value);
/// Flushes standard output; to be called before the program claims success.
void flush_output();

/// The text with control characters (but line ends and tabs) made visible: what a model writes must
/// not drive a terminal.
std::string harmless(std::string_view text);
/// "124,439,808"
std::string grouped(int64_t number);

}  // namespace octavo

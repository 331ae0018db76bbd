// What the program says about its own command line: the help pages, and what is wrong with a line
// that was typed.
#pragma once

#include <span>
#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace octavo {

/// Sets how help pages look; commands added afterwards inherit it.
void set_help_format(CLI::App& program);

/// "octavo bench train": the command that was typed, as far as it was understood.
std::string typed_command(const CLI::App& program);

/// What is wrong, in one line, with the nearest name that there is.
std::string usage_error(const CLI::App& program, const CLI::ParseError& error);

/// "a", "a or b", "a, b or c"
std::string listed(std::span<const std::string> names);

}  // namespace octavo

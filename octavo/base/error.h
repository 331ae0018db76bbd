// Errors: one exception type of ours, thrown at the door by `require`. The standard library's own
// pass through: std::bad_alloc, and std::filesystem::filesystem_error where a path cannot even be
// looked at (too long, no permission).
//
// A message names the operation or file, what was expected and what was found. Libraries neither
// print nor exit: the command line catches `Error`, prints its one line and returns the exit code
// of its kind (docs/exit-codes.md lists them). Inside, invariants are plain `assert`s.
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace octavo {

/// What went wrong, as the caller must react to it. The values are the program's exit codes.
enum class ErrorKind {
  internal = 1,     ///< a bug of ours
  usage = 2,        ///< a wrong flag, recipe key or argument
  data = 3,         ///< an input is missing, malformed or does not fit
  io = 4,           ///< the operating system refused a read or write
  conflict = 5,     ///< another run's files or another process is in the way
  diverged = 6,     ///< training met NaN or Inf
  interrupted = 7,  ///< stopped by a signal: a checkpoint is saved, or nothing left
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

/// Throws Error of the given kind: fail(ErrorKind::data, "{}: expected {} bytes", path, n).
template <class... Arguments>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Arguments...> format,
                       Arguments&&... arguments) {
  throw Error(kind, fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Throws Error unless the condition holds. The kind is `data` unless given first.
template <class... Arguments>
void require(ErrorKind kind, bool condition, fmt::format_string<Arguments...> format,
             Arguments&&... arguments) {
  if (!condition) [[unlikely]]
    fail(kind, format, std::forward<Arguments>(arguments)...);
}

template <class... Arguments>
void require(bool condition, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (!condition) [[unlikely]]
    fail(ErrorKind::data, format, std::forward<Arguments>(arguments)...);
}

}  // namespace octavo

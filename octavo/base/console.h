// The console: messages for people on stderr, above a status line that stays at the bottom of a
// terminal. Data goes to stdout and never passes here. Off a terminal there are no colours, no
// carriage returns and no status line; NO_COLOR (no-color.org) turns colours off on one. A message
// that cannot be written is dropped. Only the command line makes one; other layers get a `Report`
// to call. Tested by tests/base/progress_test.cpp on a pseudo-terminal and on a plain file.
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace octavo {

enum class LogLevel { debug, info, warning, error };

/// How a library says something to whoever called it.
using Report = std::function<void(LogLevel, std::string_view)>;

class Console {
 public:
  /// Messages below `least` are dropped; `error` is quiet.
  explicit Console(LogLevel least = LogLevel::info, std::FILE* stream = stderr);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void message(LogLevel level, std::string_view text);
  template <class... Arguments>
  void info(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    message(LogLevel::info, fmt::format(format, std::forward<Arguments>(arguments)...));
  }
  template <class... Arguments>
  void warning(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    message(LogLevel::warning, fmt::format(format, std::forward<Arguments>(arguments)...));
  }
  Report report() {
    return [this](LogLevel level, std::string_view text) { message(level, text); };
  }

  /// Replaces the status line (empty removes it). Does nothing off a terminal or if quiet.
  void set_status(std::string line);

  bool is_terminal() const { return terminal_; }
  bool is_quiet() const { return least_ > LogLevel::info; }
  int width() const;  ///< columns; 80 if unknown

 private:
  void put(std::string_view text);

  std::mutex mutex_;
  LogLevel least_;
  std::FILE* stream_;
  bool terminal_;
  bool colour_;
  std::string status_;
};

}  // namespace octavo

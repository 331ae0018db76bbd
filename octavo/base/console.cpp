#include "octavo/base/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace octavo {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";

bool colours_wanted() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return !(no_color && *no_color) && !(terminal && std::string_view(terminal) == "dumb");
}

}  // namespace

Console::Console(LogLevel least, std::FILE* stream)
    : least_(least),
      stream_(stream),
      terminal_(::isatty(::fileno(stream)) == 1),
      colour_(terminal_ && colours_wanted()) {}

Console::~Console() { set_status(""); }

// What cannot be shown is dropped: no job ends because nobody reads how far it is.
void Console::put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream_);
  std::fflush(stream_);
}

void Console::message(LogLevel level, std::string_view text) {
  if (level < least_) return;
  static constexpr std::string_view kNames[] = {"debug: ", "", "warning: ", "error: "};
  static constexpr std::string_view kColours[] = {"\x1b[2m", "", "\x1b[33m", "\x1b[31m"};
  const auto index = static_cast<size_t>(level);
  const bool coloured = colour_ && !kColours[index].empty();
  const std::lock_guard lock(mutex_);
  std::string line;
  if (!status_.empty()) line += kClearLine;
  if (coloured) line += kColours[index];
  line += kNames[index];
  if (coloured) line += "\x1b[0m";
  line += text;
  line += '\n';
  put(line + status_);
}

void Console::set_status(std::string line) {
  if (!terminal_ || is_quiet()) return;
  const std::lock_guard lock(mutex_);
  if (line.empty() && status_.empty()) return;
  status_ = std::move(line);
  put(std::string(kClearLine) + status_);
}

int Console::width() const {
  winsize size{};
  if (::ioctl(::fileno(stream_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace octavo

// Progress and messages, on a plain file and on a pseudo-terminal.
#include "octavo/base/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <cstdlib>

#include "octavo/base/files.h"
#include "octavo/base/text.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A terminal of a given width; output() is what was written to it so far.
class Terminal {
 public:
  explicit Terminal(int columns) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = static_cast<unsigned short>(columns);
    int slave = -1;
    if (openpty(&master_, &slave, nullptr, nullptr, &size) != 0)
      throw std::runtime_error("openpty failed");
    stream_ = fdopen(slave, "w");
  }
  ~Terminal() {
    std::fclose(stream_);
    close(master_);
  }
  std::FILE* stream() { return stream_; }
  // A terminal hands on what is written in pieces, when it likes: until a mark comes by.
  std::string output() {
    constexpr char kMark = '\x01';
    std::fputc(kMark, stream_);
    std::fflush(stream_);
    std::string text;
    char piece[4096];
    while (!text.ends_with(kMark)) {
      const ssize_t count = read(master_, piece, sizeof piece);
      if (count <= 0) throw std::runtime_error("the terminal was closed");
      text.append(piece, static_cast<size_t>(count));
    }
    text.pop_back();
    return text;
  }

 private:
  int master_ = -1;
  std::FILE* stream_ = nullptr;
};

// A run of 100 steps of one second each, then a message, on the console.
void run(Console& console) {
  double now = 0;
  Progress progress(
      console, 100,
      {.title = "train", .unit = "steps", .line_interval = 10, .clock = [&] { return now; }});
  for (int step = 1; step <= 100; ++step) {
    now += 1;
    progress.update(step, {{"loss", "3.25"}, {"", "12.3k tok/s"}});
    if (step == 50) console.warning("half {}", "way");
  }
  progress.finish();
}

TEST(Progress, WritesPlainLinesOffATerminal) {
  const TemporaryFolder folder;
  std::FILE* stream = std::fopen((folder / "log").c_str(), "w");
  {
    Console console(LogLevel::info, stream);
    EXPECT_FALSE(console.is_terminal());
    run(console);
  }
  std::fclose(stream);
  const std::string log = read_file(folder / "log");
  EXPECT_EQ(log.find_first_of("\r\x1b"), log.npos);
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 12);  // ten intervals, a warning, the end
  EXPECT_THAT(log,
              HasSubstr("train 50/100 (50%)  loss 3.25  12.3k tok/s  1 steps/s  50.0s elapsed  "
                        "50.0s left\nwarning: half way\n"));
  EXPECT_THAT(
      log, HasSubstr("train 100/100 (100%)  loss 3.25  12.3k tok/s  1 steps/s  1m40s elapsed\n"));
}

TEST(Progress, IsSilentWhenQuiet) {
  const TemporaryFolder folder;
  std::FILE* stream = std::fopen((folder / "log").c_str(), "w");
  Console console(LogLevel::error, stream);
  run(console);
  console.message(LogLevel::error, "but not this");
  std::fclose(stream);
  EXPECT_EQ(read_file(folder / "log"), "error: but not this\n");
}

TEST(Progress, DrawsABarThatFits) {
  for (const int columns : {200, 80, 60, 30, 10, 3}) {
    Terminal terminal(columns);
    Console console(LogLevel::info, terminal.stream());
    ASSERT_TRUE(console.is_terminal());
    ASSERT_EQ(console.width(), columns);
    double now = 0;
    {
      Progress progress(console, 200, {.title = "train", .clock = [&] { return now; }});
      now = 10;
      progress.update(100, {{"loss", "3.25"}, {"", "12.3k tok/s"}});
    }
    const std::string output = terminal.output();
    const std::string start = "\r\x1b[K";
    ASSERT_TRUE(output.starts_with(start)) << output;
    const std::string line = output.substr(start.size(), output.rfind(start) - start.size());
    EXPECT_LT(display_width(line), static_cast<size_t>(columns));
    EXPECT_TRUE(is_utf8(line));
    EXPECT_THAT(output, Not(HasSubstr("\n")));
    if (columns >= 80) {
      EXPECT_THAT(line, HasSubstr("train  50% ██"));
      EXPECT_THAT(line, HasSubstr("100/200  loss 3.25  12.3k tok/s  10.0s left"));
    }
  }
}

TEST(Progress, MessagesGoAboveTheBar) {
  setenv("NO_COLOR", "1", 1);
  Terminal terminal(80);
  {
    Console console(LogLevel::info, terminal.stream());
    console.set_status("[status]");
    console.warning("careful");
  }
  EXPECT_EQ(terminal.output(),
            "\r\x1b[K[status]\r\x1b[Kwarning: careful\r\n[status]\r\x1b[K");  // a terminal adds \r
  unsetenv("NO_COLOR");
  setenv("TERM", "xterm", 1);
  Terminal coloured(80);
  Console(LogLevel::info, coloured.stream()).warning("careful");
  EXPECT_EQ(coloured.output(), "\x1b[33mwarning: \x1b[0mcareful\r\n");
}

TEST(Progress, TellsBytesAsPeopleDo) {
  const TemporaryFolder folder;
  std::FILE* stream = std::fopen((folder / "log").c_str(), "w");
  {
    Console console(LogLevel::info, stream);
    double now = 0;
    Progress progress(console, 53'000'000,
                      {.title = "encode", .unit = "B", .clock = [&] { return now; }});
    now = 10;
    progress.update(17'800'000);
  }
  std::fclose(stream);
  EXPECT_THAT(read_file(folder / "log"),
              HasSubstr("encode 17.8 MB/53 MB (33%)  1.78 MB/s  10.0s elapsed  19.8s left\n"));
}

TEST(Progress, AResumedRunCountsOnlyItsOwnSteps) {
  const TemporaryFolder folder;
  std::FILE* stream = std::fopen((folder / "log").c_str(), "w");
  Console console(LogLevel::info, stream);
  double now = 0;
  Progress progress(console, 1000, {.start = 900, .clock = [&] { return now; }});
  EXPECT_FALSE(progress.rate());
  now = 5;
  progress.update(910);
  EXPECT_DOUBLE_EQ(progress.rate().value(), 2);
  EXPECT_DOUBLE_EQ(progress.seconds_left().value(), 45);
  std::fclose(stream);
}

TEST(Progress, APauseInALongRunSaysLittleAboutTheTimeLeft) {
  Console console(LogLevel::error);
  double now = 0;
  Progress progress(console, 2000, {.clock = [&] { return now; }});
  for (int step = 1; step <= 1000; ++step) {
    now += 1;
    progress.update(step);
  }
  EXPECT_NEAR(progress.seconds_left().value(), 1000, 1e-6);
  now += 60;  // a validation
  progress.update(1001);
  EXPECT_LT(progress.seconds_left().value(), 1400);
}

}  // namespace
}  // namespace octavo

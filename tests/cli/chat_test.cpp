// octavo chat: turns through a pipe and in a terminal, the transcript they make, what is forgotten,
// and signals.
#include <pty.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "octavo/base/files.h"
#include "tests/cli/support.h"
#include "tests/evaluate/support.h"

namespace octavo {
namespace {

/// With the model that answers "a" to "A" and goes on with newlines and question marks.
class ChatCommandTest : public ProgramTest {
 protected:
  ChatCommandTest() {
    const Tokenizer tokenizer = Tokenizer::bytes();
    save_model(folder / "letters", letter_model(64, Purpose::training), {.tokenizer = &tokenizer});
  }

  Outcome chat(const std::string& input, std::vector<std::string> more) const {
    more.insert(more.begin(), {"chat", "-m", "letters", "--greedy"});
    const Outcome outcome = run(more, {.input = input});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome;
  }
};

TEST_F(ChatCommandTest, a_line_is_a_turn_and_its_answer_a_line) {
  const Outcome outcome = chat("A\nthen B\r\n\nC", {"-n", "3", "--quiet"});
  EXPECT_EQ(outcome.out, "???\n???\n???\n");  // after "Bot:"; the empty line says nothing
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(chat("", {}).out, "");
}

// A terminal: names stand before what is typed and what is answered, Ctrl-D leaves.
TEST_F(ChatCommandTest, in_a_terminal_it_says_whose_turn_it_is) {
  int terminal = -1;
  const pid_t process = forkpty(&terminal, nullptr, nullptr, nullptr);
  ASSERT_GE(process, 0);
  if (process == 0) {
    if (chdir(folder.path().c_str()) == 0)
      execl(OCTAVO_PROGRAM, OCTAVO_PROGRAM, "chat", "-m", "letters", "--greedy", "-n", "2",
            nullptr);
    _exit(127);
  }
  std::string shown;
  size_t seen = 0;
  const auto wait_for = [&](const std::string& text) {
    char piece[4096];
    size_t place = 0;
    while ((place = shown.find(text, seen)) == shown.npos) {
      const ssize_t count = ::read(terminal, piece, sizeof piece);
      if (count <= 0) break;  // the program has ended
      shown.append(piece, static_cast<size_t>(count));
    }
    EXPECT_NE(place, shown.npos) << text << " in " << shown;
    seen = std::min(place, shown.size() - text.size()) + text.size();
  };
  const auto type = [&](std::string_view text) {
    EXPECT_EQ(::write(terminal, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  };
  wait_for("You: ");
  type("what?\n");
  wait_for("Bot: ??");
  wait_for("You: ");
  type("\x04");
  int status = -1;
  ASSERT_EQ(waitpid(process, &status, 0), process);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status << shown;
  close(terminal);
}

TEST_F(ChatCommandTest, the_transcript_is_what_the_model_sees) {
  EXPECT_EQ(chat("A\nB  \n/show\n", {"-n", "2", "--quiet"}).out,
            "??\n??\nYou: A\nBot:??\nYou: B\nBot:??\n");
  EXPECT_EQ(
      chat("one\n/show\n", {"-n", "2", "-q", "--user", "Q", "--bot", "A", "--system", "All."}).out,
      "??\nAll.\nQ: one\nA:??\n");
  // The answer to "X" is the model's to "Z": a newline, which is no blank line.
  EXPECT_EQ(chat("A\nB\n/show\n", {"-n", "1", "-q", "--plain"}).out, "a\nb\nAa\nBb\n");
  // An empty line goes on, after a blank line.
  EXPECT_EQ(chat("A\n\n/show\n", {"-n", "1", "-q", "--plain"}).out, "a\n?\nAa\n\n?\n");
}

TEST_F(ChatCommandTest, an_answer_ends_where_it_should) {
  EXPECT_EQ(chat("A\n", {"-n", "9", "-q", "--plain", "--stop", "\n"}).out, "a\n");
  EXPECT_EQ(chat("A\n", {"-n", "9", "-q", "--plain", "--stop", "??"}).out, "a\n");
  EXPECT_EQ(chat("A\n", {"-n", "9", "-q", "--user", "?", "--stop", "???"}).out, "\n");
}

// The template says how turns are written, and names given on the command line go before it.
TEST_F(ChatCommandTest, a_model_with_a_chat_template_is_spoken_to_by_it) {
  write("letters/chat_template.jinja",
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}A{% endif %}");
  const Outcome outcome = chat("A\n/show\n", {"-n", "1"});
  EXPECT_EQ(outcome.out, "a\n[user]A[assistant]a\n");
  EXPECT_EQ(chat("A\n/show\n", {"-n", "1", "--plain"}).out, "a\nAa\n");
  EXPECT_EQ(chat("A\n/show\n", {"-n", "1", "--user", "Q"}).out, "?\nQ: A\nBot:?\n");
  write("other.jinja", "{{ messages[0].content }}");
  EXPECT_EQ(chat("A\n/show\n", {"-n", "1", "--template", "other.jinja"}).out, "a\nA\n");
  write("letters/chat_template.jinja", "{% for %}");
  expect_error(ErrorKind::data, {"chat", "-m", "letters"}, {"chat template:1"}, {.input = "A\n"});
}

TEST_F(ChatCommandTest, commands_change_the_conversation) {
  const std::vector<std::string> plain = {"-n", "1", "-q", "--plain"};
  EXPECT_EQ(chat("A\nB\n/undo\n/show\n", plain).out, "a\nb\nAa\n");
  EXPECT_EQ(chat("A\n/clear\nB\n/show\n", plain).out, "a\nb\nBb\n");
  EXPECT_EQ(chat("A\n/retry\n/show\n", plain).out, "a\na\nAa\n");
  EXPECT_EQ(chat("/system Once.\nA\n/show\n", plain).out, "a\nOnce.\nAa\n");
  EXPECT_EQ(chat("//A\n/show\n", plain).out, "a\n/Aa\n");
  EXPECT_EQ(chat("A\n/quit\nB\n", plain).out, "a\n");
  EXPECT_EQ(chat("/set max-tokens 2\nA\n", plain).out, "a\n");
  chat("A\n/save talk.txt\n", plain);
  EXPECT_EQ(read("talk.txt"), "Aa\n");
}

TEST_F(ChatCommandTest, what_commands_say_is_on_stderr) {
  const auto told = [&](const std::string& line, const std::string& part) {
    const Outcome outcome = chat(line + "\nA\n", {"-n", "1", "--plain"});
    EXPECT_EQ(outcome.out, "a\n") << line;  // and it goes on
    EXPECT_NE(outcome.err.find(part), std::string::npos) << line << "\n" << outcome.err;
  };
  told("/help", "/retry               another answer to the same");
  told("/set top_k 40", "temperature 0, top-k 40");
  told("/set temperature=0.0", "temperature 0,");
  told("/set", "max-tokens 1");
  told("/set top-p 2", "error: [sample] top-p must be above 0");
  told("/set heat 1", "error: /set: there is no \"heat\"");
  told("/set temprature 1", "did you mean \"temperature\"");
  told("/set top-k many", "/set top-k: expected a whole number, found \"many\"");
  told("/set max-tokens 0", "at least 1");
  told("/undo", "error: /undo: nothing was said yet");
  told("/retry", "error: /retry: nothing was said yet");
  told("/sav x", "did you mean \"/save\"");
  told("/save", "expected the name of a file");
  told("/save no/where/x", "error: no/where/x");
}

TEST_F(ChatCommandTest, json_has_an_object_for_each_turn) {
  const Outcome outcome = chat("A\nhello\n/retry\n", {"-n", "4", "--json", "--seed", "5"});
  const std::vector<Json> turns = outcome.lines();
  ASSERT_EQ(turns.size(), 3u);
  EXPECT_EQ(turns[0].at("user").text(), "A");
  EXPECT_EQ(turns[0].at("answer").text(), "????");
  EXPECT_EQ(turns[0].at("finish").text(), "max_tokens");
  EXPECT_EQ(turns[0].at("tokens").integer(), 4);
  EXPECT_EQ(turns[0].at("prompt_tokens").integer(), 1 + 6 + 1 + 4);  // "You: A", "Bot:"
  EXPECT_EQ(turns[1].at("turn").integer(), 2);
  EXPECT_EQ(turns[2].at("turn").integer(), 2);
  EXPECT_EQ(turns[1].at("seed").integer() + 1, turns[2].at("seed").integer());
}

TEST_F(ChatCommandTest, a_seed_repeats_a_conversation) {
  save_byte_model(folder / "random");
  const auto talk = [&](const std::string& seed) {
    const Outcome outcome =
        run({"chat", "-m", "random", "--seed", seed, "--json"}, {.input = "x\ny\n/retry\n"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome;
  };
  EXPECT_EQ(talk("1").out, talk("1").out);
  EXPECT_NE(talk("1").out, talk("2").out);
  const std::vector<Json> turns = talk("1").lines();
  EXPECT_NE(turns.at(1).at("answer"), turns.at(2).at("answer"));
  EXPECT_NE(talk("1").err.find("--seed 1"), std::string::npos);
}

TEST_F(ChatCommandTest, a_full_context_forgets_whole_turns_and_says_so_once) {
  std::string input;
  for (int i = 0; i < 9; ++i) input += "turn " + std::to_string(i) + "\n";
  const Outcome outcome = chat(input + "/show\n", {"-n", "4", "--json"});
  std::vector<Json> turns = outcome.lines();
  ASSERT_EQ(turns.size(), 10u);
  const Json transcript = turns.back();
  turns.pop_back();
  std::vector<int64_t> forgotten;
  for (const Json& turn : turns) {
    forgotten.push_back(turn.at("forgotten_turns").integer());
    // A token to begin, 21 bytes a turn and 16 of the last; 60 positions are for the prompt.
    EXPECT_LE(turn.at("prompt_tokens").integer(), 60);
  }
  EXPECT_EQ(forgotten, (std::vector<int64_t>{0, 0, 0, 1, 2, 3, 4, 5, 6}));
  const std::string said = "the oldest turns are forgotten";
  EXPECT_NE(outcome.err.find(said), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find(said), outcome.err.rfind(said));
  EXPECT_EQ(transcript.at("turn").integer(), 9);
  EXPECT_TRUE(transcript.at("text").text().starts_with("You: turn 0\n"));  // all of it
  // A turn that is longer than the context: the model reads its end.
  EXPECT_EQ(chat(std::string(200, '.') + "A\n", {"-n", "1", "-q", "--plain"}).out, "a\n");
}

class ChatSignalTest : public ChatCommandTest {
 protected:
  ChatSignalTest() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0); }
  ~ChatSignalTest() override { close(ends[1]); }

  void type(std::string_view text) const {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), std::ssize(text));
  }

  int ends[2];
};

TEST_F(ChatSignalTest, an_interrupt_ends_the_answer_and_not_the_program) {
  Program program(folder.path(), {"chat", "-m", "letters", "--greedy", "-n", "1000000000"},
                  {.input_descriptor = ends[0]});
  close(ends[0]);
  type("go on\n");
  program.wait_for("???");
  program.send(SIGINT);
  program.wait_for("?\n");
  type("/set max-tokens 2\n/clear\nagain\n/quit\n");
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.ends_with("?\n??\n")) << outcome.out.substr(outcome.out.size() - 20);
}

TEST_F(ChatSignalTest, a_request_to_end_ends_it) {
  Program program(folder.path(), {"chat", "-m", "letters", "--greedy", "-n", "1000000000"},
                  {.input_descriptor = ends[0]});
  close(ends[0]);
  type("go on\n");
  program.wait_for("???");
  program.send(SIGTERM);
  EXPECT_EQ(program.wait().signal, SIGTERM);
}

TEST_F(ChatCommandTest, what_cannot_be_is_one_clear_line) {
  expect_error(ErrorKind::usage, {"chat"}, {"--model"});
  expect_error(ErrorKind::usage, {"chat", "-m", "letters", "--plain", "--bot", "A"}, {"--plain"});
  expect_error(ErrorKind::usage, {"chat", "-m", "letters", "--greedy", "--temperature", "1"},
               {"--greedy"});
  expect_error(ErrorKind::usage, {"chat", "-m", "letters", "--stop", ""}, {"stop string is empty"},
               {.input = "A\n"});
  for (const char* file : {"tokenizer.json", "vocab.json", "merges.txt"})
    std::filesystem::remove(folder / "letters" / file);
  expect_error(ErrorKind::usage, {"chat", "-m", "letters"}, {"no tokenizer"});
}

}  // namespace
}  // namespace octavo

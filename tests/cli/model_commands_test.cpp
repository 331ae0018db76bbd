// octavo generate and score: a prompt continued, texts scored, and models that cannot be read.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "octavo/base/files.h"
#include "octavo/generate/scorer.h"
#include "tests/cli/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class ModelCommandsTest : public ProgramTest {
 protected:
  ModelCommandsTest() { save_byte_model(folder / "model"); }

  std::vector<std::string> generate(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"generate", "--model", "model"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

// ---- generate -----------------------------------------------------------------------------------

TEST_F(ModelCommandsTest, greedy_as_pytorch_and_onnx_did) {
  const auto golden = test_data("golden/gpt2");
  if (!golden) GTEST_SKIP() << "no test data";
  const Json expected = Json::parse(read_file(*golden / "golden.json"), "golden.json");
  for (const char* threads : {"1", "3"}) {
    const Outcome outcome =
        run({"generate", "--model", golden->string(), "--ids", "--greedy", "--max-tokens", "16",
             "--threads", threads, "--prompt", expected.at("greedy_prompt").dump()});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.lines().at(0), expected.at("greedy_continuation"));
  }
  const auto random = test_data("data/weights-tiny-random-gpt2");
  if (!random) GTEST_SKIP() << "no test data";
  const Json recorded =
      Json::parse(read_file(*random / "expected-greedy.json"), "expected-greedy.json");
  for (const Json& one : recorded.at("cases").items()) {
    const Outcome outcome =
        run({"generate", "-m", random->string(), "--ids", "--greedy", "-n", "6", "--json"},
            {.input = one.at("input_ids").dump()});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    std::vector<int64_t> whole = one.at("input_ids").integers();
    const Json result = outcome.lines().at(0);
    std::ranges::copy(result.at("samples").at(0).at("ids").integers(), std::back_inserter(whole));
    EXPECT_EQ(whole, one.at("sequence").integers());
  }
}

TEST_F(ModelCommandsTest, a_prompt_comes_from_where_it_is_said_to) {
  const std::vector<std::string> how = {"--seed", "7", "-n", "12"};
  const auto with = [&](std::vector<std::string> more, const std::string& input = "") {
    more.insert(more.end(), how.begin(), how.end());
    const Outcome outcome = run(generate(more), {.input = input});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  };
  const std::string text = with({"--prompt", "Once upon"});
  EXPECT_FALSE(text.empty());
  EXPECT_TRUE(text.ends_with('\n'));
  EXPECT_EQ(with({}, "Once upon\n"), text);
  write("prompt.txt", "Once upon");
  EXPECT_EQ(with({"--prompt-file", "prompt.txt"}), text);
  EXPECT_EQ(with({"--prompt-file", "-"}, "Once upon\n"), text);
  EXPECT_EQ(with({"--prompt=Once upon", "--threads", "3"}), text);
  EXPECT_NE(with({"--prompt", "Twice upon"}), text);
  EXPECT_FALSE(with({"--prompt", ""}).empty());
}

TEST_F(ModelCommandsTest, seeds_samples_and_json) {
  const auto json = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--prompt", "x", "-n", "10", "--json", "--quiet"});
    const Outcome outcome = run(generate(more));
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return outcome.lines().at(0);
  };
  const Json first = json({"--samples", "3"});
  EXPECT_EQ(first.at("samples").size(), 3u);
  EXPECT_EQ(first.at("prompt_ids").integers(), std::vector<int64_t>{'x'});
  // Whatever seed was drawn: ten tokens, or fewer before the end of the text.
  for (size_t i = 0; i < 3; ++i) {
    const Json& sample = first.at("samples").at(i);
    const size_t count = sample.at("ids").integers().size();
    EXPECT_EQ(sample.at("finish").text(), count == 10 ? "max_tokens" : "end_of_text");
  }
  EXPECT_NE(first.at("samples").at(0), first.at("samples").at(1));
  // The seed that was drawn gives the same texts again.
  const std::string seed = std::to_string(first.at("seed").integer());
  EXPECT_EQ(json({"--samples", "3", "--seed", seed}).at("samples"), first.at("samples"));

  // Shown one after the other, each whole.
  const Outcome shown = run(generate({"-p", "x", "-n", "10", "--samples", "3", "--seed", seed}));
  std::string expected;
  for (size_t i = 0; i < 3; ++i) {
    std::string text = first.at("samples").at(i).at("text").text();
    if (!text.ends_with('\n')) text += '\n';
    expected += "--- sample " + std::to_string(i + 1) + " of 3 ---\n" + text;
  }
  EXPECT_EQ(shown.out, expected);
  EXPECT_NE(shown.err.find("--seed " + seed), std::string::npos) << shown.err;
}

TEST_F(ModelCommandsTest, an_empty_sample_is_an_empty_line) {
  // The first token of a greedy text, as what it must not hold.
  std::vector<std::string> words = generate({"-p", "x", "--greedy", "-n", "1"});
  std::string first = run(words).out;
  first.pop_back();
  words.insert(words.end(), {"--samples", "3", "--stop", first});
  EXPECT_EQ(run(words).out,
            "--- sample 1 of 3 ---\n\n--- sample 2 of 3 ---\n\n"
            "--- sample 3 of 3 ---\n\n");
}

TEST_F(ModelCommandsTest, a_full_context_ends_or_slides) {
  const auto ids = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = generate({"-p", "[1, 2, 3]", "--ids", "--greedy", "-n", "90"});
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return std::pair(outcome.lines().at(0).size(), outcome.err);
  };
  const auto [ended, told] = ids({});
  EXPECT_LE(ended, 30u);  // of 32 positions, three are the prompt's
  EXPECT_NE(told.find("context is full"), std::string::npos) << told;
  EXPECT_EQ(ids({"--slide"}).first, 90u);
  // A prompt that is longer than the context is read from its end.
  EXPECT_EQ(run(generate({"-p", std::string(40, 'x'), "--slide", "-n", "5"})).code, 0);
}

// A Hugging Face folder has merges, which are not read yet; token ids do not ask for them.
TEST_F(ModelCommandsTest, ids_need_no_tokenizer_that_can_be_read) {
  std::string tokenizer = read("model/tokenizer.json");
  const size_t merges = tokenizer.find("\"merges\": []");
  ASSERT_NE(merges, std::string::npos);
  write("model/tokenizer.json", tokenizer.replace(merges, 12, R"("merges": [["a", "b"]])"));
  EXPECT_EQ(run({"score", "-m", "model"}, {.input = "[1, 2]\n"}).code, 0);
  EXPECT_EQ(run({"score", "-m", "model", "--ids"}, {.input = "[1, 2]\n"}).code, 0);
  EXPECT_EQ(run(generate({"--ids", "-p", "[1, 2]", "-n", "3"})).code, 0);
  expect_error(ErrorKind::data, generate({"-p", "x"}), {"tokenizer.json", "merges"});
  expect_error(ErrorKind::data, {"score", "-m", "model", "--text"}, {"tokenizer.json", "merges"});
}

TEST_F(ModelCommandsTest, ids_and_text_end_before_a_stop_string) {
  const auto json = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = generate({"-p", "x", "-n", "30", "--seed", "5", "--json"});
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.lines().at(0).at("samples").at(0u);
  };
  std::string text = json({}).at("text").text(), stop;
  for (const char c : text.substr(5))
    if (stop.empty() && c > ' ' && c < 0x7F) stop = c;
  ASSERT_FALSE(stop.empty());
  const Json cut = json({"--stop", stop});
  EXPECT_EQ(cut.at("text").text(), text.substr(0, text.find(stop)));
  EXPECT_EQ(cut.at("finish").text(), "stop_string");
  const std::vector<int64_t> ids = cut.at("ids").integers();
  EXPECT_EQ(std::ranges::count(ids, static_cast<int64_t>(stop[0])), 0);
  const Outcome plain =
      run(generate({"--ids", "-p", "[120]", "-n", "30", "--seed", "5", "--stop", stop}));
  EXPECT_EQ(plain.lines().at(0).integers(), ids);
}

TEST_F(ModelCommandsTest, prompts_and_options_that_cannot_be) {
  const auto usage = ErrorKind::usage;
  expect_error(usage, generate({"--prompt", std::string(40, 'x')}),
               {"the prompt has 40 tokens, the model's context is 32"});
  expect_error(usage, generate({"--ids", "--prompt", "[257]"}), {"257"});
  expect_error(usage, generate({"--ids", "--prompt", "[-1]"}), {"-1"});
  expect_error(usage, generate({"--ids", "--prompt", "[]"}), {"empty"});
  expect_error(ErrorKind::data, generate({"--ids", "--prompt", "[1, 2"}), {"the prompt"});
  expect_error(ErrorKind::data, generate({"--ids", "--prompt", "[1.5]"}), {"expected an integer"});
  expect_error(usage, generate({"--greedy", "--temperature", "0.5"}),
               {"--greedy excludes --temperature"});
  expect_error(usage, generate({"--prompt", "x", "--top-p", "0"}), {"top-p"});
  expect_error(usage, generate({"--prompt", "x", "--prompt-file", "y"}), {"--prompt"});
  expect_error(usage, generate({"--prompt", "x", "--max-tokens", "0"}), {"--max-tokens"});
  expect_error(usage, generate({"--prompt", "x", "--stop", ""}), {"stop"});
  expect_error(ErrorKind::data, generate({"--prompt-file", "none.txt"}), {"none.txt"});
  expect_error(ErrorKind::data, generate({"--prompt-file", "model"}), {"model"});
  expect_error(ErrorKind::data, {"generate", "-m", "none", "-p", "x"}, {"none"});
  for (const char* file : {"tokenizer.json", "vocab.json", "merges.txt"})
    fs::remove(folder / "model" / file);
  expect_error(usage, generate({"--prompt", "x"}), {"no tokenizer", "--ids"});
  EXPECT_EQ(run(generate({"--prompt", "[1]", "--ids", "-n", "3"})).code, 0);
}

// ---- score --------------------------------------------------------------------------------------

TEST_F(ModelCommandsTest, scores_read_back_to_the_bit) {
  std::vector<std::vector<int32_t>> texts;
  std::string input;
  for (int32_t length : {1, 2, 32, 7, 0, 33, 5}) {  // of a context of 32, one more is predicted
    std::vector<int32_t> text(static_cast<size_t>(length));
    std::iota(text.begin(), text.end(), 10 * length);
    for (int32_t& id : text) id %= 257;
    input += Json::array_of(text).dump() + "\n";
    texts.push_back(text);
  }
  for (const char* dtype : {"fp32", "bf16"}) {
    const std::vector<std::string> words = {"score", "--model", "model", "--dtype", dtype, "--ids"};
    const Outcome outcome = run(words, {.input = input});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const Precision precision = precision_named(dtype);
    const LoadedModel loaded = load_model(folder / "model", {.precision = precision});
    const auto expected = score(loaded.model, texts);
    const std::vector<Json> lines = outcome.lines();
    ASSERT_EQ(lines.size(), texts.size());
    for (size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(lines[i].at("ids"), Json::array_of(texts[i]));
      const Json& found = lines[i].at("logprobs");
      ASSERT_EQ(found.size(), expected[i].size());
      for (size_t t = 0; t < expected[i].size(); ++t) {
        if (t == 0) {
          EXPECT_TRUE(found.at(t).is_null());
        } else {
          EXPECT_EQ(static_cast<float>(found.at(t).number()), expected[i][t]);
        }
      }
    }
    // No number depends on the company or on the threads.
    write("lines.jsonl", input);
    for (const char* batch : {"1", "2", "100"})
      EXPECT_EQ(run({"score", "-m", "model", "--dtype", dtype, "--batch", batch, "--threads", "3",
                     "lines.jsonl"})
                    .out,
                outcome.out);
  }
}

// As a coprocess: a line, its answer, the next line.
TEST_F(ModelCommandsTest, an_answer_comes_before_the_next_question) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Program program(folder.path(), {"score", "-m", "model", "--batch", "1", "-"},
                  {.input_descriptor = ends[0]});
  close(ends[0]);
  for (const char* line : {"[1, 2]\n", "[]\n", "[3]\n"}) {
    ASSERT_EQ(::write(ends[1], line, std::strlen(line)), static_cast<ssize_t>(std::strlen(line)));
    program.wait_for("{\"ids\": " + std::string(line, std::strlen(line) - 1));
  }
  close(ends[1]);
  EXPECT_EQ(program.wait().code, 0);
}

TEST_F(ModelCommandsTest, texts_are_scored_as_their_tokens) {
  const Outcome text = run({"score", "-m", "model", "--text"}, {.input = "abc\n\né"});
  const Outcome ids = run({"score", "-m", "model"}, {.input = "[97,98,99]\n[]\n[195,169]\n"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_EQ(text.out, ids.out);
  EXPECT_EQ(text.lines().size(), 3u);
}

TEST_F(ModelCommandsTest, bad_lines_name_their_place_and_spare_the_good) {
  const auto with = [&](const std::string& second, const std::string& part,
                        const std::string& place = "lines.jsonl:2: ") {
    write("lines.jsonl", "[1, 2]\n" + second + "\n[3]\n");
    const Outcome outcome = run({"score", "--model", "model", "lines.jsonl"});
    EXPECT_EQ(outcome.code, static_cast<int>(ErrorKind::data)) << second;
    EXPECT_EQ(outcome.lines().size(), 1u) << second;  // the line before
    EXPECT_NE(outcome.err.find("error: " + place), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
  };
  with("", "expected a JSON array of token ids");
  with("hello",
       "expected a JSON array of token ids, found \"hello\"; with --text a line is a text");
  with("[1, 2", "expected ',' or ']', found the end", "lines.jsonl:2:6: ");
  with("{\"ids\": [1]}", "expected a JSON array");
  with("[1, \"x\"]", "expected an integer");
  with("[1.5]", "expected an integer");
  with("[257]", "token 257 is outside the vocabulary of 257");
  with("[-1]", "token -1");
  with("[1] [2]", "expected the end", "lines.jsonl:2:5: ");
  with(Json::array_of(std::vector<int>(34, 5)).dump(),
       "34 tokens, the model's context and one more are 33");
  expect_error(ErrorKind::data, {"score", "-m", "model", "none"}, {"none"});
  expect_error(ErrorKind::data, {"score", "-m", "model", "."}, {"directory"});
  expect_error(ErrorKind::usage, {"score", "-m", "model", "--ids", "--text"}, {"--text"});
  for (const char* file : {"tokenizer.json", "vocab.json", "merges.txt"})
    fs::remove(folder / "model" / file);
  expect_error(ErrorKind::usage, {"score", "-m", "model", "--text"}, {"no tokenizer"});
  EXPECT_EQ(run({"score", "-m", "model"}).out, "");  // nothing in, nothing out
}

// ---- Models that cannot be ----------------------------------------------------------------------

TEST_F(ModelCommandsTest, damaged_models_are_refused_by_name) {
  const std::string weights = read("model/model.safetensors"), config = read("model/config.json");
  const auto refused = [&](const std::vector<std::string>& parts) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"score", "-m", "model"}, {"generate", "-m", "model", "-p", "x"}})
      expect_error(ErrorKind::data, words, parts, {.input = "[1]\n"});
    write("model/model.safetensors", weights);
    write("model/config.json", config);
  };
  const auto replaced = [](std::string text, std::string_view what, std::string_view by) {
    const size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
  };
  write("model/model.safetensors", "");
  refused({"model.safetensors"});
  write("model/model.safetensors", weights.substr(0, weights.size() - 1));
  refused({"model.safetensors"});
  std::string lie = weights;
  const uint64_t huge = uint64_t{1} << 62;
  std::memcpy(lie.data(), &huge, sizeof huge);
  write("model/model.safetensors", lie);
  refused({"model.safetensors", "header"});
  std::string nan = weights;
  std::memset(nan.data() + nan.size() - 4, 0xFF, 4);
  write("model/model.safetensors", nan);
  refused({"model.safetensors", "NaN"});
  write("model/model.safetensors", replaced(weights, "h.1.ln_1.bias", "h.7.ln_1.bias"));
  refused({"model.safetensors", "h.1.ln_1.bias", "missing"});
  write("model/config.json", replaced(config, "\"n_layer\": 2", "\"n_layer\": 1"));
  refused({"model.safetensors", "h.1.", "1 layers"});
  write("model/config.json", replaced(config, "\"n_embd\": 32", "\"n_embd\": 64"));
  refused({"[257, 32]", "[257, 64]"});
  write("model/config.json", replaced(config, "\"n_head\": 2", "\"n_head\": 3"));
  refused({"config.json"});
  write("model/config.json", replaced(config, "\"gpt2\"", "\"gpt5\""));
  refused({"config.json", "gpt5"});
  write("model/config.json", "{");
  refused({"config.json"});
  fs::remove(folder / "model/model.safetensors");
  refused({"model"});
  fs::remove(folder / "model/config.json");
  refused({"config.json"});

  // A flipped bit that still is a number is found by --verify only.
  std::string flipped = weights;
  flipped[flipped.size() - 4] = static_cast<char>(flipped[flipped.size() - 4] ^ 1);
  write("model/model.safetensors", flipped);
  EXPECT_EQ(run({"score", "-m", "model"}, {.input = "[1]\n"}).code, 0);
  expect_error(ErrorKind::data, {"score", "-m", "model", "--verify"},
               {"model.safetensors", "damaged"});
}

// A trained Llama in llama2.c's format, with that program's tokenizer and its text at temperature
// 0.
TEST_F(ModelCommandsTest, a_model_of_llama2_c_writes_what_it_writes_there) {
  const auto data = test_data("data/weights-stories260k");
  if (!data) GTEST_SKIP() << "its files are not there (set OCTAVO_TEST_DATA)";
  const Json expected =
      Json::parse(read_file(*data / "expected-greedy.json"), "expected-greedy.json");
  const std::string model = (*data / "stories260K.bin").string();
  for (const char* dtype : {"fp32", "bf16"}) {
    const Outcome outcome =
        run({"generate", "-m", model, "--tokenizer", (*data / "tok512.bin").string(), "--greedy",
             "--dtype", dtype, "-p", expected.at("prompt").text(), "-n", "200", "--quiet"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const bool exact = std::string_view(dtype) == "fp32";
    EXPECT_EQ(outcome.out.substr(0, exact ? outcome.out.npos : 40),
              (expected.at("text").text() + "\n").substr(0, exact ? outcome.out.npos : 40));
  }
}

}  // namespace
}  // namespace octavo

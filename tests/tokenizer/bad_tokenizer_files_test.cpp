// What is wrong with a tokenizer's files is said in one line, with file and place, whatever it is
// and however large the files are.
#include "octavo/base/files.h"
#include "tests/base/resident_peak.h"
#include "tests/tokenizer/support.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

class BadTokenizer : public testing::Test {
 protected:
  BadTokenizer() {
    for (const TokenizerFormat format : kFormats)
      write_tokenizer(Tokenizer(learned_parts()), good.path(), format);
  }

  std::string text(const std::string& name) const { return read_file(good / name); }

  // The line that refuses a folder with these files.
  static std::string refusal(const std::vector<std::pair<std::string, std::string>>& files) {
    const TemporaryFolder folder;
    for (const auto& [name, text] : files) std::ofstream(folder / name, std::ios::binary) << text;
    std::string error = error_of(ErrorKind::data, [&] { Tokenizer::load(folder.path()); });
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    EXPECT_EQ(error.find(folder.path().string()), 0u) << error;
    return error.substr(std::min(error.size(), folder.path().string().size()));
  }
  static void expect_line(const std::string& line, std::string_view words) {
    EXPECT_NE(line.find(words), std::string::npos) << line << "\nlacks " << words;
  }
  void expect_json(std::string_view from, std::string_view to, std::string_view words) {
    expect_line(refusal({{"tokenizer.json", replaced(text("tokenizer.json"), from, to)}}), words);
  }
  void expect_vocabulary(std::string_view from, std::string_view to, std::string_view words) {
    expect_line(refusal({{"vocab.json", replaced(text("vocab.json"), from, to)},
                         {"merges.txt", text("merges.txt")}}),
                words);
  }
  void expect_merges(std::string_view from, std::string_view to, std::string_view words) {
    expect_line(refusal({{"vocab.json", text("vocab.json")},
                         {"merges.txt", replaced(text("merges.txt"), from, to)}}),
                words);
  }
  void expect_ranks(std::string_view from, std::string_view to, std::string_view words) {
    expect_line(refusal({{"r.tiktoken", replaced(text("tokenizer.tiktoken"), from, to)}}), words);
  }

  const TemporaryFolder good;
};

TEST_F(BadTokenizer, folders) {
  EXPECT_NO_THROW(Tokenizer::load(good.path()));
  expect_line(refusal({}), ": expected a tokenizer (tokenizer.json");
  expect_line(refusal({{"config.json", "{}"}}), ": expected a tokenizer (tokenizer.json");
  expect_line(refusal({{"vocab.json", text("vocab.json")}}),
              "/merges.txt: no such file; vocab.json and merges.txt belong together");
  expect_line(refusal({{"merges.txt", text("merges.txt")}}), "/vocab.json: no such file");
  expect_line(
      refusal({{"tokenizer.model", "\n\x0E"}}),
      "found tokenizer.model, SentencePiece's own file; transformers makes a tokenizer.json");
  expect_line(refusal({{"vocab.bpe", text("vocab.bpe")}}), "/encoder.json: no such file");
  expect_line(refusal({{"encoder.json", ""}, {"vocab.bpe", ""}}),
              "/encoder.json:1:1: expected a value");
  const std::string other =
      replaced(replaced(text("vocab.json"), "\"A\": 65", "\"A\": 66"), "\"B\": 66", "\"B\": 65");
  expect_line(refusal({{"tokenizer.json", text("tokenizer.json")},
                       {"vocab.json", other},
                       {"merges.txt", text("merges.txt")}}),
              "/tokenizer.json and vocab.json contradict each other: token 65 is \"A\" and \"B\"");
  expect_line(refusal({{"tokenizer.json", text("tokenizer.json")},
                       {"vocab.json", text("vocab.json")},
                       {"merges.txt", replaced(text("merges.txt"), "t h\nth e\n", "th e\nt h\n")}}),
              "/tokenizer.json and vocab.json contradict each other: merge 1 differs");
  expect_line(refusal({{"tokenizer.json", text("tokenizer.json")},
                       {"vocab.json", text("vocab.json")},
                       {"merges.txt", replaced(text("merges.txt"), "i n\n", "")}}),
              "merge 6 differs");
  expect_line(refusal({{"encoder.json", text("encoder.json")},
                       {"vocab.bpe", text("vocab.bpe")},
                       {"r.tiktoken", replaced(text("tokenizer.tiktoken"), "aW4= 261\n", "")}}),
              "/encoder.json and r.tiktoken contradict each other: token 261 is \"in\" and "
              "\"<|endoftext|>\"");
  expect_line(refusal({{"tokenizer.json", replaced(text("tokenizer.json"), "\"special\": true",
                                                   "\"special\": false")},
                       {"vocab.json", text("vocab.json")},
                       {"merges.txt", replaced(text("merges.txt"), "i n", "i i")}}),
              "/merges.txt:7: the merge of \"i\" and \"i\" needs the token \"ii\"");
}

TEST_F(BadTokenizer, vocabularies) {
  expect_vocabulary("\"A\": 65, ", "", "/vocab.json: the vocabulary lacks the byte 0x41 (\"A\")");
  expect_vocabulary("\"Ġ\": 32, ", "", "lacks the byte 0x20 (\"Ġ\")");
  expect_vocabulary("\"A\": 65", "\"A\": 66", "/vocab.json: \"A\" and \"B\" have the same id 66");
  expect_vocabulary("\"A\": 65", "\"A\": 65, \"A\": 300",
                    "/vocab.json: \"A\" has two ids, 65 and 300");
  expect_vocabulary("\"A\": 65", "\"A\": -1",
                    "/vocab.json:1: \"A\": expected an id from 0 to 524287, found -1");
  expect_vocabulary("\"A\": 65", "\"A\": 524288", "expected an id from 0 to 524287, found 524288");
  expect_vocabulary("\"A\": 65", "\"A\": 65.5", "expected an integer");
  expect_vocabulary("\"A\": 65", "\"A\": \"65\"", "expected an integer");
  expect_vocabulary("\"A\": 65", "\"A\": 99999999999999999999", "\"A\": expected an integer");
  expect_vocabulary("\"A\": 65", "\"A\": 65, \"\": 300",
                    "/vocab.json:1: expected a token, found an empty one");
  expect_vocabulary("\"A\": 65", "\"A\": 65, \"a b\": 300",
                    "\"a b\" is not written in GPT-2's characters");
  expect_vocabulary("\"A\": 65", "\"A\": 65, \"€\": 300",
                    "\"€\" is not written in GPT-2's characters");
  expect_vocabulary("<|endoftext|>", "in", "\"in\" has two ids, 261 and 262");
  expect_vocabulary("}\n", "", "expected ',' or '}'");
  for (const char* json : {"[1, 2]", "\"vocab\"", "5", "null", "{}", "[]"})
    expect_line(refusal({{"vocab.json", json}, {"merges.txt", ""}}), "/vocab.json");
}

TEST_F(BadTokenizer, merges) {
  expect_merges("t h\n", "t q\n",
                "/merges.txt:2: the merge of \"t\" and \"q\" needs the token \"tq\"");
  expect_merges("t h\n", "t €\n", "needs the token \"€\", which the vocabulary lacks");
  expect_merges("t h\n", "t\n",
                "/merges.txt:2: expected two tokens with a space between them, found \"t\"");
  expect_merges("t h\n", "t h e\n", "/merges.txt:2: expected two tokens");
  expect_merges("t h\n", " th\n", "needs the token \"\"");
  expect_merges("t h\n", "th \n", "needs the token \"\"");
  expect_merges("t h\n", "t h\nt h\n",
                "/merges.txt:3: the merge of \"t\" and \"h\" is there twice, first as number 1");
  expect_merges("t h\n", "t \xC1\xA8\n", "needs the token");  // an overlong "h"
  expect_merges("t h\n", "t\xFF h\n", "needs the token \"t\uFFFD\"");
  expect_merges("t h\n", std::string(1000, 'x') + " h\n", "x…\"");
  expect_merges("t h\n", std::string("t\0 h\n", 5),
                "the merge of \"t?\" and \"h\" needs the token");
  expect_merges("t h\n", "t\x1B[31m h\n", "the merge of \"t?[31m\" and \"h\"");
}

TEST_F(BadTokenizer, tokenizer_json) {
  expect_json("\"th\": 256", "\"th\": 257",
              "/tokenizer.json: \"th\" and \"the\" have the same id 257");
  expect_json("\"A\": 65,", "", "lacks the byte 0x41");
  expect_json("\"A\": 65", "\"A\": -1", "\"A\": expected an id from 0");
  expect_json("\"A\": 65", "\"\": 65", ": expected a token, found an empty one");
  expect_json("\"t h\"", "\"t q\"", "needs the token \"tq\"");
  expect_json("\"t h\"", "[\"t\", \"q\"]", "needs the token \"tq\"");
  expect_json("\"t h\"", "[\"t\"]", "expected two tokens, found 1");
  expect_json("\"t h\"", "5", "\"merges\": expected");
  expect_json("\"t h\"", "\"t h\", \"t h\"", "is there twice, first as number 1");
  expect_json("\"t h\"", "\"t h\", [\"t\", \"h\"]", "is there twice, first as number 1");
  expect_json("\"id\": 262", "\"id\": 65",
              "\"<|endoftext|>\" has the id 262 in the vocabulary, 65 as an added token");
  expect_json("\"content\": \"<|endoftext|>\"", "\"content\": \"<|x|>\"",
              "/tokenizer.json: the added token \"<|x|>\" has the id 262 of \"<|endoftext|>\"");
  expect_json("\"content\": \"<|endoftext|>\"", "\"content\": \"\"",
              "the added token \"\": expected text");
  expect_json("\"id\": 262", "\"id\": -5", "\"id\": expected");

  const auto added = [](std::string_view content, int id) {
    return fmt::format("\"added_tokens\": [{{\"content\": \"{}\", \"id\": {}}},", content, id);
  };
  const std::string_view list = "\"added_tokens\": [";
  expect_json(list, added("<|endoftext|>", 262),
              "the added token \"<|endoftext|>\" is there twice");
  expect_json(list, added("<|x|>", 262),
              "the added token \"<|endoftext|>\" has the id 262 of \"<|x|>\"");
  expect_json(list, added("<|x|>", 524288),
              "the added token \"<|x|>\": expected an id from 0 to 524287, found 524288");
  expect_json(list, added("<|x|>", 65), "the added token \"<|x|>\" has the id 65 of \"A\"");
  expect_json(list, added("A", 300),
              "\"A\" has the id 65 in the vocabulary, 300 as an added token");
  expect_json(list, added("A", 65), "lacks the byte 0x41");
  expect_json(list, "\"added_tokens\": [5, ", "expected an object");
  expect_json(list, "\"added\": 0, \"added_tokens\": [{\"id\": 3},", "content");
  expect_json("\"merges\": [", "\"merges\": {}, \"other\": [", "the merges must be an array");
  expect_json("\"vocab\": {", "\"vocab\": [], \"other\": {", "the vocabulary an object");
  for (const char* twice :
       {"\"vocab\": {\"x\": 300}, \"model\": {", "\"merges\": [], \"model\": {",
        "\"model\": {\"added_tokens\": [],", "\"model\": {\"x\": [{\"vocab\": {}}],"})
    expect_json("\"model\": {", twice, "expected vocab, merges and added_tokens once");
  expect_json(list, "\"added_tokens\": {}, \"x\": [", "the added tokens must be an array");
  expect_json("\"BPE\"", "\"WordPiece\"",
              "expected a model of type BPE; \"WordPiece\" is not supported");
  expect_json("\"byte_fallback\": false", "\"byte_fallback\": true",
              "\"byte_fallback\": true beside ByteLevel is not supported");
  expect_json("\"byte_fallback\": false", "\"ignore_merges\": 1", "\"ignore_merges\": expected");
  expect_json("\"use_regex\": true", "\"use_regex\": 0", "\"use_regex\": expected true or false");
  for (const char* json :
       {"[1, 2]", "\"x\"", "5", "null", "{}", "", "{\"model\": 5}", "{\"model\": []}"})
    expect_line(refusal({{"tokenizer.json", json}}), "/tokenizer.json");
}

TEST_F(BadTokenizer, ranks) {
  expect_ranks("QQ== 65\n", "", "/r.tiktoken: expected every rank from 0 to 260 once, found 261");
  expect_ranks("QQ== 65\n", "QQ== 66\n", "/r.tiktoken: \"A\" and \"B\" have the same id 66");
  expect_ranks("QQ== 65\n", "Qg== 65\n", "/r.tiktoken: \"B\" has two ids, 65 and 66");
  expect_ranks("QQ== 65\n", "enp6 65\n", "/r.tiktoken: the vocabulary lacks the byte 0x41");
  for (const char* line :
       {"Q*== 65\n", "QQ=A 65\n", "Q=== 65\n", "QQ 65\n", "= 65\n", " 65\n", "QQ=== 65\n"})
    expect_ranks("QQ== 65\n", line, "/r.tiktoken:66: expected base64");
  for (const char* line : {"QQ==\n", "QQ== \n", "QQ== x\n", "QQ== 65 1\n", "QQ==  65\n",
                           "QQ== 6.5\n", "QQ== 99999999999999999999\n"})
    expect_ranks("QQ== 65\n", line,
                 "/r.tiktoken:66: expected a token in base64, a space and its rank");
  expect_ranks("QQ== 65\n", "QQ== -65\n",
               "/r.tiktoken:66: expected an id from 0 to 524287, found -65");
  expect_ranks("QQ== 65\n", "QQ== 600000\n", "expected an id from 0 to 524287, found 600000");
  expect_line(refusal({{"r.tiktoken", ""}}), "/r.tiktoken: the vocabulary lacks the byte 0x00");
}

// tiktoken takes them whole; merges come to something else.
TEST_F(BadTokenizer, ranks_that_merges_do_not_make_are_taken_whole) {
  const auto read = [&](std::string_view more) {
    return Tokenizer(parse_tiktoken(text("tokenizer.tiktoken") + std::string(more), "r.tiktoken"));
  };
  using Tokens = std::vector<int32_t>;
  EXPECT_EQ(read("").rules().whole_pieces, WholePieces::merged);
  EXPECT_EQ(read("YWJj 262\n").encode("abc xabc"), (Tokens{262, ' ', 'x', 'a', 'b', 'c'}));
  // "bc" comes before "ab" and "cd": of "abcd" it leaves "a", "bc" and "d".
  const Tokenizer tokenizer = read("YmM= 262\nYWI= 263\nY2Q= 264\nYWJjZA== 265\n");
  EXPECT_EQ(tokenizer.encode("abcd abcde"), (Tokens{265, ' ', 'a', 262, 'd', 'e'}));
  EXPECT_EQ(tokenizer.rules().whole_pieces, WholePieces::taken);
  expect_same(through(tokenizer, TokenizerFormat::hugging_face),
              through(tokenizer, TokenizerFormat::tiktoken));
}

// "xyx" is "xy" and "x", or "x" and "yx": one rank, so that of two such places the left one counts.
TEST_F(BadTokenizer, ranks_do_not_depend_on_what_they_are_made_of) {
  const Tokenizer tokenizer(parse_tiktoken(
      text("tokenizer.tiktoken") + "eHk= 262\neXg= 263\neHl4eQ== 264\neHl4 265\n", "r"));
  const Bpe& bpe = tokenizer.bpe();
  EXPECT_EQ(bpe.join(262, 'x').token, 265);
  EXPECT_EQ(bpe.join('x', 263).token, 265);
  EXPECT_EQ(bpe.join(262, 'x').rank, bpe.join('x', 263).rank);
}

// A token of millions of bytes is cut only where other tokens may begin, tokens of every length
// make more merges than anyone has.
TEST_F(BadTokenizer, ranks_of_long_tokens) {
  std::string ranks, runs = text("tokenizer.tiktoken");
  for (int i = 0; i < 1'000'000; ++i) ranks += "YWFi";
  EXPECT_EQ(parse_tiktoken(runs + ranks + " 262\n", "ranks").tokens[262].size(), 3'000'000u);
  runs += "YWI= 262\n", ranks = "YWJj";
  for (int i = 0; i < 800; ++i, ranks += "YWJj") runs += fmt::format("{} {}\n", ranks, 263 + i);
  EXPECT_EQ(parse_tiktoken(runs, "ranks").merges.size(), 8u + 800 * 799 / 2);
  for (int i = 800; i < 1500; ++i, ranks += "YWJj") runs += fmt::format("{} {}\n", ranks, 263 + i);
  expect_line(refusal({{"r.tiktoken", runs}}), "expected tokens of at most 1048576 merges");
}

TEST_F(BadTokenizer, old_and_odd_spellings_that_are_right) {
  const auto read = [&](std::string_view name, const std::string& changed) {
    const TemporaryFolder folder;
    for (const char* one : {"vocab.json", "merges.txt"}) fs::copy_file(good / one, folder / one);
    write_file(folder / std::string(name), changed);
    expect_same(read_tokenizer(folder.path()), learned_parts());
  };
  read("merges.txt", replaced(text("merges.txt"), "#version: 0.2\n", ""));
  read("merges.txt", replaced(text("merges.txt"), "\nth e\n", "\r\nth e\r\n\n"));
  const std::string merges = text("merges.txt");
  read("merges.txt", merges.substr(0, merges.size() - 1));
  read("tokenizer.json", replaced(text("tokenizer.json"), "\"type\": \"BPE\",", ""));
  read("tokenizer.json", replaced(text("tokenizer.json"), "\"t h\"", "[\"t\", \"h\"]"));
  read("tokenizer.json", replaced(text("tokenizer.json"), "\"t h\"", "\"t \\u0068\""));
  read("tokenizer.json",
       replaced(text("tokenizer.json"), "\"post_processor\": null",
                R"("post_processor": {"type": "ByteLevel", "trim_offsets": false})"));
  read("r.tiktoken", replaced(text("tokenizer.tiktoken"), "\n", "\r\n\n"));
}

TEST_F(BadTokenizer, ids_beyond_the_vocabulary) {
  const Tokenizer tokenizer = Tokenizer::load(good.path());
  for (const int32_t id : {263, -1, INT32_MAX, INT32_MIN}) {
    const std::string error = error_of(ErrorKind::data, [&] {
      tokenizer.decode(std::vector<int32_t>{65, id});
    });
    EXPECT_EQ(error, fmt::format("[decode] token {} is outside the vocabulary of 263", id));
  }
}

// ---- Large files --------------------------------------------------------------------------------

// `count` times part(i) between a beginning and an end.
template <class Part>
std::string repeated(std::string text, int count, const Part& part, std::string_view end) {
  for (int i = 0; i < count; ++i) text += part(i);
  return text += end;
}

// Refusing a file costs no more memory than its size and 16 MiB, and a line says why.
TEST_F(BadTokenizer, refusing_large_files_costs_little_memory) {
  const std::string vocabulary = text("vocab.json").substr(0, text("vocab.json").size() - 2);
  const std::string json = text("tokenizer.json");
  const auto number = [](const char* format) {
    return [format](int i) { return fmt::format(fmt::runtime(format), i); };
  };
  const auto in_json = [&](std::string_view from, const std::string& to) {
    return std::vector<std::pair<std::string, std::string>>{
        {"tokenizer.json", replaced(json, from, to)}};
  };
  const auto pair = [&](const std::string& names, const std::string& merges) {
    return std::vector<std::pair<std::string, std::string>>{{"vocab.json", names},
                                                            {"merges.txt", merges}};
  };
  // As large as vocabularies are: 200,000 tokens, each the merge of another one and a letter.
  std::string large = vocabulary, merges = text("merges.txt");
  std::vector<std::string> names{"q"};
  for (size_t i = 1; i <= 200'000; ++i) {
    const std::string letter(1, static_cast<char>('a' + i % 26));
    merges += names[i / 26] + " " + letter + "\n";
    names.push_back(names[i / 26] + letter);
    large += fmt::format(", \"{}\": {}", names.back(), 300 + i);
  }
  struct Case {
    std::vector<std::pair<std::string, std::string>> files;
    const char* words;
  };
  const auto cases = [&](int i) -> Case {
    switch (i) {
      case 0:
        return {pair(repeated(vocabulary, 1'000'000, number(", \"x{0}\": {0}"), "}"), ""),
                "at most 524288 tokens"};
      case 1:
        return {pair(repeated(vocabulary, 2'000'000, number(", \"A\": 5"), "}"), ""),
                "at most 524288 tokens"};
      case 2:
        return {pair(text("vocab.json"), repeated("", 5'000'000, number("t h\n"), "")),
                "merges.txt:2: the merge of"};
      case 3:
        return {pair(text("vocab.json"), std::string(40 << 20, 'x')),
                "merges.txt:1: expected two tokens"};
      case 4:
        return {pair(std::string(40 << 20, '['), ""), "deeper than 64 levels"};
      case 5:
        return {pair("{\"" + std::string(40 << 20, 'x') + "\": 0}", ""), "too many values"};
      case 6:
        return {pair(repeated(
                         "{", 40, [](int) { return "\"" + std::string(1 << 20, 'x') + "\": 0,"; },
                         "\"a\": 1}"),
                     ""),
                "tokens of at most 6.29 MB together"};
      case 7:
        return {in_json("\"added_tokens\": [",
                        repeated("\"added_tokens\": [", 500'000,
                                 number("{{\"id\": {0}, \"content\": \"x{0}\"}},"), "")),
                "at most 65536 added tokens"};
      case 8:
        return {in_json("\"t h\"", repeated("", 1'000'000, number("\"t h\","), "\"t h\"")),
                "is there twice"};
      case 9:
        return {in_json("\"normalizer\": null",
                        repeated("\"normalizer\": [", 3'000'000, number("0,"), "0]")),
                "too many values"};
      case 10:
        return {{{"r.tiktoken", repeated("", 5'000'000, number("QQ== 0\n"), "")}},
                "at most 524288 tokens"};
      case 11:
        return {{{"r.tiktoken",
                  repeated(
                      text("tokenizer.tiktoken"), 1'000'000,
                      [](int n) { return fmt::format("enp6eno= {}\n", 262 + n % 400'000); }, "")}},
                "at most 524288 tokens"};
      default:
        return {pair(large + "}", merges + "q zz\n"),
                "merges.txt:200008: the merge of \"q\" and \"zz\""};
    }
  };
  for (int i = 0; i < 13; ++i) {
    const TemporaryFolder folder;
    const Case one = cases(i);
    size_t bytes = 0;
    for (const auto& [name, contents] : one.files) {
      std::ofstream(folder / name, std::ios::binary) << contents;
      bytes += contents.size();
    }
    std::string error;
    const size_t rise = resident_rise(
        [&] { error = error_of(ErrorKind::data, [&] { Tokenizer::load(folder.path()); }); });
    expect_line(error, one.words);
    EXPECT_LE(rise, bytes + (size_t{16} << 20)) << i << ": " << error;
  }
}

}  // namespace
}  // namespace octavo

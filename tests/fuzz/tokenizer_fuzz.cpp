// Fuzzes the readers of tokenizer files: any bytes are refused with an Error of one line, or give a
// tokenizer that merges as the definition says, decodes what it encoded exactly, and reads back the
// same from a format that can say it. The first byte chooses the formats to read and to write; a
// byte 0x02 stands between vocab.json and merges.txt. No vocabulary does without the 256 bytes, so
// 0x01 stands for them: mutations need not leave them alone.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/tokenizer/tokenizer_files.h"

namespace {

using namespace octavo;

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "tokenizer_fuzz: %s\n", what);
  std::abort();
}

std::string_view file_of(const Tokenizer& tokenizer, TokenizerFormat format, size_t which) {
  static std::string text;
  text = tokenizer_files(tokenizer, format)[which].second;
  return text;
}

// How a format writes the bytes, as a part of a longer list.
const std::string& bytes_in(TokenizerFormat format) {
  static const auto without_end = [](std::string text) {
    return text.substr(0, text.find(", \"<|endoftext|>"));
  };
  static const std::string json =
      without_end(std::string(file_of(Tokenizer::bytes(), TokenizerFormat::gpt2, 0).substr(1)));
  static const std::string ranks(file_of(Tokenizer::bytes(), TokenizerFormat::tiktoken, 0));
  return format == TokenizerFormat::tiktoken ? ranks : json;
}

TokenizerParts parse(std::string_view text, TokenizerFormat format) {
  if (format == TokenizerFormat::hugging_face) return parse_tokenizer_json(text, "fuzz");
  if (format == TokenizerFormat::tiktoken) return parse_tiktoken(text, "fuzz");
  const size_t end = std::min(text.find('\x02'), text.size());
  return parse_vocabulary_and_merges(text.substr(0, end), "fuzz",
                                     text.substr(std::min(end + 1, text.size())), "fuzz");
}

void check_text(const Tokenizer& tokenizer, std::string_view text) {
  for (const SpecialTokens special : {SpecialTokens::as_text, SpecialTokens::recognised})
    check(tokenizer.decode(tokenizer.encode(text, special)) == text, "another text came back");
}

// Of all neighbours that a merge joins those of the lowest rank, the leftmost first.
std::vector<int32_t> merged_plainly(const Bpe& bpe, std::string_view piece) {
  std::vector<int32_t> parts;
  for (const char byte : piece) parts.push_back(bpe.byte_token(static_cast<unsigned char>(byte)));
  while (true) {
    size_t place = 0;
    Bpe::Joined lowest;
    for (size_t i = 0; i + 1 < parts.size(); ++i)
      if (const Bpe::Joined joined = bpe.join(parts[i], parts[i + 1]); joined.rank < lowest.rank)
        lowest = joined, place = i;
    if (lowest.token < 0) return parts;
    parts[place] = lowest.token;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
}

// A short piece and a long one, of what merges make.
void check_merges(const Bpe& bpe) {
  std::string piece;
  while (piece.size() < 260)
    for (const Merge& merge : bpe.merges()) piece += bpe.tokens()[merge.result];
  Encoder encoder(bpe);
  for (const size_t length : {100, 260}) {
    std::vector<int32_t> tokens;
    encoder.encode_piece(piece.substr(0, length), tokens);
    check(tokens == merged_plainly(bpe, piece.substr(0, length)), "merged in another order");
  }
}

void check_same(const TokenizerParts& a, const TokenizerParts& b) {
  check(a.tokens.size() == b.tokens.size(), "another number of tokens was read back");
  for (int32_t id = 0; id < static_cast<int32_t>(a.tokens.size()); ++id)
    check(a.tokens[id] == b.tokens[id], "another token was read back");
  check(a.merges == b.merges, "other merges were read back");
  check(a.added == b.added && a.digits == b.digits, "other added tokens or digits were read back");
}

void check_written(const TokenizerParts& parts, const Tokenizer& tokenizer, TokenizerFormat format,
                   std::string_view text) try {
  if (format == TokenizerFormat::hugging_face)
    return check_same(parts, parse_tokenizer_json(tokenizer_json(tokenizer), "written"));
  const auto files = tokenizer_files(tokenizer, format);
  if (format == TokenizerFormat::vocabulary)
    return check_same(
        parts, parse_vocabulary_and_merges(files[0].second, "written", files[1].second, "written"));
  const Tokenizer again(parse_tiktoken(files[0].second, "written"));
  check(again.encode(text) == tokenizer.encode(text), "ranks that were written mean other merges");
} catch (const Error& error) {
  const std::string_view message = error.what();
  check(format != TokenizerFormat::hugging_face && message.find("cannot say") != message.npos,
        error.what());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static constexpr TokenizerFormat kFormats[] = {
      TokenizerFormat::hugging_face, TokenizerFormat::vocabulary, TokenizerFormat::tiktoken};
  const TokenizerFormat format = kFormats[data[0] % 3];
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string file(input);
  if (const size_t place = file.find('\x01'); place != file.npos)
    file.replace(place, 1, bytes_in(format));
  TokenizerParts parts;
  try {
    parts = parse(file, format);
  } catch (const Error& error) {
    const std::string_view message = error.what();
    check(error.kind() == ErrorKind::data, "an error of another kind");
    check(message.find('\n') == message.npos, "a message of several lines");
    return 0;
  }
  const Tokenizer tokenizer(parts);
  check_text(tokenizer, input);
  if (!parts.merges.empty()) check_merges(tokenizer.bpe());
  check_written(parts, tokenizer, kFormats[data[0] / 3 % 3], input);
  return 0;
}

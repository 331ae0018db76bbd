// Fuzzes the lines of JSONL, with nlohmann's parser as the oracle: a line is a document if and only
// if it is an object with a "text" that is text, and that is the document. The first byte says what
// becomes of NUL characters.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/dataset/text_files.h"

namespace {

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "documents_fuzz: %s\n", what);
  std::abort();
}

std::optional<std::string> expected_of(std::string_view line) {
  const nlohmann::json record = nlohmann::json::parse(line, nullptr, false);
  if (!record.is_object() || !record.contains("text") || !record["text"].is_string()) return {};
  return record["text"].get<std::string>();
}

void check_line(std::string_view line, octavo::BinaryText binary) {
  std::optional<std::string> text;
  try {
    text = octavo::document_of(line, "fuzz.jsonl", 7, binary);
  } catch (const octavo::Error& error) {
    const std::string_view message = error.what();
    check(error.kind() == octavo::ErrorKind::data, "an error of another kind");
    check(message.starts_with("fuzz.jsonl:7"), "no place in the message");
    check(message.find('\n') == message.npos, "a message of several lines");
    const bool on_purpose = message.find("levels") != message.npos ||
                            message.find("twice") != message.npos ||
                            message.find("too many values") != message.npos ||
                            message.find("0x00") != message.npos;  // the oracle stops there
    check(on_purpose || !expected_of(line), "refused what the oracle accepts");
    return;
  }
  const bool blank = line.find_first_not_of(" \t\r") == line.npos;
  check(blank != text.has_value(), "a blank line is no document, another one is");
  if (text) check(expected_of(line) == text, "read another text than the oracle");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto binary = static_cast<octavo::BinaryText>(data[0] % 2);
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    check_line(rest.substr(0, end), binary);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return 0;
}

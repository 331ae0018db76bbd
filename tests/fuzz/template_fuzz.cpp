// Fuzzes templates: what comes before a byte 0x01 is the template, what comes after it the JSON
// that it is given. Any bytes give a text within the limits, or an Error of one line with a place
// in it; the same ones twice, and nothing is left behind. The limits are small, so that the fuzzer
// reaches them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "octavo/template/template.h"

namespace {

using namespace octavo;

constexpr TemplateLimits kLimits{.template_bytes = 1 << 14,
                                 .template_nodes = 5000,
                                 .syntax_depth = 100,
                                 .evaluation_depth = 300,
                                 .steps = 20'000,
                                 .output_bytes = 1 << 16,
                                 .memory_bytes = 1 << 20,
                                 .range_items = 1000};

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "template_fuzz: %s\n", what);
  std::abort();
}

Json globals_of(std::string_view text) {
  try {
    Json globals = Json::parse(text, "globals");
    if (globals.is_object()) return globals;
  } catch (const Error&) {
  }
  return Json::parse(R"({"messages": [{"role": "user", "content": "é ☀"}], "n": 3, "x": [1, "a"]})",
                     "globals");
}

std::string outcome(const Template& parsed, const Json& globals) try {
  std::string text = parsed.render(globals);
  check(text.size() <= kLimits.output_bytes, "more output than is allowed");
  check(is_utf8(text), "output that is no UTF-8");
  return text;
} catch (const RaisedByTemplate& error) {
  check(error.kind() == ErrorKind::data && is_utf8(error.message()), "a strange refusal");
  return error.message();
} catch (const Error& error) {
  const std::string_view message = error.what();
  check(error.kind() == ErrorKind::data, "an error of another kind");
  check(message.starts_with("fuzz:") && message.size() < 1000, error.what());
  check(message.find('\n') == message.npos && is_utf8(message), "a message of several lines");
  return error.what();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(input.find('\x01'), size);
  try {
    const Template parsed = Template::parse(input.substr(0, end), "fuzz", kLimits);
    const Json globals = globals_of(input.substr(std::min(end + 1, size)));
    check(outcome(parsed, globals) == outcome(parsed, globals), "two renderings differ");
  } catch (const Error& error) {
    const std::string_view message = error.what();
    check(error.kind() == ErrorKind::data, "an error of another kind");
    check(message.starts_with("fuzz:") && message.find('\n') == message.npos, error.what());
  }
  return 0;
}

// Fuzzes the JSON parser with nlohmann's as the oracle: both accept and agree, or both reject, but
// for what Octavo rejects on purpose (depth, duplicate keys, memory). What is accepted survives
// dump and parse.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "octavo/base/error.h"
#include "octavo/base/json.h"

namespace {

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "json_fuzz: %s\n", what);
  std::abort();
}

bool same(const octavo::Json& ours, const nlohmann::json& theirs) {
  if (theirs.is_object()) {
    if (!ours.is_object() || ours.size() != theirs.size()) return false;
    for (const octavo::Json& member : ours.members()) {
      const auto found = theirs.find(std::string(member.key()));
      if (found == theirs.end() || !same(member, *found)) return false;
    }
    return true;
  }
  if (theirs.is_array()) {
    if (!ours.is_array() || ours.size() != theirs.size()) return false;
    for (size_t i = 0; i < ours.size(); ++i)
      if (!same(ours.at(i), theirs[i])) return false;
    return true;
  }
  if (theirs.is_string()) return ours.is_text() && ours.text() == theirs.get<std::string>();
  if (theirs.is_boolean()) return ours.is_boolean() && ours.boolean() == theirs.get<bool>();
  if (theirs.is_null()) return ours.is_null();
  return ours.is_number() && ours.number() == theirs.get<double>();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const nlohmann::json theirs = nlohmann::json::parse(text, nullptr, false);
  std::optional<octavo::Json> ours;
  try {
    ours = octavo::Json::parse(text, "fuzz");
  } catch (const octavo::Error& error) {
    const std::string_view message = error.what();
    const bool on_purpose = message.find("levels") != message.npos ||
                            message.find("twice") != message.npos ||
                            message.find("too many values") != message.npos ||
                            message.find("byte 0x00") != message.npos;  // the oracle stops there
    check(theirs.is_discarded() || on_purpose, "rejected what the oracle accepts");
    return 0;
  }
  check(!theirs.is_discarded(), "accepted what the oracle rejects");
  check(same(*ours, theirs), "read another value than the oracle");
  check(octavo::Json::parse(ours->dump(), "dump") == *ours, "changed by dump and parse");
  check(octavo::Json::parse(ours->dump(2), "dump") == *ours, "changed by an indented dump");
  return 0;
}

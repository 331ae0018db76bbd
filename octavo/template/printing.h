// Values as text: Python's str() and repr(), and json.dumps() as transformers calls it for
// `tojson`. Tested by tests/template/values_test.cpp.
#pragma once

#include <string>

#include "octavo/template/runtime.h"
#include "octavo/template/value.h"

namespace octavo::jinja {

std::string to_text(Runtime& runtime, const Value& value);  ///< str()
void write_text(Runtime& runtime, const Value& value, TextBuilder& out);

struct JsonStyle {
  bool ascii = false;
  bool sorted = false;
  bool lines = false;  ///< each item on one of its own, indented by `indent` for each level
  std::string indent;
  std::string item_separator = ", ", key_separator = ": ";
};
void write_json(Runtime& runtime, const Value& value, const JsonStyle& style, TextBuilder& out);

}  // namespace octavo::jinja

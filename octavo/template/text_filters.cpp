// Filters of texts: `text | upper`. What is no text is filtered as str() has it, but where Jinja
// asks for one. Nothing is escaped unless asked for, so `safe` only makes a text.
#include <algorithm>

#include "octavo/template/characters.h"
#include "octavo/template/objects.h"
#include "octavo/template/printing.h"

namespace octavo::jinja {
namespace {

// What Jinja's filter takes to end a word; str.title() has another idea of it.
bool ends_word(char32_t code) {
  return code == '-' || code == '(' || code == '{' || code == '[' || code == '<' || is_space(code);
}

std::string title(std::string_view text) { return titled(text, ends_word); }

template <std::string (*change)(std::string_view)>
Value changed(Runtime& runtime, const Value& subject, Arguments&) {
  const std::string text = to_text(runtime, subject);
  runtime.spend_characters(text.size());
  return runtime.text(change(text));
}

Value trim(Runtime& runtime, const Value& subject, Arguments& arguments) {
  return runtime.text(stripped(runtime, to_text(runtime, subject), Side::both, arguments[0]));
}

Value replace(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Value count = arguments.or_else(2, None{});
  return runtime.text(replaced(runtime, to_text(runtime, subject), to_text(runtime, arguments[0]),
                               to_text(runtime, arguments[1]),
                               count.is_none() ? -1 : whole_of(runtime, count, "count")));
}

// A text, or so many spaces.
std::string indention(Runtime& runtime, const Value& width) {
  if (width.text()) return std::string(width.view());
  TextBuilder spaces(runtime);
  spaces.fill(static_cast<size_t>(std::max<int64_t>(whole_of(runtime, width, "width"), 0)), " ");
  return spaces.take();
}

Value indent(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const std::string before = indention(runtime, arguments.or_else(0, 4));
  const bool first = truth(arguments.or_else(1, false));
  const bool blank = truth(arguments.or_else(2, false));
  const std::string ended =  // so that an empty last line is one
      fmt::format("{}\n", text_of(runtime, subject, "indent").bytes);
  TextBuilder out(runtime);
  bool is_first = true;
  for (const Value& line : lines_of(runtime, ended, LineEnds::dropped)) {
    if (!is_first) out += "\n";
    if (is_first ? first : blank || truth(line)) out += before;
    out += line.view();
    is_first = false;
  }
  return out.value();
}

Value string(Runtime& runtime, const Value& subject, Arguments&) {
  return subject.text() ? subject : runtime.text(to_text(runtime, subject));
}

Value escape(Runtime& runtime, const Value& subject, Arguments&) {
  TextBuilder out(runtime);
  for (const char c : to_text(runtime, subject))
    out += c == '&'    ? "&amp;"
           : c == '<'  ? "&lt;"
           : c == '>'  ? "&gt;"
           : c == '"'  ? "&#34;"
           : c == '\'' ? "&#39;"
                       : std::string_view(&c, 1);
  return out.value();
}

Value tojson(Runtime& runtime, const Value& subject, Arguments& arguments) {
  JsonStyle style;
  style.ascii = truth(arguments.or_else(0, false));
  style.sorted = truth(arguments.or_else(3, false));
  const Value indent = arguments.or_else(1, None{}), separators = arguments.or_else(2, None{});
  if (!indent.is_none()) {
    style.lines = true;
    style.item_separator = std::string(1, ',');
    style.indent = indention(runtime, indent);
  }
  if (!separators.is_none()) {
    const std::vector<Value> both = items_of(runtime, separators);
    if (both.size() != 2) runtime.fail("tojson: expected two separators, found {}", both.size());
    style.item_separator = text_of(runtime, both[0], "a separator").bytes;
    style.key_separator = text_of(runtime, both[1], "a separator").bytes;
  }
  TextBuilder out(runtime);
  write_json(runtime, subject, style, out);
  return out.value();
}

constexpr Builtin kTable[] = {
    {"upper", "", changed<upper>},
    {"lower", "", changed<lower>},
    {"capitalize", "", changed<capitalized>},
    {"title", "", changed<title>},
    {"trim", "chars?", trim},
    {"replace", "old new count?", replace},
    {"indent", "width? first? blank?", indent},
    {"string", "", string},
    {"safe", "", string},
    {"escape", "", escape},
    {"e", "", escape},
    {"tojson", "ensure_ascii? indent? separators? sort_keys?", tojson},
};

}  // namespace

std::span<const Builtin> text_filters() { return kTable; }

}  // namespace octavo::jinja

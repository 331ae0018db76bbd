#include "octavo/template/printing.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "octavo/template/characters.h"
#include "octavo/template/objects.h"

namespace octavo::jinja {
namespace {

/// repr() and json.dumps() differ in quotes, escapes, and what they call the few values with names.
enum class Dialect { python, json };

class Writer {
 public:
  Writer(Runtime& runtime, Dialect dialect, const JsonStyle& style, TextBuilder& out)
      : runtime_(runtime), is_json_(dialect == Dialect::json), style_(style), out_(out) {}

  void write(const Value& value) {
    const Nesting nesting(runtime_);
    runtime_.spend();
    if (value.text()) return write_quoted(value.view());
    if (value.dict()) return write_dict(*value.dict());
    if (!value.sequence()) return write_scalar(value);
    const bool is_tuple = value.is_tuple() && !is_json_;
    const std::string_view brackets = !is_tuple ? "[]" : value.items().size() == 1 ? "(,)" : "()";
    write_all(value.items(), brackets, [&](const Value& item) { write(item); });
  }

 private:
  void write_scalar(const Value& value) {
    if (value.is_none())
      out_ += is_json_ ? "null" : "None";
    else if (value.is_boolean())
      out_ += is_json_ ? value.boolean() ? "true" : "false" : value.boolean() ? "True" : "False";
    else if (value.is_integer())
      out_ += fmt::format("{}", value.whole());
    else if (value.is_real())
      write_real(value.real());
    else if (is_json_)
      runtime_.fail("expected a value that JSON has, found {}", describe(value));
    else
      out_ += value.undefined() ? "Undefined" : fmt::format("<{} object>", value.type_name());
  }

  // The fewest digits that read back the same: plain from 1e-4 to 1e16, else with an exponent.
  void write_real(double value) {
    if (!std::isfinite(value)) {
      if (value < 0) out_ += "-";
      out_ += std::isnan(value) ? is_json_ ? "NaN" : "nan" : is_json_ ? "Infinity" : "inf";
      return;
    }
    const double magnitude = std::abs(value);
    const bool is_plain = value == 0 || (magnitude >= 1e-4 && magnitude < 1e16);
    char buffer[32];
    const auto end =
        std::to_chars(buffer, std::end(buffer), value,
                      is_plain ? std::chars_format::fixed : std::chars_format::scientific);
    const std::string_view digits(buffer, static_cast<size_t>(end.ptr - buffer));
    out_ += digits;
    if (is_plain && digits.find('.') == digits.npos) out_ += ".0";
  }

  void write_quoted(std::string_view text) {
    const bool prefers_double = text.find('\'') != text.npos && text.find('"') == text.npos;
    const char quote = is_json_ || prefers_double ? '"' : '\'';
    out_ += {&quote, 1};
    while (!text.empty()) {
      size_t plain = 0;
      while (plain < text.size()) {
        const Character next = first_character(text.substr(plain));
        if (!is_plain(next.code, quote)) break;
        plain += next.length;
      }
      out_ += text.substr(0, plain);
      text.remove_prefix(plain);
      if (text.empty()) break;
      const Character special = first_character(text);
      write_escape(special.code, quote);
      text.remove_prefix(special.length);
    }
    out_ += {&quote, 1};
  }

  bool is_plain(char32_t code, char quote) const {
    if (code == static_cast<char32_t>(quote) || code == '\\') return false;
    return is_json_ ? code >= 0x20 && (code < 0x7F || !style_.ascii) : is_printable(code);
  }

  void write_escape(char32_t code, char quote) {
    static constexpr std::string_view kSpecial = "\n\r\t\b\f", kLetters = "nrtbf";
    const auto number = static_cast<uint32_t>(code);
    const size_t which = code < 0x80 ? kSpecial.find(static_cast<char>(code)) : kSpecial.npos;
    if (code == static_cast<char32_t>(quote) || code == '\\')
      out_ += std::string{'\\', static_cast<char>(code)};
    else if (which < (is_json_ ? 5 : 3))
      out_ += std::string{'\\', kLetters[which]};
    else if (code < 0x100 && !is_json_)
      out_ += fmt::format("\\x{:02x}", number);
    else if (code < 0x10000)
      out_ += fmt::format("\\u{:04x}", number);
    else if (!is_json_)
      out_ += fmt::format("\\U{:08x}", number);
    else
      out_ += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((number - 0x10000) >> 10),
                          0xDC00 + (number & 0x3FF));
  }

  void break_line() {
    if (!style_.lines) return;
    out_ += "\n";
    out_.fill(level_, style_.indent);
  }

  template <class Range, class Write>
  void write_all(const Range& range, std::string_view brackets, Write write_one) {
    out_ += brackets.substr(0, 1);
    ++level_;
    bool first = true;
    for (const auto& one : range) {
      if (!std::exchange(first, false)) out_ += style_.item_separator;
      break_line();
      write_one(one);
    }
    --level_;
    if (!first) break_line();
    out_ += brackets.substr(1);
  }

  void write_dict(const Dict& dict) {
    const auto write_entry = [&](const Dict::Entry& entry) {
      const bool adds_quotes = is_json_ && !entry.first.text();
      if (adds_quotes) out_ += "\"";
      entry.first.text() ? write_quoted(entry.first.view()) : write_scalar(entry.first);
      if (adds_quotes) out_ += "\"";
      out_ += style_.key_separator;
      write(entry.second);
    };
    if (!style_.sorted) return write_all(dict.entries, "{}", write_entry);
    const Charge paid = runtime_.charge(dict.size() * sizeof(Dict::Entry));
    std::vector<Dict::Entry> entries = dict.entries;
    std::ranges::stable_sort(entries, [&](const Dict::Entry& a, const Dict::Entry& b) {
      return order(runtime_, a.first, b.first) < 0;
    });
    write_all(entries, "{}", write_entry);
  }

  Runtime& runtime_;
  const bool is_json_;
  const JsonStyle& style_;
  TextBuilder& out_;
  size_t level_ = 0;
};

}  // namespace

void write_text(Runtime& runtime, const Value& value, TextBuilder& out) {
  if (value.text())
    out += value.view();
  else if (!value.undefined())
    Writer(runtime, Dialect::python, {}, out).write(value);
}

std::string to_text(Runtime& runtime, const Value& value) {
  TextBuilder out(runtime);
  write_text(runtime, value, out);
  return out.take();
}

void write_json(Runtime& runtime, const Value& value, const JsonStyle& style, TextBuilder& out) {
  Writer(runtime, Dialect::json, style, out).write(value);
}

}  // namespace octavo::jinja

// The parser behind Json::parse: recursive descent over the text, one pass, no backtracking.
//
// What the values take is charged against a limit before they take it, so a hostile file ("[1,1,1,
// …", twenty times its size as values) is rejected within the bound that json.h promises. A
// stream's elements give their memory back, so a vocabulary of any length fits into the same bound.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"

namespace octavo {

class JsonReader {
 public:
  JsonReader(std::string_view text, std::string_view source, const JsonOptions& options)
      : text_(text),
        source_(std::make_shared<const std::string>(source)),
        options_(options),
        line_(options.first_line) {}

  Json read_document() {
    if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;  // a byte order mark
    skip_space();
    const Label label = label_for("");
    Json root = read_value(label, 1, stream_for(label));
    skip_space();
    if (position_ < text_.size()) fail_here("expected the end of the text");
    return root;
  }

 private:
  using Label = std::shared_ptr<const Json::Label>;
  using Stream = const JsonStream*;  // null: keep the values

  [[noreturn]] void fail_here(std::string_view problem) const {
    const std::string_view before = text_.substr(0, position_);
    const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const size_t column = display_width(before.substr(line_start)) + 1;
    fail(ErrorKind::data, "{}:{}:{}: {}, found {}", *source_,
         std::count(before.begin(), before.end(), '\n') + options_.first_line, column, problem,
         found_here());
  }

  std::string found_here() const {
    if (position_ >= text_.size()) return "the end of the text";
    const std::string_view rest = text_.substr(position_);
    const auto byte = static_cast<uint8_t>(rest[0]);
    const size_t length = utf8_length(rest);
    if (length == 0 || byte < 0x20 || byte == 0x7F) return fmt::format("byte 0x{:02x}", byte);
    return fmt::format("'{}'", rest.substr(0, length));
  }

  void charge(size_t bytes) {
    memory_ += bytes;
    if (memory_ > options_.memory_limit)
      fail(ErrorKind::data, "{}:{}: too many values: they take more than {}", *source_, line_,
           human_bytes(static_cast<double>(options_.memory_limit)));
  }

  Label label_for(std::string key) {
    charge(sizeof(Json::Label) + 32 + (key.capacity() > 15 ? key.capacity() : 0));
    return std::make_shared<const Json::Label>(Json::Label{std::move(key), source_, line_});
  }

  // Not within the elements of another: they are whole.
  Stream stream_for(const Label& label) const {
    if (inside_stream_) return nullptr;
    const auto found = std::ranges::find(options_.streams, label->key, &JsonStream::key);
    return found == options_.streams.end() ? nullptr : &*found;
  }

  // Keeps a value, or hands it over: then `memory_before` is in use again.
  void take(std::vector<Json>& values, Json value, Stream stream, size_t memory_before) {
    if (!stream) return append(values, std::move(value));
    stream->use(value);
    memory_ = memory_before;
  }

  // Appends with a growth whose peak has been charged.
  void append(std::vector<Json>& values, Json value) {
    if (values.size() == values.capacity()) {
      const size_t before = values.capacity();
      const size_t after = before ? before + before / 2 + 1 : 2;
      charge(after * sizeof(Json));
      values.reserve(after);
      memory_ -= before * sizeof(Json);
    }
    values.push_back(std::move(value));
  }

  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  bool accept(char c) {
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  void skip_space() {
    for (; position_ < text_.size(); ++position_) {
      const char c = text_[position_];
      if (c == '\n') ++line_;
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return;
    }
  }

  Json read_value(const Label& label, int depth, Stream stream) {
    Json result;
    if (stream) inside_stream_ = true;
    switch (peek()) {
      case '{':
        result = read_object(depth, stream);
        break;
      case '[':
        result = read_array(label, depth, stream);
        break;
      case '"':
        result = Json(read_string());
        break;
      case 't':
        result = read_word("true", true);
        break;
      case 'f':
        result = read_word("false", false);
        break;
      case 'n':
        result = read_word("null", nullptr);
        break;
      default:
        result = read_number();
    }
    if (stream) inside_stream_ = false;
    result.label_ = label;
    return result;
  }

  Json read_word(std::string_view word, Json value) {
    if (text_.substr(position_, word.size()) != word) fail_here("expected a value");
    position_ += word.size();
    return value;
  }

  void enter(int depth) {
    if (depth > Json::kMaximumDepth)
      fail_here(fmt::format("nested deeper than {} levels", Json::kMaximumDepth));
    ++position_;
    skip_space();
  }

  Json read_array(const Label& label, int depth, Stream stream) {
    enter(depth);
    Json::Array array;
    if (!accept(']')) {
      while (true) {
        const size_t memory_before = memory_;
        take(array.items, read_value(label, depth + 1, nullptr), stream, memory_before);
        skip_space();
        if (accept(']')) break;
        if (!accept(',')) fail_here("expected ',' or ']'");
        skip_space();
      }
    }
    Json result;
    result.value_ = std::move(array);
    return result;
  }

  Json read_object(int depth, Stream stream) {
    enter(depth);
    Json::Object object;
    if (!accept('}')) {
      while (true) {
        if (peek() != '"') fail_here("expected a key in quotes");
        const size_t memory_before = memory_;
        const Label label = label_for(read_string());
        skip_space();
        if (!accept(':')) fail_here("expected ':'");
        skip_space();
        Json value = read_value(label, depth + 1, stream_for(label));
        take(object.members, std::move(value), stream, memory_before);
        skip_space();
        if (accept('}')) break;
        if (!accept(',')) fail_here("expected ',' or '}'");
        skip_space();
      }
    }
    reject_duplicates(object.members);
    Json result;
    result.value_ = std::move(object);
    return result;
  }

  void reject_duplicates(const std::vector<Json>& members) {
    charge(members.size() * sizeof(const Json*));
    std::vector<const Json*> sorted(members.size());
    std::iota(sorted.begin(), sorted.end(), members.data());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Json* a, const Json* b) { return a->key() < b->key(); });
    const auto same = [](const Json* a, const Json* b) { return a->key() == b->key(); };
    const auto duplicate = std::adjacent_find(sorted.begin(), sorted.end(), same);
    require(duplicate == sorted.end(), "{}: this key appears twice in one object",
            duplicate == sorted.end() ? "" : duplicate[1]->where());
    memory_ -= members.size() * sizeof(const Json*);
  }

  Json read_number() {
    const size_t start = position_;
    const auto digits = [&] {
      const size_t first = position_;
      while (peek() >= '0' && peek() <= '9') ++position_;
      if (position_ == first)
        fail_here(position_ == start ? "expected a value" : "expected a digit");
    };
    const bool negative = accept('-');
    bool integer = true;
    if (!accept('0')) digits();
    if (accept('.')) {
      integer = false;
      digits();
    }
    if (accept('e') || accept('E')) {
      integer = false;
      if (!accept('+')) accept('-');
      digits();
    }
    const std::string_view number = text_.substr(start, position_ - start);
    const char* end = number.data() + number.size();
    int64_t whole = 0;
    if (integer && std::from_chars(number.data(), end, whole).ec == std::errc()) return whole;
    double real = 0;
    if (std::from_chars(number.data(), end, real).ec == std::errc()) return real;
    // Too large is an error, too small is zero; the wider type tells them apart.
    long double wide = 0;
    const bool known = std::from_chars(number.data(), end, wide).ec == std::errc();
    const bool small = known ? std::abs(wide) < 1 : number.find('-', 1) != number.npos;
    position_ = start;
    if (!small) fail_here("expected a number that fits in 64 bits");
    position_ = start + number.size();
    return negative ? -0.0 : 0.0;
  }

  std::string read_string() {
    const size_t closing = find_closing_quote();
    std::string result;
    if (closing - position_ > 16) charge(closing - position_ + 16);
    result.reserve(closing - position_ - 1);
    ++position_;
    while (position_ < closing) {
      size_t plain = position_;
      while (plain < closing && text_[plain] != '\\' &&
             static_cast<uint8_t>(text_[plain]) >= 0x20) {
        const size_t length = utf8_length(text_.substr(plain));
        if (length == 0) break;
        plain += length;
      }
      result.append(text_, position_, plain - position_);
      position_ = plain;
      if (position_ == closing) break;
      if (!accept('\\')) fail_here("expected UTF-8 without control characters in a string");
      read_escape(result);
    }
    ++position_;
    return result;
  }

  size_t find_closing_quote() {
    for (size_t i = position_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '"') return i;
      if (text_[i] == '\\') ++i;
    }
    position_ = text_.size();
    fail_here("expected '\"' to end a string");
  }

  void read_escape(std::string& out) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    if (accept('u')) return append_code_point(out);
    const size_t which = kLetters.find(peek());
    if (which == kLetters.npos) fail_here("expected an escape such as \\n or \\u0041");
    out += kMeanings[which];
    ++position_;
  }

  uint32_t read_hex4() {
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i, ++position_) {
      const char c = peek();
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) fail_here("expected four hex digits after \\u");
      value = value << 4 | static_cast<uint32_t>(digit);
    }
    return value;
  }

  void append_code_point(std::string& out) {
    uint32_t code = read_hex4();
    if (code >= 0xDC00 && code < 0xE000) fail_here("a low surrogate without a high one before it");
    if (code >= 0xD800 && code < 0xDC00) {
      const bool escape = accept('\\') && accept('u');
      const uint32_t low = escape ? read_hex4() : 0;
      if (low < 0xDC00 || low >= 0xE000) fail_here("expected a low surrogate after a high one");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    const auto byte = [&](uint32_t bits) { out += static_cast<char>(bits); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
      byte(0xC0 | code >> 6);
    } else {
      if (code < 0x10000) {
        byte(0xE0 | code >> 12);
      } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
      }
      byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
  }

  std::string_view text_;
  std::shared_ptr<const std::string> source_;
  const JsonOptions& options_;
  size_t memory_ = 0;
  size_t position_ = 0;
  int64_t line_;
  bool inside_stream_ = false;
};

Json Json::parse(std::string_view text, std::string_view source, const JsonOptions& options) {
  return JsonReader(text, source, options).read_document();
}

}  // namespace octavo

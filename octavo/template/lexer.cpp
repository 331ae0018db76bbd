#include "octavo/template/lexer.h"

#include <algorithm>
#include <charconv>

#include "octavo/base/text.h"
#include "octavo/template/characters.h"

namespace octavo::jinja {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name_start(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string describe(const Token& token) {
  return token.kind == TokenKind::end ? "the end of the template" : in_quotes(token.source);
}

void Lexer::advance(size_t length) {
  line_ += static_cast<int>(std::ranges::count(text_.substr(at_, length), '\n'));
  at_ += length;
}

void Lexer::skip_space() {
  const std::string_view rest = text_.substr(at_);
  advance(rest.size() - without_space(rest, Side::left).size());
}

// What a tag takes after it: all white space with a '-', without a sign the line end if it takes
// one.
void Lexer::end_tag(char sign, bool takes_line_end) {
  if (sign == '-') skip_space();
  if (sign == ' ' && takes_line_end && at("\n")) advance(1);
  starts_line_ = text_[at_ - 1] == '\n';
}

// A token, which is so many bytes of the text.
Token Lexer::ended(Token token, size_t length) {
  token.source = text_.substr(at_, length);
  advance(length);
  return token;
}

Token Lexer::next() { return state_ == State::outside ? next_outside() : next_inside(); }

// The place of the next "{{", "{%" or "{#", or npos.
size_t Lexer::find_tag() const {
  for (size_t tag = at_; (tag = text_.find('{', tag)) != text_.npos; ++tag) {
    const std::string_view kind = text_.substr(tag + 1, 1);
    if (kind == "{" || kind == "%" || kind == "#") return tag;
  }
  return text_.npos;
}

// '-' or '+', or ' ' where there is neither.
char Lexer::sign_at(size_t place) const {
  const std::string_view sign = text_.substr(std::min(place, text_.size()), 1);
  return sign == "-" || sign == "+" ? sign[0] : ' ';
}

// The text up to the next tag; where that is empty, what comes after it.
Token Lexer::next_outside() {
  while (at_ < text_.size()) {
    const size_t tag = find_tag();
    if (tag == text_.npos) return data_before(text_.size(), '+', false);
    const char kind = text_[tag + 1];
    const char sign = sign_at(tag + 2);
    if (tag > at_) {
      Token data = data_before(tag, sign, kind != '{');
      if (!data.text.empty()) return data;
    }
    Token token{.kind = kind == '{' ? TokenKind::print_begin : TokenKind::block_begin,
                .line = line_};
    if (const auto raw = raw_tag(tag, "raw")) {
      token = read_raw(*raw);
      if (!token.text.empty()) return token;
      continue;
    }
    token = ended(std::move(token), sign == ' ' ? 2 : 3);
    if (kind == '#') {
      skip_comment(token.line);
      continue;
    }
    state_ = kind == '{' ? State::in_print : State::in_block;
    return token;
  }
  return {.kind = TokenKind::end, .line = line_};
}

// A '-' takes all white space before the tag; without a sign, a block or comment takes what is
// before it on its line if that is all there is.
Token Lexer::data_before(size_t end, char sign, bool strips_line) {
  const std::string_view data = text_.substr(at_, end - at_);
  std::string_view kept = data;
  if (sign == '-') {
    kept = without_space(data, Side::right);
  } else if (sign != '+' && strips_line) {
    const size_t line = data.rfind('\n') + 1;  // npos + 1 is 0
    if ((line > 0 || starts_line_) && without_space(data.substr(line), Side::right).empty())
      kept = data.substr(0, line);
  }
  Token token{.kind = TokenKind::data, .line = line_};
  token.text = kept;
  advance(data.size());
  starts_line_ = false;
  return token;
}

// "{% raw %}" or "{% endraw %}", if that is what there is.
std::optional<Lexer::RawTag> Lexer::raw_tag(size_t tag, std::string_view name) const {
  const auto after_space = [&](size_t at) {
    return text_.size() - without_space(text_.substr(at), Side::left).size();
  };
  if (text_[tag + 1] != '%') return {};
  const char before = sign_at(tag + 2);
  const size_t begin = after_space(tag + 2 + (before != ' '));
  if (!text_.substr(begin).starts_with(name)) return {};
  const size_t end = after_space(begin + name.size());
  const char after = sign_at(end);
  const size_t mark = end + (after != ' ');
  if (!text_.substr(std::min(mark, text_.size())).starts_with("%}")) return {};
  return RawTag{mark + 2, before, after};
}

Token Lexer::read_raw(const RawTag& begin) {
  const int line = line_;
  advance(begin.end - at_);
  end_tag(begin.after, false);
  for (size_t tag = at_; (tag = text_.find("{%", tag)) != text_.npos; tag += 2) {
    const auto end = raw_tag(tag, "endraw");
    if (!end) continue;
    Token data = data_before(tag, end->before, true);
    advance(end->end - at_);
    end_tag(end->after, true);
    return data;
  }
  fail(line, "expected {{% endraw %}} after {{% raw %}}, found none");
}

void Lexer::skip_comment(int line) {
  const size_t end = text_.find("#}", at_);
  if (end == text_.npos) fail(line, "expected '#}}' after '{{#', found none");
  const char sign = end > at_ ? sign_at(end - 1) : ' ';
  advance(end + 2 - at_);
  end_tag(sign, true);
}

Token Lexer::next_inside() {
  Token token;
  if (open_.empty() && close_tag(token)) return token;
  skip_space();
  token.line = line_;
  if (open_.empty() && close_tag(token)) return token;
  if (at_ == text_.size()) {
    token.kind = TokenKind::end;
    return token;
  }
  const char c = text_[at_];
  if (is_digit(c)) return number(std::move(token));
  if (c == '"' || c == '\'') return text_token(std::move(token));
  if (is_name_start(c)) return name(std::move(token));
  return symbol(std::move(token));
}

bool Lexer::close_tag(Token& token) {
  const bool is_print = state_ == State::in_print;
  const std::string_view mark = is_print ? "}}" : "%}";
  const char sign = sign_at(at_);
  const bool has_sign = sign == '-' || (sign == '+' && !is_print);
  if (text_.substr(std::min(at_ + has_sign, text_.size()), 2) != mark) return false;
  token.kind = is_print ? TokenKind::print_end : TokenKind::block_end;
  token.line = line_;
  token = ended(std::move(token), has_sign ? 3 : 2);
  end_tag(sign, !is_print);
  state_ = State::outside;
  return true;
}

Token Lexer::number(Token token) {
  const char* const begin = text_.data() + at_;
  const char* const last = text_.data() + text_.size();
  const auto real = std::from_chars(begin, last, token.real);
  std::string_view digits(begin, static_cast<size_t>(real.ptr - begin));
  if (digits.ends_with('.')) digits.remove_suffix(1);
  bool fits = real.ec == std::errc();
  token.kind = TokenKind::real;
  if (digits.find_first_of(".eE") == digits.npos) {
    token.kind = TokenKind::integer;
    fits = std::from_chars(begin, last, token.integer).ec == std::errc();
  }
  const bool goes_on = at_ + digits.size() < text_.size() && is_name_start(begin[digits.size()]);
  if (!fits || goes_on)
    fail(line_, "expected a decimal number of 64 bits, found {}",
         in_quotes(text_.substr(at_, digits.size() + goes_on)));
  return ended(std::move(token), digits.size());
}

Token Lexer::text_token(Token token) {
  const char quote = text_[at_];
  size_t end = at_ + 1;
  while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
  if (end >= text_.size()) fail(line_, "expected {} to end a text, found none", quote);
  token.kind = TokenKind::text;
  token.text = unescaped(text_.substr(at_ + 1, end - at_ - 1));
  return ended(std::move(token), end + 1 - at_);
}

// Python's escapes; what is none of them stays as it is, backslash and all.
std::string Lexer::unescaped(std::string_view text) const {
  static constexpr std::string_view kLetters = "\\'\"abfnrtv", kMeanings = "\\'\"\a\b\f\n\r\t\v";
  std::string out;
  while (!text.empty()) {
    const size_t plain = std::min(text.find('\\'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(std::min(plain + 1, text.size()));
    if (text.empty()) break;
    const char c = text[0];
    text.remove_prefix(1);
    if (const size_t which = kLetters.find(c); which != kLetters.npos)
      out += kMeanings[which];
    else if (c == 'x' || c == 'u' || c == 'U')
      append_character(out, take_code(text, c == 'x' ? 2 : c == 'u' ? 4 : 8));
    else if (c == 'N' || is_digit(c))
      fail(line_, "expected an escape that is supported, found {}",
           in_quotes(std::string{'\\', c}));
    else if (c != '\n')
      out += {'\\', c};
  }
  return out;
}

// So many hexadecimal digits, off the text.
char32_t Lexer::take_code(std::string_view& text, size_t digits) const {
  uint32_t code = 0;
  const char* const end = text.data() + std::min(text.size(), digits);
  if (std::from_chars(text.data(), end, code, 16).ptr - text.data() !=
      static_cast<std::ptrdiff_t>(digits))
    fail(line_, "expected {} hexadecimal digits in an escape, found fewer", digits);
  if (code >= 0x110000 || (code >= 0xD800 && code < 0xE000))
    fail(line_, "expected the number of a character in an escape, found {:x}", code);
  text.remove_prefix(digits);
  return code;
}

Token Lexer::name(Token token) {
  size_t length = 1;
  while (at_ + length < text_.size() &&
         (is_name_start(text_[at_ + length]) || is_digit(text_[at_ + length])))
    ++length;
  token.kind = TokenKind::name;
  return ended(std::move(token), length);
}

Token Lexer::symbol(Token token) {
  static constexpr std::string_view kSymbols[] = {"//", "**", "==", "!=", ">=", "<=", "+", "-", "/",
                                                  "*",  "%",  "~",  "[",  "]",  "(",  ")", "{", "}",
                                                  ">",  "<",  "=",  ".",  ":",  "|",  ",", ";"};
  const auto found =
      std::ranges::find_if(kSymbols, [&](std::string_view symbol) { return at(symbol); });
  if (found == std::end(kSymbols))
    fail(line_, "expected a name or an operator, found {}",
         in_quotes(text_.substr(at_, utf8_length(text_.substr(at_)))));
  balance((*found)[0]);
  token.kind = TokenKind::symbol;
  return ended(std::move(token), found->size());
}

void Lexer::balance(char bracket) {
  static constexpr std::string_view kOpen = "([{", kClose = ")]}";
  if (const size_t which = kOpen.find(bracket); which != kOpen.npos) open_ += kClose[which];
  if (kClose.find(bracket) == kClose.npos) return;
  if (open_.empty()) fail(line_, "expected nothing to close, found '{}'", bracket);
  if (open_.back() != bracket) fail(line_, "expected '{}', found '{}'", open_.back(), bracket);
  open_.pop_back();
}

std::string normalized_lines(std::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    lines += text[i] == '\r' ? '\n' : text[i];
  }
  if (lines.ends_with('\n')) lines.pop_back();
  return lines;
}

}  // namespace octavo::jinja

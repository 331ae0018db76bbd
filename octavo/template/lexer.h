// The lexer: a template's text as tokens, one at a time. Text outside of tags comes with the white
// space taken off that trim_blocks, lstrip_blocks and the signs of tags ("{%-", "-%}") take.
// Comments and the tags of raw blocks leave no token. Linear in the text. Tested by
// tests/template/whitespace_test.cpp and tests/template/syntax_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "octavo/base/error.h"

namespace octavo::jinja {

enum class TokenKind : uint8_t {
  data,
  print_begin,  // {{
  print_end,
  block_begin,  // {%
  block_end,
  name,
  text,
  integer,
  real,
  symbol,  // an operator or a bracket
  end
};

struct Token {
  TokenKind kind = TokenKind::end;
  int line = 1;
  std::string_view source;  // what it is in the template
  std::string text;         // data, and the value of a text
  int64_t integer = 0;
  double real = 0;

  /// Whether it is that name or symbol.
  bool is(std::string_view which) const {
    return (kind == TokenKind::name || kind == TokenKind::symbol) && source == which;
  }
};

/// How a message shows a token.
std::string describe(const Token& token);

class Lexer {
 public:
  /// `text`: with \n as the only line end (normalized_lines). Both must outlive the lexer and its
  /// tokens.
  Lexer(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  Token next();
  template <class... Arguments>
  [[noreturn]] void fail(int line, fmt::format_string<Arguments...> format,
                         Arguments&&... arguments) const {
    octavo::fail(ErrorKind::data, "{}:{}: {}", source_, line,
                 fmt::format(format, std::forward<Arguments>(arguments)...));
  }

 private:
  enum class State { outside, in_print, in_block };

  size_t find_tag() const;
  char sign_at(size_t place) const;
  Token next_outside();
  Token next_inside();
  bool close_tag(Token& token);
  struct RawTag {
    size_t end;
    char before, after;  // its signs
  };
  std::optional<RawTag> raw_tag(size_t tag, std::string_view name) const;
  Token read_raw(const RawTag& begin);
  void skip_comment(int line);
  Token data_before(size_t end, char sign, bool strips_line);
  Token number(Token token);
  Token text_token(Token token);
  Token ended(Token token, size_t length);
  std::string unescaped(std::string_view text) const;
  char32_t take_code(std::string_view& text, size_t digits) const;
  Token symbol(Token token);
  Token name(Token token);
  void balance(char bracket);
  void advance(size_t length);
  void skip_space();
  void end_tag(char sign, bool takes_line_end);
  bool at(std::string_view expected) const {
    return text_.substr(at_, expected.size()) == expected;
  }

  std::string_view text_;
  std::string_view source_;
  size_t at_ = 0;
  int line_ = 1;
  State state_ = State::outside;
  bool starts_line_ = true;  // nothing but line ends taken off since the last line end
  std::string open_;         // brackets that are open in this tag
};

/// \r\n and \r as \n, and without a last line end, which Jinja drops.
std::string normalized_lines(std::string_view text);

}  // namespace octavo::jinja

// The parser: tokens to a syntax tree, by recursive descent with one token ahead, in Jinja's
// grammar and precedence. Linear in the text; how deep things lie within each other, and how many
// there are, is limited. Statements are in parser.cpp, expressions in expression_parser.cpp. Tested
// by tests/template/syntax_test.cpp.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/template/lexer.h"
#include "octavo/template/syntax.h"

namespace octavo::jinja {

class Parser {
 public:
  /// `text`: valid UTF-8 with \n as the only line end.
  Parser(std::string_view text, std::string_view source, const TemplateLimits& limits)
      : lexer_(text, source), limits_(limits), token_(lexer_.next()) {}

  Body parse_template();

 private:
  using Names = std::initializer_list<std::string_view>;
  using Rule = ExpressionPointer (Parser::*)();

  // Statements.
  Body body_until(Names ends);             // leaves the name that ended it as the current token
  void statement(Body& body, Names ends);  // `ends`: those that the body could have
  Body block(Names ends);                  // the end of the opening tag, then its body
  Body last_block(std::string_view end);
  Body scope(std::string_view end);  // a last block that no `break` gets out of
  void if_statement(Body& body);
  void for_statement(Body& body);
  void set_statement(Body& body);
  void macro_statement(Body& body);
  void generation_statement(Body& body);
  void jump_statement(Body& body, Jump jump);
  void signature(Macro& macro);
  template <class Kind>
  void add(Body& body, std::unique_ptr<Kind> statement) {
    count_node();
    body.emplace_back(std::move(statement));
  }

  // What is assigned to.
  ExpressionPointer target(Rule rule);
  ExpressionPointer target_part();
  ExpressionPointer target_part_or_attribute();

  // Expressions, from the loosest to the tightest.
  struct Operator {
    std::string_view symbol;
    Operation operation;
  };
  ExpressionPointer left_to_right(Rule operand, std::initializer_list<Operator> operators);
  ExpressionPointer tuple(Rule rule);
  ExpressionPointer tuple_in_parentheses();
  ExpressionPointer expression();
  ExpressionPointer logical_or();
  ExpressionPointer logical_and();
  ExpressionPointer logical_not();
  ExpressionPointer comparison();
  ExpressionPointer sum();
  ExpressionPointer concatenation();
  ExpressionPointer product();
  ExpressionPointer power();
  ExpressionPointer unary();
  ExpressionPointer unary_without_filters();
  ExpressionPointer primary();
  ExpressionPointer text_literal();
  ExpressionPointer list_literal();
  ExpressionPointer dict_literal();
  ExpressionPointer postfix(ExpressionPointer operand);
  ExpressionPointer filters_and_tests(ExpressionPointer operand);
  ExpressionPointer attribute(ExpressionPointer operand);
  ExpressionPointer subscript(ExpressionPointer operand);
  ExpressionPointer slice(int line, ExpressionPointer operand, ExpressionPointer start);
  ExpressionPointer call(ExpressionPointer operand);
  ExpressionPointer filter(ExpressionPointer operand);
  ExpressionPointer builtin(Operation operation, int line, Value name, ExpressionPointer operand);
  ExpressionPointer test(ExpressionPointer operand);
  std::unique_ptr<CallArguments> arguments();
  void argument(CallArguments& arguments);

  template <class... Operands>
  ExpressionPointer make(Operation operation, int line, Operands... operands) {
    std::vector<ExpressionPointer> all;
    all.reserve(sizeof...(operands));
    (all.push_back(std::move(operands)), ...);
    return make(operation, line, std::move(all));
  }
  ExpressionPointer make(Operation operation, int line, std::vector<ExpressionPointer> operands);
  ExpressionPointer constant(int line, Value value);
  ExpressionPointer named(Operation operation, const Token& name);
  void deepen(Expression& expression, const ExpressionPointer& part);

  // Tokens.
  Token take();
  const Token& ahead();
  bool accept(std::string_view which);  // a name or a symbol
  void expect(std::string_view which);
  void expect(TokenKind kind, std::string_view what);
  template <class... Arguments>
  [[noreturn]] void fail(fmt::format_string<Arguments...> format, Arguments&&... arguments) const {
    lexer_.fail(token_.line, format, std::forward<Arguments>(arguments)...);
  }
  [[noreturn]] void fail_found(std::string_view expected) const {
    fail("expected {}, found {}", expected, describe(token_));
  }
  [[noreturn]] void fail_tag(Names ends) const;
  void count_node();

  /// A level of what lies within each other, for as long as it lives.
  class Level {
   public:
    explicit Level(Parser& parser);
    ~Level() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  struct OpenBlock {
    std::string_view name;
    int line;
  };

  Lexer lexer_;
  const TemplateLimits& limits_;
  Token token_;
  std::optional<Token> ahead_;
  size_t nodes_ = 0;
  int depth_ = 0;
  int loops_ = 0;   // that `break` could end here
  int scopes_ = 0;  // around here
  bool in_macro_ = false;
  std::vector<OpenBlock> open_;
};

}  // namespace octavo::jinja

// Statements (parser.h).
#include "octavo/template/parser.h"

#include <algorithm>

#include "octavo/base/text.h"
#include "octavo/template/runtime.h"

namespace octavo::jinja {

Parser::Level::Level(Parser& parser) : parser_(parser) {
  if (parser.depth_ >= parser.limits_.syntax_depth)
    parser.fail("expected at most {} levels within each other, found more",
                parser.limits_.syntax_depth);
  ++parser.depth_;
}

Token Parser::take() {
  Token taken = std::move(token_);
  token_ = ahead_ ? std::move(*ahead_) : lexer_.next();
  ahead_.reset();
  return taken;
}

const Token& Parser::ahead() {
  if (!ahead_) ahead_ = lexer_.next();
  return *ahead_;
}

bool Parser::accept(std::string_view symbol) {
  if (!token_.is(symbol)) return false;
  take();
  return true;
}

void Parser::expect(std::string_view symbol) {
  if (!accept(symbol)) fail_found(fmt::format("'{}'", symbol));
}

void Parser::expect(TokenKind kind, std::string_view what) {
  if (token_.kind != kind) fail_found(what);
  take();
}

void Parser::count_node() {
  if (++nodes_ > limits_.template_nodes)
    fail("expected at most {} parts of a template, found more", limits_.template_nodes);
}

Body Parser::parse_template() { return body_until({}); }

void Parser::fail_tag(Names ends) const {
  std::string expected = token_.kind == TokenKind::end ? "" : "a tag such as 'if'";
  if (ends.size() > 0 && !expected.empty()) expected += ",";
  for (const std::string_view end : ends)
    expected += fmt::format("{}'{}'", expected.empty() ? "" : " or ", end);
  if (ends.size() > 0)
    expected += fmt::format(" for the '{}' of line {}", open_.back().name, open_.back().line);
  fail_found(expected);
}

Body Parser::body_until(Names ends) {
  const Level level(*this);
  Body body;
  while (token_.kind != TokenKind::end) {
    if (token_.kind == TokenKind::data) {
      count_node();
      body.emplace_back(Data{take().text});
    } else if (token_.kind == TokenKind::print_begin) {
      take();
      count_node();
      body.emplace_back(Print{tuple(&Parser::expression)});
      expect(TokenKind::print_end, "'}}'");
    } else {
      expect(TokenKind::block_begin, "a tag");
      if (token_.kind == TokenKind::name && std::ranges::find(ends, token_.source) != ends.end())
        return body;
      statement(body, ends);
      expect(TokenKind::block_end, "'%}'");
    }
  }
  if (ends.size() > 0) fail_tag(ends);
  return body;
}

void Parser::statement(Body& body, Names ends) {
  struct Tag {
    std::string_view name;
    void (Parser::*parse)(Body&);
  };
  static constexpr Tag kTags[] = {
      {"if", &Parser::if_statement},       {"for", &Parser::for_statement},
      {"set", &Parser::set_statement},     {"generation", &Parser::generation_statement},
      {"macro", &Parser::macro_statement},
  };
  static constexpr std::string_view kOthers[] = {"autoescape", "block",  "call",  "do",
                                                 "extends",    "filter", "from",  "import",
                                                 "include",    "print",  "trans", "with"};
  if (token_.kind != TokenKind::name) fail_found("the name of a tag");
  if (token_.is("break")) return jump_statement(body, Jump::break_loop);
  if (token_.is("continue")) return jump_statement(body, Jump::continue_loop);
  if (std::ranges::find(kOthers, token_.source) != std::end(kOthers))
    fail("expected a tag that is supported, found '{}'", token_.source);
  const auto tag = std::ranges::find(kTags, token_.source, &Tag::name);
  if (tag == std::end(kTags)) fail_tag(ends);
  open_.push_back({tag->name, token_.line});
  take();
  (this->*tag->parse)(body);
  open_.pop_back();
}

Body Parser::block(Names ends) {
  accept(":");
  expect(TokenKind::block_end, "'%}'");
  return body_until(ends);
}

Body Parser::last_block(std::string_view end) {
  Body body = block({end});
  take();
  return body;
}

Body Parser::scope(std::string_view end) {
  const int loops = std::exchange(loops_, 0);
  ++scopes_;
  Body body = last_block(end);
  --scopes_;
  loops_ = loops;
  return body;
}

void Parser::if_statement(Body& body) {
  auto made = std::make_unique<If>();
  while (true) {
    ExpressionPointer condition = tuple(&Parser::logical_or);
    Body then = block({"elif", "else", "endif"});
    made->branches.push_back({std::move(condition), std::move(then)});
    count_node();
    if (accept("elif")) continue;
    if (take().source == "else") made->otherwise = last_block("endif");
    break;
  }
  add(body, std::move(made));
}

void Parser::for_statement(Body& body) {
  auto made = std::make_unique<For>();
  made->line = token_.line;
  made->target = target(&Parser::target_part);
  expect("in");
  made->iterable = tuple(&Parser::logical_or);
  if (accept("if")) made->condition = expression();
  if (token_.is("recursive")) fail("expected a loop that is supported, found a recursive one");
  ++scopes_;
  ++loops_;
  made->body = block({"endfor", "else"});
  --loops_;
  if (take().source == "else") made->otherwise = last_block("endfor");
  --scopes_;
  add(body, std::move(made));
}

// Filters of a block are those of its text: {% set x | trim %}…{% endset %}.
void Parser::set_statement(Body& body) {
  const Token first = token_;
  ExpressionPointer what = target(&Parser::target_part_or_attribute);
  if (accept("=")) {
    ExpressionPointer value = tuple(&Parser::expression);
    return add(body, std::make_unique<Assignment>(Assignment{std::move(what), std::move(value)}));
  }
  ExpressionPointer filtered;
  if (token_.is("|") && what->operation == Operation::name)
    filtered = filters_and_tests(named(Operation::name, first));
  Body captured = scope("endset");
  add(body, std::make_unique<Capture>(Capture{std::move(what), std::move(captured)}));
  if (filtered)
    add(body, std::make_unique<Assignment>(
                  Assignment{named(Operation::name, first), std::move(filtered)}));
}

void Parser::generation_statement(Body& body) {
  add(body, std::make_unique<Generation>(Generation{scope("endgeneration")}));
}

// Macros see the variables of the template, and are not closures over more than these.
void Parser::macro_statement(Body& body) {
  if (scopes_ > 0) fail("expected a macro outside of loops and blocks, found one inside");
  auto made = std::make_unique<Macro>();
  if (token_.kind != TokenKind::name) fail_found("the name of a macro");
  made->name = take().source;
  signature(*made);
  in_macro_ = true;
  made->body = scope("endmacro");
  in_macro_ = false;
  add(body, std::move(made));
}

void Parser::signature(Macro& macro) {
  constexpr size_t kMostParameters = 255;
  expect("(");
  while (!token_.is(")")) {
    if (!macro.parameters.empty()) expect(",");
    if (token_.kind != TokenKind::name) fail_found("the name of a parameter");
    std::string name(take().source);
    if (std::ranges::find(macro.parameters, name) != macro.parameters.end())
      fail("expected parameters of different names, found {} twice", in_quotes(name));
    macro.parameters.push_back(std::move(name));
    count_node();
    if (accept("="))
      macro.defaults.push_back(expression());
    else if (!macro.defaults.empty())
      fail("expected a default, as the parameter before has one, found none");
    if (macro.parameters.size() > kMostParameters)
      fail("expected at most {} parameters, found more", kMostParameters);
  }
  take();
}

void Parser::jump_statement(Body& body, Jump jump) {
  if (loops_ == 0) fail("expected a loop around '{}', found none", token_.source);
  take();
  count_node();
  body.emplace_back(jump);
}

// A name, or names with commas between; some of them in parentheses.
ExpressionPointer Parser::target(Rule rule) {
  const Level level(*this);
  const int line = token_.line;
  std::vector<ExpressionPointer> parts;
  parts.push_back((this->*rule)());
  if (!token_.is(",")) return std::move(parts[0]);
  while (accept(",")) {
    const bool has_more = token_.kind == TokenKind::name || token_.is("(");
    if (!has_more || token_.is("in")) break;
    parts.push_back((this->*rule)());
  }
  return make(Operation::tuple, line, std::move(parts));
}

ExpressionPointer Parser::target_part() {
  static constexpr std::string_view kOthers[] = {"true",  "false", "none", "True",
                                                 "False", "None",  "loop"};
  if (accept("(")) {
    ExpressionPointer made = target(&Parser::target_part);
    expect(")");
    return made;
  }
  if (token_.kind != TokenKind::name || std::ranges::count(kOthers, token_.source) > 0)
    fail_found("a name to assign to");
  return named(Operation::name, take());
}

ExpressionPointer Parser::target_part_or_attribute() {
  if (token_.kind != TokenKind::name || !ahead().is(".")) return target_part();
  ExpressionPointer space = named(Operation::name, take());
  take();
  if (token_.kind != TokenKind::name) fail_found("a name");
  ExpressionPointer made = named(Operation::namespace_name, take());
  made->operands.push_back(std::move(space));
  return made;
}

}  // namespace octavo::jinja

// Expressions (parser.h).
#include <algorithm>
#include <set>

#include "octavo/base/text.h"
#include "octavo/template/builtins.h"
#include "octavo/template/parser.h"
#include "octavo/template/runtime.h"

namespace octavo::jinja {

ExpressionPointer Parser::make(Operation operation, int line,
                               std::vector<ExpressionPointer> operands) {
  count_node();
  auto made = std::make_unique<Expression>();
  made->operation = operation;
  made->line = line;
  made->operands = std::move(operands);
  for (const ExpressionPointer& operand : made->operands) deepen(*made, operand);
  return made;
}

void Parser::deepen(Expression& expression, const ExpressionPointer& part) {
  if (part) expression.depth = std::max(expression.depth, part->depth + 1);
  if (expression.depth > limits_.syntax_depth)
    fail("expected at most {} levels within each other, found more", limits_.syntax_depth);
}

ExpressionPointer Parser::constant(int line, Value value) {
  ExpressionPointer made = make(Operation::constant, line);
  made->value = std::move(value);
  return made;
}

// With a name as its value: a variable, an attribute.
ExpressionPointer Parser::named(Operation operation, const Token& name) {
  ExpressionPointer made = make(operation, name.line);
  made->value = constant_text(std::string(name.source));
  return made;
}

// Commas make a tuple, also a last one.
ExpressionPointer Parser::tuple(Rule rule) {
  const int line = token_.line;
  std::vector<ExpressionPointer> parts;
  parts.push_back((this->*rule)());
  if (!token_.is(",")) return std::move(parts[0]);
  while (accept(",")) {
    if (token_.kind == TokenKind::print_end || token_.kind == TokenKind::block_end ||
        token_.is(")"))
      break;
    parts.push_back((this->*rule)());
  }
  return make(Operation::tuple, line, std::move(parts));
}

ExpressionPointer Parser::tuple_in_parentheses() {
  const int line = take().line;
  if (accept(")")) return make(Operation::tuple, line);
  ExpressionPointer made = tuple(&Parser::expression);
  expect(")");
  return made;
}

ExpressionPointer Parser::expression() {
  const Level level(*this);
  int line = token_.line;
  ExpressionPointer made = logical_or();
  while (accept("if")) {
    ExpressionPointer condition = logical_or();
    ExpressionPointer otherwise = accept("else") ? expression() : nullptr;
    made = make(Operation::conditional, line, std::move(condition), std::move(made),
                std::move(otherwise));
    line = token_.line;
  }
  return made;
}

// Operands with operators between, from the left.
ExpressionPointer Parser::left_to_right(Rule operand, std::initializer_list<Operator> operators) {
  ExpressionPointer left = (this->*operand)();
  while (true) {
    const auto found =
        std::ranges::find_if(operators, [&](const Operator& one) { return token_.is(one.symbol); });
    if (found == operators.end()) return left;
    const int line = take().line;
    left = make(found->operation, line, std::move(left), (this->*operand)());
  }
}

ExpressionPointer Parser::logical_or() {
  return left_to_right(&Parser::logical_and, {{"or", Operation::logical_or}});
}

ExpressionPointer Parser::logical_and() {
  return left_to_right(&Parser::logical_not, {{"and", Operation::logical_and}});
}

ExpressionPointer Parser::logical_not() {
  if (!token_.is("not")) return comparison();
  const Level level(*this);
  const int line = take().line;
  return make(Operation::logical_not, line, logical_not());
}

ExpressionPointer Parser::comparison() {
  static constexpr Operator kSymbols[] = {
      {"==", Operation::equal},      {"!=", Operation::not_equal}, {"<", Operation::less},
      {"<=", Operation::less_equal}, {">", Operation::greater},    {">=", Operation::greater_equal},
      {"in", Operation::in},
  };
  const int line = token_.line;
  std::vector<ExpressionPointer> operands;
  std::vector<Operation> comparisons;
  operands.push_back(sum());
  while (true) {
    const auto symbol =
        std::ranges::find_if(kSymbols, [&](const Operator& one) { return token_.is(one.symbol); });
    if (symbol != std::end(kSymbols)) {
      comparisons.push_back(symbol->operation);
    } else if (token_.is("not") && ahead().is("in")) {
      take();
      comparisons.push_back(Operation::not_in);
    } else {
      break;
    }
    take();
    operands.push_back(sum());
  }
  if (comparisons.empty()) return std::move(operands[0]);
  ExpressionPointer made = make(Operation::compare, line, std::move(operands));
  made->comparisons = std::move(comparisons);
  return made;
}

ExpressionPointer Parser::sum() {
  return left_to_right(&Parser::concatenation, {{"+", Operation::add}, {"-", Operation::subtract}});
}

ExpressionPointer Parser::concatenation() {
  const int line = token_.line;
  std::vector<ExpressionPointer> parts;
  do parts.push_back(product());
  while (accept("~"));
  if (parts.size() == 1) return std::move(parts[0]);
  return make(Operation::concatenate, line, std::move(parts));
}

ExpressionPointer Parser::product() {
  return left_to_right(&Parser::power, {{"*", Operation::multiply},
                                        {"/", Operation::divide},
                                        {"//", Operation::floor_divide},
                                        {"%", Operation::modulo}});
}

// From the left, as Jinja has it: 2 ** 3 ** 2 is 64, and -2 ** 2 is 4.
ExpressionPointer Parser::power() {
  return left_to_right(&Parser::unary, {{"**", Operation::power}});
}

ExpressionPointer Parser::unary() { return filters_and_tests(unary_without_filters()); }

ExpressionPointer Parser::unary_without_filters() {
  if (!token_.is("-") && !token_.is("+")) return postfix(primary());
  const Level level(*this);
  const Token sign = take();
  const Operation operation = sign.source == "-" ? Operation::negative : Operation::positive;
  return postfix(make(operation, sign.line, unary_without_filters()));
}

ExpressionPointer Parser::primary() {
  const int line = token_.line;
  switch (token_.kind) {
    case TokenKind::name: {
      const Token token = take();
      const std::string_view name = token.source;
      if (name == "true" || name == "True") return constant(line, true);
      if (name == "false" || name == "False") return constant(line, false);
      if (name == "none" || name == "None") return constant(line, None{});
      if (in_macro_ && (name == "caller" || name == "kwargs" || name == "varargs"))
        fail("expected a variable that is supported, found '{}'", name);
      return named(Operation::name, token);
    }
    case TokenKind::text:
      return text_literal();
    case TokenKind::integer:
      return constant(line, take().integer);
    case TokenKind::real:
      return constant(line, take().real);
    default:
      if (token_.is("(")) return tuple_in_parentheses();
      if (token_.is("[")) return list_literal();
      if (token_.is("{")) return dict_literal();
      fail_found("an expression");
  }
}

// Texts in a row are one.
ExpressionPointer Parser::text_literal() {
  const int line = token_.line;
  std::string text;
  while (token_.kind == TokenKind::text) text += take().text;
  return constant(line, constant_text(std::move(text)));
}

ExpressionPointer Parser::list_literal() {
  const int line = take().line;
  std::vector<ExpressionPointer> items;
  while (!token_.is("]")) {
    if (!items.empty()) expect(",");
    if (token_.is("]")) break;
    items.push_back(expression());
  }
  take();
  return make(Operation::list, line, std::move(items));
}

ExpressionPointer Parser::dict_literal() {
  const int line = take().line;
  std::vector<ExpressionPointer> entries;
  while (!token_.is("}")) {
    if (!entries.empty()) expect(",");
    if (token_.is("}")) break;
    entries.push_back(expression());
    expect(":");
    entries.push_back(expression());
  }
  take();
  return make(Operation::dict, line, std::move(entries));
}

ExpressionPointer Parser::postfix(ExpressionPointer operand) {
  while (true) {
    if (token_.is("."))
      operand = attribute(std::move(operand));
    else if (token_.is("["))
      operand = subscript(std::move(operand));
    else if (token_.is("("))
      operand = call(std::move(operand));
    else
      return operand;
  }
}

ExpressionPointer Parser::filters_and_tests(ExpressionPointer operand) {
  while (true) {
    if (token_.is("|"))
      operand = filter(std::move(operand));
    else if (token_.is("is"))
      operand = test(std::move(operand));
    else if (token_.is("("))
      operand = call(std::move(operand));
    else
      return operand;
  }
}

ExpressionPointer Parser::attribute(ExpressionPointer operand) {
  take();
  if (token_.kind != TokenKind::name) fail_found("a name after '.'");
  ExpressionPointer made = named(Operation::attribute, take());
  deepen(*made, operand);
  made->operands.push_back(std::move(operand));
  return made;
}

ExpressionPointer Parser::subscript(ExpressionPointer operand) {
  const int line = take().line;
  ExpressionPointer first = token_.is(":") ? nullptr : expression();
  ExpressionPointer made = token_.is(":")
                               ? slice(line, std::move(operand), std::move(first))
                               : make(Operation::item, line, std::move(operand), std::move(first));
  expect("]");
  return made;
}

ExpressionPointer Parser::slice(int line, ExpressionPointer operand, ExpressionPointer start) {
  const auto part = [&] {
    return accept(":") && !token_.is("]") && !token_.is(":") ? expression() : nullptr;
  };
  ExpressionPointer stop = part(), step = part();
  return make(Operation::slice, line, std::move(operand), std::move(start), std::move(stop),
              std::move(step));
}

ExpressionPointer Parser::call(ExpressionPointer operand) {
  const int line = token_.line;
  ExpressionPointer made = make(Operation::call, line, std::move(operand));
  made->arguments = arguments();
  for (const ExpressionPointer& one : made->arguments->positional) deepen(*made, one);
  for (const auto& [name, one] : made->arguments->named) deepen(*made, one);
  return made;
}

std::unique_ptr<CallArguments> Parser::arguments() {
  const Level level(*this);
  auto made = std::make_unique<CallArguments>();
  expect("(");
  for (bool first = true; !token_.is(")"); first = false) {
    if (!first) expect(",");
    if (token_.is(")")) break;
    argument(*made);
  }
  take();
  std::set<std::string_view> names;
  for (const auto& [name, value] : made->named)
    if (!names.insert(name).second)
      fail("expected arguments of different names, found {} twice", in_quotes(name));
  return made;
}

void Parser::argument(CallArguments& arguments) {
  if (token_.is("*") || token_.is("**"))
    fail("expected an argument that is supported, found '{}'", token_.source);
  if (token_.kind == TokenKind::name && ahead().is("=")) {
    std::string name(take().source);
    take();
    arguments.named.emplace_back(std::move(name), expression());
    return;
  }
  if (!arguments.named.empty())
    fail("expected no argument without a name after one with a name, found one");
  arguments.positional.push_back(expression());
}

// A filter or test, from what follows its name on.
ExpressionPointer Parser::builtin(Operation operation, int line, Value name,
                                  ExpressionPointer operand) {
  ExpressionPointer made;
  if (token_.is("(")) {
    made = call(std::move(operand));
    made->operation = operation;
  } else {
    made = make(operation, line, std::move(operand));
    made->arguments = std::make_unique<CallArguments>();
  }
  made->builtin =
      operation == Operation::filter ? find_filter(name.view()) : find_test(name.view());
  made->value = std::move(name);
  return made;
}

ExpressionPointer Parser::filter(ExpressionPointer operand) {
  take();
  if (token_.kind != TokenKind::name) fail_found("the name of a filter");
  const Token name = take();
  return builtin(Operation::filter, name.line, constant_text(std::string(name.source)),
                 std::move(operand));
}

// An argument without parentheses is a primary: `x is divisibleby 3`.
ExpressionPointer Parser::test(ExpressionPointer operand) {
  const int line = take().line;
  const bool is_negated = accept("not");
  if (token_.kind != TokenKind::name) fail_found("the name of a test");
  Value name = constant_text(std::string(take().source));
  const bool has_parentheses = token_.is("(");
  ExpressionPointer made = builtin(Operation::test, line, std::move(name), std::move(operand));
  if (!has_parentheses) {
    if (token_.is("is")) fail("expected one test after a value, found two");
    const bool is_value = token_.kind == TokenKind::name || token_.kind == TokenKind::text ||
                          token_.kind == TokenKind::integer || token_.kind == TokenKind::real ||
                          token_.is("[") || token_.is("{");
    if (is_value && !token_.is("else") && !token_.is("or") && !token_.is("and")) {
      made->arguments->positional.push_back(postfix(primary()));
      deepen(*made, made->arguments->positional[0]);
    }
  }
  return is_negated ? make(Operation::logical_not, line, std::move(made)) : std::move(made);
}

}  // namespace octavo::jinja

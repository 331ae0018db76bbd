// Expressions (renderer.h). An operation's line is set when its operands are known, so that an
// error names the operation's own.
#include "octavo/base/text.h"
#include "octavo/template/operators.h"
#include "octavo/template/printing.h"
#include "octavo/template/renderer.h"

namespace octavo::jinja {

Value Renderer::evaluate(const Expression& expression, const Scope& here) {
  runtime_.spend();
  if (expression.operation == Operation::constant) return expression.value;
  if (expression.operation == Operation::name) return variable(expression, here);
  const Nesting nesting(runtime_);
  switch (expression.operation) {
    case Operation::tuple:
      return runtime_.tuple(evaluate_all(expression, here));
    case Operation::list:
      return runtime_.list(evaluate_all(expression, here));
    case Operation::dict:
      return dict(expression, here);
    case Operation::conditional:
      return conditional(expression, here);
    case Operation::logical_or:
    case Operation::logical_and:
      return logical(expression, here);
    case Operation::logical_not:
      return !truth(evaluate(*expression.operands[0], here));
    case Operation::compare:
      return compared(expression, here);
    case Operation::concatenate:
      return concatenated(expression, here);
    case Operation::slice:
      return slice(expression, here);
    case Operation::call:
      return call(expression, here);
    case Operation::filter:
    case Operation::test:
      return filtered(expression, here);
    default:
      return operated(expression, here);
  }
}

// What the template has assigned, what its caller gave, a function.
Value Renderer::variable(const Expression& expression, const Scope& here) {
  const Value& name = expression.value;
  if (const Value* found = here.find(runtime_, name.view())) return *found;
  if (const Value* given = globals_.dict()->find(runtime_, name)) return *given;
  if (const Builtin* function = find_function(name.view()))
    return runtime_.object<Function>(0, *function);
  return runtime_.undefined(fmt::format("{} is undefined", in_quotes(name.view())));
}

std::vector<Value> Renderer::evaluate_all(const Expression& expression, const Scope& here) {
  std::vector<Value> values;
  values.reserve(expression.operands.size());
  for (const ExpressionPointer& operand : expression.operands)
    values.push_back(evaluate(*operand, here));
  runtime_.at(expression.line);
  return values;
}

Value Renderer::dict(const Expression& expression, const Scope& here) {
  std::vector<Value> values = evaluate_all(expression, here);
  std::vector<Dict::Entry> entries;
  entries.reserve(values.size() / 2);
  for (size_t i = 0; i < values.size(); i += 2)
    entries.emplace_back(std::move(values[i]), std::move(values[i + 1]));
  return runtime_.dict(std::move(entries));
}

Value Renderer::conditional(const Expression& expression, const Scope& here) {
  const bool holds = truth(evaluate(*expression.operands[0], here));
  const ExpressionPointer& chosen = expression.operands[holds ? 1 : 2];
  if (chosen) return evaluate(*chosen, here);
  return runtime_.undefined("expected an else where the condition of an if is false, found none");
}

Value Renderer::logical(const Expression& expression, const Scope& here) {
  const Value left = evaluate(*expression.operands[0], here);
  const bool decides = truth(left) == (expression.operation == Operation::logical_or);
  return decides ? left : evaluate(*expression.operands[1], here);
}

// As in Python, a < b < c is a < b and b < c.
Value Renderer::compared(const Expression& expression, const Scope& here) {
  Value left = evaluate(*expression.operands[0], here);
  for (size_t i = 0; i < expression.comparisons.size(); ++i) {
    Value right = evaluate(*expression.operands[i + 1], here);
    runtime_.at(expression.line);
    if (!compare(runtime_, expression.comparisons[i], left, right)) return false;
    left = std::move(right);
  }
  return true;
}

Value Renderer::concatenated(const Expression& expression, const Scope& here) {
  TextBuilder out(runtime_);
  for (const Value& value : evaluate_all(expression, here)) write_text(runtime_, value, out);
  return out.value();
}

Value Renderer::slice(const Expression& expression, const Scope& here) {
  const auto part = [&](size_t i) {
    const ExpressionPointer& operand = expression.operands[i];
    return operand ? evaluate(*operand, here) : Value();
  };
  const Value subject = part(0), start = part(1), stop = part(2), step = part(3);
  runtime_.at(expression.line);
  return slice_of(runtime_, subject, start, stop, step);
}

Value Renderer::call(const Expression& expression, const Scope& here) {
  const Value callee = evaluate(*expression.operands[0], here);
  Arguments given = arguments(*expression.arguments, here);
  runtime_.at(expression.line);
  reject_undefined(runtime_, callee);
  if (!callee.object()) runtime_.fail("expected something to call, found {}", describe(callee));
  return callee.object()->call(runtime_, given);
}

Value Renderer::filtered(const Expression& expression, const Scope& here) {
  const Value subject = evaluate(*expression.operands[0], here);
  Arguments given = arguments(*expression.arguments, here);
  runtime_.at(expression.line);
  if (!expression.builtin)
    runtime_.fail("expected the name of a {} that is supported, found {}",
                  expression.operation == Operation::filter ? "filter" : "test",
                  in_quotes(expression.value.view()));
  return apply(runtime_, *expression.builtin, subject, given);
}

// What needs no more than the values of its operands.
Value Renderer::operated(const Expression& expression, const Scope& here) {
  const std::vector<Value> values = evaluate_all(expression, here);
  switch (expression.operation) {
    case Operation::attribute:
      return attribute_of(runtime_, values[0], expression.value);
    case Operation::item:
      return item_of(runtime_, values[0], values[1]);
    case Operation::negative:
    case Operation::positive:
      return signed_number(runtime_, expression.operation, values[0]);
    default:
      return arithmetic(runtime_, expression.operation, values[0], values[1]);
  }
}

Arguments Renderer::arguments(const CallArguments& wanted, const Scope& here) {
  Arguments made;
  made.positional.reserve(wanted.positional.size());
  for (const ExpressionPointer& one : wanted.positional)
    made.positional.push_back(evaluate(*one, here));
  for (const auto& [name, one] : wanted.named) made.named.emplace_back(name, evaluate(*one, here));
  return made;
}

}  // namespace octavo::jinja

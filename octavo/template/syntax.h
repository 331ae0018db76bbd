// The syntax tree of a template: what the parser makes and the renderer walks.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "octavo/template/template.h"
#include "octavo/template/value.h"

namespace octavo::jinja {

struct Builtin;

enum class Operation : uint8_t {
  constant,        // `value`
  name,            // the variable `value`
  namespace_name,  // the attribute `value` of the variable in the operand; only assigned to
  tuple,
  list,
  dict,         // operands: key, value, key, value, …
  conditional,  // condition, then, and else unless that was left out
  logical_or,   // two operands
  logical_and,  // two
  logical_not,  // one
  compare,      // one more than `comparisons`, which are of the next eight
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in,
  add,           // two; so are the next six
  subtract,      //
  multiply,      //
  divide,        //
  floor_divide,  //
  modulo,        //
  power,         //
  negative,      // one
  positive,      // one
  concatenate,   // two or more
  attribute,     // of one: `value`
  item,          // of the first: the second
  slice,         // of the first: start, stop and step, each of them may be null
  call,          // of the first, with `arguments`
  filter,        // of the first, by `builtin` of the name `value`, with `arguments`
  test,          // as filter
};

struct Expression;
using ExpressionPointer = std::unique_ptr<Expression>;

struct CallArguments {
  std::vector<ExpressionPointer> positional;
  std::vector<std::pair<std::string, ExpressionPointer>> named;
};

struct Expression {
  Operation operation;
  int line = 0;
  int depth = 1;  // of the tree below
  Value value;    // a constant, or, as a text, a name
  std::vector<ExpressionPointer> operands;
  std::vector<Operation> comparisons;
  std::unique_ptr<CallArguments> arguments;  // of calls, filters and tests
  const Builtin* builtin = nullptr;  // null: none is supported under that name, which is an error
                                     // when it is reached
};

struct Data {
  std::string text;
};
struct Print {
  ExpressionPointer expression;
};
enum class Jump : uint8_t { break_loop, continue_loop };
struct If;
struct For;
struct Assignment;
struct Capture;
struct Generation;
struct Macro;

using Statement = std::variant<Data, Print, Jump, std::unique_ptr<If>, std::unique_ptr<For>,
                               std::unique_ptr<Assignment>, std::unique_ptr<Capture>,
                               std::unique_ptr<Generation>, std::unique_ptr<Macro>>;
using Body = std::vector<Statement>;

struct If {
  struct Branch {
    ExpressionPointer condition;
    Body body;
  };
  std::vector<Branch> branches;  // if and its elifs
  Body otherwise;
};

struct For {
  int line = 0;
  ExpressionPointer target;  // a name or a tuple of targets
  ExpressionPointer iterable;
  ExpressionPointer condition;  // may be null
  Body body, otherwise;
};

struct Assignment {
  ExpressionPointer target, value;
};

/// {% set name %}…{% endset %}
struct Capture {
  ExpressionPointer target;
  Body body;
};

/// {% generation %}, which marks what the model has written. It is a scope, and nothing else here.
struct Generation {
  Body body;
};

struct Macro {
  std::string name;
  std::vector<std::string> parameters;
  std::vector<ExpressionPointer> defaults;  // of the last parameters
  Body body;
};

struct Tree {
  std::string source;
  TemplateLimits limits;
  Body body;
};

}  // namespace octavo::jinja

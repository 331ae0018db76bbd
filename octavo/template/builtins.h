// Builtins: filters, tests, functions and methods, each a row of a table with its name, its
// parameters and what it does; and the arguments that they are called with.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/template/value.h"

namespace octavo::jinja {

struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string_view, Value>> named;  // of the template's syntax tree

  /// After binding: the argument of a parameter, missing if it was not given.
  const Value& operator[](size_t parameter) const { return positional[parameter]; }
  bool has(size_t parameter) const { return !positional[parameter].is_missing(); }
  /// The argument, or what it is if not given.
  Value or_else(size_t parameter, Value otherwise) const {
    return has(parameter) ? positional[parameter] : std::move(otherwise);
  }
  Value take(std::string_view name);  ///< a named one, out of them; missing if it was not given
  Value take_first();                 ///< likewise the first positional one
};

struct Builtin {
  std::string_view name;
  /// "old new count?": the names in order, a question mark after those that may be left out. With a
  /// slash in front they cannot be given by name. "*": any arguments at all, left as they are.
  std::string_view parameters;
  /// `subject`: what is filtered, tested, or what the method belongs to.
  Value (*apply)(Runtime& runtime, const Value& subject, Arguments& arguments);
};

/// Binds the arguments to the parameters, which fails if they do not fit, and applies the builtin.
Value apply(Runtime& runtime, const Builtin& builtin, const Value& subject, Arguments& arguments);

// Null if there is none of that name.
const Builtin* find_filter(std::string_view name);
const Builtin* find_test(std::string_view name);
const Builtin* find_function(std::string_view name);
const Builtin* find_method(const Value& subject, std::string_view name);

// The tables, each in the file of its name.
std::span<const Builtin> text_filters();
std::span<const Builtin> list_filters();
std::span<const Builtin> number_filters();
std::span<const Builtin> text_methods();  // methods.cpp
std::span<const Builtin> dict_methods();  // likewise
std::span<const Builtin> tests();
std::span<const Builtin> functions();

}  // namespace octavo::jinja

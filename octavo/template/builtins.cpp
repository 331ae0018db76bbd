#include "octavo/template/builtins.h"

#include <algorithm>
#include <initializer_list>

#include "octavo/base/text.h"
#include "octavo/template/runtime.h"

namespace octavo::jinja {
namespace {

const Builtin* find(std::initializer_list<std::span<const Builtin>> tables, std::string_view name) {
  for (const std::span<const Builtin> table : tables)
    if (const auto row = std::ranges::find(table, name, &Builtin::name); row != table.end())
      return &*row;
  return nullptr;
}

struct Parameter {
  std::string_view name;
  bool is_optional;
};

// Takes the next one off the list of them.
Parameter next_parameter(std::string_view& parameters) {
  const size_t end = std::min(parameters.find(' '), parameters.size());
  std::string_view name = parameters.substr(0, end);
  parameters.remove_prefix(std::min(end + 1, parameters.size()));
  const bool is_optional = name.ends_with('?');
  name.remove_suffix(is_optional);
  return {name, is_optional};
}

void bind(Runtime& runtime, const Builtin& builtin, Arguments& arguments) {
  std::string_view rest = builtin.parameters;
  const bool has_names = !rest.starts_with('/');
  if (!has_names) rest.remove_prefix(2);
  const size_t given = arguments.positional.size();
  size_t count = 0;
  for (; !rest.empty(); ++count) {
    const Parameter parameter = next_parameter(rest);
    Value named = has_names ? arguments.take(parameter.name) : Value();
    if (count < given) {
      if (!named.is_missing())
        runtime.fail("{}: expected one value for {}, found two", builtin.name, parameter.name);
      continue;
    }
    if (named.is_missing() && !parameter.is_optional)
      runtime.fail("{}: expected a value for {}, found none", builtin.name, parameter.name);
    arguments.positional.push_back(std::move(named));
  }
  if (given > count)
    runtime.fail("{}: expected at most {}, found {}", builtin.name,
                 counted(static_cast<int64_t>(count), "argument"), given);
  if (!arguments.named.empty())
    runtime.fail("{}: expected no argument {}, found one", builtin.name,
                 in_quotes(arguments.named[0].first));
}

}  // namespace

Value Arguments::take(std::string_view name) {
  const auto found =
      std::ranges::find_if(named, [&](const auto& one) { return one.first == name; });
  if (found == named.end()) return {};
  Value value = found->second;
  named.erase(found);
  return value;
}

Value Arguments::take_first() {
  if (positional.empty()) return {};
  Value value = positional[0];
  positional.erase(positional.begin());
  return value;
}

Value apply(Runtime& runtime, const Builtin& builtin, const Value& subject, Arguments& arguments) {
  if (builtin.parameters != "*") bind(runtime, builtin, arguments);
  return builtin.apply(runtime, subject, arguments);
}

const Builtin* find_filter(std::string_view name) {
  return find({text_filters(), list_filters(), number_filters()}, name);
}

const Builtin* find_test(std::string_view name) { return find({tests()}, name); }

const Builtin* find_function(std::string_view name) { return find({functions()}, name); }

const Builtin* find_method(const Value& subject, std::string_view name) {
  if (subject.text()) return find({text_methods()}, name);
  return subject.dict() ? find({dict_methods()}, name) : nullptr;
}

}  // namespace octavo::jinja

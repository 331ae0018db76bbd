// Functions that every template has: range, dict, namespace, raise_exception and strftime_now.
#include <algorithm>
#include <ctime>

#include "octavo/base/text.h"
#include "octavo/template/objects.h"
#include "octavo/template/printing.h"

namespace octavo::jinja {
namespace {

// A list, where Python's is lazy.
Value range(Runtime& runtime, const Value&, Arguments& arguments) {
  const bool has_stop = arguments.has(1);
  const int64_t start = has_stop ? whole_of(runtime, arguments[0], "start") : 0;
  const int64_t stop = whole_of(runtime, arguments[has_stop ? 1 : 0], "stop");
  const int64_t step = whole_of(runtime, arguments.or_else(2, 1), "step");
  if (step == 0) runtime.fail("range: expected a step other than 0, found 0");
  // Differences of 64-bit integers need not be some, but fit in as many bits without a sign.
  const auto bits = [](int64_t value) { return static_cast<uint64_t>(value); };
  const bool is_empty = step > 0 ? start >= stop : start <= stop;
  const uint64_t span = step > 0 ? bits(stop) - bits(start) : bits(start) - bits(stop);
  const uint64_t stride = step > 0 ? bits(step) : -bits(step);
  const uint64_t count = is_empty ? 0 : (span - 1) / stride + 1;
  if (count > bits(runtime.limits.range_items))
    runtime.fail("range: expected at most {} numbers, found {}", runtime.limits.range_items, count);
  runtime.allow(count * sizeof(Value));
  std::vector<Value> numbers;
  numbers.reserve(count);
  for (uint64_t i = 0; i < count; ++i)
    numbers.emplace_back(static_cast<int64_t>(bits(start) + i * bits(step)));
  return runtime.list(std::move(numbers));
}

// The entries of a dict, then what is given by name.
Value dict(Runtime& runtime, const Value&, Arguments& arguments) {
  const Value source = arguments.take_first();
  if (!arguments.positional.empty() || !(source.is_missing() || source.dict()))
    runtime.fail("dict: expected a dict and values with names, found another argument");
  std::vector<Dict::Entry> entries;
  if (source.dict()) {
    runtime.allow(source.dict()->size() * sizeof(Dict::Entry));
    entries = source.dict()->entries;
  }
  for (auto& [name, value] : arguments.named)
    entries.emplace_back(runtime.text(name), std::move(value));
  return runtime.dict(std::move(entries));
}

Value make_namespace(Runtime& runtime, const Value&, Arguments& arguments) {
  const Value initial = dict(runtime, {}, arguments);
  const std::shared_ptr<Namespace> made = runtime.make_namespace();
  for (const auto& [name, value] : initial.dict()->entries)
    made->set(runtime, text_of(runtime, name, "a name").bytes, value);
  return made;
}

Value raise_exception(Runtime& runtime, const Value&, Arguments& arguments) {
  runtime.raise(to_text(runtime, arguments[0]));
}

// One directive at a time, so that none can ask for more than a few characters. As Python's
// without a time zone.
Value strftime_now(Runtime& runtime, const Value&, Arguments& arguments) {
  static constexpr std::string_view kDirectives = "%aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyY";
  std::string_view rest = text_of(runtime, arguments[0], "format").bytes;
  TextBuilder out(runtime);
  while (!rest.empty()) {
    const size_t plain = std::min(rest.find('%'), rest.size());
    out += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    const size_t length = rest.starts_with("%-") ? 3 : 2;  // "%-d" is "%d" without a zero
    const std::string directive(rest.substr(0, length));
    if (rest.size() < length || kDirectives.find(directive.back()) == kDirectives.npos)
      runtime.fail("strftime_now: expected a directive such as %d, found {}", in_quotes(directive));
    rest.remove_prefix(length);
    runtime.spend(4);
    char buffer[256];
    out += {buffer, std::strftime(buffer, sizeof buffer, directive.c_str(), &runtime.now)};
  }
  return out.value();
}

constexpr Builtin kTable[] = {
    {"range", "/ start stop? step?", range},  {"dict", "*", dict},
    {"namespace", "*", make_namespace},       {"raise_exception", "message", raise_exception},
    {"strftime_now", "format", strftime_now},
};

}  // namespace

std::span<const Builtin> functions() { return kTable; }

}  // namespace octavo::jinja

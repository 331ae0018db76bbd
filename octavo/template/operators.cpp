// Comparisons, membership, attributes, items and slices (operators.h).
#include "octavo/template/operators.h"

#include <algorithm>
#include <limits>

#include "octavo/base/text.h"
#include "octavo/template/characters.h"
#include "octavo/template/objects.h"

namespace octavo::jinja {

namespace {

bool contains(Runtime& runtime, const Value& container, const Value& item) {
  if (container.text()) {
    if (!item.text())
      runtime.fail("expected a text on the left of 'in' a text, found {}", describe(item));
    return find(runtime, container.view(), item.view()) != std::string_view::npos;
  }
  if (const Dict* dict = container.dict()) return is_key(item) && dict->find(runtime, item);
  const auto is_it = [&](const Value& one) { return equal(runtime, one, item); };
  if (container.sequence()) return std::ranges::any_of(container.items(), is_it);
  return std::ranges::any_of(items_of(runtime, container), is_it);
}

}  // namespace

bool compare(Runtime& runtime, Operation comparison, const Value& a, const Value& b) {
  switch (comparison) {
    case Operation::equal:
      return equal(runtime, a, b);
    case Operation::not_equal:
      return !equal(runtime, a, b);
    case Operation::less:
      return order(runtime, a, b) < 0;
    case Operation::less_equal:
      return order(runtime, a, b) <= 0;
    case Operation::greater:
      return order(runtime, a, b) > 0;
    case Operation::greater_equal:
      return order(runtime, a, b) >= 0;
    case Operation::in:
      return contains(runtime, b, a);
    default:
      return !contains(runtime, b, a);
  }
}

namespace {

// What changes a list or a dict, which Jinja's immutable sandbox forbids.
constexpr std::string_view kListChanges[] = {"append", "clear",  "extend",  "insert",
                                             "pop",    "remove", "reverse", "sort"};
constexpr std::string_view kDictChanges[] = {"clear", "pop", "popitem", "setdefault", "update"};

bool is_forbidden(const Value& object, std::string_view name) {
  if (object.dict()) return std::ranges::count(kDictChanges, name) > 0;
  return object.is_list() && std::ranges::count(kListChanges, name) > 0;
}

// Missing if there is none.
Value find_attribute(Runtime& runtime, const Value& object, std::string_view name) {
  if (object.object()) return object.object()->attribute(runtime, name);
  if (is_forbidden(object, name))
    return runtime.undefined(fmt::format("expected nothing that changes {}, found its method {}",
                                         describe(object), in_quotes(name)));
  const Builtin* method = find_method(object, name);
  return method ? Value(runtime.object<Function>(object.depth(), *method, object)) : Value();
}

// Missing if there is none.
Value find_item(Runtime& runtime, const Value& object, const Value& key) {
  if (const Dict* dict = object.dict()) {
    const Value* found = is_key(key) ? dict->find(runtime, key) : nullptr;
    return found ? *found : Value();
  }
  if (!key.is_whole() || !(object.text() || object.sequence())) return {};
  const auto size = static_cast<int64_t>(*length_of(object));
  const int64_t index = key.whole() < 0 ? key.whole() + size : key.whole();
  if (index < 0 || index >= size) return {};
  const auto place = static_cast<size_t>(index);
  if (object.sequence()) return object.items()[place];
  if (!object.text()->is_ascii()) runtime.spend_bytes(object.view().size());
  return runtime.text(object.text()->part(place, place + 1));
}

Value nothing_there(Runtime& runtime, const Value& object, const Value& key) {
  const std::string shown = key.text()         ? "attribute " + in_quotes(key.view())
                            : key.is_integer() ? fmt::format("item {}", key.whole())
                                               : "item that is " + describe(key);
  return runtime.undefined(fmt::format("{} has no {}", describe(object), shown));
}

}  // namespace

Value attribute_of(Runtime& runtime, const Value& object, const Value& name) {
  reject_undefined(runtime, object);
  Value found = find_attribute(runtime, object, name.view());
  if (found.is_missing() && object.dict()) found = find_item(runtime, object, name);
  return found.is_missing() ? nothing_there(runtime, object, name) : found;
}

Value item_of(Runtime& runtime, const Value& object, const Value& key) {
  reject_undefined(runtime, object);
  Value found = find_item(runtime, object, key);
  if (found.is_missing() && key.text()) found = find_attribute(runtime, object, key.view());
  return found.is_missing() ? nothing_there(runtime, object, key) : found;
}

namespace {

struct Steps {
  int64_t start, step, count;
};

// As Python's slice.indices(): `size` items, of which the slice has `count`.
Steps steps_of(Runtime& runtime, int64_t size, const Value& start, const Value& stop,
               const Value& step) {
  const auto given = [&](const Value& value, int64_t otherwise) {
    return value.is_none() || value.is_missing() ? otherwise : whole_of(runtime, value, "a slice");
  };
  // −2⁶³ has no opposite, and goes no further than its neighbour.
  const int64_t by = std::max(given(step, 1), -std::numeric_limits<int64_t>::max());
  if (by == 0) runtime.fail("expected a step of a slice other than 0, found 0");
  const int64_t low = by < 0 ? -1 : 0, high = by < 0 ? size - 1 : size;
  const auto place = [&](const Value& value, int64_t otherwise) {
    const int64_t at = given(value, otherwise);
    const bool from_end = at < 0 && !value.is_none() && !value.is_missing();
    return std::clamp(from_end ? at + size : at, low, high);
  };
  const int64_t first = place(start, by < 0 ? high : low), last = place(stop, by < 0 ? low : high);
  const int64_t span = by < 0 ? first - last : last - first;
  const int64_t stride = by < 0 ? -by : by;
  return {first, by, span <= 0 ? 0 : (span - 1) / stride + 1};
}

std::string characters_at(Runtime& runtime, const Text& text, const Steps& steps) {
  std::vector<size_t> begins;
  runtime.allow((text.characters + 1) * sizeof(size_t));
  begins.reserve(text.characters + 1);
  for (size_t at = 0; at <= text.bytes.size(); ++at)
    if (at == text.bytes.size() || (text.bytes[at] & 0xC0) != 0x80) begins.push_back(at);
  TextBuilder out(runtime);
  for (int64_t i = 0; i < steps.count; ++i) {
    const auto place = static_cast<size_t>(steps.start + i * steps.step);
    out += std::string_view(text.bytes).substr(begins[place], begins[place + 1] - begins[place]);
  }
  return out.take();
}

}  // namespace

Value slice_of(Runtime& runtime, const Value& object, const Value& start, const Value& stop,
               const Value& step) {
  reject_undefined(runtime, object);
  if (!object.text() && !object.sequence())
    runtime.fail("expected a text or a list to slice, found {}", describe(object));
  const auto size = static_cast<int64_t>(*length_of(object));
  const Steps steps = steps_of(runtime, size, start, stop, step);
  const auto first = static_cast<size_t>(steps.start), count = static_cast<size_t>(steps.count);
  if (const Text* text = object.text()) {
    runtime.spend_characters(text->bytes.size());
    if (count == 0) return runtime.text("");
    if (steps.step == 1) return runtime.text(text->part(first, first + count));
    return runtime.text(characters_at(runtime, *text, steps));
  }
  std::vector<Value> items;
  runtime.allow(count * sizeof(Value));
  items.reserve(count);
  for (int64_t i = 0; i < steps.count; ++i)
    items.push_back(object.items()[static_cast<size_t>(steps.start + i * steps.step)]);
  return runtime.list(std::move(items), object.sequence()->kind);
}

}  // namespace octavo::jinja

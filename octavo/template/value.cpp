#include "octavo/template/value.h"

#include <algorithm>
#include <cmath>

#include "octavo/base/text.h"
#include "octavo/template/objects.h"
#include "octavo/template/runtime.h"

namespace octavo::jinja {

bool Value::is_list() const { return sequence() && sequence()->kind == Sequence::list; }
bool Value::is_tuple() const { return sequence() && sequence()->kind == Sequence::tuple; }

int64_t Value::whole() const { return is_boolean() ? boolean() : std::get<int64_t>(held_); }
double Value::number() const { return is_real() ? real() : static_cast<double>(whole()); }
std::string_view Value::view() const { return text()->bytes; }
const std::vector<Value>& Value::items() const { return sequence()->items; }

int Value::depth() const {
  if (const List* items = sequence()) return items->depth;
  if (const Dict* entries = dict()) return entries->depth;
  return object() ? object()->depth : 0;
}

std::string Value::type_name() const {
  if (is_none()) return "NoneType";
  if (is_boolean()) return "bool";
  if (is_integer()) return "int";
  if (is_real()) return "float";
  if (undefined()) return "Undefined";
  if (text()) return "str";
  if (sequence()) return is_list() ? "list" : "tuple";
  return dict() ? "dict" : std::string(object()->type_name());
}

const void* Value::address() const {
  if (const Text* one = text()) return one;
  if (const List* one = sequence()) return one;
  if (const Dict* one = dict()) return one;
  if (const Undefined* one = undefined()) return one;
  return object();
}

bool Value::same(const Value& other) const {
  if (held_.index() != other.held_.index()) return false;
  if (is_boolean()) return boolean() == other.boolean();
  if (is_integer()) return whole() == other.whole();
  if (is_real()) return real() == other.real();
  return address() == other.address();
}

size_t count_characters(std::string_view bytes) {
  return static_cast<size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

size_t Text::offset(size_t character) const {
  if (character >= characters) return bytes.size();
  if (is_ascii()) return character;
  size_t at = 0;
  for (; character > 0; --character) at += utf8_length(std::string_view(bytes).substr(at));
  return at;
}

std::string_view Text::part(size_t begin, size_t end) const {
  const size_t first = offset(begin);
  return std::string_view(bytes).substr(first, offset(std::max(begin, end)) - first);
}

namespace {

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
  if (a.is_real() && b.is_real()) return a.real() <=> b.real();
  if (!a.is_real() && !b.is_real()) return a.whole() <=> b.whole();
  if (a.is_real()) return 0 <=> compare_numbers(b, a);
  // Exactly, where a conversion to double would round.
  const double real = b.real();
  if (std::isnan(real)) return std::partial_ordering::unordered;
  if (real >= 0x1p63) return std::partial_ordering::less;
  if (real < -0x1p63) return std::partial_ordering::greater;
  const auto whole = static_cast<int64_t>(real);
  if (a.whole() != whole) return a.whole() <=> whole;
  return 0.0 <=> real - static_cast<double>(whole);
}

std::strong_ordering compare_bytes(Runtime& runtime, const Value& a, const Value& b) {
  runtime.spend_bytes(std::min(a.view().size(), b.view().size()));
  return a.view() <=> b.view();  // the order of UTF-8 is that of its characters
}

bool equal_texts(Runtime& runtime, const Value& a, const Value& b) {
  return a.view().size() == b.view().size() && compare_bytes(runtime, a, b) == 0;
}

bool equal_dicts(Runtime& runtime, const Dict& a, const Dict& b) {
  return a.size() == b.size() && std::ranges::all_of(a.entries, [&](const Dict::Entry& entry) {
           const Value* other = b.find(runtime, entry.first);
           return other && equal(runtime, entry.second, *other);
         });
}

}  // namespace

bool truth(const Value& value) {
  if (value.is_number()) return value.number() != 0;
  if (value.is_none() || value.undefined()) return false;
  return length_of(value).value_or(1) > 0;
}

bool equal(Runtime& runtime, const Value& a, const Value& b) {
  runtime.spend();
  if (a.is_number() && b.is_number()) return compare_numbers(a, b) == 0;
  if (a.same(b)) return true;
  if (a.text() && b.text()) return equal_texts(runtime, a, b);
  if ((a.is_list() && b.is_list()) || (a.is_tuple() && b.is_tuple()))
    return std::ranges::equal(a.items(), b.items(),
                              [&](const Value& x, const Value& y) { return equal(runtime, x, y); });
  if (a.dict() && b.dict()) return equal_dicts(runtime, *a.dict(), *b.dict());
  return a.undefined() && b.undefined();
}

std::partial_ordering order(Runtime& runtime, const Value& a, const Value& b) {
  runtime.spend();
  reject_undefined(runtime, a);
  reject_undefined(runtime, b);
  if (a.is_number() && b.is_number()) return compare_numbers(a, b);
  if (a.text() && b.text()) return compare_bytes(runtime, a, b);
  if ((a.is_list() && b.is_list()) || (a.is_tuple() && b.is_tuple())) {
    // That of the first items that differ.
    const size_t both = std::min(a.items().size(), b.items().size());
    for (size_t i = 0; i < both; ++i)
      if (!equal(runtime, a.items()[i], b.items()[i]))
        return order(runtime, a.items()[i], b.items()[i]);
    return a.items().size() <=> b.items().size();
  }
  runtime.fail("expected two values that have an order, found {} and {}", describe(a), describe(b));
}

bool is_key(const Value& value) { return value.is_none() || value.is_number() || value.text(); }

size_t Dict::place(Runtime& runtime, const Value& key) const {
  runtime.spend(1 + entries.size() / 8);
  const auto is_it = [&](const Entry& entry) {
    return key.text() ? entry.first.text() && equal_texts(runtime, entry.first, key)
                      : !entry.first.text() && equal(runtime, entry.first, key);
  };
  return static_cast<size_t>(std::ranges::find_if(entries, is_it) - entries.begin());
}

const Value* Dict::find(Runtime& runtime, const Value& key) const {
  const size_t found = place(runtime, key);
  return found < size() ? &entries[found].second : nullptr;
}

std::optional<size_t> length_of(const Value& value) {
  if (value.sequence()) return value.items().size();
  if (value.text()) return value.text()->characters;
  if (value.dict()) return value.dict()->size();
  if (value.undefined()) return 0;
  return {};
}

bool is_iterable(const Value& value) { return length_of(value) || value.as<Generator>(); }

std::vector<Value> items_of(Runtime& runtime, const Value& value) {
  if (auto* generator = value.as<Generator>()) return generator->take(runtime);
  const std::optional<size_t> length = length_of(value);
  if (!length) runtime.fail("expected something to iterate over, found {}", describe(value));
  runtime.spend(*length / 8);
  runtime.allow(*length * sizeof(Value));
  if (value.sequence()) return value.items();
  std::vector<Value> items;
  items.reserve(*length);
  if (const Dict* dict = value.dict())
    for (const Dict::Entry& entry : dict->entries) items.push_back(entry.first);
  if (value.text())
    for (std::string_view rest = value.view(); !rest.empty();) {
      const size_t size = utf8_length(rest);
      items.push_back(runtime.text(rest.substr(0, size)));
      rest.remove_prefix(size);
    }
  return items;
}

}  // namespace octavo::jinja

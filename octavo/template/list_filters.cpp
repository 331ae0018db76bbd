// Filters of lists and of what else can be gone through: `messages | length`. Those that choose or
// change each item give generators, as in Jinja; those that compare items do so by themselves or by
// an attribute, in lower case unless case counts.
#include <algorithm>
#include <charconv>

#include "octavo/base/text.h"
#include "octavo/template/characters.h"
#include "octavo/template/objects.h"
#include "octavo/template/operators.h"
#include "octavo/template/printing.h"

namespace octavo::jinja {
namespace {

Value length(Runtime& runtime, const Value& subject, Arguments&) {
  const std::optional<size_t> length = length_of(subject);
  if (!length)
    runtime.fail("length: expected something with a length, found {}", describe(subject));
  return *length;
}

Value first(Runtime& runtime, const Value& subject, Arguments&) {
  if (subject.text() && !subject.view().empty()) return runtime.text(subject.text()->part(0, 1));
  Value item;
  if (auto* generator = subject.as<Generator>())
    item = generator->take_first();
  else if (const std::vector<Value> items = items_of(runtime, subject); !items.empty())
    item = items[0];
  return item.is_missing() ? runtime.undefined("expected a first item, found none") : item;
}

Value last(Runtime& runtime, const Value& subject, Arguments&) {
  if (subject.as<Generator>())
    runtime.fail("last: expected a list or a text, found {}", describe(subject));
  if (subject.text() && !subject.view().empty())
    return runtime.text(subject.text()->part(subject.text()->characters - 1, std::string::npos));
  const std::vector<Value> items = items_of(runtime, subject);
  return items.empty() ? runtime.undefined("expected a last item, found none") : items.back();
}

Value list(Runtime& runtime, const Value& subject, Arguments&) {
  return runtime.list(items_of(runtime, subject));
}

Value reverse(Runtime& runtime, const Value& subject, Arguments&) {
  std::vector<Value> items = items_of(runtime, subject);
  std::ranges::reverse(items);
  if (subject.as<Generator>()) return runtime.list(std::move(items));
  if (!subject.text()) return generator(runtime, std::move(items));
  TextBuilder out(runtime);
  for (const Value& one : items) out += one.view();
  return out.value();
}

Value items(Runtime& runtime, const Value& subject, Arguments&) {
  if (subject.undefined()) return generator(runtime, {});
  if (!subject.dict()) runtime.fail("items: expected a dict, found {}", describe(subject));
  return generator(runtime, pairs_of(runtime, *subject.dict()));
}

/// "author.0.name", looked up in an item; None is the item itself.
class AttributePath {
 public:
  AttributePath(Runtime& runtime, const Value& attribute, Value otherwise = None{})
      : otherwise_(std::move(otherwise)) {
    if (!attribute.text()) {
      if (!attribute.is_none()) parts_.push_back(attribute);
      return;
    }
    for (Value& part : split_at(runtime, attribute.view(), ".", -1, From::left)) {
      int64_t number = -1;
      const char* const end = part.view().data() + part.view().size();
      const bool is_number = std::from_chars(part.view().data(), end, number).ptr == end;
      parts_.push_back(is_number && number >= 0 ? Value(number) : std::move(part));
    }
  }

  Value look_up(Runtime& runtime, Value item) const {
    for (const Value& part : parts_) {
      item = item_of(runtime, item, part);
      if (item.undefined() && !otherwise_.is_none()) item = otherwise_;
    }
    return item;
  }

 private:
  std::vector<Value> parts_;
  Value otherwise_;
};

const Builtin& named_builtin(Runtime& runtime, const Value& name, std::string_view kind,
                             const Builtin* (*find)(std::string_view)) {
  const Builtin* found = name.text() ? find(name.view()) : nullptr;
  if (!found)
    runtime.fail("expected the name of a {} that is supported, found {}", kind, describe(name));
  return *found;
}

Value map(Runtime& runtime, const Value& subject, Arguments& arguments) {
  std::vector<Value> items = truth(subject) ? items_of(runtime, subject) : std::vector<Value>();
  if (arguments.positional.empty()) {
    const Value attribute = arguments.take("attribute"), otherwise = arguments.take("default");
    if (attribute.is_missing() || !arguments.named.empty())
      runtime.fail("map: expected the name of a filter, or an attribute, found neither");
    const AttributePath path(runtime, attribute, otherwise.is_missing() ? None{} : otherwise);
    for (Value& item : items) item = path.look_up(runtime, item);
    return generator(runtime, std::move(items));
  }
  const Value name = arguments.take_first();
  const Builtin& filter = named_builtin(runtime, name, "filter", find_filter);
  for (Value& item : items) {
    Arguments copy = arguments;
    item = apply(runtime, filter, item, copy);
  }
  return generator(runtime, std::move(items));
}

enum class Keep { passing, failing };
enum class By { item, attribute };

template <Keep keep, By by>
Value select(Runtime& runtime, const Value& subject, Arguments& arguments) {
  std::vector<Value> items = truth(subject) ? items_of(runtime, subject) : std::vector<Value>();
  const Value attribute = by == By::attribute ? arguments.take_first() : Value(None{});
  if (attribute.is_missing()) runtime.fail("expected the name of an attribute, found none");
  const AttributePath path(runtime, attribute);
  const Value name = arguments.take_first();
  const Builtin* test =
      name.is_missing() ? nullptr : &named_builtin(runtime, name, "test", find_test);
  std::erase_if(items, [&](const Value& item) {
    Value tested = path.look_up(runtime, item);
    if (test) {
      Arguments copy = arguments;
      tested = apply(runtime, *test, tested, copy);
    }
    return truth(tested) == (keep == Keep::failing);
  });
  return generator(runtime, std::move(items));
}

/// What items are compared by.
class Key {
 public:
  Key(Runtime& runtime, const Value& attribute, const Value& case_sensitive)
      : path_(runtime, attribute), ignores_case_(!truth(case_sensitive)) {}
  Value of(Runtime& runtime, const Value& item) const {
    const Value key = path_.look_up(runtime, item);
    return ignores_case_ && key.text() ? runtime.text(lower(key.view())) : key;
  }

 private:
  AttributePath path_;
  bool ignores_case_;
};

Value sorted(Runtime& runtime, const std::vector<Value>& items, const Key& key_of,
             const Value& reverse) {
  const bool descends = truth(reverse);
  runtime.allow(2 * items.size() * sizeof(Dict::Entry));
  std::vector<std::pair<Value, Value>> keyed;  // by their keys
  for (const Value& item : items) keyed.emplace_back(key_of.of(runtime, item), item);
  std::ranges::stable_sort(keyed, [&](const auto& a, const auto& b) {
    return order(runtime, descends ? b.first : a.first, descends ? a.first : b.first) < 0;
  });
  std::vector<Value> result;
  result.reserve(items.size());
  for (auto& [key, item] : keyed) result.push_back(std::move(item));
  return runtime.list(std::move(result));
}

Value sort(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Key key_of(runtime, arguments.or_else(2, None{}), arguments.or_else(1, false));
  return sorted(runtime, items_of(runtime, subject), key_of, arguments.or_else(0, false));
}

Value dictsort(Runtime& runtime, const Value& subject, Arguments& arguments) {
  reject_undefined(runtime, subject);
  if (!subject.dict()) runtime.fail("dictsort: expected a dict, found {}", describe(subject));
  const Value by = arguments.or_else(1, runtime.text("key"));
  if (!by.text() || (by.view() != "key" && by.view() != "value"))
    runtime.fail("dictsort: expected \"key\" or \"value\", found {}", describe(by));
  const Key key_of(runtime, by.view() == "key" ? 0 : 1, arguments.or_else(0, false));
  return sorted(runtime, pairs_of(runtime, *subject.dict()), key_of, arguments.or_else(2, false));
}

Value unique(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Key key_of(runtime, arguments.or_else(1, None{}), arguments.or_else(0, false));
  std::vector<Value> items = items_of(runtime, subject);
  Dict seen;  // the keys of what stays
  runtime.allow(2 * items.size() * sizeof(Dict::Entry));
  std::erase_if(items, [&](const Value& item) {
    const Value key = key_of.of(runtime, item);
    if (!is_key(key))
      runtime.fail("unique: expected items that are texts or numbers, found {}", describe(key));
    if (seen.find(runtime, key)) return true;
    seen.entries.emplace_back(key, None{});
    return false;
  });
  return generator(runtime, std::move(items));
}

enum class Extreme { least, greatest };
template <Extreme extreme>
Value extreme_of(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Key key_of(runtime, arguments.or_else(1, None{}), arguments.or_else(0, false));
  Value best, best_key;
  for (const Value& item : items_of(runtime, subject)) {
    const Value key = key_of.of(runtime, item);
    if (!best.is_missing()) {
      const auto comparison = order(runtime, key, best_key);
      if (extreme == Extreme::least ? !(comparison < 0) : !(comparison > 0)) continue;
    }
    best = item;
    best_key = key;
  }
  return best.is_missing() ? runtime.undefined("expected items, found none") : best;
}

Value sum(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const AttributePath path(runtime, arguments.or_else(0, None{}));
  Value sum = arguments.or_else(1, 0);
  for (const Value& item : items_of(runtime, subject))
    sum = arithmetic(runtime, Operation::add, sum, path.look_up(runtime, item));
  return sum;
}

Value join(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const AttributePath path(runtime, arguments.or_else(1, None{}));
  const std::string between = arguments.has(0) ? to_text(runtime, arguments[0]) : "";
  TextBuilder out(runtime);
  bool first = true;
  for (const Value& item : items_of(runtime, subject)) {
    if (!std::exchange(first, false)) out += between;
    write_text(runtime, path.look_up(runtime, item), out);
  }
  return out.value();
}

constexpr Builtin kTable[] = {
    {"length", "", length},
    {"count", "", length},
    {"first", "", first},
    {"last", "", last},
    {"list", "", list},
    {"reverse", "", reverse},
    {"items", "", items},
    {"map", "*", map},
    {"select", "*", select<Keep::passing, By::item>},
    {"reject", "*", select<Keep::failing, By::item>},
    {"selectattr", "*", select<Keep::passing, By::attribute>},
    {"rejectattr", "*", select<Keep::failing, By::attribute>},
    {"sort", "reverse? case_sensitive? attribute?", sort},
    {"dictsort", "case_sensitive? by? reverse?", dictsort},
    {"unique", "case_sensitive? attribute?", unique},
    {"min", "case_sensitive? attribute?", extreme_of<Extreme::least>},
    {"max", "case_sensitive? attribute?", extreme_of<Extreme::greatest>},
    {"sum", "attribute? start?", sum},
    {"join", "d? attribute?", join},
};

}  // namespace

std::span<const Builtin> list_filters() { return kTable; }

}  // namespace octavo::jinja

// Methods: of texts, `text.split(',')`, and of dicts, `message.get('content')`.
#include <algorithm>

#include "octavo/template/characters.h"
#include "octavo/template/objects.h"
#include "octavo/template/printing.h"

namespace octavo::jinja {
namespace {

bool ends_word(char32_t code) { return !is_cased(code); }

std::string title(std::string_view text) { return titled(text, ends_word); }

template <std::string (*change)(std::string_view)>
Value changed(Runtime& runtime, const Value& subject, Arguments&) {
  runtime.spend_characters(subject.view().size());
  return runtime.text(change(subject.view()));
}

template <Side side>
Value strip(Runtime& runtime, const Value& subject, Arguments& arguments) {
  return runtime.text(stripped(runtime, subject.view(), side, arguments[0]));
}

template <From from>
Value split_method(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Value separator = arguments.or_else(0, None{});
  const int64_t count = whole_of(runtime, arguments.or_else(1, -1), "maxsplit");
  if (separator.is_none()) return runtime.list(split(runtime, subject.view(), count, from));
  const Text& text = text_of(runtime, separator, "sep");
  if (text.bytes.empty()) runtime.fail("split: expected a separator, found an empty text");
  return runtime.list(split_at(runtime, subject.view(), text.bytes, count, from));
}

Value splitlines(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const bool keeps = truth(arguments.or_else(0, false));
  return runtime.list(
      lines_of(runtime, subject.view(), keeps ? LineEnds::kept : LineEnds::dropped));
}

enum class End { start, stop };
template <End end>
Value has_affix(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const auto has = [&](const Value& affix) {
    const std::string& wanted = text_of(runtime, affix, "a start or end").bytes;
    runtime.spend_bytes(wanted.size());
    return end == End::start ? subject.view().starts_with(wanted)
                             : subject.view().ends_with(wanted);
  };
  if (arguments[0].is_tuple()) return std::ranges::any_of(arguments[0].items(), has);
  return has(arguments[0]);
}

Value join(Runtime& runtime, const Value& subject, Arguments& arguments) {
  TextBuilder out(runtime);
  bool first = true;
  for (const Value& item : items_of(runtime, arguments[0])) {
    if (!std::exchange(first, false)) out += subject.view();
    out += text_of(runtime, item, "an item to join").bytes;
  }
  return out.value();
}

Value replace(Runtime& runtime, const Value& subject, Arguments& arguments) {
  return runtime.text(replaced(runtime, subject.view(), text_of(runtime, arguments[0], "old").bytes,
                               text_of(runtime, arguments[1], "new").bytes,
                               whole_of(runtime, arguments.or_else(2, -1), "count")));
}

Value find_text(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const size_t place = find(runtime, subject.view(), text_of(runtime, arguments[0], "sub").bytes);
  return place == std::string_view::npos ? Value(-1)
                                         : Value(count_characters(subject.view().substr(0, place)));
}

Value count(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const std::string& wanted = text_of(runtime, arguments[0], "sub").bytes;
  if (wanted.empty()) return subject.text()->characters + 1;
  return split_at(runtime, subject.view(), wanted, -1, From::left).size() - 1;
}

Value get(Runtime& runtime, const Value& subject, Arguments& arguments) {
  const Value* found = is_key(arguments[0]) ? subject.dict()->find(runtime, arguments[0]) : nullptr;
  return found ? *found : arguments.or_else(1, None{});
}

Value keys(Runtime& runtime, const Value& subject, Arguments&) {
  return runtime.list(items_of(runtime, subject));
}

Value values(Runtime& runtime, const Value& subject, Arguments&) {
  std::vector<Value> values;
  for (const Dict::Entry& entry : subject.dict()->entries) values.push_back(entry.second);
  return runtime.list(std::move(values));
}

Value items(Runtime& runtime, const Value& subject, Arguments&) {
  return runtime.list(pairs_of(runtime, *subject.dict()));
}

constexpr Builtin kTextTable[] = {
    {"upper", "", changed<upper>},
    {"lower", "", changed<lower>},
    {"title", "", changed<title>},
    {"capitalize", "", changed<capitalized>},
    {"strip", "/ chars?", strip<Side::both>},
    {"lstrip", "/ chars?", strip<Side::left>},
    {"rstrip", "/ chars?", strip<Side::right>},
    {"split", "sep? maxsplit?", split_method<From::left>},
    {"rsplit", "sep? maxsplit?", split_method<From::right>},
    {"splitlines", "keepends?", splitlines},
    {"startswith", "/ prefix", has_affix<End::start>},
    {"endswith", "/ suffix", has_affix<End::stop>},
    {"join", "/ iterable", join},
    {"replace", "/ old new count?", replace},
    {"find", "/ sub", find_text},
    {"count", "/ sub", count},
};

constexpr Builtin kDictTable[] = {
    {"get", "/ key default?", get},
    {"keys", "", keys},
    {"values", "", values},
    {"items", "", items},
};

}  // namespace

std::span<const Builtin> text_methods() { return kTextTable; }
std::span<const Builtin> dict_methods() { return kDictTable; }

}  // namespace octavo::jinja

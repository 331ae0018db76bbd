#include "octavo/template/runtime.h"

#include <algorithm>

#include "octavo/base/text.h"
#include "octavo/template/objects.h"

namespace octavo::jinja {

void Runtime::fail_with(const std::string& message) const {
  throw Error(ErrorKind::data, fmt::format("{}:{}: {}", source_, line_, message));
}

// The message may be anything; on one line and of bounded length in what().
void Runtime::raise(std::string message) const {
  constexpr size_t kShown = 300;
  size_t end = std::min(message.size(), kShown);
  while (end < message.size() && (message[end] & 0xC0) == 0x80) ++end;
  std::string shown = message.substr(0, end);
  std::ranges::replace_if(
      shown, [](unsigned char c) { return c < ' ' || c == '\x7F'; }, ' ');
  const std::string what = fmt::format("{}:{}: the template refuses: {}{}", source_, line_, shown,
                                       end < message.size() ? "…" : "");
  throw RaisedByTemplate(what, std::move(message));
}

void Runtime::spend_bytes(size_t bytes) {
  work_ += bytes;
  if (work_ > static_cast<uint64_t>(limits.steps) * kBytesPerStep) [[unlikely]]
    fail("expected at most {} steps, found more", limits.steps);
}

void Runtime::allow(size_t bytes) const {
  if (bytes > limits.memory_bytes || in_use_ > limits.memory_bytes - bytes) [[unlikely]]
    fail("expected values of at most {} at one time, found more",
         human_bytes(static_cast<double>(limits.memory_bytes)));
}

Charge Runtime::charge(size_t bytes) {
  allow(bytes);
  return Charge(in_use_, bytes);
}

int Runtime::checked_depth(int depth) const {
  if (depth > kMaximumDepth)
    fail("expected values nested at most {} deep, found more", kMaximumDepth);
  return depth;
}

Value Runtime::text(std::string bytes) {
  spend_bytes(kCallBytes + bytes.size());
  Charge paid = charge(sizeof(Text) + kOverhead + bytes.capacity());
  const size_t characters = count_characters(bytes);
  return std::make_shared<const Text>(Text{std::move(bytes), characters, std::move(paid)});
}

Value Runtime::list(std::vector<Value> items, Sequence kind) {
  spend(1 + items.size() / 8);
  Charge paid = charge(sizeof(List) + kOverhead + items.capacity() * sizeof(Value));
  int depth = 0;
  for (const Value& item : items) depth = std::max(depth, item.depth());
  return std::make_shared<const List>(
      List{std::move(items), kind, checked_depth(depth + 1), std::move(paid)});
}

Value Runtime::dict(std::vector<Dict::Entry> entries, Keys keys) {
  spend(1 + entries.size() / 8);
  Dict made;
  for (Dict::Entry& entry : entries) {
    const auto& [key, value] = entry;
    if (!is_key(key)) fail("expected a key that is a text or a number, found {}", describe(key));
    made.depth = checked_depth(std::max(made.depth, value.depth() + 1));
    const size_t place = keys == Keys::distinct ? made.size() : made.place(*this, key);
    if (place < made.size())
      made.entries[place].second = std::move(entry.second);
    else
      made.entries.push_back(std::move(entry));
  }
  made.charge = charge(sizeof(Dict) + kOverhead + made.entries.capacity() * sizeof(Dict::Entry));
  return std::make_shared<const Dict>(std::move(made));
}

Value Runtime::undefined(std::string message) {
  Charge paid = charge(sizeof(Undefined) + kOverhead + message.capacity());
  return std::make_shared<const Undefined>(Undefined{std::move(message), std::move(paid)});
}

Value Runtime::from_json(const Json& json) {
  const Nesting nesting(*this);
  spend();
  if (json.is_object()) {
    std::vector<Dict::Entry> entries;
    entries.reserve(json.size());
    for (const Json& member : json.members()) {
      if (!is_utf8(member.key()))
        fail("expected a key in UTF-8, found {}", in_quotes(member.key()));
      entries.emplace_back(text(member.key()), from_json(member));
    }
    return dict(std::move(entries), Keys::distinct);
  }
  if (json.is_array()) {
    std::vector<Value> items;
    items.reserve(json.size());
    for (const Json& item : json.items()) items.push_back(from_json(item));
    return list(std::move(items));
  }
  if (json.is_text()) {
    if (!is_utf8(json.text())) fail("expected a text in UTF-8, found {}", in_quotes(json.text()));
    return text(json.text());
  }
  if (json.is_integer()) return json.integer();
  if (json.is_number()) return json.number();
  return json.is_null() ? Value(None{}) : Value(json.boolean());
}

// What is cleared stays until all are, so that no chain of them is destroyed in one recursion.
Runtime::~Runtime() {
  for (const auto& one : namespaces_) one->clear();
}

std::shared_ptr<Namespace> Runtime::make_namespace() {
  namespaces_.push_back(object<Namespace>(0));
  return namespaces_.back();
}

Nesting::Nesting(Runtime& runtime) : runtime_(runtime) {
  if (runtime.nesting_ >= runtime.limits.evaluation_depth)
    runtime.fail("expected at most {} levels of evaluation within each other, found more",
                 runtime.limits.evaluation_depth);
  ++runtime.nesting_;
}

TextBuilder& TextBuilder::operator+=(std::string_view bytes) {
  runtime_.spend_bytes(16 + bytes.size());
  runtime_.allow(bytes_.size() + bytes.size());
  bytes_ += bytes;
  return *this;
}

void TextBuilder::fill(size_t count, std::string_view character) {
  runtime_.allow(count);  // before the product, which could overflow
  runtime_.allow(bytes_.size() + count * character.size());
  runtime_.spend_bytes(16 + count * character.size());
  for (size_t i = 0; i < count; ++i) bytes_ += character;
}

Value constant_text(std::string bytes) {
  const size_t characters = count_characters(bytes);
  return std::make_shared<const Text>(Text{std::move(bytes), characters});
}

std::string describe(const Value& value) {
  if (value.is_none()) return "None";
  if (value.is_boolean()) return value.boolean() ? "True" : "False";
  if (value.is_integer()) return fmt::format("the integer {}", value.whole());
  if (value.is_real()) return fmt::format("the number {}", value.real());
  if (value.text()) return "the text " + in_quotes(value.view());
  if (value.undefined()) return "an undefined value";
  const std::string type = value.type_name();
  return fmt::format("{} {}",
                     std::string_view("aeiou").find(type[0]) == std::string_view::npos ? "a" : "an",
                     type);
}

void reject_undefined(const Runtime& runtime, const Value& value) {
  if (const Undefined* undefined = value.undefined()) runtime.fail_with(undefined->message);
}

int64_t whole_of(const Runtime& runtime, const Value& value, std::string_view what) {
  reject_undefined(runtime, value);
  if (!value.is_whole())
    runtime.fail("expected an integer for {}, found {}", what, describe(value));
  return value.whole();
}

const Text& text_of(const Runtime& runtime, const Value& value, std::string_view what) {
  reject_undefined(runtime, value);
  if (!value.text()) runtime.fail("expected a text for {}, found {}", what, describe(value));
  return *value.text();
}

}  // namespace octavo::jinja

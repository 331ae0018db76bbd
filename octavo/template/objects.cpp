#include "octavo/template/objects.h"

#include <algorithm>

namespace octavo::jinja {

Value Object::call(Runtime& runtime, Arguments&) {
  runtime.fail("expected something to call, found {}", describe(Value(shared_from_this())));
}

std::vector<Value> Generator::take(Runtime& runtime) {
  const std::vector<Value>& all = items_.items();
  const size_t begin = std::exchange(at_, all.size());
  runtime.spend((all.size() - begin) / 8);
  runtime.allow((all.size() - begin) * sizeof(Value));
  return {all.begin() + static_cast<std::ptrdiff_t>(begin), all.end()};
}

Value Generator::take_first() {
  return at_ < items_.items().size() ? items_.items()[at_++] : Value();
}

Value generator(Runtime& runtime, std::vector<Value> items) {
  const Value list = runtime.list(std::move(items));
  return runtime.object<Generator>(list.depth(), list);
}

std::vector<Value> pairs_of(Runtime& runtime, const Dict& dict) {
  std::vector<Value> pairs;
  runtime.allow(dict.size() * sizeof(Value));
  pairs.reserve(dict.size());
  for (const auto& [key, value] : dict.entries) pairs.push_back(runtime.tuple({key, value}));
  return pairs;
}

Value Namespace::attribute(Runtime& runtime, std::string_view name) {
  runtime.spend(attributes_.size() / 8);
  const auto found = std::ranges::find(attributes_, name, &Attribute::name);
  return found == attributes_.end() ? Value() : found->value;
}

void Namespace::set(Runtime& runtime, std::string_view name, Value value) {
  runtime.spend(1 + attributes_.size() / 8);
  const auto found = std::ranges::find(attributes_, name, &Attribute::name);
  if (found != attributes_.end()) {
    found->value = std::move(value);
    return;
  }
  Charge paid = runtime.charge(2 * sizeof(Attribute) + name.size());
  attributes_.push_back({std::string(name), std::move(value), std::move(paid)});
}

}  // namespace octavo::jinja

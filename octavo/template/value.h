// Values of templates: Python's None, bool, int (of 64 bits), float, str, list, tuple and dict,
// what Jinja calls undefined, and objects (objects.h). None of these changes once it is made (but
// for namespaces), so they are shared freely. Texts are UTF-8, counted in characters.
//
// What a value takes is charged to the rendering's limit for as long as it lives (runtime.h makes
// values); and values nest only so deep, because they are compared, printed and destroyed
// recursively. Tested by tests/template/values_test.cpp.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace octavo::jinja {

class Runtime;
class Object;
struct Text;
struct List;
struct Dict;

/// Memory that is charged to a rendering until this ends.
class Charge {
 public:
  Charge() = default;
  Charge(size_t& in_use, size_t bytes) : in_use_(&in_use), bytes_(bytes) { in_use += bytes; }
  Charge(Charge&& other) noexcept
      : in_use_(std::exchange(other.in_use_, nullptr)), bytes_(other.bytes_) {}
  Charge& operator=(Charge&& other) noexcept {
    std::swap(in_use_, other.in_use_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Charge() {
    if (in_use_) *in_use_ -= bytes_;
  }

 private:
  size_t* in_use_ = nullptr;  // null: nothing is charged
  size_t bytes_ = 0;
};

struct None {};

/// What a name, attribute or item that is not there gives: empty and false, any other use fails.
struct Undefined {
  std::string message;  // of that failure
  Charge charge{};
};

class Value {
 public:
  Value() = default;  ///< missing: not a value of the language; an argument or variable not set
  Value(None) : held_(None{}) {}
  template <std::same_as<bool> Boolean>
  Value(Boolean value) : held_(value) {}
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) Value(Integer value)
      : held_(static_cast<int64_t>(value)) {}
  Value(double value) : held_(value) {}
  Value(std::shared_ptr<const Undefined> value) : held_(std::move(value)) {}
  Value(std::shared_ptr<const Text> value) : held_(std::move(value)) {}
  Value(std::shared_ptr<const List> value) : held_(std::move(value)) {}
  Value(std::shared_ptr<const Dict> value) : held_(std::move(value)) {}
  template <class Kind>  // any object
  requires std::convertible_to<std::shared_ptr<Kind>, std::shared_ptr<Object>> Value(
      std::shared_ptr<Kind> value)
      : held_(std::shared_ptr<Object>(std::move(value))) {}

  bool is_missing() const { return std::holds_alternative<std::monostate>(held_); }
  bool is_none() const { return std::holds_alternative<None>(held_); }
  bool is_boolean() const { return std::holds_alternative<bool>(held_); }
  bool is_integer() const { return std::holds_alternative<int64_t>(held_); }  ///< no bool
  bool is_real() const { return std::holds_alternative<double>(held_); }
  bool is_number() const { return is_boolean() || is_integer() || is_real(); }
  bool is_whole() const { return is_boolean() || is_integer(); }  ///< Python's int

  // What it is, or null.
  const Undefined* undefined() const { return get<Undefined>(); }
  const Text* text() const { return get<Text>(); }
  const List* sequence() const { return get<List>(); }
  bool is_list() const;
  bool is_tuple() const;
  const Dict* dict() const { return get<Dict>(); }
  Object* object() const {
    const auto* pointer = std::get_if<std::shared_ptr<Object>>(&held_);
    return pointer ? pointer->get() : nullptr;
  }
  template <class Derived>
  Derived* as() const {
    return dynamic_cast<Derived*>(object());
  }

  int64_t whole() const;  ///< of an int or a bool
  double number() const;  ///< of any number
  bool boolean() const { return std::get<bool>(held_); }
  double real() const { return std::get<double>(held_); }
  std::string_view view() const;            ///< the bytes of a text
  const std::vector<Value>& items() const;  ///< of a list or a tuple

  int depth() const;                    ///< of lists, dicts and objects within each other
  std::string type_name() const;        ///< Python's: "str", "NoneType", "list"
  bool same(const Value& other) const;  ///< Python's `is`, but that equal ints are one

 private:
  const void* address() const;  // of what is shared, null for numbers and the like
  template <class Type>
  const Type* get() const {
    const auto* pointer = std::get_if<std::shared_ptr<const Type>>(&held_);
    return pointer ? pointer->get() : nullptr;
  }

  std::variant<std::monostate, None, bool, int64_t, double, std::shared_ptr<const Undefined>,
               std::shared_ptr<const Text>, std::shared_ptr<const List>,
               std::shared_ptr<const Dict>, std::shared_ptr<Object>>
      held_;
};

struct Text {
  std::string bytes;
  size_t characters;
  Charge charge{};

  bool is_ascii() const { return characters == bytes.size(); }
  /// The byte where a character begins; the end for those past it.
  size_t offset(size_t character) const;
  /// The characters from `begin` to before `end`.
  std::string_view part(size_t begin, size_t end) const;
};

enum class Sequence : bool { list, tuple };

struct List {
  std::vector<Value> items;
  Sequence kind = Sequence::list;
  int depth = 1;
  Charge charge{};
};

/// A dict in the order of insertion. Its keys are texts, numbers and None; they are looked through,
/// which costs steps.
struct Dict {
  using Entry = std::pair<Value, Value>;

  size_t size() const { return entries.size(); }
  size_t place(Runtime& runtime, const Value& key) const;       ///< size() if it is not there
  const Value* find(Runtime& runtime, const Value& key) const;  ///< null then

  std::vector<Entry> entries;
  int depth = 1;
  Charge charge{};
};

// Python's comparisons. They take steps, and reject what cannot be compared.
bool truth(const Value& value);
bool equal(Runtime& runtime, const Value& a, const Value& b);
std::partial_ordering order(Runtime& runtime, const Value& a, const Value& b);
bool is_key(const Value& value);

/// Python's len(), or nothing where that fails.
std::optional<size_t> length_of(const Value& value);
bool is_iterable(const Value& value);
/// What a loop over the value goes through, all at once; fails if there is no such thing.
std::vector<Value> items_of(Runtime& runtime, const Value& value);

size_t count_characters(std::string_view bytes);

}  // namespace octavo::jinja

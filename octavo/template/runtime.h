// The runtime of one rendering: where it is in the template, what it has cost so far, and the
// making of values. Everything that evaluates has it at hand, to fail with the line and to spend
// before it works.
#pragma once

#include <fmt/core.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/template/template.h"
#include "octavo/template/value.h"

namespace octavo::jinja {

class Namespace;

class Runtime {
 public:
  Runtime(std::string_view source, const TemplateLimits& limits, const std::tm& now)
      : limits(limits), now(now), source_(source) {}
  Runtime(const Runtime&) = delete;
  ~Runtime();

  const TemplateLimits& limits;
  const std::tm& now;

  void at(int line) { line_ = line; }
  int line() const { return line_; }
  /// Throws `data` with the template's name and line before the message.
  template <class... Arguments>
  [[noreturn]] void fail(fmt::format_string<Arguments...> format, Arguments&&... arguments) const {
    fail_with(fmt::format(format, std::forward<Arguments>(arguments)...));
  }
  [[noreturn]] void fail_with(const std::string& message) const;
  [[noreturn]] void raise(std::string message) const;  ///< as raise_exception

  // Costs. Work is counted before it is done, and memory before it is taken.
  void spend(size_t steps = 1) { spend_bytes(steps * kBytesPerStep); }
  void spend_bytes(size_t bytes);
  /// Of characters that are looked at one by one.
  void spend_characters(size_t bytes) { spend_bytes(16 * bytes); }
  /// Of a call that is dearer than the bytes that it moves.
  void spend_call() { spend_bytes(kCallBytes); }
  /// Throws if that many bytes more would be too many.
  void allow(size_t bytes) const;
  Charge charge(size_t bytes);

  Value text(std::string bytes);
  Value text(std::string_view bytes) { return text(std::string(bytes)); }
  Value text(const char* bytes) { return text(std::string(bytes)); }
  Value list(std::vector<Value> items, Sequence kind = Sequence::list);
  Value tuple(std::vector<Value> items) { return list(std::move(items), Sequence::tuple); }
  /// Of two entries with one key the later value stays, at the place of the earlier.
  enum class Keys { any, distinct };
  Value dict(std::vector<Dict::Entry> entries, Keys keys = Keys::any);
  Value undefined(std::string message);
  Value from_json(const Json& json);
  /// An object around values that nest `depth` deep.
  template <class Type, class... Arguments>
  std::shared_ptr<Type> object(int depth, Arguments&&... arguments) {
    Charge paid = charge(sizeof(Type) + kOverhead);
    auto made = std::make_shared<Type>(std::forward<Arguments>(arguments)...);
    made->depth = checked_depth(depth + 1);
    made->charge = std::move(paid);
    return made;
  }

  std::shared_ptr<Namespace> make_namespace();

 private:
  friend class Nesting;
  static constexpr size_t kBytesPerStep = 256, kCallBytes = 64;
  static constexpr size_t kOverhead = 48;  // of an allocation and its reference count
  static constexpr int kMaximumDepth = 200;
  int checked_depth(int depth) const;

  std::string_view source_;
  int line_ = 1;
  int nesting_ = 0;
  uint64_t work_ = 0;  // bytes, or steps times what a step counts as
  size_t in_use_ = 0;
  std::vector<std::shared_ptr<Namespace>> namespaces_;
};

/// A level of evaluation within another, for as long as it lives.
class Nesting {
 public:
  explicit Nesting(Runtime& runtime);
  Nesting(const Nesting&) = delete;
  ~Nesting() { --runtime_.nesting_; }

 private:
  Runtime& runtime_;
};

/// A text that grows, within what memory and work are left.
class TextBuilder {
 public:
  explicit TextBuilder(Runtime& runtime) : runtime_(runtime) {}
  TextBuilder& operator+=(std::string_view bytes);
  void fill(size_t count, std::string_view character);
  Value value() { return runtime_.text(std::move(bytes_)); }
  std::string take() { return std::move(bytes_); }

 private:
  Runtime& runtime_;
  std::string bytes_;
};

/// A text of a template, which no rendering pays for.
Value constant_text(std::string bytes);

/// How a message shows a value: "the text \"abc\"", "the integer 3", "a list".
std::string describe(const Value& value);
/// Fails, with its own message, if the value is undefined.
void reject_undefined(const Runtime& runtime, const Value& value);
/// An int or a bool; fails with "expected an integer for `what`, found …".
int64_t whole_of(const Runtime& runtime, const Value& value, std::string_view what);
/// A text; fails likewise.
const Text& text_of(const Runtime& runtime, const Value& value, std::string_view what);

}  // namespace octavo::jinja

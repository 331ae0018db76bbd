// Objects: the values that are more than data. What filters such as `map` give, functions, methods
// and namespaces are here; macros and the `loop` of a loop are in renderer.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/template/builtins.h"
#include "octavo/template/runtime.h"
#include "octavo/template/value.h"

namespace octavo::jinja {

class Object : public std::enable_shared_from_this<Object> {
 public:
  virtual ~Object() = default;

  virtual std::string_view type_name() const = 0;
  /// Missing if there is none of that name.
  virtual Value attribute(Runtime&, std::string_view) { return {}; }
  virtual bool is_callable() const { return false; }
  virtual Value call(Runtime& runtime, Arguments& arguments);

  int depth = 1;
  Charge charge{};
};

/// What `map`, `select` and their likes give. As Python's generators it is true, has no length, and
/// can be gone through once; but its items are computed when it is made.
class Generator : public Object {
 public:
  explicit Generator(Value items) : items_(std::move(items)) {}
  std::string_view type_name() const override { return "generator"; }
  std::vector<Value> take(Runtime& runtime);  ///< all that are left
  Value take_first();                         ///< missing at the end

 private:
  Value items_;  // a list
  size_t at_ = 0;
};

Value generator(Runtime& runtime, std::vector<Value> items);
/// A dict's entries as tuples.
std::vector<Value> pairs_of(Runtime& runtime, const Dict& dict);

/// A function that every template has, or a method with what it belongs to.
class Function : public Object {
 public:
  explicit Function(const Builtin& builtin, Value subject = {})
      : builtin_(builtin), subject_(std::move(subject)) {}
  std::string_view type_name() const override { return "function"; }
  bool is_callable() const override { return true; }
  Value call(Runtime& runtime, Arguments& arguments) override {
    return apply(runtime, builtin_, subject_, arguments);
  }

 private:
  const Builtin& builtin_;
  const Value subject_;
};

/// What `{% set ns.x = … %}` changes, the only thing that a template can change. As it may so come
/// to hold itself, the runtime keeps it to the end and then clears it.
class Namespace : public Object {
 public:
  std::string_view type_name() const override { return "namespace"; }
  Value attribute(Runtime& runtime, std::string_view name) override;
  void set(Runtime& runtime, std::string_view name, Value value);
  void clear() { attributes_.clear(); }

 private:
  struct Attribute {
    std::string name;
    Value value;
    Charge charge;
  };
  std::vector<Attribute> attributes_;
};

}  // namespace octavo::jinja

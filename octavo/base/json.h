// JSON: one small value type for what Octavo reads and writes.
//
// Objects keep the order of their keys. A value read from a file knows its key, line and file, so
// `config.at("n_layer").integer()` can say where the wrong thing is. Integers and real numbers
// differ: 64-bit integers are exact; reals print in the fewest digits that read back the same.
// The parser is ours because hostile files must be rejected within a bound on memory that the
// common libraries do not keep; it caps depth, and rejects duplicate keys and broken UTF-8. Tested
// by tests/base/json_test.cpp and, with nlohmann's parser as the oracle, by
// tests/fuzz/json_fuzz.cpp. Format: RFC 8259.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace octavo {

class Json;

/// What may be long and is wanted piece by piece: where a member with this key holds an array or an
/// object, each of its elements or members goes to `use` and is forgotten; the tree has it empty.
/// The document itself has the empty key.
/// The keys of such an object are not compared: whoever keeps them sees the repeated ones.
struct JsonStream {
  std::string_view key;
  std::function<void(const Json&)> use;
};

struct JsonOptions {
  /// What the values may take, beside the text. A file that needs more says so by its reader, which
  /// then streams, or knows the values to be no larger than the text (a document in a JSON line).
  size_t memory_limit = size_t{16} << 20;
  int64_t first_line = 1;  ///< of the text in its source, for messages
  std::span<const JsonStream> streams{};
};

class Json {
 public:
  static constexpr int kMaximumDepth = 64;

  /// Parses one document. `source` names it in messages (a path). Throws `data` with line and
  /// column.
  static Json parse(std::string_view text, std::string_view source,
                    const JsonOptions& options = {});

  // Building: Json::object({{"step", 3}, {"loss", 1.5}, {"tags", Json::array({"a", "b"})}}).
  Json() = default;  ///< null
  Json(std::nullptr_t) {}
  template <std::same_as<bool> Boolean>  // a template, so that no pointer becomes a boolean
  Json(Boolean value) : value_(value) {}
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) Json(Integer value)
      : value_(static_cast<int64_t>(value)) {}
  template <std::floating_point Real>
  Json(Real value) : value_(static_cast<double>(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}

  using Member = std::pair<std::string_view, Json>;
  static Json object(std::initializer_list<Member> members = {});
  static Json array(std::initializer_list<Json> items = {});
  template <class Range>
  static Json array_of(const Range& range) {
    Json result = array();
    for (const auto& item : range) result.append(Json(item));
    return result;
  }
  /// A float that prints with nine significant digits (what it takes to read it back to the bit).
  static Json number9(float value);

  /// Sets or replaces a member of an object (a null becomes an object first). Returns *this.
  Json& set(std::string_view key, Json value);
  /// Appends to an array (a null becomes an array first). Returns *this.
  Json& append(Json item);

  /// On one line (indent 0) or with each member on its own line, indented by `indent` spaces.
  /// Non-finite numbers become null, bytes that are no UTF-8 become U+FFFD.
  std::string dump(int indent = 0) const;

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  bool is_boolean() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<int64_t>(value_); }
  bool is_number() const;
  bool is_text() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // Typed access. Each throws `data`, naming file, key, expectation and find, on a mismatch.
  int64_t integer() const;
  int64_t integer(int64_t minimum, int64_t maximum) const;
  double number() const;  ///< a real, or an integer
  bool boolean() const;
  const std::string& text() const;
  std::vector<int64_t> integers() const;       ///< an array of integers
  std::vector<double> numbers() const;         ///< an array of numbers
  std::vector<std::string> texts() const;      ///< an array of strings
  std::span<const Json> items() const;         ///< the elements of an array
  std::span<const Json> members() const;       ///< the members of an object, in order; see key()
  const Json& at(std::string_view key) const;  ///< throws if the key is missing
  const Json& at(size_t index) const;
  /// The member, or null if there is none; throws if this is no object. Time linear in its size.
  const Json* find(std::string_view key) const;

  size_t size() const;  ///< elements of an array or members of an object
  /// Of a member of an object; elements of an array that was read have their array's.
  std::string_view key() const;
  /// `config.json:12: "n_layer"`, as far as known: how messages about this value begin.
  std::string where() const;
  /// Equal values; objects in any order of keys; where they were read from does not count.
  bool operator==(const Json& other) const;

 private:
  friend class JsonReader;
  struct Array {
    std::vector<Json> items;
  };
  struct Object {
    std::vector<Json> members;
  };
  struct Label {
    std::string key;
    std::shared_ptr<const std::string> source;  // null if built
    int64_t line = 0;
  };
  [[noreturn]] void mismatch(std::string_view expected) const;
  std::string description() const;
  void write(std::string& out, int indent, int level) const;

  std::variant<std::nullptr_t, bool, int64_t, double, float, std::string, Array, Object> value_;
  std::shared_ptr<const Label> label_;  // what was read, and every member of an object, has one
};

}  // namespace octavo

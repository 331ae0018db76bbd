#include "octavo/base/json.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "octavo/base/error.h"
#include "octavo/base/text.h"

namespace octavo {

Json Json::object(std::initializer_list<Member> members) {
  Json result;
  result.value_ = Object{};
  for (const Member& member : members) result.set(member.first, member.second);
  return result;
}

Json Json::array(std::initializer_list<Json> items) {
  Json result;
  result.value_ = Array{items};
  return result;
}

Json Json::number9(float value) {
  Json result;
  result.value_ = value;
  return result;
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = Object{};
  if (!is_object()) mismatch("an object");
  value.label_ = std::make_shared<const Label>(Label{std::string(key), nullptr, 0});
  auto& members = std::get<Object>(value_).members;
  const auto old = std::find_if(members.begin(), members.end(),
                                [&](const Json& member) { return member.key() == key; });
  if (old != members.end()) {
    *old = std::move(value);
  } else {
    members.push_back(std::move(value));
  }
  return *this;
}

Json& Json::append(Json item) {
  if (is_null()) value_ = Array{};
  if (!is_array()) mismatch("an array");
  std::get<Array>(value_).items.push_back(std::move(item));
  return *this;
}

std::string_view Json::key() const { return label_ ? std::string_view(label_->key) : ""; }

std::string Json::where() const {
  if (!label_) return "JSON";
  const std::string key = label_->key.empty() ? "" : in_quotes(label_->key);
  if (!label_->source) return key.empty() ? "JSON" : key;
  return fmt::format("{}:{}{}{}", *label_->source, label_->line, key.empty() ? "" : ": ", key);
}

std::string Json::description() const {
  struct Describe {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(float value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& value) const {
      return "the text " + in_quotes(value);
    }
    std::string operator()(const Array&) const { return "an array"; }
    std::string operator()(const Object&) const { return "an object"; }
  };
  return std::visit(Describe{}, value_);
}

void Json::mismatch(std::string_view expected) const {
  fail(ErrorKind::data, "{}: expected {}, found {}", where(), expected, description());
}

bool Json::is_number() const {
  return is_integer() || std::holds_alternative<double>(value_) ||
         std::holds_alternative<float>(value_);
}

int64_t Json::integer() const {
  if (!is_integer()) mismatch("an integer");
  return std::get<int64_t>(value_);
}

int64_t Json::integer(int64_t minimum, int64_t maximum) const {
  const int64_t value = integer();
  if (value < minimum || value > maximum)
    mismatch(fmt::format("an integer from {} to {}", minimum, maximum));
  return value;
}

double Json::number() const {
  if (const auto* value = std::get_if<int64_t>(&value_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<float>(&value_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  mismatch("a number");
}

bool Json::boolean() const {
  if (!is_boolean()) mismatch("true or false");
  return std::get<bool>(value_);
}

const std::string& Json::text() const {
  if (!is_text()) mismatch("a text");
  return std::get<std::string>(value_);
}

std::span<const Json> Json::items() const {
  if (!is_array()) mismatch("an array");
  return std::get<Array>(value_).items;
}

std::span<const Json> Json::members() const {
  if (!is_object()) mismatch("an object");
  return std::get<Object>(value_).members;
}

std::vector<int64_t> Json::integers() const {
  std::vector<int64_t> result;
  for (const Json& item : items()) result.push_back(item.integer());
  return result;
}

std::vector<double> Json::numbers() const {
  std::vector<double> result;
  for (const Json& item : items()) result.push_back(item.number());
  return result;
}

std::vector<std::string> Json::texts() const {
  std::vector<std::string> result;
  for (const Json& item : items()) result.push_back(item.text());
  return result;
}

const Json* Json::find(std::string_view key) const {
  for (const Json& member : members())
    if (member.key() == key) return &member;
  return nullptr;
}

const Json& Json::at(std::string_view key) const {
  const Json* member = find(key);
  require(member != nullptr, "{}: expected the key \"{}\", found none", where(), key);
  return *member;
}

const Json& Json::at(size_t index) const {
  const auto all = items();
  require(index < all.size(), "{}: expected at least {} elements, found {}", where(), index + 1,
          all.size());
  return all[index];
}

size_t Json::size() const { return is_array() ? items().size() : members().size(); }

bool Json::operator==(const Json& other) const {
  if (is_number() && other.is_number())
    return is_integer() && other.is_integer() ? integer() == other.integer()
                                              : number() == other.number();
  if (value_.index() != other.value_.index()) return false;
  if (is_array()) return std::ranges::equal(items(), other.items());
  if (is_object()) {
    const auto sorted = [](std::span<const Json> members) {
      std::vector<const Json*> result(members.size());
      std::iota(result.begin(), result.end(), members.data());
      std::ranges::sort(result, {}, &Json::key);
      return result;
    };
    return std::ranges::equal(
        sorted(members()), sorted(other.members()),
        [](const Json* a, const Json* b) { return a->key() == b->key() && *a == *b; });
  }
  if (is_text()) return text() == other.text();
  return is_null() || boolean() == other.boolean();
}

namespace {

void write_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    const auto byte = static_cast<uint8_t>(text[0]);
    if (length != 1) {
      out += length ? text.substr(0, length) : std::string_view("\uFFFD");
    } else if (byte == '"' || byte == '\\') {
      out += {'\\', text[0]};
    } else if (byte == '\n' || byte == '\t' || byte == '\r') {
      out += {'\\', byte == '\n' ? 'n' : byte == '\t' ? 't' : 'r'};
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += text[0];
    }
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  out += '"';
}

// A real number keeps a point or an exponent, so that it reads back as one.
void write_real(std::string& out, double value, std::string digits) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  out += digits;
  if (digits.find_first_of(".e") == digits.npos) out += ".0";
}

void break_line(std::string& out, int indent, int level) {
  if (indent == 0) return;
  out += '\n';
  out.append(static_cast<size_t>(indent * level), ' ');
}

}  // namespace

void Json::write(std::string& out, int indent, int level) const {
  const auto write_all = [&](std::span<const Json> values, std::string_view brackets) {
    out += brackets[0];
    for (const Json& value : values) {
      if (&value != values.data()) out += indent ? "," : ", ";
      break_line(out, indent, level + 1);
      if (brackets[0] == '{') {
        write_text(out, value.key());
        out += ": ";
      }
      value.write(out, indent, level + 1);
    }
    if (!values.empty()) break_line(out, indent, level);
    out += brackets[1];
  };
  if (is_object()) {
    write_all(members(), "{}");
  } else if (is_array()) {
    write_all(items(), "[]");
  } else if (is_text()) {
    write_text(out, text());
  } else if (const auto* real = std::get_if<double>(&value_)) {
    write_real(out, *real, fmt::format("{}", *real));
  } else if (const auto* single = std::get_if<float>(&value_)) {
    write_real(out, static_cast<double>(*single), fmt::format("{:.9g}", *single));
  } else {
    out += description();
  }
}

std::string Json::dump(int indent) const {
  std::string out;
  write(out, indent, 0);
  return out;
}

}  // namespace octavo

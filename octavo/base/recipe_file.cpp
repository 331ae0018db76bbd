#include "octavo/base/recipe_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

constexpr size_t kMaximumRecipeBytes = size_t{1} << 20;

// What the getters returned, grouped as it will be written. Names are in the order of reading.
struct Effective {
  std::vector<std::pair<std::string, std::string>> values;  // name, TOML
  std::vector<std::pair<std::string, std::unique_ptr<Effective>>> tables;
  std::vector<std::pair<std::string, std::vector<std::unique_ptr<Effective>>>> arrays;

  template <class Entry>
  static auto& entry(std::vector<std::pair<std::string, Entry>>& entries, std::string_view name) {
    for (auto& [known, value] : entries)
      if (known == name) return value;
    return entries.emplace_back(std::string(name), Entry{}).second;
  }
  Effective& table(std::string_view name) {
    auto& child = entry(tables, name);
    if (!child) child = std::make_unique<Effective>();
    return *child;
  }
};

std::vector<std::string_view> split_key(std::string_view key) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t dot = key.find('.');
    parts.push_back(key.substr(0, dot));
    if (dot == key.npos) return parts;
    key.remove_prefix(dot + 1);
  }
}

std::string render(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& value) {
    // One line, double quotes only and decimal integers, so that it reads back the same anywhere.
    const auto flags = toml::format_flags::none;
    if constexpr (toml::is_table<decltype(value)>) {
      out << "a table";
    } else {
      out << toml::toml_formatter{value, flags};
    }
  });
  return out.str();
}

std::string render(int64_t value) { return fmt::format("{}", value); }
std::string render(bool value) { return value ? "true" : "false"; }
std::string render(double value) {
  const std::string digits = fmt::format("{}", value);
  return digits.find_first_of(".e") == digits.npos ? digits + ".0" : digits;
}
std::string render(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}
std::string render(const std::string& text) { return render(std::string_view(text)); }
template <class Value>
std::string render(const std::vector<Value>& values) {
  std::string out = "[";
  for (const Value& value : values) out += (out.size() > 1 ? ", " : "") + render(value);
  return out + "]";
}

std::string_view kind_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or time";
  }
}

std::string description(const toml::node& node) {
  if (node.is_table()) return "a table";
  std::string value = render(node);
  if (value.size() > 60) value = repair_utf8(value.substr(0, 57)) + "…";
  return fmt::format("{} {}", kind_name(node), value);
}

toml::table parse_toml(std::string_view text, std::string_view source) {
  try {
    return toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    fail(ErrorKind::usage, "{}:{}:{}: {}", source, error.source().begin.line,
         error.source().begin.column, error.description());
  }
}

// The value of an override, as TOML would read it, in a table under the name "value".
toml::table override_value(std::string_view value) {
  try {
    toml::table parsed = toml::parse("value = " + std::string(value));
    if (parsed.size() == 1) return parsed;
  } catch (const toml::parse_error&) {  // a plain string, such as a path
  }
  return toml::table{{"value", std::string(value)}};
}

}  // namespace

struct RecipeFile::Document {
  std::string source;
  toml::table root;
  std::map<const toml::node*, std::string> overrides;  // nodes that came from the command line
  std::set<const toml::node*> read;
  std::set<std::string> known;  // full keys, with array indices left out
  Effective effective;

  void apply(const std::string& setting);
  void check(const toml::table& table, const std::string& prefix) const;
  std::string place(const toml::node* node) const;
};

struct RecipeFile::View {
  std::shared_ptr<Document> document;
  const toml::table* table = nullptr;
  std::string prefix;        // of keys in messages: "" or "data.sources[0]."
  std::string known_prefix;  // the same without indices
  Effective* effective = nullptr;

  const toml::node* find(std::string_view key) const;
  const toml::node* read(std::string_view key) const;
  std::string where(std::string_view key) const;
  template <class Value>
  Value keep(std::string_view key, Value value) const;
  [[noreturn]] void mismatch(std::string_view key, std::string_view expected,
                             const toml::node& node) const;
  template <class Value, class Convert>
  Value get(std::string_view key, std::optional<Value> fallback, std::string_view expected,
            Convert convert) const;
};

void RecipeFile::Document::apply(const std::string& setting) {
  const size_t equals = setting.find('=');
  require(ErrorKind::usage, equals != setting.npos && equals > 0,
          "--set {}: expected key=value, such as train.steps=100", setting);
  require(ErrorKind::usage, is_utf8(setting) && setting.size() <= kMaximumRecipeBytes,
          "--set: expected UTF-8");
  toml::table* table = &root;
  const auto parts = split_key(std::string_view(setting).substr(0, equals));
  require(ErrorKind::usage, parts.size() <= 16, "--set {}: the key has too many parts", setting);
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    auto [place, created] = table->emplace<toml::table>(parts[i]);
    require(ErrorKind::usage, place->second.is_table(), "--set {}: {} is no table but {}", setting,
            parts[i], kind_name(place->second));
    table = place->second.as_table();
    if (created) overrides[table] = setting;
  }
  toml::table parsed = override_value(std::string_view(setting).substr(equals + 1));
  toml::node& value = *parsed.get("value");
  auto& target = table->insert_or_assign(parts.back(), std::move(value)).first->second;
  overrides[&target] = setting;
}

std::string RecipeFile::Document::place(const toml::node* node) const {
  if (const auto found = overrides.find(node); found != overrides.end())
    return fmt::format("--set {}", found->second);
  if (node && node->source().begin.line > 0)
    return fmt::format("{}:{}", source, node->source().begin.line);
  return source;
}

void RecipeFile::Document::check(const toml::table& table, const std::string& prefix) const {
  const std::string full = prefix.empty() ? "" : prefix + ".";
  for (const auto& [key, node] : table) {
    if (read.count(&node) && !node.is_array_of_tables()) continue;
    const std::string name = full + std::string(key.str());
    const auto under = known.lower_bound(name + ".");
    const bool holds_known = under != known.end() && under->starts_with(name + ".");
    if (holds_known && node.is_table()) {
      check(*node.as_table(), name);
    } else if (read.count(&node)) {
      for (const toml::node& item : *node.as_array()) check(*item.as_table(), name);
    } else {
      const std::vector<std::string> names(known.begin(), known.end());
      std::vector<std::string> tables;
      for (const std::string& one : names)
        if (const size_t dot = one.rfind('.'); dot != one.npos)
          tables.push_back(one.substr(0, dot));
      fail(ErrorKind::usage, "{}: unknown {} \"{}\"{}", place(&node),
           node.is_table() ? "table" : "key", name,
           did_you_mean(name, node.is_table() ? tables : names));
    }
  }
}

const toml::node* RecipeFile::View::find(std::string_view key) const {
  const toml::node* node = table;
  for (const std::string_view part : split_key(key)) {
    if (!node) return nullptr;
    require(ErrorKind::usage, node->is_table(), "{}: {}{}: expected a table on the way, found {}",
            document->place(node), prefix, key, kind_name(*node));
    node = node->as_table()->get(part);
  }
  return node;
}

// Finds a key and declares it known.
const toml::node* RecipeFile::View::read(std::string_view key) const {
  document->known.insert(known_prefix + std::string(key));
  const toml::node* node = find(key);
  if (node) document->read.insert(node);
  return node;
}

std::string RecipeFile::View::where(std::string_view key) const {
  return fmt::format("{}: {}{}", document->place(find(key)), prefix, key);
}

// Notes the value that held, for as_run().
template <class Value>
Value RecipeFile::View::keep(std::string_view key, Value value) const {
  Effective* target = effective;
  const auto parts = split_key(key);
  for (size_t i = 0; i + 1 < parts.size(); ++i) target = &target->table(parts[i]);
  std::string& text = Effective::entry(target->values, parts.back());
  if (text.empty()) text = render(value);
  return value;
}

void RecipeFile::View::mismatch(std::string_view key, std::string_view expected,
                                const toml::node& node) const {
  fail(ErrorKind::usage, "{}: expected {}, found {}", where(key), expected, description(node));
}

// `convert` turns a node into an optional value; nothing means a mismatch. A fallback passes no
// check: it is the program's own.
template <class Value, class Convert>
Value RecipeFile::View::get(std::string_view key, std::optional<Value> fallback,
                            std::string_view expected, Convert convert) const {
  const toml::node* node = read(key);
  if (!node) {
    require(ErrorKind::usage, fallback.has_value(), "{}: expected the key {}{} ({}), found none",
            document->source, prefix, key, expected);
    return keep(key, *std::move(fallback));
  }
  std::optional<Value> value = convert(*node);
  if (!value) mismatch(key, expected, *node);
  return keep(key, *std::move(value));
}

RecipeFile RecipeFile::parse(std::string_view text, std::string_view source,
                             std::span<const std::string> overrides) {
  require(ErrorKind::usage, text.size() <= kMaximumRecipeBytes,
          "{}: expected a recipe of at most {} bytes, found {}", source, kMaximumRecipeBytes,
          text.size());
  auto document = std::make_shared<Document>();
  document->source = source;
  document->root = parse_toml(text, source);
  for (const std::string& setting : overrides) document->apply(setting);
  return RecipeFile(
      std::make_shared<const View>(View{document, &document->root, "", "", &document->effective}));
}

RecipeFile RecipeFile::load(const std::filesystem::path& path,
                            std::span<const std::string> overrides) {
  return parse(read_file(path, kMaximumRecipeBytes), path.string(), overrides);
}

int64_t RecipeFile::integer(std::string_view key, std::optional<int64_t> fallback, int64_t minimum,
                            int64_t maximum) const {
  using Limits = std::numeric_limits<int64_t>;
  std::string expected = "an integer";
  if (minimum != Limits::min() && maximum != Limits::max()) {
    expected += fmt::format(" from {} to {}", minimum, maximum);
  } else if (minimum != Limits::min()) {
    expected += fmt::format(" of at least {}", minimum);
  } else if (maximum != Limits::max()) {
    expected += fmt::format(" of at most {}", maximum);
  }
  return view_->get<int64_t>(key, fallback, expected, [&](const toml::node& node) {
    std::optional<int64_t> value;
    if (const auto* integer = node.as_integer())
      if (integer->get() >= minimum && integer->get() <= maximum) value = integer->get();
    return value;
  });
}

double RecipeFile::number(std::string_view key, std::optional<double> fallback, double minimum,
                          double maximum) const {
  using Limits = std::numeric_limits<double>;
  std::string expected = "a number";
  if (minimum != Limits::lowest() && maximum != Limits::max()) {
    expected += fmt::format(" from {} to {}", minimum, maximum);
  } else if (minimum != Limits::lowest()) {
    expected += fmt::format(" of at least {}", minimum);
  } else if (maximum != Limits::max()) {
    expected += fmt::format(" of at most {}", maximum);
  }
  return view_->get<double>(key, fallback, expected, [&](const toml::node& node) {
    std::optional<double> value;
    if (node.is_number()) value = node.value<double>();
    if (value && !(*value >= minimum && *value <= maximum)) value.reset();
    return value;
  });
}

bool RecipeFile::boolean(std::string_view key, std::optional<bool> fallback) const {
  return view_->get<bool>(key, fallback, "true or false",
                          [](const toml::node& node) { return node.value_exact<bool>(); });
}

std::string RecipeFile::text(std::string_view key, std::optional<std::string> fallback) const {
  return view_->get<std::string>(key, std::move(fallback), "a text", [](const toml::node& node) {
    return node.value_exact<std::string>();
  });
}

std::string RecipeFile::choice(std::string_view key, std::span<const std::string_view> choices,
                               std::optional<std::string> fallback) const {
  const std::string value = text(key, std::move(fallback));
  std::vector<std::string> names;
  for (const std::string_view name : choices) {
    if (name == value) return value;
    names.emplace_back(name);
  }
  fail(ErrorKind::usage, "{}: expected one of {}, found \"{}\"{}", where(key),
       fmt::join(names, ", "), value, did_you_mean(value, names));
}

std::vector<std::string> RecipeFile::texts(std::string_view key,
                                           std::optional<std::vector<std::string>> fallback) const {
  using Values = std::vector<std::string>;
  return view_->get<Values>(key, std::move(fallback), "an array of texts",
                            [](const toml::node& node) {
                              if (const auto* one = node.as_string())
                                return std::optional(Values{one->get()});
                              std::optional<Values> values;
                              if (!node.is_array()) return values;
                              values.emplace();
                              for (const toml::node& item : *node.as_array()) {
                                if (!item.is_string()) return std::optional<Values>();
                                values->push_back(item.as_string()->get());
                              }
                              return values;
                            });
}

std::vector<int64_t> RecipeFile::integers(std::string_view key,
                                          std::optional<std::vector<int64_t>> fallback) const {
  using Values = std::vector<int64_t>;
  return view_->get<Values>(key, std::move(fallback), "an array of integers",
                            [](const toml::node& node) {
                              std::optional<Values> values;
                              if (!node.is_array()) return values;
                              values.emplace();
                              for (const toml::node& item : *node.as_array()) {
                                if (!item.is_integer()) return std::optional<Values>();
                                values->push_back(item.as_integer()->get());
                              }
                              return values;
                            });
}

std::vector<RecipeFile> RecipeFile::tables(std::string_view key) const {
  std::vector<RecipeFile> result;
  const toml::node* node = view_->read(key);
  if (!node) return result;
  const toml::array* array = node->as_array();
  if (!array || !(array->empty() || array->is_array_of_tables()))
    view_->mismatch(key, fmt::format("an array of tables ([[{}]])", key), *node);

  Effective* target = view_->effective;
  const auto parts = split_key(key);
  for (size_t i = 0; i + 1 < parts.size(); ++i) target = &target->table(parts[i]);
  auto& effective = Effective::entry(target->arrays, parts.back());
  effective.resize(std::max(effective.size(), array->size()));
  for (size_t i = 0; i < array->size(); ++i) {
    if (!effective[i]) effective[i] = std::make_unique<Effective>();
    result.push_back(RecipeFile(std::make_shared<const View>(View{
        view_->document, (*array)[i].as_table(), fmt::format("{}{}[{}].", view_->prefix, key, i),
        fmt::format("{}{}.", view_->known_prefix, key), effective[i].get()})));
  }
  return result;
}

bool RecipeFile::has(std::string_view key) const { return view_->find(key) != nullptr; }

void RecipeFile::finish() const { view_->document->check(view_->document->root, ""); }

namespace {

void write_table(std::string& out, const Effective& table, const std::string& prefix) {
  for (const auto& [name, value] : table.values) out += fmt::format("{} = {}\n", name, value);
  const auto full = [&](const std::string& name) {
    return prefix.empty() ? name : prefix + "." + name;
  };
  for (const auto& [name, child] : table.tables) {
    if (!child->values.empty()) out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", full(name));
    write_table(out, *child, full(name));
  }
  for (const auto& [name, children] : table.arrays)
    for (const auto& child : children) {
      out += fmt::format("{}[[{}]]\n", out.empty() ? "" : "\n", full(name));
      write_table(out, *child, full(name));
    }
}

}  // namespace

std::string RecipeFile::as_run() const {
  std::string out;
  write_table(out, view_->document->effective, "");
  return out;
}

std::string RecipeFile::where(std::string_view key) const { return view_->where(key); }

const std::string& RecipeFile::source() const { return view_->document->source; }

}  // namespace octavo

#include "octavo/cli/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "octavo/base/text.h"
#include "octavo/cli/command.h"

namespace octavo {

Facts::Facts(std::string kind, const std::string& path)
    : kind_(kind), title_(fmt::format("{}: {}", path, kind)) {
  json_.set("path", path).set("kind", std::move(kind));
}

Facts& Facts::add(std::string_view name, Json value, std::string text) {
  std::string label(name);
  std::replace(label.begin(), label.end(), '_', ' ');
  lines_.emplace_back(std::move(label), std::move(text));
  json_.set(name, std::move(value));
  return *this;
}

Facts& Facts::add(std::string_view name, int64_t number) {
  return add(name, number, grouped(number));
}

Facts& Facts::add_bytes(std::string_view name, int64_t bytes) {
  const std::string size = human_bytes(static_cast<double>(bytes));
  return add(name, bytes, bytes < 1000 ? size : fmt::format("{} ({} bytes)", size, grouped(bytes)));
}

Facts& Facts::add_row(std::string_view list, Json value, std::string text) {
  list_ = list;
  row_values_.push_back(std::move(value));
  rows_.push_back(std::move(text));
  return *this;
}

Json Facts::json() const {
  Json json = json_;
  if (!rows_.empty()) json.set(list_, Json::array_of(row_values_));
  return json;
}

std::string Facts::text() const {
  size_t width = 0;
  for (const auto& [label, value] : lines_) width = std::max(width, label.size());
  std::string text = title_ + "\n";
  for (const auto& [label, value] : lines_)
    text += fmt::format("  {:<{}}  {}\n", label, width, value);
  if (!rows_.empty()) text += "\n";
  for (const std::string& row : rows_) text += fmt::format("  {}\n", row);
  return harmless(text);
}

}  // namespace octavo

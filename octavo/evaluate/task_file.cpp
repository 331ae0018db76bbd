#include "octavo/evaluate/task_file.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/line_reader.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".jsonl";

/// "numbers.jsonl.gz" → "numbers.jsonl"
fs::path without_compression(const fs::path& path) {
  const fs::path last = path.extension();
  return last == ".gz" || last == ".zst" ? path.stem() : path.filename();
}

Example example_of(const Json& json) {
  const Example example{json.at("context").text(), json.at("completion").text()};
  require(!example.completion.empty(), "{}: expected a completion, found an empty text",
          json.at("completion").where());
  return example;
}

Item item_of(const Json& json, int64_t line) {
  Item item{example_of(json)};
  item.line = line;
  if (const Json* examples = json.find("examples"))
    for (const Json& one : examples->items()) item.examples.push_back(example_of(one));
  if (const Json* choices = json.find("choices")) {
    item.choices = choices->texts();
    require(std::ranges::find(item.choices, "") == item.choices.end(),
            "{}: expected texts, found an empty one", choices->where());
    require(item.choices.empty() ||
                std::ranges::find(item.choices, item.completion) != item.choices.end(),
            "{}: expected the completion \"{}\" among them, found none like it", choices->where(),
            item.completion);
    if (!item.choices.empty()) item.chance = 1.0 / static_cast<double>(item.choices.size());
  }
  if (const Json* chance = json.find("chance")) {
    item.chance = chance->number();
    require(item.chance >= 0 && item.chance <= 1, "{}: expected a number from 0 to 1, found {}",
            chance->where(), item.chance);
  }
  return item;
}

/// The next item, or nothing at the end of the file.
std::optional<Item> next_item(LineReader& lines) {
  while (const auto line = lines.next()) {
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Json json = Json::parse(*line, lines.name(), {.first_line = lines.line_number()});
    return item_of(json, lines.line_number());
  }
  return {};
}

void add_folder(const fs::path& folder, std::vector<fs::path>& files, const Report& report) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && without_compression(entry.path()).extension() == kEnding)
      found.push_back(entry.path());
  std::ranges::sort(found);
  const size_t before = files.size();
  for (const fs::path& path : found) {
    try {
      LineReader lines(path);
      require(next_item(lines).has_value(), "{}: holds no line", path.string());
      files.push_back(path);
    } catch (const Error& error) {
      report(LogLevel::warning, fmt::format("passed over, no task: {}", error.what()));
    }
  }
  require(files.size() > before,
          "{}: no task files in this folder (*.jsonl, *.jsonl.gz, *.jsonl.zst)", folder.string());
}

}  // namespace

std::string TaskFile::where(const Item& item) const {
  return fmt::format("{}:{}", path, item.line);
}

TaskFile read_task_file(const fs::path& path) {
  TaskFile file{without_compression(path).stem().string(), path.string(), hash_file(path), {}};
  LineReader lines(path);
  while (auto item = next_item(lines)) file.items.push_back(std::move(*item));
  require(!file.items.empty(),
          "{}: expected lines of {{\"context\": …, \"completion\": …}}, found none", path.string());
  return file;
}

std::vector<fs::path> find_task_files(std::span<const std::string> paths, const Report& report) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    if (fs::is_directory(path)) {
      add_folder(path, files, report);
    } else {
      require(fs::exists(path), "{}: no such file or folder", path);
      files.emplace_back(path);
    }
  }
  return files;
}

}  // namespace octavo

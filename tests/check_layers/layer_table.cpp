#include "layer_table.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/files.h"

namespace octavo {
namespace {

constexpr std::string_view kPrivate = "kernels";  // only for those that name it
constexpr std::string_view kNothing = "–", kAll = "all";

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r`");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r`") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// "| a | b | c |" → a, b, c; nothing for a line that is no row.
std::vector<std::string_view> cells(std::string_view line) {
  std::vector<std::string_view> parts = split(trimmed(line), '|');
  if (parts.size() < 3 || !trimmed(parts.front()).empty()) return {};
  parts.erase(parts.begin());
  parts.pop_back();
  for (std::string_view& part : parts) part = trimmed(part);
  return parts;
}

/// "octavo/ops/linear.h" → "ops"; empty for what is no file of a layer.
std::string folder_of(std::string_view path) {
  const std::vector<std::string_view> parts = split(path, '/');
  return parts.size() > 2 && parts[0] == "octavo" ? std::string(parts[1]) : std::string();
}

bool is_ruler(std::string_view cell) { return cell.find_first_not_of("-: ") == cell.npos; }

}  // namespace

std::vector<Layer> read_layer_table(std::string_view markdown) {
  std::vector<Layer> layers;
  std::map<std::string, std::set<std::string>> above;
  bool inside = false;
  for (const std::string_view line : split(markdown, '\n')) {
    const std::vector<std::string_view> row = cells(line);
    if (!inside) {
      inside = row.size() == 3 && row[0] == "folder" && row[2] == "may include";
      continue;
    }
    if (row.empty()) break;
    require(row.size() == 3, "layer table: expected three cells, found \"{}\"", line);
    if (is_ruler(row[0])) continue;
    std::string_view name = row[0];
    require(name.ends_with('/'), "layer table: expected a folder with a slash, found \"{}\"", name);
    name.remove_suffix(1);

    Layer layer{std::string(name), {std::string(name)}, row[1].find("(to come)") != row[1].npos};
    if (row[2] == kAll) {
      for (const auto& [folder, reachable] : above) layer.may_include.insert(folder);
    } else if (row[2] != kNothing) {
      for (const std::string_view part : split(row[2], ',')) {
        const std::string wanted(trimmed(part));
        const auto found = above.find(wanted);
        require(found != above.end(), "layer table: {} names \"{}\", which no row above it holds",
                layer.folder, wanted);
        layer.may_include.insert(wanted);
        for (const std::string& further : found->second)
          if (further != kPrivate) layer.may_include.insert(further);
      }
    }
    above[layer.folder] = layer.may_include;
    layers.push_back(std::move(layer));
  }
  require(!layers.empty(), "no table with the columns \"folder\" and \"may include\"");
  return layers;
}

std::vector<Include> find_includes(const std::filesystem::path& root) {
  std::vector<Include> includes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "octavo")) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cpp") continue;
    const std::string text = read_file(entry.path());
    int number = 0;
    for (std::string_view line : split(text, '\n')) {
      ++number;
      constexpr std::string_view kInclude = "#include \"";
      line = trimmed(line);
      if (!line.starts_with(kInclude)) continue;
      line.remove_prefix(kInclude.size());
      includes.push_back({std::filesystem::relative(entry.path(), root).generic_string(), number,
                          std::string(line.substr(0, line.find('"')))});
    }
  }
  std::ranges::sort(includes, {}, [](const Include& i) { return std::pair(i.file, i.line); });
  return includes;
}

std::vector<std::string> forbidden_includes(const std::vector<Layer>& table,
                                            const std::vector<Include>& includes) {
  std::vector<std::string> problems;
  for (const Include& include : includes) {
    const auto complain = [&](const std::string& why) {
      problems.push_back(fmt::format("{}:{} includes {}, but {}", include.file, include.line,
                                     include.target, why));
    };
    const std::string from = folder_of(include.file), to = folder_of(include.target);
    const auto row = std::ranges::find(table, from, &Layer::folder);
    if (to.empty())
      complain("an include in quotes begins with octavo/<folder>/");
    else if (row == table.end())
      complain("its own folder has no row in the table");
    else if (!row->may_include.contains(to))
      complain(fmt::format("{} may not include {}", from, to));
  }
  return problems;
}

}  // namespace octavo

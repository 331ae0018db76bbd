#include "octavo/checkpoint/manifest.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/json.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "octavo manifest";

/// Every file below the folder but the manifest, by name.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory() && !entry.is_symlink()) continue;
    std::string name = entry.path().lexically_relative(folder).generic_string();
    if (name != kManifestName) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

/// The one spelling of a manifest of these files: it ends with the hash of what comes before.
std::string text_of(std::span<const WeightFile> files) {
  Json list = Json::array();
  for (const WeightFile& file : files)
    list.append(
        Json::object({{"name", file.name}, {"bytes", file.bytes}, {"xxh3_128", file.hash}}));
  Json manifest = Json::object({{"format", kFormat}, {"version", 1}, {"files", std::move(list)}});
  manifest.set("manifest_xxh3_128", hash_hex(manifest.dump(1)));
  return manifest.dump(1) + "\n";
}

std::vector<WeightFile> parse(const std::string& text, const std::string& source) {
  const Json manifest = Json::parse(text, source);
  require(manifest.at("format").text() == kFormat && manifest.at("version").integer() == 1,
          "{}: no manifest of version 1", source);
  std::vector<WeightFile> files;
  for (const Json& file : manifest.at("files").items())
    files.push_back(
        {file.at("name").text(), file.at("xxh3_128").text(), file.at("bytes").integer()});
  require(text_of(files) == text, "its own hash does not match");
  return files;
}

}  // namespace

bool has_manifest(const fs::path& folder) { return fs::exists(folder / kManifestName); }

void write_manifest(const fs::path& folder, std::span<const WeightFile> known) {
  std::vector<WeightFile> files;
  for (const std::string& name : files_below(folder)) {
    const auto match = std::ranges::find(known, name, &WeightFile::name);
    files.push_back({name, match == known.end() ? hash_file(folder / name) : match->hash,
                     static_cast<int64_t>(fs::file_size(folder / name))});
  }
  write_file(folder / kManifestName, text_of(files));
}

std::optional<ManifestProblem> check_manifest(const fs::path& folder) {
  const auto problem = [&](const std::string& name, std::string what) {
    return ManifestProblem{(folder / name).string(), std::move(what)};
  };
  if (!has_manifest(folder)) return problem(kManifestName, "is missing");
  std::vector<WeightFile> files;
  try {
    files = parse(read_file(folder / kManifestName), kManifestName);
  } catch (const Error& error) {
    return problem(kManifestName, fmt::format("is damaged: {}", error.what()));
  }

  const std::vector<std::string> there = files_below(folder);
  for (const std::string& name : there)
    if (std::ranges::find(files, name, &WeightFile::name) == files.end())
      return problem(name, "is not in the manifest");
  for (const WeightFile& file : files) {
    if (!std::ranges::binary_search(there, file.name)) return problem(file.name, "is missing");
    std::error_code error;
    const auto bytes = fs::file_size(folder / file.name, error);
    if (error || static_cast<int64_t>(bytes) != file.bytes)
      return problem(file.name, fmt::format("is damaged: {} bytes, the manifest says {}",
                                            error ? 0 : bytes, file.bytes));
  }
  for (const WeightFile& file : files) {
    const std::string hash = hash_file(folder / file.name);
    if (hash != file.hash)
      return problem(file.name, fmt::format("is damaged: its hash is {}, the manifest says {}",
                                            hash, file.hash));
  }
  return std::nullopt;
}

void verify_manifest(const fs::path& folder) {
  if (const auto problem = check_manifest(folder)) fail(ErrorKind::data, "{}", problem->message());
}

}  // namespace octavo

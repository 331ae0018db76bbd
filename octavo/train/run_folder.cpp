#include "octavo/train/run_folder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/checkpoint/training_state.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEventsPrefix = "events.out.tfevents.";
// What may be in a folder before a run began there.
constexpr std::array<std::string_view, 2> kPreparations = {"lock", "data"};
constexpr std::array<std::string_view, 7> kRunFiles = {
    "recipe.toml", "metrics.jsonl", "timing.jsonl", "samples.jsonl",
    "report.html", "latest",        "checkpoints"};

template <size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_run_file(std::string_view name) {
  return contains(kRunFiles, name) || name.starts_with(kEventsPrefix) || name.ends_with(".tmp");
}

enum class Contents { nothing, run, strange };

// `stranger` becomes the name of a file that no run of ours leaves.
Contents contents_of(const fs::path& directory, std::string& stranger) {
  Contents contents = Contents::nothing;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (contains(kPreparations, name)) continue;
    if (!is_run_file(name)) {
      stranger = name;
      return Contents::strange;
    }
    if (!name.ends_with(".tmp")) contents = Contents::run;
  }
  return contents;
}

void check_before_lock(const fs::path& directory, RunStart start) {
  require(ErrorKind::conflict, !fs::exists(directory) || fs::is_directory(directory),
          "{}: expected a run's folder, found a file", directory.string());
  if (start == RunStart::resume)
    require(ErrorKind::data, fs::exists(directory / "recipe.toml"),
            "{}: expected a run to resume, found none (no recipe.toml)", directory.string());
}

FileLock lock_folder(const fs::path& directory, RunStart start) {
  check_before_lock(directory, start);
  make_directories(directory);
  return FileLock(directory / "lock");
}

}  // namespace

RunFolder::RunFolder(fs::path directory, RunStart start)
    : directory_(std::move(directory)), start_(start), lock_(lock_folder(directory_, start)) {
  if (start == RunStart::resume) return;
  std::string stranger;
  switch (contents_of(directory_, stranger)) {
    case Contents::nothing:
      break;
    case Contents::run:
      require(ErrorKind::conflict, start == RunStart::overwrite,
              "{}: holds another run; --resume continues it, --overwrite replaces it, --output DIR "
              "goes elsewhere",
              directory_.string());
      break;
    case Contents::strange:
      fail(ErrorKind::conflict,
           "{}: expected an empty folder for the run, found \"{}\", which no run made",
           directory_.string(), stranger);
  }
}

void RunFolder::begin(const std::string& recipe_as_run) const {
  if (start_ == RunStart::overwrite)
    for (const auto& entry : fs::directory_iterator(directory_))
      if (is_run_file(entry.path().filename().string())) remove_all_quietly(entry.path());
  if (start_ == RunStart::resume && read_file(recipe()) == recipe_as_run) return;
  write_file(recipe(), recipe_as_run);
}

fs::path model_folder_of(const fs::path& path) {
  if (fs::exists(path / "config.json")) return path;
  const std::vector<CheckpointPlace> places = list_checkpoints(path);
  return places.empty() ? path : places.back().folder;
}

}  // namespace octavo

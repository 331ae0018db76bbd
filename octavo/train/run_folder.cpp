#include "octavo/train/run_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/recipe_file.h"
#include "octavo/checkpoint/training_state.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEventsPrefix = "events.out.tfevents.";
constexpr std::string_view kNextData = "data.next", kOriginal = "recipe.original.toml";
constexpr std::string_view kDataPrefix = "source-";
// How a recipe that a run wrote begins.
constexpr std::string_view kAsRun = "# The recipe as run, every default filled in.\n\n";

// What may be in a folder before a run began there.
constexpr std::array<std::string_view, 4> kPreparations = {"lock", "data", kNextData, kOriginal};
// In the order of removal: whatever stops it, no checkpoint outlives its recipe.
constexpr std::array<std::string_view, 8> kRunFiles = {
    "checkpoints",  "latest",        "recipe.toml", "metrics.jsonl",
    "timing.jsonl", "samples.jsonl", "report.html", "loss.svg"};

template <size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Takes digits off the end; false if there are none.
bool take_number(std::string_view& name) {
  const size_t before = name.size();
  while (!name.empty() && std::isdigit(static_cast<unsigned char>(name.back())))
    name.remove_suffix(1);
  return name.size() < before;
}

bool take_suffix(std::string_view& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  name.remove_suffix(suffix.size());
  return true;
}

// What a killed process left on its way to a file of ours: "recipe.toml.<pid>-<n>.tmp" (FileWriter)
// and "latest.tmp" (link_latest).
bool is_temporary(std::string_view name) {
  if (!take_suffix(name, ".tmp")) return false;
  if (name == "latest") return true;
  return take_number(name) && take_suffix(name, "-") && take_number(name) &&
         take_suffix(name, ".") && (contains(kRunFiles, name) || name == kOriginal);
}

bool is_shards(std::string_view name) { return take_number(name) && name == kDataPrefix; }
bool is_data(std::string_view name) { return name == RunFolder::kTokenizer || is_shards(name); }

bool is_as_run(const fs::path& recipe) {
  return read_file(recipe, RecipeFile::kMaximumBytes).starts_with(kAsRun);
}

void remove_surely(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  require(ErrorKind::io, !error, "{}: cannot be removed: {}", path.string(), error.message());
}

enum class Contents { nothing, run, strange };

// `stranger` becomes the name of a file that no run of ours leaves.
Contents contents_of(const fs::path& directory, std::string& stranger) {
  Contents contents = Contents::nothing;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (contains(kPreparations, name) || is_temporary(name)) continue;
    if (!contains(kRunFiles, name) && !name.starts_with(kEventsPrefix)) {
      stranger = name;
      return Contents::strange;
    }
    if (name != "recipe.toml" || is_as_run(entry.path())) contents = Contents::run;
  }
  return contents;
}

void check_before_lock(const fs::path& directory, RunStart start) {
  require(ErrorKind::conflict, !fs::exists(directory) || fs::is_directory(directory),
          "{}: expected a run's folder, found a file", directory.string());
  if (start != RunStart::resume) return;
  require(ErrorKind::data, fs::exists(directory / "recipe.toml"),
          "{}: expected a run to resume, found none (no recipe.toml)", directory.string());
  std::string stranger;
  require(ErrorKind::data, contents_of(directory, stranger) != Contents::nothing,
          "{}: expected a run to resume, found a recipe that has not been run; without --resume it "
          "begins",
          directory.string());
}

FileLock lock_folder(const fs::path& directory, RunStart start) {
  check_before_lock(directory, start);
  make_directories(directory);
  return FileLock(directory / "lock");
}

}  // namespace

RunFolder::RunFolder(fs::path directory, RunStart start)
    : directory_(std::move(directory)), start_(start), lock_(lock_folder(directory_, start)) {
  remove_all_quietly(directory_ / kNextData);  // of one that failed to begin
  std::string stranger;
  switch (start == RunStart::resume ? Contents::run : contents_of(directory_, stranger)) {
    case Contents::nothing:
      break;
    case Contents::run:
      require(ErrorKind::conflict, start != RunStart::fresh,
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

fs::path RunFolder::new_data() const {
  return start_ == RunStart::resume ? data() : directory_ / kNextData;
}

bool RunFolder::has_data() const {
  return fs::is_directory(data()) &&
         std::any_of(fs::directory_iterator(data()), fs::directory_iterator(),
                     [](const auto& entry) { return is_shards(entry.path().filename().string()); });
}

void RunFolder::begin(const std::string& recipe_as_run) const {
  if (start_ != RunStart::resume) {
    keep_original_recipe();
    if (start_ == RunStart::overwrite) remove_old_run();
    place_data();
  }
  const std::string text = std::string(kAsRun) + recipe_as_run;
  if (start_ == RunStart::resume && read_file(recipe()) == text) return;
  write_file(recipe(), text);
}

void RunFolder::remove_old_run() const {
  for (const std::string_view name : kRunFiles) remove_surely(directory_ / name);
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kEventsPrefix) || is_temporary(name)) others.push_back(entry.path());
  }
  for (const fs::path& path : others) remove_surely(path);
}

// The author's own words are not lost under the recipe as run.
void RunFolder::keep_original_recipe() const {
  if (!fs::exists(recipe()) || is_as_run(recipe())) return;
  const std::string text = read_file(recipe());
  const fs::path original = directory_ / kOriginal;
  require(ErrorKind::conflict, !fs::exists(original) || read_file(original) == text,
          "{}: holds an earlier recipe, and the {} to be kept there is another; move one of them "
          "away",
          original.string(), recipe().filename().string());
  write_file(original, text);
}

void RunFolder::place_data() const {
  std::vector<fs::path> old;
  if (fs::is_directory(data()))
    for (const auto& entry : fs::directory_iterator(data()))
      if (is_data(entry.path().filename().string())) old.push_back(entry.path());
  for (const fs::path& path : old) remove_surely(path);
  if (!fs::exists(new_data())) return;
  make_directories(data());
  std::vector<fs::path> shards;
  for (const auto& entry : fs::directory_iterator(new_data())) shards.push_back(entry.path());
  for (const fs::path& path : shards) rename_durably(path, data() / path.filename());
  remove_all_quietly(new_data());
}

fs::path model_folder_of(const fs::path& path) {
  if (fs::exists(path / "config.json")) return path;
  std::vector<CheckpointPlace> places = list_checkpoints(path);
  std::erase_if(places, [](const auto& place) { return !has_manifest(place.folder); });
  return places.empty() ? path : places.back().folder;
}

}  // namespace octavo

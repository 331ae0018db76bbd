#include "octavo/checkpoint/training_state.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "octavo/base/error.h"
#include "octavo/base/files.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTraining = "training";
constexpr const char* kOptimizer = "optimizer.safetensors";
constexpr const char* kState = "state.json";
constexpr const char* kRecipe = "recipe.toml";

// A folder under way, coming or going: never a checkpoint, removed by the next save.
constexpr std::string_view kTemporary = ".tmp";
// The one before of the same step while it is being replaced.
constexpr std::string_view kReplaced = ".replaced";

fs::path with_suffix(fs::path path, std::string_view suffix) { return path += suffix; }

std::string folder_name(int64_t step) { return fmt::format("step-{:08}", step); }

/// The step of "step-00000100"; nothing for other names.
std::optional<int64_t> step_of(std::string_view name) {
  constexpr std::string_view kStep = "step-";
  if (!name.starts_with(kStep)) return std::nullopt;
  int64_t step = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + kStep.size(), end, step);
  if (error != std::errc() || stop != end || folder_name(step) != name) return std::nullopt;
  return step;
}

void remove_leftovers(const fs::path& checkpoints) {
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(checkpoints))
    if (entry.path().extension() == kTemporary) leftovers.push_back(entry.path());
  for (const fs::path& path : leftovers) remove_all_quietly(path);
}

/// Removes a checkpoint so that at no moment half of one is there under its name.
void remove_checkpoint(const fs::path& folder) {
  const fs::path doomed = with_suffix(folder, kTemporary);
  remove_all_quietly(doomed);
  rename_durably(folder, doomed);
  remove_all_quietly(doomed);
}

/// Renames a whole folder to its name. One that has the name already steps aside first, and comes
/// back if the new one cannot take its place; list_checkpoints knows it there.
void put_in_place(const fs::path& temporary, const fs::path& folder) {
  const fs::path old = with_suffix(folder, kReplaced);
  if (!fs::exists(folder)) {
    rename_durably(temporary, folder);
  } else {
    if (fs::exists(old)) remove_checkpoint(old);
    rename_durably(folder, old);
    try {
      rename_durably(temporary, folder);
    } catch (...) {
      std::error_code ignored;
      if (!fs::exists(folder)) fs::rename(old, folder, ignored);
      throw;
    }
  }
  if (fs::exists(old)) remove_checkpoint(old);
}

WeightFile write_optimizer(const fs::path& folder, std::span<const NamedTensor> optimizer) {
  std::vector<TensorInfo> infos;
  for (const NamedTensor& named : optimizer)
    infos.push_back({named.name, named.tensor.type(), named.tensor.shape()});
  SafetensorsWriter writer(folder / kTraining / kOptimizer, std::move(infos));
  for (const NamedTensor& named : optimizer) writer.write(named.tensor);
  std::string hash = writer.finish();
  return {fmt::format("{}/{}", kTraining, kOptimizer), std::move(hash)};
}

void write_checkpoint(const fs::path& folder, const CheckpointContents& contents) {
  make_directories(folder / kTraining);
  std::vector<WeightFile> files = write_model_files(
      folder, contents.model, {.tokenizer = contents.tokenizer, .type = DataType::f32});
  files.push_back(write_optimizer(folder, contents.optimizer));
  write_file(folder / kTraining / kState, contents.state.dump(2) + "\n");
  write_file(folder / kTraining / kRecipe, contents.recipe);
  write_manifest(folder, files);
}

}  // namespace

CheckpointPlace save_checkpoint(const fs::path& run, int64_t step,
                                const CheckpointContents& contents) {
  const fs::path checkpoints = run / "checkpoints";
  const fs::path folder = checkpoints / folder_name(step);
  const fs::path temporary = with_suffix(folder, kTemporary);
  make_directories(checkpoints);
  remove_leftovers(checkpoints);
  try {
    write_checkpoint(temporary, contents);
    put_in_place(temporary, folder);
  } catch (...) {
    remove_all_quietly(temporary);
    throw;
  }
  link_latest(run, {folder, step});
  return {folder, step};
}

void link_latest(const fs::path& run, const CheckpointPlace& checkpoint) {
  const fs::path link = run / "latest", temporary = with_suffix(link, kTemporary);
  std::error_code error;
  fs::remove(temporary, error);
  fs::create_directory_symlink(fs::path("checkpoints") / checkpoint.folder.filename(), temporary,
                               error);
  require(ErrorKind::io, !error, "{}: cannot link the newest checkpoint: {}", link.string(),
          error.message());
  rename_durably(temporary, link);
}

std::vector<CheckpointPlace> list_checkpoints(const fs::path& run) {
  std::vector<CheckpointPlace> places;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints", missing)) {
    fs::path name = entry.path().filename();
    if (name.extension() == kReplaced) {
      name.replace_extension();
      if (fs::exists(entry.path().parent_path() / name)) continue;
    }
    if (const auto step = step_of(name.string())) places.push_back({entry.path(), *step});
  }
  std::ranges::sort(places, {}, &CheckpointPlace::step);
  return places;
}

std::optional<CheckpointPlace> find_resumable(
    const fs::path& run, const std::function<void(const std::string&)>& damaged) {
  std::vector<CheckpointPlace> places = list_checkpoints(run);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    std::string problem;
    try {
      const auto found = check_manifest(place->folder);
      if (!found) return *place;
      problem = found->message();
    } catch (const Error& error) {
      problem = error.what();
    }
    if (damaged) damaged(problem);
  }
  return std::nullopt;
}

TrainingState load_training_state(const fs::path& checkpoint) {
  const fs::path folder = checkpoint / kTraining;
  require(fs::is_directory(folder), "{}: is no training checkpoint, it has no {}/",
          checkpoint.string(), kTraining);
  return {Json::parse(read_file(folder / kState), (folder / kState).string()),
          read_file(folder / kRecipe), SafetensorsFile(folder / kOptimizer)};
}

void TrainingState::read(const std::string& name, const Tensor& out) const {
  const TensorInfo& info = optimizer.info(name);
  require(info.type == out.type() && info.shape == out.shape(),
          "{}: tensor \"{}\" is {} {}, expected {} {}", optimizer.name(), name, name_of(info.type),
          info.shape, name_of(out.type()), out.shape());
  if (out.bytes() > 0) std::memcpy(out.data(), optimizer.tensor(name).data(), out.bytes());
}

void prune_checkpoints(const fs::path& run, int64_t keep) {
  const std::vector<CheckpointPlace> places = list_checkpoints(run);
  if (keep <= 0) return;
  for (size_t i = 0; i + static_cast<size_t>(keep) < places.size(); ++i)
    remove_checkpoint(places[i].folder);
}

}  // namespace octavo

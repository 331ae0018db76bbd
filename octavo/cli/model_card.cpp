#include "octavo/cli/model_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/text.h"
#include "octavo/checkpoint/training_state.h"
#include "octavo/cli/command.h"
#include "octavo/evaluate/results.h"
#include "octavo/train/recipe.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaximumCard = size_t{1} << 20;

/// What a run says about itself, as far as it is there.
struct Run {
  std::optional<Recipe> recipe;
  fs::path folder;      // empty for a checkpoint alone
  fs::path checkpoint;  // its newest, or the one that was given
};

std::optional<Run> run_of(const fs::path& source) {
  Run run;
  run.checkpoint = model_folder_of(source);
  if (!fs::exists(run.checkpoint / "training" / "recipe.toml")) return std::nullopt;
  const fs::path parent = fs::weakly_canonical(run.checkpoint).parent_path();
  if (parent.filename() == "checkpoints" && fs::exists(parent.parent_path() / "recipe.toml"))
    run.folder = parent.parent_path();
  const std::vector<std::string> place{"run.directory=" + Json(source.string()).dump()};
  run.recipe =
      Recipe::load(run.checkpoint / "training" / "recipe.toml", place, {}, RunStart::resume);
  return run;
}

class Card {
 public:
  void heading(std::string_view text) { text_ += fmt::format("\n## {}\n\n", text); }
  void line(std::string_view text) { text_ += fmt::format("{}\n", text); }
  void row(std::initializer_list<std::string_view> cells) {
    text_ += "|";
    for (const std::string_view cell : cells) text_ += fmt::format(" {} |", cell);
    text_ += "\n";
  }
  void table(std::initializer_list<std::string_view> heads) {
    row(heads);
    text_ += "|";
    for (size_t i = 0; i < heads.size(); ++i) text_ += "---|";
    text_ += "\n";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_model(Card& card, const ModelFiles& model) {
  const ModelConfig& config = model.config();
  card.line(
      fmt::format("A {} model of {} parameters: {} layers, width {}, {} heads, a vocabulary of {} "
                  "and a context "
                  "of {} tokens.",
                  model.family().name(),
                  human_count(static_cast<double>(count_parameters(config).total())), config.layers,
                  config.width, config.heads, grouped(config.vocabulary), grouped(config.context)));
}

/// What dataset.json says of the files that a run's shards were made of.
void add_data(Card& card, const Run& run, std::vector<std::array<std::string, 3>>& lineage) {
  card.heading("Data");
  card.table({"source", "documents", "tokens", "bytes of text"});
  const auto& sources = run.recipe->data.sources;
  for (size_t i = 0; i < sources.size(); ++i) {
    const fs::path shards = run.folder / "data" / fmt::format("source-{}", i);
    if (run.folder.empty() || !fs::exists(shards / "dataset.json")) {
      card.row({sources[i].path, "", "", ""});
      continue;
    }
    const Json data = Json::parse(read_file(shards / "dataset.json"), "dataset.json");
    for (const Json& file : data.at("sources").items()) {
      const std::string name = fs::path(file.at("file").text()).filename().string();
      card.row({name, grouped(file.at("documents").integer()), grouped(file.at("tokens").integer()),
                grouped(file.at("text_bytes").integer())});
      lineage.push_back({"text", name, file.at("text_hash").text()});
    }
    for (const Json& shard : data.at("shards").items())
      lineage.push_back({"tokens", fmt::format("source-{}/{}", i, shard.at("file").text()),
                         shard.at("hash").text()});
    lineage.push_back(
        {"tokenizer", "its fingerprint", data.at("tokenizer").at("fingerprint").text()});
  }
}

void add_recipe(Card& card, const Run& run, std::vector<std::array<std::string, 3>>& lineage) {
  const TrainRecipe& train = run.recipe->train;
  const TrainingState state = load_training_state(run.checkpoint);
  const int64_t step = state.state.at("step").integer();
  card.heading("Training");
  card.line(
      fmt::format("{} of {} steps, {} tokens: batches of {} × {} tokens in {}, AdamW, learning "
                  "rate {}. The whole recipe:",
                  grouped(step), grouped(train.steps), grouped(state.state.at("tokens").integer()),
                  train.batch, train.context, name_of(train.precision), train.learning_rate.peak));
  card.line("\n```toml\n" + run.recipe->as_run + "```");
  lineage.push_back({"recipe", "training/recipe.toml", hash_hex(state.recipe)});
  const fs::path weights = run.checkpoint / "model.safetensors";
  if (fs::exists(weights))
    lineage.push_back({fmt::format("checkpoint of step {}", step), "model.safetensors",
                       hash_hex(MappedFile(weights).bytes())});
}

/// The last validation of a run up to its checkpoint.
void add_validation(Card& card, const Run& run) {
  const fs::path metrics = run.folder / "metrics.jsonl";
  if (run.folder.empty() || !fs::exists(metrics)) return;
  const int64_t last = load_training_state(run.checkpoint).state.at("step").integer();
  std::string found;
  LineReader lines(metrics);
  while (const auto text = lines.next()) {
    const Json line = Json::parse(*text, lines.name(), {.first_line = lines.line_number()});
    const Json* loss = line.find("validation_loss");
    if (loss && loss->is_number() && line.at("step").integer() <= last)
      found = fmt::format("Validation loss {:.4f} at step {}.", loss->number(),
                          grouped(line.at("step").integer()));
  }
  if (!found.empty()) card.line(found + "\n");
}

void add_evaluations(Card& card, const std::vector<std::string>& files) {
  if (files.empty()) return;
  card.table({"task", "shots", "items", "accuracy", "standard error"});
  for (const std::string& file : files)
    for (const TaskResult& result : EvaluationResults::read(file).results) {
      const Figure* accuracy = result.find("accuracy");
      if (accuracy)
        card.row({result.task, fmt::format("{}", result.shots), grouped(result.items),
                  fmt::format("{:.1f} %", 100 * accuracy->value()),
                  fmt::format("{:.1f}", 100 * accuracy->standard_error())});
    }
}

}  // namespace

std::string card_of(const fs::path& source, const ModelFiles& model) {
  if (model.metadata()) {
    const GgufValue* card = model.metadata()->find(kCardKey);
    return card && card->is_text() ? std::string(card->text()) : "";
  }
  const fs::path file = model_folder_of(source) / kCard;
  return fs::exists(file) && fs::file_size(file) <= kMaximumCard ? read_file(file) : "";
}

std::string licence_of(const fs::path& source, const ModelFiles& model) {
  const GgufValue* value = model.metadata() ? model.metadata()->find(kLicenceKey) : nullptr;
  if (value && value->is_text()) {  // one line of it: it goes into other files' headers
    const std::string_view text = value->text();
    return std::string(text.substr(0, text.find_first_of("\r\n")));
  }
  const std::string card = card_of(source, model);
  if (!card.starts_with("---\n")) return "";
  const std::string_view front = std::string_view(card).substr(0, card.find("\n---", 3));
  const size_t key = front.find("\nlicense:");
  if (key == std::string_view::npos) return "";
  const size_t first = front.find_first_not_of(' ', key + 9);
  if (first == std::string_view::npos) return "";
  return std::string(front.substr(first, front.find('\n', first) - first));
}

std::string model_card(const fs::path& source, const ModelFiles& model,
                       std::span<const WeightFile> files, const CardOptions& options) {
  const fs::path folder = model_folder_of(source);
  const std::string theirs = card_of(source, model);
  const std::string licence = options.licence.empty() ? licence_of(source, model) : options.licence;
  const std::optional<Run> run = run_of(source);

  Card card;
  card.line("---");
  if (!licence.empty()) card.line("license: " + licence);
  card.line("pipeline_tag: text-generation");
  card.line(fmt::format("tags:\n- octavo\n- {}\n---\n", model.model_type()));
  card.line(
      fmt::format("# {}\n", options.name.empty() ? folder.filename().string() : options.name));
  add_model(card, model);
  std::vector<std::array<std::string, 3>> lineage;
  if (run) {
    add_data(card, *run, lineage);
    add_recipe(card, *run, lineage);
  } else {
    for (const TensorTable& file : model.tensors().files())
      lineage.push_back({"converted from", fs::path(file.name()).filename().string(),
                         hash_hex(MappedFile(file.name()).bytes())});
  }
  if (run || !options.evaluations.empty()) {
    card.heading("Evaluation");
    if (run) add_validation(card, *run);
    add_evaluations(card, options.evaluations);
  }
  for (const WeightFile& file : files)
    if (file.name.ends_with(".safetensors")) lineage.push_back({"weights", file.name, file.hash});
  card.heading("Lineage");
  card.line("Each row was made from those above it. Hashes are XXH3-128 (`xxhsum -H2`).\n");
  card.table({"what", "file", "hash"});
  for (const auto& [what, file, hash] : lineage) card.row({what, file, "`" + hash + "`"});
  if (!theirs.empty()) {
    card.heading("The card of the source");
    const size_t end = theirs.starts_with("---\n") ? theirs.find("\n---\n", 3) : std::string::npos;
    card.line(end == std::string::npos ? theirs : theirs.substr(end + 5));
  }
  return card.take();
}

}  // namespace octavo

#include "octavo/corpus/synthesize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "octavo/base/error.h"
#include "octavo/base/files.h"
#include "octavo/base/json.h"
#include "octavo/base/text.h"
#include "octavo/base/threads.h"
#include "octavo/corpus/dice.h"
#include "octavo/corpus/stories.h"
#include "octavo/corpus/tasks.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "corpus.json";
constexpr const char* kStories = "stories";
// Documents made at once, and by one thread in one go. Of no influence on the result.
constexpr int64_t kBlock = 512, kTogether = 16;
constexpr int64_t kTries = 20;  // for each evaluation item, before there seem to be no more

std::string evaluation_file(const TaskFamily& task) {
  return fmt::format("evaluation/{}.jsonl", task.name);
}

// ---- Shares -------------------------------------------------------------------------------------

/// A kind of document with what it is made of.
struct Source {
  std::string name;
  double share;                          ///< of the corpus
  std::vector<const TaskFamily*> tasks;  ///< none for stories
  std::vector<DocumentKind> parts;       ///< the tasks' names and shares, in the same order
};

std::vector<Source> sources_of(const SynthesisOptions& options) {
  std::vector<Source> sources;
  for (const DocumentKind& kind : document_kinds())
    sources.push_back({kind.name, kind.share, {}, {}});
  for (const TaskFamily& task : tasks())
    for (Source& source : sources)
      if (source.name == name_of(task.group) && task.document) {
        source.tasks.push_back(&task);
        source.parts.push_back({std::string(task.name), task.share});
      }
  std::vector<std::pair<std::string, double*>> shares;
  for (Source& source : sources) {
    shares.emplace_back(source.name, &source.share);
    for (DocumentKind& part : source.parts) shares.emplace_back(part.name, &part.share);
  }
  std::vector<std::string> names;
  for (const auto& [name, share] : shares) names.push_back(name);
  for (const auto& [name, share] : options.shares) {
    const auto found = std::find(names.begin(), names.end(), name);
    require(ErrorKind::usage, found != names.end(), "share: there is no kind or task \"{}\"{}",
            name, did_you_mean(name, names));
    require(ErrorKind::usage, std::isfinite(share) && share >= 0,
            "share of {}: expected a number of at least 0, found {}", name, share);
    *shares[static_cast<size_t>(found - names.begin())].second = share;
  }
  return sources;
}

double total_share(const auto& parts) {
  double total = 0;
  for (const auto& part : parts) total += part.share;
  return total;
}

void require_shares(const std::vector<Source>& sources) {
  require(ErrorKind::usage, total_share(sources) > 0, "share: expected one kind above 0");
  for (const Source& source : sources)
    require(ErrorKind::usage,
            source.share == 0 || source.parts.empty() || total_share(source.parts) > 0,
            "share: expected one task of {} above 0", source.name);
}

// ---- Documents ----------------------------------------------------------------------------------

struct Document {
  std::string text, kind;
};

Document make_document(const Source& source, Dice& dice) {
  if (source.tasks.empty()) return {make_story(dice), "story"};
  const DocumentKind& part = dice.one_by_share(source.parts);
  const TaskFamily& task = *source.tasks[static_cast<size_t>(&part - source.parts.data())];
  return {task.document(dice), part.name};
}

struct Line {
  std::string json;
  int64_t text_bytes = 0;
};

Line make_line(const Source& source, uint64_t seed, int64_t number) {
  Dice dice({seed, stream_of(source.name.c_str()), static_cast<uint32_t>(number)});
  Document document = make_document(source, dice);
  const auto bytes = static_cast<int64_t>(document.text.size());
  const Json json = Json::object({{"text", std::move(document.text)},
                                  {"id", fmt::format("{}-{}", source.name, number)},
                                  {"meta", Json::object({{"kind", std::move(document.kind)}})}});
  return {json.dump() + "\n", bytes};
}

/// At least one document. Calls `made` after each block with the bytes of text so far.
SynthesizedFile write_documents(const Source& source, const SynthesisOptions& options,
                                int64_t text_bytes, const SynthesisProgress& made) {
  SynthesizedFile file{source.name + ".jsonl"};
  FileWriter writer(options.folder / file.name);
  std::vector<Line> block(kBlock);
  do {
    const int64_t first = file.documents;
    parallel_for(kBlock / kTogether, [&](int64_t part) {
      for (int64_t i = part * kTogether; i < (part + 1) * kTogether; ++i)
        block[static_cast<size_t>(i)] = make_line(source, options.seed, first + i);
    });
    for (const Line& line : block) {
      writer.write(line.json);
      file.text_bytes += line.text_bytes;
      ++file.documents;
      if (file.text_bytes >= text_bytes) break;
    }
    made(file.text_bytes);
  } while (file.text_bytes < text_bytes);
  file.bytes = writer.bytes_written();
  file.hash = writer.finish();
  return file;
}

// ---- Evaluation ---------------------------------------------------------------------------------

Json as_json(const Problem& example) {
  return Json::object({{"context", example.context}, {"completion", example.completion}});
}

std::string item_line(const TaskItem& item, double chance) {
  Json json = as_json(item.query);
  if (chance > 0) json.set("chance", chance);
  if (!item.examples.empty()) {
    Json examples = Json::array();
    for (const Problem& example : item.examples) examples.append(as_json(example));
    json.set("examples", std::move(examples));
  }
  return json.dump() + "\n";
}

/// Calls `made` now and then, and at the end.
SynthesizedFile write_items(const TaskFamily& task, const SynthesisOptions& options,
                            const std::function<void()>& made) {
  SynthesizedFile file{evaluation_file(task)};
  FileWriter writer(options.folder / file.name);
  std::set<std::string> seen;
  const uint32_t stream = stream_of(file.name.c_str());
  for (int64_t n = 0; n < options.items * kTries && file.documents < options.items; ++n) {
    if (n % kBlock == 0) made();
    Dice dice({options.seed, stream, static_cast<uint32_t>(n)});
    const TaskItem item = task.item(dice);
    const std::string line = item_line(item, task.chance);
    // A word that comes twice, scrambled in two ways, could be copied from an example.
    if (!seen.insert(task.group == TaskGroup::words ? item.query.completion : line).second)
      continue;
    writer.write(line);
    ++file.documents;
  }
  made();
  file.bytes = writer.bytes_written();
  file.hash = writer.finish();
  return file;
}

// ---- The folder ---------------------------------------------------------------------------------

/// Every file that a corpus may have.
std::vector<std::string> file_names() {
  std::vector<std::string> names{std::string(kManifest)};
  for (const DocumentKind& kind : document_kinds()) names.push_back(kind.name + ".jsonl");
  for (const TaskFamily& task : tasks())
    if (task.item) names.push_back(evaluation_file(task));
  return names;
}

/// The manifest first: from then on the folder holds no whole corpus.
void remove_corpus(const fs::path& folder) {
  for (const std::string& name : file_names()) remove_all_quietly(folder / name);
}

void prepare_folder(const SynthesisOptions& options) {
  if (options.old == OldCorpus::replace) remove_corpus(options.folder);
  for (const std::string& name : file_names())
    require(ErrorKind::conflict, !fs::exists(options.folder / name),
            "{}: is there already; --overwrite replaces a corpus",
            (options.folder / name).string());
  make_directories(options.folder / "evaluation");
}

Json as_json(const SynthesizedFile& file, std::string_view count_name) {
  Json json = Json::object({{"name", file.name}, {count_name, file.documents}});
  if (file.text_bytes > 0) json.set("text_bytes", file.text_bytes);
  return json.set("bytes", file.bytes).set("xxh3_128", file.hash);
}

void write_manifest(const SynthesisOptions& options, const std::vector<Source>& sources,
                    const Synthesis& made) {
  Json shares = Json::object();
  for (const Source& source : sources) {
    shares.set(source.name, source.share);
    for (const DocumentKind& part : source.parts) shares.set(part.name, part.share);
  }
  Json files = Json::array(), evaluation = Json::array();
  for (const SynthesizedFile& file : made.corpus) files.append(as_json(file, "documents"));
  for (const SynthesizedFile& file : made.evaluation) evaluation.append(as_json(file, "items"));
  const Json manifest = Json::object({{"format", "octavo corpus"},
                                      {"version", 1},
                                      {"seed", options.seed},
                                      {"size", options.size},
                                      {"shares", std::move(shares)},
                                      {"files", std::move(files)},
                                      {"evaluation", std::move(evaluation)}});
  write_file(options.folder / kManifest, manifest.dump(2) + "\n");
}

}  // namespace

const std::vector<DocumentKind>& document_kinds() {
  static const std::vector<DocumentKind> kinds{
      {kStories, 35},
      {std::string(name_of(TaskGroup::arithmetic)), 28},
      {std::string(name_of(TaskGroup::words)), 4},
      {std::string(name_of(TaskGroup::context)), 33},
  };
  return kinds;
}

Synthesis synthesize(const SynthesisOptions& options, const SynthesisProgress& progress) {
  const std::vector<Source> sources = sources_of(options);
  require_shares(sources);
  prepare_folder(options);
  try {
    Synthesis made;
    int64_t before = 0;
    const auto report = [&](int64_t bytes) {
      if (progress) progress(bytes);
    };
    for (const Source& source : sources) {
      if (source.share == 0) continue;
      const double part = source.share / total_share(sources);
      const auto text_bytes = static_cast<int64_t>(part * static_cast<double>(options.size));
      made.corpus.push_back(write_documents(source, options, text_bytes,
                                            [&](int64_t bytes) { report(before + bytes); }));
      before += made.corpus.back().text_bytes;
    }
    for (const TaskFamily& task : tasks())
      if (task.item) made.evaluation.push_back(write_items(task, options, [&] { report(before); }));
    write_manifest(options, sources, made);
    return made;
  } catch (...) {
    remove_corpus(options.folder);
    throw;
  }
}

}  // namespace octavo

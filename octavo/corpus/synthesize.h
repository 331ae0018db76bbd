// The built-in corpus: stories and tasks as JSON lines, a file for each kind, and the evaluation's
// items beside them, all of it a function of the seed.
//
// Document n of a kind is made by dice of its own, so documents are made in parallel and a larger
// corpus begins with the same ones. Layout and formats: docs/corpus.md. Tested by
// tests/corpus/synthesize_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace octavo {

/// What becomes of a corpus that lies in the folder already.
enum class OldCorpus { keep, replace };

struct SynthesisOptions {
  std::filesystem::path folder;
  int64_t size = 20'000'000;  ///< bytes of text; each file ends with the document that reaches its
                              ///< share of it
  uint64_t seed = 1;
  int64_t items = 250;  ///< of each task of the evaluation, or as many different ones as there are
  /// In place of the usual ones: the share of a kind of document ("stories", "arithmetic", "words",
  /// "context") in the corpus, of a task ("pairings") in its kind.
  std::vector<std::pair<std::string, double>> shares{};
  OldCorpus old = OldCorpus::keep;
};

/// The kinds, as files are named, with their usual shares.
struct DocumentKind {
  std::string name;
  double share;
};
const std::vector<DocumentKind>& document_kinds();

struct SynthesizedFile {
  std::string name;        ///< in the folder: "stories.jsonl", "evaluation/pairings.jsonl"
  int64_t documents = 0;   ///< or items
  int64_t text_bytes = 0;  ///< of the documents' texts; 0 for an evaluation file
  int64_t bytes = 0;       ///< of the file
  std::string hash;        ///< XXH3-128 of the file
};

struct Synthesis {
  std::vector<SynthesizedFile> corpus, evaluation;
};

/// Called now and then with the bytes of text made so far; may throw to stop.
using SynthesisProgress = std::function<void(int64_t text_bytes)>;

/// Writes the corpus; corpus.json, written last, makes it whole. Throws `usage` for a share of what
/// there is not, `conflict` if files of these names are there and are to be kept. Whatever stops
/// it, no part of a corpus is left.
Synthesis synthesize(const SynthesisOptions& options, const SynthesisProgress& progress = {});

}  // namespace octavo

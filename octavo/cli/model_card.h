// A model card: README.md of a model folder, as Hugging Face's hub shows it (Mitchell et al. 2019).
//
// What a run left behind says what the model was trained on and how: the card has data, recipe,
// evaluation, and the hashes that lead from the text to the weights. Of a model made elsewhere it
// says what it is and which files it was made of, and keeps the card that came with it. Tested by
// tests/cli/convert_test.cpp. Format: https://huggingface.co/docs/hub/model-cards
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "octavo/checkpoint/model_files.h"

namespace octavo {

inline constexpr const char* kCard = "README.md";       ///< in a folder
inline constexpr const char* kCardKey = "octavo.card";  ///< in GGUF
inline constexpr const char* kLicenceKey = "general.license";

struct CardOptions {
  std::string name;                      ///< the title; the target's name if empty
  std::string licence;                   ///< an SPDX name, or empty: taken from the source's card
  std::vector<std::string> evaluations;  ///< results of `octavo evaluate --output`
};

/// The card of a model converted from `source` (a run, a checkpoint, a folder or a file), whose
/// weights were written as `files`. Throws `data` if an evaluation cannot be read.
std::string model_card(const std::filesystem::path& source, const ModelFiles& model,
                       std::span<const WeightFile> files, const CardOptions& options);

/// The card that came with a model, and its licence; empty where there is none.
std::string card_of(const std::filesystem::path& source, const ModelFiles& model);
std::string licence_of(const std::filesystem::path& source, const ModelFiles& model);

}  // namespace octavo

// The manifest of a folder: name, size and XXH3-128 of every file in it, written and renamed last.
//
// A folder whose manifest verifies holds exactly what was written: any flipped bit, missing, cut or
// added file is found and named, and so is damage to the manifest itself (it ends with its own hash
// and has only one valid spelling). Tested by tests/checkpoint/manifest_test.cpp, which flips every
// byte of a small checkpoint.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "octavo/weights/weight_set.h"

namespace octavo {

inline constexpr const char* kManifestName = "manifest.json";

/// A file that is not what the manifest says.
struct ManifestProblem {
  std::string file;  ///< path
  std::string what;  ///< "is missing", "is damaged: …"
  std::string message() const { return file + " " + what; }
};

bool has_manifest(const std::filesystem::path& folder);

/// Lists every file below the folder. Hashes that the writers of the
/// files know are taken from `known` (names relative to the folder), the others are computed.
void write_manifest(const std::filesystem::path& folder, std::span<const WeightFile> known = {});

/// The first thing that is wrong, sizes before contents, or nothing. A folder without a manifest is
/// wrong.
std::optional<ManifestProblem> check_manifest(const std::filesystem::path& folder);

/// Throws `data` with the problem's message.
void verify_manifest(const std::filesystem::path& folder);

}  // namespace octavo

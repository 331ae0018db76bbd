// Recipes: a TOML file plus `--set key=value`, read key by key with types, ranges and defaults.
//
// Whoever reads a key declares it: `finish()` then knows every name that means something, rejects
// the others and suggests the nearest. A required key that is missing points at what may be it.
// What was read, with the values that held, is the recipe "as run": `as_run()` writes it and it
// reads back the same. A wrong value says file, line, key, what was expected and what was found;
// errors are of kind `usage`. Tested by tests/base/recipe_file_test.cpp and
// tests/fuzz/recipe_fuzz.cpp. Format: TOML 1.0.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace octavo {

/// A recipe, or one table of an array of tables in it (a cheap handle on the same recipe).
///
///     RecipeFile recipe = RecipeFile::load("recipes/shakespeare.toml", {"train.steps=100"});
///     const int64_t steps = recipe.integer("train.steps", 2000, 1);
///     for (RecipeFile source : recipe.tables("data.sources")) use(source.text("path"));
///     recipe.finish();
class RecipeFile {
 public:
  static constexpr size_t kMaximumBytes = size_t{1} << 20;  ///< of a recipe's text

  /// An override is "a.b=value": the value as TOML would read it, else as a plain string. It
  /// replaces what the file says, or adds to it.
  static RecipeFile parse(std::string_view text, std::string_view source,
                          std::span<const std::string> overrides = {});
  static RecipeFile load(const std::filesystem::path& path,
                         std::span<const std::string> overrides = {});

  // Each getter takes a dotted key, relative to this table. Without a fallback the key is required.
  // Reading a key again must agree with the first reading's fallback; the first is what is kept.
  int64_t integer(std::string_view key, std::optional<int64_t> fallback = {},
                  int64_t minimum = std::numeric_limits<int64_t>::min(),
                  int64_t maximum = std::numeric_limits<int64_t>::max()) const;
  /// Finite; an integer in the file will do.
  double number(std::string_view key, std::optional<double> fallback = {},
                double minimum = std::numeric_limits<double>::lowest(),
                double maximum = std::numeric_limits<double>::max()) const;
  bool boolean(std::string_view key, std::optional<bool> fallback = {}) const;
  std::string text(std::string_view key, std::optional<std::string> fallback = {}) const;
  /// A text that must be one of `choices`; another is an error that suggests the nearest.
  std::string choice(std::string_view key, std::span<const std::string_view> choices,
                     std::optional<std::string> fallback = {}) const;
  std::string choice(std::string_view key, std::initializer_list<std::string_view> choices,
                     std::optional<std::string> fallback = {}) const {
    return choice(key, std::span(choices.begin(), choices.size()), std::move(fallback));
  }
  /// An array of strings; a single string counts as an array of one.
  std::vector<std::string> texts(std::string_view key,
                                 std::optional<std::vector<std::string>> fallback = {}) const;
  std::vector<int64_t> integers(std::string_view key,
                                std::optional<std::vector<int64_t>> fallback = {}) const;
  /// An array of tables ([[key]]); empty if absent.
  std::vector<RecipeFile> tables(std::string_view key) const;

  /// Whether the file or an override gives the key (or table). Does not declare it.
  bool has(std::string_view key) const;

  /// Throws for a key that no getter has asked for, with its line and the nearest known name.
  void finish() const;

  /// Every key that was asked for with the value that held, as TOML; reads back the same.
  std::string as_run() const;

  /// "recipe.toml:12: train.steps", for a message of one's own about a key.
  std::string where(std::string_view key) const;
  const std::string& source() const;

 private:
  struct Document;
  struct View;
  explicit RecipeFile(std::shared_ptr<const View> view) : view_(std::move(view)) {}
  std::shared_ptr<const View> view_;
};

}  // namespace octavo

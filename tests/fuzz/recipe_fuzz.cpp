// Fuzzes the recipe readers: the first line is an override, the rest is TOML. Any text gives values
// or an Error; a recipe that is accepted reads back the same from as_run(), from keys of every type
// (base/recipe_file.h) and from those of a run (train/recipe.h).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/recipe_file.h"
#include "octavo/train/recipe.h"

namespace {

// Reads a few keys of every type and returns the recipe as run.
std::string read(const octavo::RecipeFile& recipe) {
  recipe.integer("steps", 3, 0, 1'000'000);
  recipe.number("train.rate", 0.5, 0, 1e9);
  recipe.boolean("train.decay", true);
  recipe.text("name", "none");
  recipe.texts("data.files", std::vector<std::string>{"a", "b"});
  recipe.integers("model.bands", std::vector<int64_t>{});
  for (const octavo::RecipeFile& source : recipe.tables("data.sources")) {
    source.text("path", "");
    source.number("weight", 1);
  }
  recipe.finish();
  return recipe.as_run();
}

using Overrides = std::vector<std::string>;

// as_run(text, overrides) gives the recipe as run.
template <class AsRun>
void check(std::string_view text, const Overrides& overrides, const AsRun& as_run) {
  std::string first;
  try {
    first = as_run(text, overrides);
  } catch (const octavo::Error&) {
    return;
  } catch (const std::filesystem::filesystem_error&) {  // a path of thousands of letters
    return;
  }
  const std::string again = as_run(first, {});
  if (again == first) return;
  std::fprintf(stderr, "recipe_fuzz: as run\n%s\nread back as\n%s\n", first.c_str(), again.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  Overrides overrides;
  if (line != text.npos && line > 0) overrides.emplace_back(text.substr(0, line));
  if (line != text.npos) text.remove_prefix(line + 1);
  try {
    octavo::RecipeFile::parse(text, "fuzz", overrides);
  } catch (const octavo::Error&) {
    return 0;  // no TOML: neither reader would come further
  }
  check(text, overrides, [](std::string_view toml, const Overrides& settings) {
    return read(octavo::RecipeFile::parse(toml, "fuzz", settings));
  });
  check(text, overrides, [](std::string_view toml, const Overrides& settings) {
    return octavo::Recipe::parse(toml, "fuzz.toml", settings).as_run;
  });
  return 0;
}

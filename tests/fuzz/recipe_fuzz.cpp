// Fuzzes the recipe reader: the first line is an override, the rest is TOML. Any text gives values
// or an Error; a recipe that is accepted reads back the same from as_run().
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/error.h"
#include "octavo/base/recipe_file.h"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  std::vector<std::string> overrides;
  if (line != text.npos && line > 0) overrides.emplace_back(text.substr(0, line));
  std::string as_run;
  try {
    as_run = read(octavo::RecipeFile::parse(line == text.npos ? text : text.substr(line + 1),
                                            "fuzz", overrides));
  } catch (const octavo::Error&) {
    return 0;
  }
  const std::string again = read(octavo::RecipeFile::parse(as_run, "as run"));
  if (again != as_run) {
    std::fprintf(stderr, "recipe_fuzz: as run\n%s\nread back as\n%s\n", as_run.c_str(),
                 again.c_str());
    std::abort();
  }
  return 0;
}

// Recipes: types, ranges, overrides, unknown keys, and the recipe as run.
#include "octavo/base/recipe_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "octavo/base/files.h"
#include "tests/base/temporary_folder.h"

namespace octavo {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kRecipe = R"(name = "test"   # a comment
[train]
steps = 2_000
rate = 1e-3
decay = true
betas = ["0.9", "0.95"]
bands = [128, 256]

[[data.sources]]
path = "a.txt"
weight = 2
[[data.sources]]
path = "b.txt"
)";

RecipeFile parse(std::string_view text, std::vector<std::string> overrides = {}) {
  return RecipeFile::parse(text, "r.toml", overrides);
}

template <class Action>
std::string usage_error(const Action& action) {
  return error_of(ErrorKind::usage, action);
}

// Reads every key of kRecipe; returns the numbers as one line.
std::string read_all(const RecipeFile& recipe) {
  std::string line = recipe.text("name");
  line += fmt::format(" {}", recipe.integer("train.steps", 10, 1));
  line += fmt::format(" {}", recipe.number("train.rate", 0.5, 0, 1));
  line += fmt::format(" {}", recipe.boolean("train.decay", false));
  line += " " + recipe.choice("train.precision", {"fp32", "bf16"}, "fp32");
  for (const std::string& beta : recipe.texts("train.betas")) line += " " + beta;
  for (const int64_t band : recipe.integers("train.bands")) line += fmt::format(" {}", band);
  for (const RecipeFile& source : recipe.tables("data.sources")) {
    line += " " + source.text("path");
    line += fmt::format(":{}", source.number("weight", 1.0, 0));
  }
  recipe.finish();
  return line;
}

TEST(RecipeFile, ReadsEveryType) {
  EXPECT_EQ(read_all(parse(kRecipe)), "test 2000 0.001 true fp32 0.9 0.95 128 256 a.txt:2 b.txt:1");
}

TEST(RecipeFile, OverridesReplaceAndAdd) {
  EXPECT_EQ(read_all(parse(kRecipe, {"train.steps=7", "train.precision=bf16", "name=a/b c.txt",
                                     "train.rate=1", "train.betas=[]"})),
            "a/b c.txt 7 1 true bf16 128 256 a.txt:2 b.txt:1");
  EXPECT_EQ(parse("", {"a.b.c=3"}).integer("a.b.c"), 3);
  EXPECT_EQ(parse("", {"a=\"3\""}).text("a"), "3");
  EXPECT_EQ(parse("", {"a=1 # no\nb = 2"}).text("a"), "1 # no\nb = 2");
  EXPECT_EQ(parse("", {"a="}).text("a"), "");
  EXPECT_EQ(parse("", {"a=x=y"}).text("a"), "x=y");
}

TEST(RecipeFile, BadOverridesAreNamed) {
  EXPECT_THAT(usage_error([] { parse("", {"steps"}); }),
              HasSubstr("--set steps: expected key=value"));
  EXPECT_THAT(usage_error([] { parse("a = 1", {"a.b=2"}); }),
              HasSubstr("a is no table but an integer"));
  EXPECT_EQ(usage_error([] { parse(kRecipe, {"train.steps=many"}).integer("train.steps"); }),
            "--set train.steps=many: train.steps: expected an integer, found a text \"many\"");
  EXPECT_EQ(usage_error([] { parse("", {"trian.steps=1"}).finish(); }),
            "--set trian.steps=1: unknown table \"trian\"");
}

TEST(RecipeFile, WrongTypesAndRangesAreNamed) {
  const RecipeFile recipe = parse(kRecipe);
  EXPECT_EQ(usage_error([&] { recipe.integer("train.rate"); }),
            "r.toml:4: train.rate: expected an integer, found a number 0.001");
  EXPECT_EQ(usage_error([&] { recipe.integer("train.steps", {}, 1, 100); }),
            "r.toml:3: train.steps: expected an integer from 1 to 100, found an integer 2000");
  EXPECT_THAT(usage_error([&] { recipe.integer("train.steps", {}, 3000); }),
              HasSubstr("expected an integer of at least 3000"));
  EXPECT_THAT(usage_error([&] { recipe.number("name"); }),
              HasSubstr("r.toml:1: name: expected a number, found a text"));
  EXPECT_THAT(usage_error([&] { recipe.number("train.rate", {}, 0.1, 1); }),
              HasSubstr("a number from 0.1 to 1"));
  EXPECT_THAT(usage_error([&] { recipe.boolean("train.steps"); }), HasSubstr("true or false"));
  EXPECT_THAT(usage_error([&] { recipe.text("train"); }), HasSubstr("found a table"));
  EXPECT_THAT(usage_error([&] { recipe.integers("train.betas"); }),
              HasSubstr("an array of integers, found an array"));
  EXPECT_THAT(usage_error([&] { recipe.tables("train.bands"); }),
              HasSubstr("an array of tables ([[train.bands]])"));
  EXPECT_THAT(usage_error([&] { recipe.integer("train.steps.deeper"); }),
              HasSubstr("expected a table on the way"));
  EXPECT_EQ(
      usage_error([&] {
        recipe.choice("name", {"tests", "other"});
      }),
      "r.toml:1: name: expected one of tests, other, found \"test\" (did you mean \"tests\"?)");
  EXPECT_EQ(usage_error([&] { recipe.integer("train.seed"); }),
            "r.toml: expected the key train.seed (an integer), found none");
  EXPECT_EQ(usage_error([&] { recipe.tables("data.sources")[1].number("path"); }),
            "r.toml:13: data.sources[1].path: expected a number, found a text \"b.txt\"");
  EXPECT_THAT(usage_error([&] { parse("a = nan").number("a"); }), HasSubstr("found a number nan"));
  EXPECT_THAT(usage_error([&] { parse("a = 1979-05-27").text("a"); }), HasSubstr("a date"));
}

TEST(RecipeFile, UnknownKeysGetASuggestion) {
  const auto error = [](std::string_view text) {
    return usage_error([&] {
      const RecipeFile recipe = parse(text);
      recipe.integer("train.steps", 1);
      recipe.integer("train.seed", 1);
      for (const RecipeFile& source : recipe.tables("sources")) source.text("path", "");
      recipe.finish();
    });
  };
  EXPECT_EQ(error("[train]\nstpes = 3"),
            "r.toml:2: unknown key \"train.stpes\" (did you mean \"train.steps\"?)");
  EXPECT_EQ(error("[trian]\nsteps = 3"),
            "r.toml:1: unknown table \"trian\" (did you mean \"train\"?)");
  EXPECT_EQ(error("[train]\nsteps = 1\n[train.more]\nx = 1"),
            "r.toml:3: unknown table \"train.more\"");
  EXPECT_EQ(error("[[sources]]\npath = 'a'\n[[sources]]\npaht = 'b'"),
            "r.toml:4: unknown key \"sources.paht\" (did you mean \"sources.path\"?)");
  EXPECT_EQ(error("zebra = 1"), "r.toml:1: unknown key \"zebra\"");
  EXPECT_THAT(error("\"train.steps\" = 1"), HasSubstr("unknown key"));
}

TEST(RecipeFile, AMissingKeyPointsAtItsMisspelling) {
  const auto error = [](std::string_view text, std::vector<std::string> overrides = {}) {
    return usage_error([&] {
      const RecipeFile recipe = parse(text, overrides);
      for (const RecipeFile& source : recipe.tables("sources")) source.text("path");
      recipe.integer("model.layers");
      recipe.integer("train.steps");
    });
  };
  EXPECT_EQ(error("[model]\nlayrs = 2"),
            "r.toml: expected the key model.layers (an integer), found none (is it "
            "\"model.layrs\" at r.toml:2?)");
  EXPECT_THAT(error("[modle]\nlayers = 2"), HasSubstr("\"modle.layers\" at r.toml:2?"));
  EXPECT_THAT(error("[model]\nlayers = 2\n[training]\nsteps = 3"),
              HasSubstr("\"training.steps\" at r.toml:4?"));
  EXPECT_THAT(error("[[sources]]\npaths = 'a'"), HasSubstr("\"sources.paths\" at r.toml:2?"));
  EXPECT_THAT(error("", {"model.layer=2"}), HasSubstr("at --set model.layer=2?"));
  // A name that nobody has asked for yet is not taken for another.
  EXPECT_THAT(error("[other]\nlayers = 2\n[model]\nheads = 2"), testing::EndsWith("found none"));
}

TEST(RecipeFile, SyntaxErrorsHaveAPlace) {
  EXPECT_THAT(usage_error([] { parse("a = 1\nb = = 2"); }), HasSubstr("r.toml:2:5: "));
  EXPECT_THROW(parse("a = 1\na = 2"), Error);
  EXPECT_THROW(parse("a = \"\xff\""), Error);
  EXPECT_THROW(parse(std::string(100'000, '[')), Error);
  EXPECT_THROW(parse("a = " + std::string(100'000, '[')), Error);
  EXPECT_THROW(parse("[[["), Error);
  EXPECT_THROW(parse("ключ = 1"), Error);
  EXPECT_THROW(parse("a = 1 ж"), Error);
  EXPECT_EQ(parse("", {"a=[[["}).text("a"), "[[[");
  EXPECT_THROW(parse(std::string(2 << 20, '#')), Error);
}

TEST(RecipeFile, AsRunReadsBackTheSame) {
  const RecipeFile recipe = parse(kRecipe, {"train.rate=1", "name=with \"quotes\"\tand \\"});
  const std::string line = read_all(recipe);
  const std::string as_run = recipe.as_run();
  EXPECT_THAT(as_run,
              HasSubstr("[train]\nsteps = 2000\nrate = 1.0\ndecay = true\nprecision = \"fp32\""));
  EXPECT_THAT(as_run, HasSubstr("[[data.sources]]\npath = \"b.txt\"\nweight = 1.0"));
  const RecipeFile again = parse(as_run);
  EXPECT_EQ(read_all(again), line);
  EXPECT_EQ(again.as_run(), as_run);
}

TEST(RecipeFile, LoadsAFile) {
  const TemporaryFolder folder;
  write_file(folder / "a.toml", "steps = 3");
  EXPECT_EQ(RecipeFile::load(folder / "a.toml").integer("steps"), 3);
  EXPECT_EQ(RecipeFile::load(folder / "a.toml").where("steps"),
            (folder / "a.toml").string() + ":1: steps");
  EXPECT_THAT(error_of(ErrorKind::data, [&] { RecipeFile::load(folder / "b.toml"); }),
              HasSubstr("no such file"));
  EXPECT_TRUE(parse("[a]\nb = 1").has("a.b"));
  EXPECT_FALSE(parse("[a]\nb = 1").has("a.c"));
}

TEST(RecipeFile, ArraysInTheWrongPlaceAreShown) {
  const auto shown = [](const std::string& value) {
    return usage_error([&] { parse("steps = " + value).integer("steps"); });
  };
  EXPECT_THAT(shown("[]"), HasSubstr("found an array []"));
  // Its width, guessed as the library does, is negative, and of the last number a negation too far.
  EXPECT_THAT(shown("[ 1e-3, 'a', [true], {x = 1}, -9223372036854775808 ]"),
              HasSubstr("found an array [0.001, \"a\", [true], a table, -9223372036854775808]"));
}

std::string parts(size_t count) {
  std::string key = "a";
  while (--count > 0) key += ".a";
  return key;
}

TEST(RecipeFile, KeysThatWouldNestWithoutEndAreRefused) {
  for (const auto& text :
       {parts(100'000) + " = 1", "[" + parts(100'000) + "]", "[[" + parts(17) + "]]",
        "x = {" + parts(17) + " = 1}", R"("q.\"".'.'.)" + parts(15) + " = 1"})
    EXPECT_THAT(usage_error([&] { parse("first = 1.5  # a.b\n" + text); }),
                HasSubstr(":2: a key has more than 16 parts"));
  const std::string dots(100, '.');
  for (const std::string& text :
       {parts(16) + " = 1", "x = \"" + dots + "\"", "x = '" + dots + "'  # " + dots,
        "x = \"\"\"\n" + dots + "\"" + dots + R"(""""")", "x = '''" + dots + "\n'''",
        "x = '''''' # '" + dots,
        std::string("x = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,") +
            " 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]"})
    parse(text);
  EXPECT_THAT(usage_error([&] { parse("", {parts(17) + "=1"}); }), HasSubstr("more than 16 parts"));
}

}  // namespace
}  // namespace octavo

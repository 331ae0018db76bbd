// Going on with a run: what its own recipe binds it to.
//
// A resumed run must be the run that it was, to the bit; so whatever decides a number may not have
// changed since it began, and what was decided then (a default, this machine's precision) counts
// whatever it would be now. Tested by tests/train/recipe_test.cpp and resume_test.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "octavo/model/config.h"

namespace octavo {

/// Keys and values of a recipe as run, in its order: "train.steps" and "2000".
using Settings = std::vector<std::pair<std::string, std::string>>;
Settings settings_of(std::string_view as_run);

/// Where the tokens of a resumed run are.
enum class RunData {
  in_place,  ///< where the recipe's paths point, which may have moved
  own_copy,  ///< in the run's folder: its paths say what it was made from, and stay
};

/// Throws `usage` naming the first key that differs, unless it is one that a run may change when it
/// is resumed (names, places, how long to train, how often to validate, sample and save).
void require_resumable(std::string_view before_as_run, std::string_view now_as_run,
                       RunData data = RunData::in_place);

/// Throws `usage` naming the first key of [model] in which the recipe's model is another function
/// of its weights than the model in `folder`. Dropout, the spread of first weights and the token
/// that ends a text are not looked at.
void require_same_function(const ModelConfig& recipe, const ModelConfig& found,
                           const std::filesystem::path& folder);

}  // namespace octavo

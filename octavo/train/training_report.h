// The run's report: one page with the curves, the samples, the data and the recipe.
//
// Made from the run's history alone, so it can be rewritten at any time, for a run that goes on or
// one that was cut. Tested by tests/train/training_report_test.cpp.
#pragma once

#include <string>

#include "octavo/dataset/batches.h"
#include "octavo/train/recipe.h"
#include "octavo/train/records.h"

namespace octavo {

/// The page as HTML, readable without a network.
std::string training_report(const Recipe& recipe, const RunHistory& history, const Batches& data);
/// The loss against steps as an SVG picture of its own.
std::string loss_curve(const Recipe& recipe, const RunHistory& history);

}  // namespace octavo

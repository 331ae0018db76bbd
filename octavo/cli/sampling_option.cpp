#include "octavo/cli/sampling_option.h"

#include <CLI/CLI.hpp>

#include <limits>
#include <random>

namespace octavo {

SamplingOptions SamplingOption::chosen() const {
  SamplingOptions result = sampling;
  if (greedy) result.temperature = 0;
  result.seed = seed >= 0 ? static_cast<uint64_t>(seed) : std::random_device()() % 1'000'000;
  return result;
}

void add_sampling_options(CLI::App& command, SamplingOption& option) {
  constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
  SamplingOptions& sampling = option.sampling;
  constexpr double kLargest = 1e6;
  const std::string group = "Sampling";
  CLI::Option* greedy =
      command.add_flag("--greedy", option.greedy, "Always the most likely token")->group(group);
  add_number(command, "--temperature", sampling.temperature, 0, kLargest,
             "Below 1 safer, above 1 wilder (default 0.8)")
      ->group(group)
      ->excludes(greedy);
  add_integer(command, "--top-k", sampling.top_k, 0, kNoLimit, "Only the k most likely tokens")
      ->group(group);
  add_positive(command, "--top-p", sampling.top_p, 1, "Only the fewest that hold this probability")
      ->group(group);
  add_number(command, "--min-p", sampling.min_p, 0, 1,
             "Only those at least this share of the likeliest one's")
      ->group(group);
  add_number(command, "--repetition-penalty", sampling.repetition_penalty,
             SamplingOptions::kLeastPenalty, SamplingOptions::kMostPenalty,
             "Above 1: less of what the text has already")
      ->group(group);
  add_integer(command, "--seed", option.seed, 0, kNoLimit,
              "The same seed, the same text (default: a new one, told at the end)")
      ->group(group);
}

}  // namespace octavo

// How a command draws tokens: --greedy, --temperature and their like, shared by those that write.
#pragma once

#include "octavo/cli/command.h"
#include "octavo/generate/sampler.h"

namespace octavo {

struct SamplingOption {
  SamplingOptions sampling{.temperature = 0.8};
  bool greedy = false;
  int64_t seed = -1;  ///< −1: another one each time

  /// As asked for, with a seed that can be told, so that any text can be repeated.
  SamplingOptions chosen() const;
};

void add_sampling_options(CLI::App& command, SamplingOption& option);

}  // namespace octavo

// Fuzzes the readers of what an evaluation is given: the first byte chooses between a task file and
// kept results. Any bytes give an Error, or what can be asked and drawn.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "octavo/base/error.h"
#include "octavo/evaluate/few_shot_task.h"
#include "octavo/evaluate/results.h"
#include "octavo/evaluate/task_file.h"
#include "tests/fuzz/memory_file.h"

namespace {

constexpr int64_t kContext = 40;

/// As the byte tokenizer has it, in a small context, with and without an example.
void ask(const octavo::TaskFile& file) {
  using namespace octavo;
  static const Tokenizer tokenizer = Tokenizer::bytes();
  for (const PromptStart start : {PromptStart::end_of_text, PromptStart::none})
    for (const int64_t shots : {0, 1}) {
      const FewShotTask task(file, file.items, shots, tokenizer, kContext, {.start = start});
      for (size_t i = 0; i < task.size(); ++i) {
        const GenerationRequest request = task.ask(i).requests.at(0);
        const auto length = std::ssize(request.prompt);
        if (length == 0 || length + request.max_tokens > kContext + 1) std::abort();
        for (const auto& one : request.weighed)
          if (one.empty() || length + std::ssize(one) > kContext + 1) std::abort();
      }
    }
}

void read_tasks(const std::string& path) {
  const octavo::TaskFile file = octavo::read_task_file(path);
  if (file.items.empty()) std::abort();
  for (const octavo::Item& item : file.items) {
    if (item.completion.empty() || item.line < 1) std::abort();
    for (const octavo::Example& one : item.examples)
      if (one.completion.empty()) std::abort();
    if (!item.choices.empty() &&
        std::ranges::find(item.choices, item.completion) == item.choices.end())
      std::abort();
  }
  ask(file);
}

void read_results(const std::string& path) {
  const std::vector<octavo::EvaluationResults> models(2, octavo::EvaluationResults::read(path));
  octavo::draw_plot(octavo::plot_of_models(models), octavo::PlotStyle::own);
  octavo::draw_plot(octavo::plot_of_tasks(models[0]));
  if (models[0].results.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const MemoryFile file;
  if (size == 0) return 0;
  file.set(data + 1, size - 1);
  try {
    if (data[0] % 2 == 0)
      read_tasks(file.path());
    else
      read_results(file.path());
  } catch (const octavo::Error& error) {
    if (error.kind() != octavo::ErrorKind::data) std::abort();
  }
  return 0;
}

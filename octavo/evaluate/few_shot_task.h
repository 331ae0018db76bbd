// Few-shot task: K examples and a question, completed (Brown et al. 2020, section 2).
//
// The prompt is the token that texts begin after, K times an example's context and completion, then
// the item's context. An answer is right if greedy decoding writes the completion, and by
// likelihood if each of its tokens is the likeliest after those before it; with choices, also if
// none of them is likelier. Tokens are split as lm-evaluation-harness does: spaces at the end of a
// context belong to the completion, and a completion's tokens are those of the whole text after the
// prompt's. Tested by tests/evaluate/few_shot_task_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "octavo/evaluate/shots.h"
#include "octavo/evaluate/task.h"
#include "octavo/evaluate/task_file.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

enum class PromptStart { end_of_text, none };

/// How answers are found.
enum class AnsweredBy { greedy, likelihood, both };

struct FewShotOptions {
  int64_t limit = 0;  ///< only the first so many items; 0: all
  uint64_t seed = 0;  ///< of the examples' draw
  PromptStart start = PromptStart::end_of_text;
  std::string separator{};              ///< between examples, and before the question
  std::vector<std::string> stop{"\n"};  ///< a greedy answer ends before it
  AnsweredBy by = AnsweredBy::both;
};

class FewShotTask : public Task {
 public:
  /// `file`, `pool` (where examples come from; often the file's own items), and `tokenizer` must
  /// outlive it; `context` is the model's. Throws `data` if some item has fewer examples than
  /// `shots`, no room for its completion, or a completion that a greedy answer could never be.
  FewShotTask(const TaskFile& file, std::span<const Item> pool, int64_t shots,
              const Tokenizer& tokenizer, int64_t context, const FewShotOptions& options);

  size_t size() const override { return items_.size(); }
  Questions ask(size_t document) const override;
  Judgement judge(size_t document, const Questions& questions,
                  const Answers& answers) const override;

 private:
  ContinuationRequest split(std::string_view context, const Item& item) const;
  void check(const Item& item);
  int64_t room_for(const ContinuationRequest& request) const;
  void judge_likelihood(const Item& item, const ContinuationScores& scores,
                        Judgement& judgement) const;

  const TaskFile& file_;
  std::span<const Item> items_;
  Shots examples_;
  int64_t shots_;
  const Tokenizer& tokenizer_;
  int64_t context_;
  FewShotOptions options_;
  int64_t longest_answer_ = 0;  // tokens
};

}  // namespace octavo

#include "octavo/evaluate/few_shot_task.h"

#include <algorithm>

#include "octavo/base/error.h"
#include "octavo/base/text.h"
#include "octavo/generate/stop_strings.h"

namespace octavo {
namespace {

// Beside the tokens of the longest completion: for the stop text, and for tokens that a model may
// cut otherwise than the tokenizer.
constexpr int64_t kSpareTokens = 4;

/// The completion, or all that it is chosen from.
std::vector<std::string> continuations_of(const Item& item) {
  if (item.choices.empty()) return {item.completion};
  return item.choices;
}

size_t right_continuation(const Item& item) {
  if (item.choices.empty()) return 0;
  return static_cast<size_t>(std::ranges::find(item.choices, item.completion) -
                             item.choices.begin());
}

int64_t longest_of(const std::vector<std::vector<int32_t>>& texts) {
  size_t length = 0;
  for (const auto& text : texts) length = std::max(length, text.size());
  return static_cast<int64_t>(length);
}

double sum_of(const std::vector<TokenScore>& scores) {
  double sum = 0;
  for (const TokenScore& score : scores) sum += double{score.log_probability};
  return sum;
}

Measure share(std::string_view name, bool holds) {
  return {name, MeasureKind::share, holds ? 1.0 : 0.0};
}

}  // namespace

FewShotTask::FewShotTask(const TaskFile& file, std::span<const Item> pool, int64_t shots,
                         const Tokenizer& tokenizer, int64_t context, const FewShotOptions& options)
    : file_(file),
      items_(file.items),
      examples_(pool, options.seed),
      shots_(shots),
      tokenizer_(tokenizer),
      context_(context),
      options_(options) {
  if (options.start == PromptStart::end_of_text && tokenizer.end_of_text() >= 0)
    start_.push_back(tokenizer.end_of_text());
  StopStrings(options.stop);  // throws on an empty one
  if (options.limit > 0)
    items_ = items_.first(std::min(items_.size(), static_cast<size_t>(options.limit)));
  for (const Item& item : items_) check(item);
}

void FewShotTask::check(const Item& item) {
  const std::string where = file_.where(item);
  const int64_t available = examples_.available(item);
  require(available >= shots_, "{}: expected {} examples for as many shots, found {}", where,
          shots_, available);
  const GenerationRequest question = split(item.context, item);
  require(!question.prompt.empty(),
          "{}: an empty context makes an empty prompt; a token that ends texts would begin it "
          "(--start end-of-text)",
          where);
  const int64_t tokens = longest_of(question.weighed);
  longest_answer_ = std::max(longest_answer_, tokens + kSpareTokens);
  require(longest_answer_ <= context_,
          "{}: a completion of {} tokens has no room in the model's context of {}", where, tokens,
          context_);
  if (options_.by == AnsweredBy::likelihood) return;
  const std::string_view answer = trimmed(item.completion);
  require(!answer.empty(),
          "{}: the completion is white space alone, which answers are compared without: use --by "
          "likelihood",
          where);
  const size_t end = item.completion.rfind(answer) + answer.size();
  for (const std::string& stop : options_.stop)
    require(item.completion.find(stop) >= end,
            "{}: the completion holds \"{}\", which ends a greedy answer: give another --stop, or "
            "use --by likelihood",
            where, stop == "\n" ? "\\n" : stop);
}

// ---- Questions ----------------------------------------------------------------------------------

Questions FewShotTask::ask(size_t document) const {
  const Item& item = items_[document];
  const std::vector<const Example*> examples = examples_.choose(item, document, shots_);
  Questions questions;
  GenerationRequest request;
  for (size_t first = 0; first <= examples.size(); ++first) {
    std::string text;
    for (const Example* example : std::span(examples).subspan(first))
      text += example->context + example->completion + options_.separator;
    request = split(text + item.context, item);
    questions.shortened = first > 0;
    if (room_for(request) >= 0) break;
  }
  if (room_for(request) < 0) {  // the item's own context: its end is kept, if check() left room
    const auto begin = request.prompt.begin() + std::ssize(start_);
    request.prompt.erase(begin, begin - room_for(request));
    questions.shortened = true;
  }
  if (options_.by == AnsweredBy::greedy) request.weighed.clear();
  request.samples = options_.by == AnsweredBy::likelihood ? 0 : 1;
  request.sampling.temperature = 0;
  request.max_tokens = longest_answer_;
  request.stop = options_.stop;
  questions.requests.push_back(std::move(request));
  return questions;
}

/// How many more tokens the context would hold beside prompt and answer (the last one of which is
/// only predicted).
int64_t FewShotTask::room_for(const GenerationRequest& request) const {
  return context_ + 1 - static_cast<int64_t>(request.prompt.size()) -
         std::max(longest_answer_, longest_of(request.weighed));
}

/// The tokens of a context and of what may follow it.
GenerationRequest FewShotTask::split(std::string_view context, const Item& item) const {
  const size_t end = context.find_last_not_of(' ') + 1;  // 0 if there is nothing else
  const std::string_view text = context.substr(0, end), spaces = context.substr(end);
  GenerationRequest request{.prompt = start_};
  tokenizer_.encode_into(text, request.prompt);
  const std::ptrdiff_t length = std::ssize(request.prompt) - std::ssize(start_);
  for (const std::string& continuation : continuations_of(item)) {
    const std::string rest = std::string(spaces) + continuation;
    std::vector<int32_t> whole = tokenizer_.encode(std::string(text) + rest);
    const bool continues =
        std::ssize(whole) > length && std::equal(whole.begin(), whole.begin() + length,
                                                 request.prompt.begin() + std::ssize(start_));
    if (continues)
      whole.erase(whole.begin(), whole.begin() + length);
    else
      whole = tokenizer_.encode(rest);
    request.weighed.push_back(std::move(whole));
  }
  return request;
}

// ---- Answers ------------------------------------------------------------------------------------

Judgement FewShotTask::judge(size_t document, const Questions& questions,
                             std::span<const Answer> answers) const {
  const Item& item = items_[document];
  const Answer& answer = answers.front();
  Judgement judgement;
  judgement.sample = Json::object({{"task", file_.name},
                                   {"line", item.line},
                                   {"shots", shots_},
                                   {"prompt", tokenizer_.decode(questions.requests.front().prompt)},
                                   {"completion", item.completion}});
  if (!answer.written.empty()) {
    const std::string& text = answer.written.front().text;
    const bool right = trimmed(text) == trimmed(item.completion);
    judgement.measures.push_back(share("accuracy", right));
    judgement.sample.set("answer", text).set("right", right);
  }
  if (!answer.weighed.empty()) judge_likelihood(item, answer.weighed, judgement);
  if (item.chance > 0) judgement.measures.push_back({"chance", MeasureKind::mean, item.chance});
  judgement.measures.push_back(
      {"shortened_prompts", MeasureKind::count, questions.shortened ? 1.0 : 0.0});
  return judgement;
}

void FewShotTask::judge_likelihood(const Item& item, const ContinuationScores& scores,
                                   Judgement& judgement) const {
  const size_t right = right_continuation(item);
  const std::vector<TokenScore>& completion = scores[right];
  const bool greedy = std::ranges::all_of(completion, &TokenScore::is_greedy);
  const double log_likelihood = sum_of(completion);
  bool likeliest = greedy;
  judgement.sample.set("log_likelihood", log_likelihood).set("right_by_likelihood", greedy);
  std::vector<Measure> more{share("likelihood_accuracy", greedy)};
  if (!item.choices.empty()) {
    size_t best = 0, best_per_byte = 0;
    Json weights = Json::array();
    const auto per_byte = [&](size_t i) {
      return sum_of(scores[i]) / static_cast<double>(item.choices[i].size());
    };
    for (size_t i = 0; i < scores.size(); ++i) {
      if (sum_of(scores[i]) > sum_of(scores[best])) best = i;
      if (per_byte(i) > per_byte(best_per_byte)) best_per_byte = i;
      weights.append(sum_of(scores[i]));
    }
    likeliest = best == right;
    more.push_back(share("choice_accuracy", likeliest));
    more.push_back(share("choice_accuracy_per_byte", best_per_byte == right));
    judgement.sample.set("choices", Json::array_of(item.choices))
        .set("choice_log_likelihoods", std::move(weights))
        .set("right_choice", likeliest);
  }
  if (options_.by == AnsweredBy::likelihood)
    judgement.measures.push_back(share("accuracy", likeliest));
  std::ranges::copy(more, std::back_inserter(judgement.measures));
  judgement.measures.push_back({"log_likelihood_per_token", MeasureKind::mean, log_likelihood,
                                static_cast<double>(completion.size())});
  judgement.measures.push_back({"log_likelihood_per_byte", MeasureKind::mean, log_likelihood,
                                static_cast<double>(item.completion.size())});
}

}  // namespace octavo

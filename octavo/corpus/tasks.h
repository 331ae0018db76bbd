// Tasks: the families of small problems in the built-in corpus, and the evaluation's items for
// them.
//
// A problem is a context and its completion, written as GPT-3's released files write them, so that
// a prompt with K examples is nothing but a concatenation, and a training document is one too.
// Three groups: the arithmetic and the word tasks that GPT-3's paper made up (§3.9), and tasks that
// only the context can solve, because names are paired, rules drawn and labels given anew in every
// document. The last are what a small model learns to learn from examples by, and it does so only
// if it is asked all the time: their training documents repeat a few pairs many times, where an
// evaluation item shows each once. Each family is in a file of its own: arithmetic_tasks.cpp,
// word_tasks.cpp, context_tasks.cpp, rule_tasks.cpp. What is held out is said in words.h.
// Tested by tests/corpus/tasks_test.cpp and rule_tasks_test.cpp.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/corpus/words.h"

namespace octavo {

/// A problem and its answer; the text is one after the other.
struct Problem {
  std::string context;     ///< "\n\nQ: What is 98 plus 45?\n\nA:"
  std::string completion;  ///< " 143": a space, then words on one line

  std::string text() const { return context + completion; }
};

/// A problem to evaluate with.
struct TaskItem {
  std::vector<Problem> examples;  ///< its own, in the order they are used; else any other items
  Problem query;
};

enum class TaskGroup { arithmetic, words, context };
std::string_view name_of(TaskGroup group);

/// Where the examples of an evaluation item come from.
enum class ExamplesFrom {
  file,  ///< any other item will do: the task is always the same
  item,  ///< each item draws its task anew and brings eight examples of it
};

struct TaskFamily {
  std::string_view name;
  TaskGroup group;
  double share;   ///< of its group's training documents, beside the others' shares; 0: held out
  double chance;  ///< the accuracy of who knows the kind of task but has seen no example
  ExamplesFrom examples = ExamplesFrom::file;
  std::function<std::string(Dice&)> document{};  ///< a training document; none if held out
  std::function<TaskItem(Dice&)> item{};         ///< none if answers cannot be checked
};

/// All of them, group by group.
const std::vector<TaskFamily>& tasks();

// The families, and what they share.

std::vector<TaskFamily> arithmetic_tasks();
std::vector<TaskFamily> word_tasks();
std::vector<TaskFamily> context_tasks();
std::vector<TaskFamily> rule_tasks();

/// How many examples an item brings that brings its own.
inline constexpr size_t kOwnExamples = 8;

using ExampleMaker = std::function<Problem(Dice&, CorpusSplit)>;

/// A task that is the same in every item: documents of 8 to 24 examples after each other.
TaskFamily task_of_examples(std::string_view name, TaskGroup group, double share, double chance,
                            ExampleMaker make);

}  // namespace octavo

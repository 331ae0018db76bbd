#include "octavo/corpus/tasks.h"

#include <iterator>

#include "octavo/corpus/dice.h"

namespace octavo {

std::string_view name_of(TaskGroup group) {
  switch (group) {
    case TaskGroup::arithmetic:
      return "arithmetic";
    case TaskGroup::words:
      return "words";
    case TaskGroup::context:
      return "context";
  }
  return "";
}

const std::vector<TaskFamily>& tasks() {
  static const std::vector<TaskFamily> all = [] {
    std::vector<TaskFamily> found;
    for (std::vector<TaskFamily> family :
         {arithmetic_tasks(), word_tasks(), context_tasks(), rule_tasks()})
      std::move(family.begin(), family.end(), std::back_inserter(found));
    return found;
  }();
  return all;
}

TaskFamily task_of_examples(std::string_view name, TaskGroup group, double share, double chance,
                            ExampleMaker make) {
  TaskFamily task{name, group, share, chance};
  task.document = [make](Dice& dice) {
    std::string text;
    // A model that has seen few ninth questions answers them worse than first ones.
    for (int i = dice.between(8, 24); i > 0; --i) text += make(dice, CorpusSplit::training).text();
    return text;
  };
  task.item = [make](Dice& dice) { return TaskItem{{}, make(dice, CorpusSplit::evaluation)}; };
  return task;
}

}  // namespace octavo

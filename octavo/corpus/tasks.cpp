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

const std::vector<Task>& tasks() {
  static const std::vector<Task> all = [] {
    std::vector<Task> found;
    for (std::vector<Task> family :
         {arithmetic_tasks(), word_tasks(), context_tasks(), rule_tasks()})
      std::move(family.begin(), family.end(), std::back_inserter(found));
    return found;
  }();
  return all;
}

Task task_of_examples(std::string_view name, TaskGroup group, double share, double chance,
                      ExampleMaker make, Lengths lengths) {
  Task task{name, group, share, chance};
  task.document = [make, lengths](Dice& dice) {
    std::string text;
    for (int i = dice.between(lengths.least, lengths.most); i > 0; --i)
      text += make(dice, Split::training).text();
    return text;
  };
  task.item = [make](Dice& dice) { return TaskItem{{}, make(dice, Split::evaluation)}; };
  return task;
}

}  // namespace octavo

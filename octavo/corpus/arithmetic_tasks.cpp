// Arithmetic in words, as in §3.9.1 of GPT-3's paper and in its released files: numbers drawn
// uniformly, "Q: What is 98 plus 45?". A tenth of all sets of numbers is the evaluation's.
#include <fmt/format.h>

#include "octavo/corpus/dice.h"
#include "octavo/corpus/tasks.h"

namespace octavo {
namespace {

Problem question(std::string_view what, int answer) {
  return {fmt::format("\n\nQ: What is {}?\n\nA:", what), fmt::format(" {}", answer)};
}

int plus(int a, int b) { return a + b; }
int minus(int a, int b) { return a - b; }
int times(int a, int b) { return a * b; }

struct Operation {
  std::string_view word;  ///< or sign
  int (*apply)(int, int);
};

/// "98 plus 45" with both numbers below `bound`.
ExampleMaker two_numbers(int bound, Operation operation) {
  return [bound, operation](Dice& dice, CorpusSplit split) {
    for (;;) {
      const int a = dice.between(0, bound - 1), b = dice.between(0, bound - 1);
      if (split_of({a, b}) == split)
        return question(fmt::format("{} {} {}", a, operation.word, b), operation.apply(a, b));
    }
  };
}

/// "(9 + 8) * 2", of digits from 1 to 9.
Problem three_operations(Dice& dice, CorpusSplit split) {
  static constexpr Operation kSigns[] = {{"+", plus}, {"-", minus}, {"*", times}};
  for (;;) {
    const int a = dice.between(1, 9), b = dice.between(1, 9), c = dice.between(1, 9);
    if (split_of({a, b, c}) != split) continue;
    const Operation &first = dice.one_of(kSigns), &second = dice.one_of(kSigns);
    return question(fmt::format("({} {} {}) {} {}", a, first.word, b, second.word, c),
                    second.apply(first.apply(a, b), c));
  }
}

Problem sum_of_digits(Dice& dice, CorpusSplit split) {
  for (;;) {
    const int number = dice.between(0, 9999);
    if (split_of({number}) != split) continue;
    int sum = 0;
    for (int rest = number; rest > 0; rest /= 10) sum += rest % 10;
    return question(fmt::format("the sum of the digits of the number {}", number), sum);
  }
}

}  // namespace

std::vector<TaskFamily> arithmetic_tasks() {
  const auto task = [](std::string_view name, double share, ExampleMaker make) {
    return task_of_examples(name, TaskGroup::arithmetic, share, 0, std::move(make));
  };
  return {
      task("two_digit_addition", 8, two_numbers(100, {"plus", plus})),
      task("two_digit_subtraction", 4, two_numbers(100, {"minus", minus})),
      task("three_digit_addition", 1, two_numbers(1000, {"plus", plus})),
      task("three_digit_subtraction", 1, two_numbers(1000, {"minus", minus})),
      task("two_digit_multiplication", 1, two_numbers(100, {"times", times})),
      task("single_digit_three_ops", 1, three_operations),
      task("sum_of_digits", 1, sum_of_digits),
  };
}

}  // namespace octavo

// Rules: every training document follows one, and what is held out is in none.
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <map>
#include <set>

#include "tests/corpus/support.h"

namespace octavo {
namespace {

struct Line {
  std::string input, output;
};
using Lines = std::vector<Line>;

/// Of a training document, whichever arrow it has.
Lines lines_of(const std::string& text) {
  Lines lines;
  for (const std::string& line : split(text.substr(1), "\n"))
    for (const std::string_view arrow : {" -> ", ": ", " = "})
      if (const auto sides = split(line, arrow); sides.size() == 2)
        lines.push_back({sides[0], sides[1]});
  return lines;
}

bool is_in(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// Whether one of the things makes all lines true.
template <class Things, class Holds>
bool any_explains(const Things& things, const Lines& lines, const Holds& holds) {
  return std::ranges::any_of(things, [&](const auto& thing) {
    return std::ranges::all_of(lines, [&](const Line& line) { return holds(thing, line); });
  });
}

using Explanation = std::function<bool(const Lines&)>;

/// What a line alone must be.
template <class Holds>
Explanation each(Holds holds) {
  return [holds](const Lines& lines) { return std::ranges::all_of(lines, holds); };
}

Explanation pairs(const std::vector<WordPair>& list, bool forwards, bool backwards) {
  return each([&list, forwards, backwards](const Line& line) {
    return std::ranges::any_of(list, [&](const WordPair& pair) {
      return (forwards && line.input == pair.first && line.output == pair.second) ||
             (backwards && line.input == pair.second && line.output == pair.first);
    });
  });
}

Explanation place(size_t count, size_t at) {
  return each([=](const Line& line) {
    const auto words = split(line.input, " ");
    return words.size() == count && words[at] == line.output;
  });
}

template <class Change>
Explanation word(Change change) {
  return each([change](const Line& line) { return change(line.input) == line.output; });
}

bool is_number(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string upper(std::string text, size_t letters) {
  for (size_t i = 0; i < std::min(letters, text.size()); ++i)
    text[i] = static_cast<char>(std::toupper(text[i]));
  return text;
}

/// What stands before, behind or between is the same in all lines.
Explanation same_part(const std::function<std::string(const Line&)>& part) {
  return [part](const Lines& lines) {
    const std::string first = part(lines[0]);
    return !first.empty() &&
           std::ranges::all_of(lines, [&](const Line& line) { return part(line) == first; });
  };
}

std::string before(const Line& line) {
  if (!line.output.ends_with(line.input) || line.input.find(' ') != std::string::npos) return "";
  return line.output.substr(0, line.output.size() - line.input.size());
}

std::string behind(const Line& line) {
  if (!line.output.starts_with(line.input) || line.input.find(' ') != std::string::npos) return "";
  return line.output.substr(line.input.size());
}

std::string between(const Line& line) {
  const auto in = split(line.input, " "), out = split(line.output, " ");
  return in.size() == 2 && out.size() == 3 && in[0] == out[0] && in[1] == out[2] ? out[1] : "";
}

bool is_odd_one(const Category& category, const Line& line) {
  const auto words = split(line.input, " ");
  if (words.size() != 4 || std::ranges::find(words, line.output) == words.end()) return false;
  return std::ranges::all_of(words, [&](const std::string& one) {
    return is_in(category.members, one) != (one == line.output);
  });
}

const std::map<std::string, Explanation>& explanations() {
  static const Words letters{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
                             "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"};
  static const std::vector<const Words*> orders{&letters, &number_words(), &months()};
  static const std::map<std::string, Explanation> all{
      {"plural", pairs(plurals(), true, false)},
      {"singular", pairs(plurals(), false, true)},
      {"opposite", pairs(opposites(), true, true)},
      {"past", pairs(past_tenses(), true, false)},
      {"comparative", pairs(comparatives(), true, false)},
      {"first of two", place(2, 0)},
      {"second of two", place(2, 1)},
      {"first of three", place(3, 0)},
      {"last of three", place(3, 2)},
      {"larger", each([](const Line& line) {
         const auto numbers = split(line.input, " ");
         return numbers.size() == 2 && is_number(numbers[0]) && is_number(numbers[1]) &&
                std::max(std::stoi(numbers[0]), std::stoi(numbers[1])) == std::stoi(line.output);
       })},
      {"the same", word([](const std::string& w) { return w; })},
      {"twice", word([](const std::string& w) { return w + " " + w; })},
      {"capitals", word([](const std::string& w) { return upper(w, w.size()); })},
      {"a capital", word([](const std::string& w) { return upper(w, 1); })},
      {"first letter", word([](const std::string& w) { return w.substr(0, 1); })},
      {"last letter", word([](const std::string& w) { return w.substr(w.size() - 1); })},
      {"article", word([](const std::string& w) { return std::string(article_of(w)) + " " + w; })},
      {"prefix", same_part(before)},
      {"suffix", same_part(behind)},
      {"joined", same_part(between)},
      {"found in a list",
       [](const Lines& lines) {
         return any_explains(categories(), lines, [](const Category& category, const Line& line) {
           const auto words = split(line.input, " ");
           return words.size() == 3 && is_in(category.members, line.output) &&
                  std::ranges::find(words, line.output) != words.end();
         });
       }},
      {"odd one out", each([](const Line& line) {
         return std::ranges::any_of(
             categories(), [&](const Category& category) { return is_odd_one(category, line); });
       })},
      {"step", same_part([](const Line& line) {
         if (!is_number(line.input) || !is_number(line.output)) return std::string();
         return std::to_string(std::stoi(line.output) - std::stoi(line.input));
       })},
      {"next in order",
       [](const Lines& lines) {
         return any_explains(orders, lines, [](const Words* order, const Line& line) {
           const auto found = std::ranges::find(*order, line.input);
           return found != order->end() && found + 1 != order->end() && found[1] == line.output;
         });
       }},
      {"digits and words", each([](const Line& line) {
         const auto& [digits, spelt] = is_number(line.input) ? line : Line{line.output, line.input};
         const auto found = std::ranges::find(number_words(), spelt);
         return found != number_words().end() &&
                digits == std::to_string(found - number_words().begin() + 1);
       })},
      {"count", each([](const Line& line) {
         return line.output == std::to_string(split(line.input, " ").size());
       })},
      {"kind", each([](const Line& line) {
         return std::ranges::any_of(categories(), [&](const Category& category) {
           return category.name == line.output && is_in(category.members, line.input);
         });
       })},
      {"always the same", same_part([](const Line& line) { return line.output; })}};
  return all;
}

TEST(Rules, every_document_follows_one) {
  std::map<std::string, int> explained;
  for (const std::string& text : documents_of(task("rules"), 3000)) {
    const Lines lines = lines_of(text);
    EXPECT_GE(lines.size(), 6u) << text;
    bool one = false;
    for (const auto& [name, explains] : explanations())
      if (explains(lines)) one = true, ++explained[name];
    EXPECT_TRUE(one) << text;
  }
  for (const auto& [name, explains] : explanations()) EXPECT_GT(explained[name], 50) << name;
}

/// What a rule put before, behind or between the words of a line; empty if it did something else.
std::string added(const std::string& input, const std::string& output) {
  if (output.size() <= input.size()) return "";
  const size_t more = output.size() - input.size();
  if (const size_t space = input.find(' '); space != input.npos) {
    const std::string left = input.substr(0, space + 1), right = input.substr(space);
    const bool between = output.starts_with(left) && output.ends_with(right);
    return between && more > 1 ? output.substr(left.size(), more - 1) : "";
  }
  if (output.ends_with(input)) return output.substr(0, more);
  return output.starts_with(input) ? output.substr(input.size()) : "";
}

TEST(Rules, the_new_ones_add_what_no_document_adds) {
  std::set<std::string> held_out;
  for (const TaskItem& item : items_of(task("rules_new"))) {
    const auto added_by = [](const Problem& line) {
      return added(line.context.substr(1, line.context.size() - 4), line.completion.substr(1));
    };
    const std::string one = added_by(item.query);
    EXPECT_GE(one.size(), 2u) << item.query.text();
    for (const Problem& example : item.examples) EXPECT_EQ(added_by(example), one);
    held_out.insert(one);
  }
  EXPECT_EQ(held_out.size(), 18u);
  std::set<std::string> trained;
  for (const std::string& text : documents_of(task("rules"), 2000))
    for (const Line& line : lines_of(text)) trained.insert(added(line.input, line.output));
  for (const char* known : {"ness", "un", "near"}) EXPECT_TRUE(trained.contains(known)) << known;
  for (const std::string& one : held_out) EXPECT_FALSE(trained.contains(one)) << one;
}

TEST(Rules, the_query_is_none_of_the_examples) {
  std::set<std::string> queries;
  for (const std::string_view name : {"rules", "rules_new"})
    for (const TaskItem& item : items_of(task(name))) {
      std::set<std::string> contexts{item.query.context};
      for (const Problem& example : item.examples) contexts.insert(example.context);
      EXPECT_EQ(contexts.size(), kOwnExamples + 1) << item.query.context;
      queries.insert(item.query.text());
    }
  EXPECT_GT(queries.size(), 400u);
}

}  // namespace
}  // namespace octavo

// What the tests of tasks share: documents and items of a task, and how to take texts apart.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "octavo/corpus/dice.h"
#include "octavo/corpus/tasks.h"

namespace octavo {

inline constexpr uint32_t kDraws = 300;

inline const TaskFamily& task(std::string_view name) {
  const auto found = std::find_if(tasks().begin(), tasks().end(),
                                  [&](const TaskFamily& one) { return one.name == name; });
  if (found == tasks().end()) throw std::runtime_error("no task " + std::string(name));
  return *found;
}

inline std::vector<std::string> documents_of(const TaskFamily& task, uint32_t count = kDraws) {
  std::vector<std::string> documents;
  for (uint32_t i = 0; i < count; ++i) {
    Dice dice(RandomStream{1, stream_of("test"), i});
    documents.push_back(task.document(dice));
  }
  return documents;
}

inline std::vector<TaskItem> items_of(const TaskFamily& task, uint32_t count = kDraws) {
  std::vector<TaskItem> items;
  for (uint32_t i = 0; i < count; ++i) {
    Dice dice(RandomStream{2, stream_of("test"), i});
    items.push_back(task.item(dice));
  }
  return items;
}

/// The pieces of a text between separators.
inline std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> pieces;
  for (size_t end; (end = text.find(separator)) != text.npos;) {
    pieces.emplace_back(text.substr(0, end));
    text.remove_prefix(end + separator.size());
  }
  pieces.emplace_back(text);
  return pieces;
}

/// The category that a word is of; empty: none.
inline std::string category_of(std::string_view word) {
  for (const Category& category : categories())
    if (std::find(category.members.begin(), category.members.end(), word) != category.members.end())
      return std::string(category.name);
  return "";
}

}  // namespace octavo

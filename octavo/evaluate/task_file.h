// Task files: questions and their answers as JSON lines, {"context": …, "completion": …}, the form
// of the files that GPT-3's paper released.
//
// An item may bring examples of its own (a pairing drawn anew has no others) and the choices that
// its completion is one of. Fields that are not known are ignored; a line that is no item is an
// error that names file and line. Plain, .gz or .zst. Tested by tests/evaluate/task_file_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "octavo/base/console.h"

namespace octavo {

struct Example {
  std::string context;     ///< what is asked, as it stands in the prompt
  std::string completion;  ///< the answer, with the space before it
};

struct Item : Example {
  std::vector<Example> examples{};     ///< its own; empty: they come from a pool
  std::vector<std::string> choices{};  ///< the completion is one of them; empty: it is free
  double chance = 0;  ///< that a guess is right which knows what kind of answer it is; 0: unknown
  int64_t line = 0;   ///< in its file
};

struct TaskFile {
  std::string name;  ///< the file's, without .jsonl and what follows
  std::string path;
  std::string hash;  ///< XXH3-128 of the file's bytes
  std::vector<Item> items;

  std::string where(const Item& item) const;  ///< "file:line"
};

/// Throws `data` on a line that is no item, an empty completion, and a file without items.
TaskFile read_task_file(const std::filesystem::path& path);

/// The files meant by paths: a file is itself; a folder is its *.jsonl(.gz|.zst) in order of their
/// names, without those whose first line is no item: they are reported and passed over.
std::vector<std::filesystem::path> find_task_files(std::span<const std::string> paths,
                                                   const Report& report);

}  // namespace octavo

// The layer table: which folder of octavo/ may include which, as docs/architecture.md says it.
//
// The table is prose that people read, so it is the one place where the rule is written and this
// reads it there. A row is `| `folder/` | holds | may include |`; the last cell names folders,
// "all" or "–". A folder may include itself, what its row names, and what those may include;
// `kernels` is the exception, it stays private to the folders that name it. Rows marked "(to come)"
// have no folder yet. Tested by tests/check_layers/layer_table_test.cpp; the house by
// check_layers_test.cpp.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace octavo {

struct Layer {
  std::string folder;
  std::set<std::string> may_include;  ///< all that it may, itself too
  bool to_come = false;
};

/// The rows of the first table whose header names "folder" and "may include", in order. Throws
/// `data` if there is none, or if a row names a folder that is not in a row above it.
std::vector<Layer> read_layer_table(std::string_view markdown);

/// A line `#include "octavo/…"`, found in a file under octavo/.
struct Include {
  std::string file;  ///< "octavo/ops/linear.cpp"
  int line = 0;
  std::string target;  ///< "octavo/ops/linear.h"
};

/// Every quoted include of the .h and .cpp files below `root`/octavo. Includes by macro are not
/// quoted, and so not found.
std::vector<Include> find_includes(const std::filesystem::path& root);

/// What is wrong with these includes, one line each: "octavo/a/x.h:3 includes octavo/b/y.h, but
/// …". Empty if nothing.
std::vector<std::string> forbidden_includes(const std::vector<Layer>& table,
                                            const std::vector<Include>& includes);

}  // namespace octavo

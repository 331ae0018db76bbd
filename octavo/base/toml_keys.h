// How deep a TOML text nests by its keys alone. The TOML library bounds the nesting of values, but
// a.a.a.… = 1 makes a table for every part, and tables are walked and destroyed recursively: a key
// of 100 kB ends the program. So keys are looked at before the library is. Tested by
// tests/base/recipe_file_test.cpp and tests/fuzz/recipe_fuzz.cpp.
#pragma once

#include <cstddef>
#include <string_view>

namespace octavo {

inline constexpr size_t kMostKeyParts = 16;

/// The 1-based line of the first dotted key with more parts than that, 0 if there is none. Right
/// for every text up to its first error of syntax.
size_t line_of_too_deep_key(std::string_view toml);

}  // namespace octavo

// Which files a list of paths means, and the documents in them.
//
// A folder means the text files in it, at any depth; a pattern (`*`, `?`, `[…]`) what it matches.
// The list is sorted and free of repetitions, so the same names give the same corpus on every
// machine. Tested by tests/dataset/text_files_test.cpp; the lines of JSONL are fuzzed by
// tests/fuzz/documents_fuzz.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace octavo {

/// The regular files that the paths mean: a file itself, whatever its name; of a folder the
/// non-empty files with a text ending (.txt .text .md .rst .jsonl .c .cc .cpp .cu .h .hpp .py .sh
/// .cmake .toml .yaml, also followed by .gz or .zst) that neither are hidden nor lie in a hidden
/// folder; of a pattern its matches, each of these. Throws `data`, naming the path, if one is
/// missing or means no file, or a named file is empty.
std::vector<std::filesystem::path> find_text_files(std::span<const std::string> paths);

/// What to do with text that is not: NUL characters or bytes that are no UTF-8.
enum class BinaryText {
  refused,  ///< an error that names file and place
  allowed,
};

/// Whether the lines of a file are its documents: JSONL, by its name. Any other is one document.
bool holds_lines(const std::filesystem::path& path);

/// Calls `use` with each document of a file: every line's "text" if it is JSONL (by its name), else
/// the whole file. Compressed files are read through. Throws `data`, naming file and line or byte,
/// on what is malformed, and on a document of more than 4 GiB: it is held in memory, and its tokens
/// are. `use` may throw to stop.
void for_each_document(const std::filesystem::path& path, BinaryText binary,
                       const std::function<void(std::string_view text)>& use);

/// The document in a line of JSONL; none in a blank one. Throws as above, naming source and line.
std::optional<std::string> document_of(std::string_view line, std::string_view source,
                                       int64_t line_number, BinaryText binary);

struct DocumentCount {
  int64_t documents = 0, bytes = 0;  ///< of text, decompressed
};

/// What for_each_document would give, text of any size, in memory that does not grow with it.
/// Throws as that does with BinaryText::refused.
DocumentCount count_documents(const std::filesystem::path& path);

}  // namespace octavo

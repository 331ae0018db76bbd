#include "octavo/dataset/text_files.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <set>

#include "octavo/base/error.h"
#include "octavo/base/json.h"
#include "octavo/base/line_reader.h"
#include "octavo/base/text.h"

namespace octavo {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 16> kEndings{
    ".txt", ".text", ".md",  ".rst", ".jsonl", ".c",     ".cc",   ".cpp",
    ".cu",  ".h",    ".hpp", ".py",  ".sh",    ".cmake", ".toml", ".yaml"};

constexpr size_t kMaximumText = size_t{4} << 30;
constexpr size_t kWindow = size_t{1} << 20;

// The ending without a .gz or .zst after it.
std::string ending_of(const fs::path& path) {
  const fs::path last = path.extension();
  return last == ".gz" || last == ".zst" ? path.stem().extension().string() : last.string();
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

void add_folder(const fs::path& folder, std::set<fs::path>& files) {
  const size_t before = files.size();
  const auto walk = fs::recursive_directory_iterator(folder);
  for (auto entry = begin(walk); entry != end(walk); ++entry) {
    if (is_hidden(entry->path())) {
      if (entry->is_directory()) entry.disable_recursion_pending();
    } else if (entry->is_regular_file() && entry->file_size() > 0 &&
               std::find(kEndings.begin(), kEndings.end(), ending_of(entry->path())) !=
                   kEndings.end()) {
      files.insert(entry->path());
    }
  }
  require(files.size() > before, "{}: no text files in this folder (such as *.txt, *.md, *.jsonl)",
          folder.string());
}

void add_path(const fs::path& path, std::set<fs::path>& files) {
  if (fs::is_directory(path)) {
    add_folder(path, files);
    return;
  }
  require(fs::exists(path), "{}: no such file or folder", path.string());
  require(fs::is_regular_file(path), "{}: a file or folder was expected", path.string());
  require(fs::file_size(path) > 0, "{}: is empty", path.string());
  files.insert(path);
}

std::vector<fs::path> matches_of(const std::string& pattern) {
  glob_t found{};
  const int status = glob(pattern.c_str(), GLOB_ERR, nullptr, &found);
  const std::vector<fs::path> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  require(ErrorKind::io, status == 0 || status == GLOB_NOMATCH, "{}: a folder cannot be read",
          pattern);
  require(status == 0, "{}: matches no file", pattern);
  return paths;
}

// `before` bytes of the text came before these.
void require_text(std::string_view text, std::string_view where, size_t before = 0) {
  size_t position = 0;
  while (position < text.size()) {
    const size_t length = utf8_length(text.substr(position, 4));
    require(length > 0 && text[position] != '\0', "{}: not a text: byte {} is 0x{:02x} {}", where,
            before + position, static_cast<unsigned char>(text[position]),
            length > 0 ? "(NUL)" : "and begins no UTF-8 character");
    position += length;
  }
}

// Where the last character begins, which more bytes may have to complete.
size_t begin_of_last(std::string_view text) {
  const auto follows = [&](size_t i) { return (text[i] & 0xC0) == 0x80; };
  size_t begin = text.size();
  while (begin > 0 && text.size() - begin < 4 && follows(begin - 1)) --begin;
  return begin - (begin > 0);
}

int64_t count_text_bytes(const fs::path& path) {
  ByteReader reader(path);
  std::string window(kWindow, '\0');
  size_t before = 0, held = 0;  // `held` bytes of the last window begin this one
  while (true) {
    const size_t count = reader.read(window.data() + held, window.size() - held);
    const std::string_view text(window.data(), held + count);
    const size_t whole = count == 0 ? text.size() : begin_of_last(text);
    require_text(text.substr(0, whole), path.string(), before);
    before += whole;
    if (count == 0) return static_cast<int64_t>(before);
    held = text.size() - whole;
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(whole), text.end(), window.begin());
  }
}

}  // namespace

std::vector<fs::path> find_text_files(std::span<const std::string> paths) {
  require(ErrorKind::usage, !paths.empty(), "no input was given");
  std::set<fs::path> files;
  try {
    for (const std::string& path : paths) {
      const bool is_pattern = path.find_first_of("*?[") != std::string::npos && !fs::exists(path);
      if (!is_pattern)
        add_path(path, files);
      else
        for (const fs::path& match : matches_of(path)) add_path(match, files);
    }
  } catch (const fs::filesystem_error& error) {
    fail(ErrorKind::io, "{}: {}", error.path1().string(), error.code().message());
  }
  return {files.begin(), files.end()};
}

std::optional<std::string> document_of(std::string_view line, std::string_view source,
                                       int64_t line_number, BinaryText binary) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return std::nullopt;
  const Json record = Json::parse(
      line, source,
      {.memory_limit = line.size() + JsonOptions().memory_limit, .first_line = line_number});
  const std::string& text = record.at("text").text();
  if (binary == BinaryText::refused) require_text(text, fmt::format("{}:{}", source, line_number));
  return text;
}

bool holds_lines(const fs::path& path) { return ending_of(path) == ".jsonl"; }

void for_each_document(const fs::path& path, BinaryText binary,
                       const std::function<void(std::string_view)>& use) {
  if (!holds_lines(path)) {
    require(fs::file_size(path) <= kMaximumText,
            "{}: expected a document of at most {}, found {}: split it, or make it JSON lines "
            "(*.jsonl), a document a line",
            path.string(), human_bytes(static_cast<double>(kMaximumText)),
            human_bytes(static_cast<double>(fs::file_size(path))));
    const std::string text = read_text(ByteReader(path), kMaximumText);
    if (binary == BinaryText::refused) require_text(text, path.string());
    use(text);
    return;
  }
  LineReader lines(path);
  while (const auto line = lines.next()) {
    const auto text = document_of(*line, lines.name(), lines.line_number(), binary);
    if (text) use(*text);
  }
}

DocumentCount count_documents(const fs::path& path) {
  if (!holds_lines(path)) return {1, count_text_bytes(path)};
  DocumentCount count;
  for_each_document(path, BinaryText::refused, [&](std::string_view text) {
    ++count.documents, count.bytes += static_cast<int64_t>(text.size());
  });
  return count;
}

}  // namespace octavo

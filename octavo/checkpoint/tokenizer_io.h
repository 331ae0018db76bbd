// Tokenizers in and out of whatever holds a model: folders and files (tokenizer_files.h), and the
// metadata of a GGUF file, whose keys gguf_tokenizer.h explains. Tested by
// tests/checkpoint/tokenizer_io_test.cpp.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "octavo/tokenizer/tokenizer.h"
#include "octavo/weights/gguf_metadata.h"

namespace octavo {

/// From a folder, a tokenizer's file, or a .gguf file. Throws `data`.
Tokenizer load_tokenizer(const std::filesystem::path& path);

/// The tokenizer that the metadata describe; nothing if they say that there is none. Throws `data`,
/// beginning with `source` and naming the key.
std::optional<Tokenizer> tokenizer_of(const GgufMetadata& metadata, std::string_view source);

/// Sets the tokenizer's keys, for a model of so many tokens, if it has more than the tokenizer.
/// Throws `data` if the metadata cannot say what the tokenizer is.
void set_tokenizer(GgufMetadata& metadata, const Tokenizer& tokenizer, int64_t vocabulary = 0);

}  // namespace octavo

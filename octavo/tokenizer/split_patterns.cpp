#include "octavo/tokenizer/split_patterns.h"

#include <algorithm>

namespace octavo {
namespace {

constexpr std::string_view kNames[] = {"gpt2",   "gpt2_digits", "gpt4",  "qwen2", "gpt4o",
                                       "tekken", "spaces",      "words", "none"};

struct Pattern {
  TextSplit split;
  std::string_view text;
};
// The first of a split is the one that is written.
constexpr Pattern kPatterns[] = {
    {TextSplit::gpt2,
     R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"},
    {TextSplit::gpt2, R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"},
    {TextSplit::gpt4,
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"},
    {TextSplit::qwen2,
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"},
    {TextSplit::gpt4o,
     R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"},
    {TextSplit::tekken,
     R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"},
};

// The first of a split and whole_pieces is the one that is written.
constexpr auto kMerged = WholePieces::merged, kTaken = WholePieces::taken;
constexpr GgufSplit kGguf[] = {
    {"gpt-2", TextSplit::gpt2, kMerged, false},
    {"mpt", TextSplit::gpt2, kMerged, false},
    {"olmo", TextSplit::gpt2, kMerged, false},
    {"phi-2", TextSplit::gpt2, kMerged, false},
    {"jais", TextSplit::gpt2, kMerged, false},
    {"exaone4", TextSplit::gpt2, kMerged, false},
    {"trillion", TextSplit::gpt2, kMerged, false},
    {"starcoder", TextSplit::gpt2_digits, kMerged, false},
    {"refact", TextSplit::gpt2_digits, kMerged, false},
    {"command-r", TextSplit::gpt2_digits, kMerged, false},
    {"smollm", TextSplit::gpt2_digits, kMerged, false},
    {"codeshell", TextSplit::gpt2_digits, kMerged, false},
    {"exaone", TextSplit::gpt2_digits, kMerged, false},
    {"minerva-7b", TextSplit::gpt2_digits, kMerged, false},
    {"llama-bpe", TextSplit::gpt4, kTaken, true},
    {"llama3", TextSplit::gpt4, kTaken, true},
    {"llama-v3", TextSplit::gpt4, kTaken, true},
    {"falcon3", TextSplit::gpt4, kTaken, true},
    {"pixtral", TextSplit::gpt4, kTaken, true},
    {"dbrx", TextSplit::gpt4, kMerged, false},
    {"smaug-bpe", TextSplit::gpt4, kMerged, false},
    {"qwen2", TextSplit::qwen2, kMerged, false},
    {"deepseek-r1-qwen", TextSplit::qwen2, kMerged, false},
    {"stablelm2", TextSplit::qwen2, kMerged, false},
    {"megrez", TextSplit::qwen2, kMerged, false},
    {"gpt-4o", TextSplit::gpt4o, kMerged, false},
    {"llama4", TextSplit::gpt4o, kMerged, false},
    {"tekken", TextSplit::tekken, kTaken, true},
};

}  // namespace

std::string_view name_of(TextSplit split) { return kNames[static_cast<size_t>(split)]; }

std::optional<TextSplit> split_of_pattern(std::string_view pattern) {
  for (const Pattern& known : kPatterns)
    if (known.text == pattern) return known.split;
  return std::nullopt;
}

std::string_view pattern_of(TextSplit split) {
  const auto known = std::ranges::find(kPatterns, split, &Pattern::split);
  return known == std::end(kPatterns) ? std::string_view() : known->text;
}

std::optional<GgufSplit> gguf_split(std::string_view name) {
  for (const GgufSplit& known : kGguf)
    if (known.name == name) return known;
  return std::nullopt;
}

std::optional<GgufSplit> gguf_split(TextSplit split, WholePieces whole_pieces) {
  for (const GgufSplit& known : kGguf)
    if (known.split == split && known.whole_pieces == whole_pieces) return known;
  return std::nullopt;
}

}  // namespace octavo

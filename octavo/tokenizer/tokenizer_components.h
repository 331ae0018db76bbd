// The components of tokenizer.json (normalizer, pre-tokenizer, post-processor, decoder, and the
// model's switches) as this program's rules, and back. What has no counterpart is refused, naming
// key and value. Tested by tests/tokenizer/tokenizer_components_test.cpp.
// Format: the serialized structures of https://github.com/huggingface/tokenizers.
#pragma once

#include <string_view>

#include "octavo/base/json.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

struct TokenizerComponents {
  TokenizerRules rules;
  TextFrame frame;
  bool operator==(const TokenizerComponents&) const = default;
};

/// From the whole file, whose long lists may be empty. Throws `data`.
TokenizerComponents read_components(const Json& root, std::string_view source);

/// The file without its long lists: components in their usual order, then the model, which has
/// neither vocabulary nor merges, at the end.
Json components_json(const Tokenizer& tokenizer);

}  // namespace octavo

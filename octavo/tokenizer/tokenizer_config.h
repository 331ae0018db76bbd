// tokenizer_config.json of transformers, in and out: which token plays which part, whether a text
// gets them, and the chat templates. Tested by tests/tokenizer/tokenizer_config_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "octavo/base/json.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

/// The added tokens that the file lists ("added_tokens_decoder"), for folders without a
/// tokenizer.json. Throws `data`.
std::vector<AddedToken> added_tokens_of(const Json& config);

/// Takes roles, frame and chat templates from the file. Where it says whether a text begins with
/// its token or ends with it, it overrides tokenizer.json, as in transformers. An unknown token or
/// padding that the vocabulary lacks is none: transformers would add one, no model knows it. Throws
/// `data` on any other token that the vocabulary lacks.
void apply_config(const Json& config, TokenizerParts& parts);

/// tokenizer_config.json and special_tokens_map.json; the first as it was read, if it was.
Json tokenizer_config_json(const Tokenizer& tokenizer);
Json special_tokens_json(const Tokenizer& tokenizer);

}  // namespace octavo

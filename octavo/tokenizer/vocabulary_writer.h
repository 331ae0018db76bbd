// What the writers of tokenizer files share.
#pragma once

#include <string>

#include "octavo/tokenizer/spelling.h"
#include "octavo/tokenizer/tokenizer.h"

namespace octavo {

/// use(id, name) for every token in the order of ids: as files spell it, an added token as it is.
template <class Use>
void for_each_token(const Tokenizer& tokenizer, const Use& use) {
  const TokenTable& tokens = tokenizer.bpe().tokens();
  for (int32_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
    const bool is_plain = id < static_cast<int32_t>(tokens.size()) && !tokens[id].empty();
    const std::string name = is_plain ? spelled(tokens, id, tokenizer.rules().symbols)
                                      : std::string(tokenizer.text_of(id));
    if (!name.empty()) use(id, name);
  }
}

/// "left right", as merges are written.
inline std::string merge_line(const Tokenizer& tokenizer, const Merge& merge) {
  const TokenTable& tokens = tokenizer.bpe().tokens();
  const Symbols symbols = tokenizer.rules().symbols;
  return spelled(tokens, merge.left, symbols) + " " + spelled(tokens, merge.right, symbols);
}

}  // namespace octavo

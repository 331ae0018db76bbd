// Data of a run: from the recipe's [data] to batches.
//
// Text becomes token shards in the run's own folder, so that a resumed run reads what it began with
// even if the text has changed since; they are made beside and put in place when the run begins. A
// cache that several runs share is keyed by the files' names, sizes and times. Shards that are
// there already (.bin, or what write_dataset made) are read in place. Tested by
// tests/train/data_test.cpp.
#pragma once

#include <optional>

#include "octavo/base/console.h"
#include "octavo/dataset/batches.h"
#include "octavo/tokenizer/tokenizer.h"
#include "octavo/train/recipe.h"
#include "octavo/train/run_folder.h"

namespace octavo {

/// The recipe's tokenizer, or nothing for "none". One that is to be learned is learned from all the
/// run's text when the run begins, and kept with its data. Throws `data` if the text is missing or
/// does not support the vocabulary.
std::optional<Tokenizer> open_tokenizer(const Recipe& recipe, const RunFolder& folder,
                                        const Report& report);

/// Prepares what is not prepared yet and opens it. Throws `data` naming the file if the text is
/// missing, empty, no text or too small for one batch, or if shards were made by another tokenizer.
Batches open_data(const Recipe& recipe, const RunFolder& folder,
                  const std::optional<Tokenizer>& tokenizer, const Report& report);

}  // namespace octavo

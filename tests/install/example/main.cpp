// The README's example: an outside program that lets a model go on with a text. Built and run by
// tests/install against the installed library.
#include <cstdio>

#include "octavo/checkpoint/model_folder.h"
#include "octavo/generate/generator.h"
#include "octavo/train/run_folder.h"

int main(int, char** arguments) {
  const auto [model, tokenizer] = octavo::load_model(octavo::model_folder_of(arguments[1]));
  const octavo::Generator generator(model, &*tokenizer);
  const octavo::GenerationRequest request{.prompt = generator.encode_prompt("Once upon a time"),
                                          .max_tokens = 15};
  const octavo::GenerationResult result = generator.generate({&request, 1});
  std::puts(result.continuations[0][0].text.c_str());
}

#!/usr/bin/env bash
# The figure that GPT-3's paper opens with, made here: accuracy against the number of examples in the
# context, a curve for each of three sizes. Usage:
#
#   tools/few_shot.sh            (39 million tokens for each size; a run that is there goes on)
#
# Writes the built-in corpus, trains recipes/few-shot-{small,medium,large}.toml on it, evaluates each on the
# held-out tasks, and draws docs/few-shot.svg over those that only the context can solve. Needs build/octavo,
# which ./quickstart.sh makes (OCTAVO names another). Results lie in runs/few-shot-*.json.
set -euo pipefail
cd "$(dirname "$0")/.."
octavo=${OCTAVO:-build/octavo} corpus=runs/few-shot-corpus sizes=(small medium large)

# More of the sums than in the quickstart: they take millions of tokens to learn.
[ -e $corpus/corpus.json ] ||
  "$octavo" corpus synthesize --output $corpus --overwrite --size 140MB --share arithmetic=33 \
    --share two_digit_addition=10 --share sum_of_digits=5
results=()
for size in "${sizes[@]}"; do
  run=runs/few-shot-$size
  if [ -e "$run/recipe.toml" ]; then
    "$octavo" train "$run" --resume
  else
    "$octavo" train "recipes/few-shot-$size.toml"
  fi
  "$octavo" evaluate --model "$run" --tasks $corpus/evaluation --shots 0,1,2,4,8 --by greedy \
    --output "$run.json"
  results+=("$run.json")
done
"$octavo" evaluate --compare "${results[@]}"
only=()
for task in pairings pairings_new_names pairings_new_answers labels rules rules_new; do only+=(--only $task); done
"$octavo" evaluate --compare "${results[@]}" "${only[@]}" --plot docs/few-shot.svg

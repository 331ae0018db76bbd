#!/usr/bin/env bash
# A GPT from scratch before your eyes: installs what is missing, builds Octavo, trains a small model for
# a few minutes, and shows what it learned. Usage:
#
#   ./quickstart.sh                 on a corpus that Octavo writes itself: the model learns to learn from the
#                                   examples in its context, and a table shows how well
#   ./quickstart.sh my.txt          on your text: a file or a folder of text or JSON lines
#
# Further arguments go to `octavo train` (./quickstart.sh my.txt --set train.steps=3000). The run lies in
# runs/quickstart, that on your text in runs/my-text. Running this again goes on with it, or shows it if it
# is done; with --overwrite it begins anew.
set -euo pipefail

name=quickstart settings=()
if [ $# -gt 0 ] && [[ $1 != -* ]]; then
  if [ ! -r "$1" ]; then
    echo "$0: $1: there is no such file or folder, or it cannot be read" >&2
    exit 3
  fi
  name=my-text
  settings=(--set "data.path=\"$(realpath -- "$1" | sed 's/[\\"]/\\&/g')\"")
  shift
fi
cd "$(dirname "$0")"

tools/install_dependencies.sh build
echo "Building (the first time takes a few minutes)"
cmake --preset release >/dev/null
cmake --build --preset release
ln -sfn release/octavo/cli/octavo build/octavo

run=runs/$name corpus=runs/quickstart-corpus
begin=("recipes/$name.toml" --output "$run")
if [ -e "$run/recipe.toml" ] && [[ " $* " != *" --overwrite "* ]]; then
  echo "Going on with the run in $run ($0 ... --overwrite begins anew)"
  begin=("$run" --resume)
fi
if [ "$name" = quickstart ] && { [ "${begin[1]}" != --resume ] || [ ! -e $corpus/corpus.json ]; }; then
  build/octavo corpus synthesize --output $corpus --overwrite --quiet
fi
build/octavo train "${begin[@]}" "${settings[@]}" "$@"

# What your text taught: how the loss on the part that was held back fell, one bar per validation, and texts.
show_curve_and_samples() {
  echo
  echo "Loss on text that it has not seen (nats a byte; 5.55 is guessing):"
  awk '
    function number(key) {
      if (!match($0, "\"" key "\": *[-+.0-9eE]+")) return ""
      text = substr($0, RSTART, RLENGTH); sub(/.*: */, "", text); return text
    }
    /"validation_loss"/ { step[++n] = number("step"); loss[n] = number("validation_loss") }
    END {
      for (i = 1; i <= n; ++i) if (loss[i] + 0 > most) most = loss[i] + 0
      for (i = 1; i <= n; ++i) {
        bar = ""; for (j = 0; j < 50 * loss[i] / most; ++j) bar = bar "#"
        printf "  step %5d  %.3f  %s\n", step[i], loss[i], bar
      }
    }' "$run/metrics.jsonl"
  echo
  echo "Three beginnings of its own (--seed makes them the same next time):"
  echo
  build/octavo generate --model "$run" --prompt "" --samples 3 --max-tokens 120 --seed 1 --quiet
}

# What the built-in corpus taught: the answers to questions held out or drawn anew, by the number of examples before them.
show_table() {
  local tasks=() task
  for task in pairings pairings_new_names labels rules rules_new copying lookup new_word two_digit_addition; do
    tasks+=(--tasks $corpus/evaluation/$task.jsonl)
  done
  echo
  echo "Right answers in % to questions held out or drawn anew, with K examples before each:"
  echo
  build/octavo evaluate --model "$run" "${tasks[@]}" --shots 0,1,2,4,8 --by greedy --limit 200 \
    --output "$run-table.json" --plot "$run-table.svg"
  echo
  echo "Two pairings, and it is asked for the first:"
  echo
  printf '  Tom tulip\n  Maya bus\n  Tom'
  build/octavo generate --model "$run" --prompt $'\nTom tulip\nMaya bus\nTom' --max-tokens 1 --greedy --quiet
  echo
  echo "A story of its own (--seed makes it the same next time):"
  echo
  printf 'One day'
  build/octavo generate --model "$run" --prompt "One day" --max-tokens 200 --seed 1 --temperature 0.5 --quiet
}

if [ "$name" = quickstart ]; then show_table; else show_curve_and_samples; fi
cat <<EOF

Talk to it:                         build/octavo chat --model $run --plain
Let it go on with a text of yours:  build/octavo generate --model $run --prompt 'Once upon a time'
How likely it finds a text:         build/octavo score --model $run --text FILE
The curves, to open in a browser:   $PWD/$run/report.html
Train it for longer:                build/octavo train $run --resume --set train.steps=5000
All that it can do:                 build/octavo --help
EOF

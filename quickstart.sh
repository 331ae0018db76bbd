#!/usr/bin/env bash
# A GPT from scratch before your eyes: installs what is missing, builds Octavo, trains a small model for
# a few minutes, and lets it write. Usage:
#
#   ./quickstart.sh                 on this repository's own sources and documents
#   ./quickstart.sh my.txt          on your text: a file or a folder of text or JSON lines
#
# Further arguments go to `octavo train` (./quickstart.sh my.txt --set train.steps=3000). The run lies in
# runs/quickstart. Running this again goes on with it, or shows it if it is done; with --overwrite it
# begins anew.
set -euo pipefail

settings=()
if [ $# -gt 0 ] && [[ $1 != -* ]]; then
  if [ ! -r "$1" ]; then
    echo "$0: $1: there is no such file or folder, or it cannot be read" >&2
    exit 3
  fi
  settings=(--set "data.path=\"$(realpath -- "$1" | sed 's/[\\"]/\\&/g')\"")
  shift
fi
cd "$(dirname "$0")"

tools/install_dependencies.sh build
echo "Building (the first time takes a few minutes)"
cmake --preset release >/dev/null
cmake --build --preset release
ln -sfn release/octavo/cli/octavo build/octavo

run=runs/quickstart
begin=(recipes/quickstart.toml --output "$run")
if [ -e "$run/recipe.toml" ] && [[ " $* " != *" --overwrite "* ]]; then
  echo "Going on with the run in $run ($0 ... --overwrite begins anew)"
  begin=("$run" --resume)
fi
build/octavo train "${begin[@]}" "${settings[@]}" "$@"

# How the loss on text that was held back fell: one bar per validation.
curve() {
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
}

echo
echo "Loss on text that it has not seen (nats a byte; 5.55 is guessing):"
curve
echo
echo "Three beginnings of its own (--seed makes them the same next time):"
echo
build/octavo generate --model "$run" --prompt "" --samples 3 --max-tokens 120 --seed 1 --quiet
cat <<EOF

The curves, to open in a browser:   $PWD/$run/report.html
Let it go on with a text of yours:  build/octavo generate --model $run --prompt 'Once upon a time'
How likely it finds a text:         build/octavo score --model $run --text FILE
Train it for longer:                build/octavo train $run --resume --set train.steps=2000
All that it can do:                 build/octavo --help
EOF

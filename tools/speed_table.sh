#!/usr/bin/env bash
# The tables of docs/performance.md, measured on this machine: what training, reading and writing reach of the
# limits measured in the same run, and how that changes with context, batch, width, size and threads.
# Usage:
#
#   tools/speed_table.sh [reach|context|batch|width|size|threads ...]     (all: about half an hour on two cores)
#
# Nothing else should run meanwhile. Needs build/octavo, which ./quickstart.sh makes (OCTAVO names another).
set -euo pipefail
cd "$(dirname "$0")/.."

octavo=${OCTAVO:-build/octavo}
tables=("$@")
[ ${#tables[@]} -gt 0 ] || tables=(reach context batch width size threads)

# One row: the command, its speed, and its share of the limit that its last line has.
row() {
  "$octavo" bench "$@" --quiet | awk -v command="octavo bench $*" '
    $1 == "speed" { speed = $2 }
    $1 == "arithmetic" || $1 == "memory" {
      for (i = 1; i <= NF; ++i) if ($i == "%") share = $(i - 1)
      limit = $4 " " $5
    }
    END { printf "| `%s` | %s | %s | %s %% |\n", command, speed, limit, share }'
}

head_of() { printf '\n%s\n\n| command | tokens/s | measured limit | share |\n|---|---|---|---|\n' "$1"; }

for table in "${tables[@]}"; do
  case $table in
    reach)
      head_of "Reach"
      row train
      row train --batch 4 --context 256
      row train --layers 6 --width 384 --heads 6 --vocabulary 4096 --batch 16 --context 256
      row train --dtype fp32
      row train --recompute
      row prefill
      row prefill --tokens 8192
      row decode
      row decode --batch 16
      ;;
    context)
      head_of "Context"
      for context in 256 512 1024 2048 4096 8192 16384; do
        row train --batch $((context < 4096 ? 4096 / context : 1)) --context $context --steps 2
      done
      for context in 256 512 1024 2048 4096 8192 16384; do row prefill --tokens $context --steps 3; done
      ;;
    batch)
      head_of "Batch"
      for batch in 1 2 4 8 16; do row train --batch $batch --context 256; done
      for batch in 1 2 4 8 16 32 64; do row decode --batch $batch --steps 5; done
      ;;
    width)
      head_of "Width"
      for width in 128 256 512 768 1024 1536; do
        row train --layers 4 --width $width --heads $((width / 64)) --vocabulary 8192 --batch 8 --context 512
      done
      ;;
    size)
      head_of "Size"
      for preset in gpt2 gpt2-medium gpt2-large; do
        row train --preset $preset --batch 1 --steps 1
        row decode --preset $preset --steps 3
      done
      ;;
    threads)
      head_of "Threads"
      for count in $(seq 1 "$(nproc)") $((2 * $(nproc))); do
        row train --batch 4 --context 256 --threads "$count"
        row prefill --threads "$count"
        row decode --threads "$count"
      done
      ;;
    *)
      echo "tools/speed_table.sh: no table \"$table\"; there are reach, context, batch, width, size, threads" >&2
      exit 2
      ;;
  esac
done

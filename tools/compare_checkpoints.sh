#!/usr/bin/env bash
# What Octavo writes, opened by transformers and by llama.cpp: the largest difference of a token's
# log-probability from Octavo's own, for each model and type, as a table in Markdown. Where there is
# no answer to compare, a note below the table has the other program's last words.
# Usage: tools/compare_checkpoints.sh OCTAVO PEERS MODEL...
#   OCTAVO  the program; PEERS  a root with python3, torch, transformers and libllama (for chroot);
#   MODEL   model folders in Hugging Face's layout
set -euo pipefail
octavo=$1 peers=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "$peers/tmp/compare.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$here/compare_checkpoints.py" "$work/"

theirs() {  # what one of them says of a model below $work; their libraries talk on the same stream
  chroot "$peers" python3 "/tmp/${work##*/}/compare_checkpoints.py" "$1" "/tmp/${work##*/}/$2" \
    <"$work/ids" 2>"$work/said" | grep '^{'
}
ours() { "$octavo" score --model "$work/$1" --dtype fp32 <"$work/ids"; }
difference() {  # of two files of scores
  python3 - "$1" "$2" <<'PYTHON'
import json, sys
a, b = ([json.loads(line)["logprobs"] for line in open(name)] for name in sys.argv[1:])
pairs = [(x, y) for p, q in zip(a, b) for x, y in zip(p, q) if x is not None]
if not pairs or len(a) != len(b):
    sys.exit(1)
print(f"{max(abs(x - y) for x, y in pairs):.1e}")
PYTHON
}
cell() {  # the difference, or the number of a note: cell NAME
  local found reason
  if found=$(difference "$work/ours" "$work/theirs"); then
    echo "$found"
  else
    reason=$(grep . "$work/said" | tail -n 1) || true
    echo "$1: ${reason:-the answers are not as many as the texts}" >>"$work/notes"
    echo "[$(wc -l <"$work/notes")]"
  fi
}

echo "| model | written as | transformers | llama.cpp |"
echo "|---|---|---|---|"
for model in "$@"; do
  name=$(basename "$model")
  python3 - "$model" >"$work/ids" <<'PYTHON'
import json, random, sys
config = json.load(open(sys.argv[1] + "/config.json"))
context = config.get("n_positions") or config["max_position_embeddings"]
random.seed(1)
for _ in range(4):
    print([random.randrange(config["vocab_size"]) for _ in range(min(context, 64))])
PYTHON
  for type in f32 bf16 f16; do
    "$octavo" convert "$model" "$work/folder-$type" --type "$type" --quiet
    ours "folder-$type" >"$work/ours"
    theirs transformers "folder-$type" >"$work/theirs" || true
    echo "| $name | folder, $type | $(cell "$name, folder, $type") | |"
  done
  for type in f32 bf16 f16 q8_0 q4_0 q4_k q6_k; do
    "$octavo" convert "$model" "$work/$type.gguf" --type "$type" --quiet
    ours "$type.gguf" >"$work/ours"
    theirs llama.cpp "$type.gguf" >"$work/theirs" || true
    echo "| $name | GGUF, $type | | $(cell "$name, GGUF, $type") |"
  done
  rm -rf "$work"/folder-* "$work"/*.gguf
done
if [[ -e $work/notes ]]; then
  echo
  awk '{ print "[" NR "] " $0 }' "$work/notes"
fi

#!/usr/bin/env bash
# Octavo's quantizer beside llama.cpp's at equal bits: perplexity of a held-out text for each type, as
# a table in Markdown. Both quantize the same f32 file, matrices in the type, the head or tied
# embedding in q6_k where the type has fewer bits (as `octavo convert` does); both files are scored
# by Octavo in f32, in windows of the model's context.
# Usage: tools/compare_quantizers.sh OCTAVO PEERS MODEL TEXT
#   OCTAVO  the program; PEERS  a root with llama-quantize (for chroot); MODEL  a run or a model folder
#   of whose rows 256 is a divisor; TEXT  a file that the model was not trained on
set -euo pipefail
octavo=$1 peers=$2 model=$3 text=$4
work=$(mktemp -d "$peers/tmp/quantizers.XXXXXX")
trap 'rm -rf "$work"' EXIT

perplexity() {  # of a file of logarithms, one text a line
  python3 -c '
import json, math, sys
numbers = [x for line in sys.stdin for x in json.loads(line)["logprobs"] if x is not None]
print(f"{math.exp(-sum(numbers) / len(numbers)):.4f}")'
}
score() { "$octavo" score --model "$1" --dtype fp32 --quiet "$work/windows" | perplexity; }

"$octavo" convert "$model" "$work/f32.gguf" --type f32 --quiet
context=$("$octavo" inspect "$work/f32.gguf" --json | python3 -c '
import json, sys
print(json.load(sys.stdin)["context"])')
"$octavo" tokenizer encode -t "$work/f32.gguf" --json --quiet "$text" >"$work/ids"
python3 - "$work" "$context" <<'PYTHON'
import json, sys
work, context = sys.argv[1], int(sys.argv[2])
ids = [token for line in open(work + "/ids") for token in json.loads(line)]
with open(work + "/windows", "w") as windows:
    for first in range(0, len(ids) - context + 1, context):
        print(ids[first : first + context], file=windows)
PYTHON

echo "f32: $(score "$work/f32.gguf")"
echo
echo "| type | bytes | octavo | llama.cpp | ratio |"
echo "|---|---|---|---|---|"
for pair in q8_0:Q8_0 q6_k:Q6_K q5_k:Q5_K_S q4_k:Q4_K_S q5_1:Q5_1 q5_0:Q5_0 q4_1:Q4_1 q4_0:Q4_0; do
  type=${pair%%:*}
  head=(--token-embedding-type q6_k --output-tensor-type q6_k)
  [ "$type" != q8_0 ] || head=()
  "$octavo" convert "$model" "$work/ours.gguf" --type "$type" --quiet
  chroot "$peers" llama-quantize --pure "${head[@]}" "/tmp/${work##*/}/f32.gguf" \
    "/tmp/${work##*/}/theirs.gguf" "${pair##*:}" >"$work/said" 2>&1 || { tail -n 3 "$work/said"; exit 1; }
  sizes=$(stat -c %s "$work/ours.gguf" "$work/theirs.gguf" | paste -sd ' ')
  [ "${sizes% *}" = "${sizes#* }" ] || echo "$type: files of $sizes bytes" >&2
  a=$(score "$work/ours.gguf") b=$(score "$work/theirs.gguf")
  echo "| $type | ${sizes% *} | $a | $b | $(python3 -c "print(f'{$a / $b:.5f}')") |"
  rm "$work/ours.gguf" "$work/theirs.gguf"
done

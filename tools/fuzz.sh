#!/usr/bin/env bash
# Fuzzes every reader of foreign files until it has seen the number of inputs that it owes (the table
# below); a reader that has seen them is passed over. Runs add up: what was found stays in the build
# folder, and so does the count, so the script may be interrupted and called again at any time.
#
#     tools/fuzz.sh [TARGET...]              every target, or these; builds the preset `fuzz` first
#     tools/fuzz.sh --keep TARGET...         adds what was found to tests/fuzz/corpus, as few inputs as
#                                            reach all that the found ones reach
#
#     FUZZ_BUILD=FOLDER    the build (default build/fuzz); in FOLDER/tests/fuzz lie
#                          found/TARGET         inputs that reached something new
#                          findings/TARGET-*    inputs that failed, to be given to fuzz_TARGET
#                          runs/TARGET          the count; remove it to begin anew
#     FUZZ_SECONDS=N       at most so long for each target in this call
#
# An input that failed ends its target's turn and makes the exit code 1: mend what it shows, add a test,
# move the input into tests/fuzz/corpus/TARGET. Inputs that take more than ten seconds, or allocate more at
# once than the table allows, are failures as well: a reader promises to take no more than its file and
# 16 MiB (but task files may be compressed, with a window as large as Zstandard's format allows by default).
set -euo pipefail
cd "$(dirname "$0")/.."

# target, inputs in millions, bytes of the longest, MiB that may be allocated at once
table="safetensors 40 1024 16
gguf        40 1024 16
config      10 2560 16
model       10 8704 16
template    10 1024 16
tokenizer   10 1280 16
json        10 1024 16
documents   10 1024 16
recipe      10 1024 16
task_file   10 1024 160
tokens      10 1280 16"
turn=300  # seconds, after which the count is brought up to date

build="${FUZZ_BUILD:-build/fuzz}"
fuzz="$build/tests/fuzz"
# A third faster, with shorter stacks of allocations in reports: run the finding again for long ones.
export ASAN_OPTIONS="${ASAN_OPTIONS:-malloc_context_size=6:quarantine_size_mb=8:allocator_release_to_os_interval_ms=-1}"
# Three times as fast in the first minutes: libFuzzer searches its list of rare features at each input.
options=(-rss_limit_mb=1024 -timeout=10 -report_slow_units=86400 -print_final_stats=1
         -entropic_feature_frequency_threshold=4)

fail() { echo "tools/fuzz.sh: $1" >&2; exit 2; }

row() { awk -v target="$1" '$1 == target' <<<"$table"; }

count() { cat "$fuzz/runs/$1" 2>/dev/null || echo 0; }

# An input that took long, and takes no time now, met a machine that slept.
slept() {
  local input
  input=$(sed -n 's/.*Test unit written to \(.*-timeout-.*\)/\1/p' "$2")
  [ -n "$input" ] && "$fuzz/fuzz_$1" "${options[@]}" "$input" >/dev/null 2>&1 && rm "$input"
}

# Runs a target for some seconds, at most so many inputs; adds to its count those after the corpus.
run() {
  local target=$1 inputs=$2 longest=$3 allocation=$4 seconds=$5 log="$fuzz/runs/$1.log" code=0 tried corpus
  nice "$fuzz/fuzz_$target" "${options[@]}" -max_len="$longest" -runs="$inputs" -max_total_time="$seconds" \
    -malloc_limit_mb="$allocation" -artifact_prefix="$fuzz/findings/$target-" \
    "$fuzz/found/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1 || code=$?
  tried=$(awk '/^stat::number_of_executed_units/ {print $2}' "$log")
  corpus=$(awk '$2 == "INITED" {print substr($1, 2)}' "$log")
  [ -n "$tried" ] || { tail -n 20 "$log" >&2; fail "fuzz_$target ended with code $code and counted nothing ($log)"; }
  [ -z "$corpus" ] || echo $(($(count "$target") + (tried > corpus ? tried - corpus : 0))) >"$fuzz/runs/$target"
  [ "$code" = 0 ] || slept "$target" "$log" ||
    { grep -E '^(SUMMARY|artifact_prefix|==.*(ERROR|runtime error)|[a-z_]+_fuzz:)' "$log" >&2; return 1; }
}

fuzz_target() {
  local target=$1 millions longest allocation begin=$SECONDS before result=0 limit=${FUZZ_SECONDS:-0}
  read -r _ millions longest allocation <<<"$(row "$target")"
  mkdir -p "$fuzz/found/$target" "$fuzz/findings" "$fuzz/runs"
  before=$(count "$target")
  while [ "$(count "$target")" -lt $((millions * 1000000)) ]; do
    local left=$((limit ? limit - (SECONDS - begin) : turn)) corpus
    [ "$left" -gt 0 ] || break
    # libFuzzer counts the corpus among the inputs, and a few of it twice.
    corpus=$((1000 + $(find "$fuzz/found/$target" "tests/fuzz/corpus/$target" -type f | wc -l)))
    run "$target" $((millions * 1000000 - $(count "$target") + corpus)) "$longest" "$allocation" \
      $((left < turn ? left : turn)) || { result=1; break; }
  done
  local inputs=$(($(count "$target") - before)) seconds=$((SECONDS - begin))
  printf '%-12s %9d inputs in %5d s; %9d of %d million; %s\n' "$target" "$inputs" "$seconds" \
    "$(count "$target")" "$millions" "$([ "$result" = 0 ] && echo "nothing found" || echo "FAILED: see $fuzz/findings")"
  return "$result"
}

# Adds as little of what was found as reaches what all of it reaches.
keep() {
  local longest
  read -r _ _ longest _ <<<"$(row "$1")"
  "$fuzz/fuzz_$1" -set_cover_merge=1 -max_len="$longest" "tests/fuzz/corpus/$1" "$fuzz/found/$1" 2>&1 |
    grep -E 'MERGE-OUTER: [0-9]+ new files'
}

action=fuzz_target
[ "${1:-}" != "--keep" ] || { action=keep; shift; }
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(awk '{print $1}' <<<"$table")
for target in "${targets[@]}"; do
  [ -n "$(row "$target")" ] || fail "there is no target $target; there are $(awk '{printf "%s ", $1}' <<<"$table")"
done
cmake --preset fuzz -B "$build" >/dev/null
cmake --build "$build" --target "${targets[@]/#/fuzz_}"
result=0
for target in "${targets[@]}"; do "$action" "$target" || result=1; done
exit "$result"

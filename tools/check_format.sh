#!/usr/bin/env bash
# Checks that the sources are as clang-format 14 (Debian 12) would lay them out.
# Usage: tools/check_format.sh [--fix]     (--fix rewrites them; `cmake --build … --target format` too)
set -euo pipefail
cd "$(dirname "$0")/.."

format=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$format" ] || ! "$format" --version | grep -q 'version 14\.'; then
  echo "$0: needs clang-format 14 (tools/install_dependencies.sh ci); other versions differ" >&2
  exit 1
fi
mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
folders=(octavo tests)
[ ! -d benchmarks ] || folders+=(benchmarks)
find "${folders[@]}" -name '*.h' -print0 -o -name '*.cpp' -print0 |
  sort -z | xargs -0 "$format" "${mode[@]}"

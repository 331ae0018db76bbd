#!/usr/bin/env bash
# Installs what is missing, builds everything with warnings as errors, and runs every test.
# Usage: ./test.sh [arguments of ctest]     (./test.sh -L model: only the tests of one layer)
set -euo pipefail
cd "$(dirname "$0")"

tools/install_dependencies.sh test
cmake --preset dev
cmake --build --preset dev
data=${OCTAVO_TEST_DATA:-../shared}
[ -d "$data" ] ||
  echo "NOTE: there is no $data (OCTAVO_TEST_DATA): the tests on real models and texts will be skipped."
ctest --preset dev --parallel "$(nproc)" "$@"

#!/bin/sh
# The long form of tests/train/crash_test.cpp: besides the 200 SIGKILLs of every run of it, a failing disk
# at every single write, fsync, rename and open, and 2,000 bit flips and truncations of a checkpoint. Each time the last or the one before must load, and the run must end
# with the bits of an undisturbed one. Minutes; TMPDIR=/dev/shm spares the disk.
#
#     tools/crash_drill.sh [BUILD]        (default build/dev)
set -eu
program="${1:-build/dev}/tests/train/test_train"
[ -x "$program" ] || { echo "$program: not built" >&2; exit 2; }
OCTAVO_DRILL=1 OMP_NUM_THREADS=1 exec "$program" --gtest_filter='CrashTest.*'

#!/usr/bin/env bash
# Installs what Octavo needs from Debian 12's own packages, and only what is missing.
# Usage: tools/install_dependencies.sh [build|test|ci]     (default: build; each holds the one before)
# Needs root or sudo only where something is missing. docs/architecture.md says what each is for.
set -euo pipefail

packages=(g++ cmake ninja-build pkg-config libfmt-dev libtomlplusplus-dev libcli11-dev libxxhash-dev
          zlib1g-dev libzstd-dev libutf8proc-dev)
test_packages=(libgtest-dev libgmock-dev libpcre2-dev)
ci_packages=(clang libclang-rt-dev clang-format nlohmann-json3-dev g++-aarch64-linux-gnu
             qemu-user googletest)

case "${1:-build}" in
  build) ;;
  test) packages+=("${test_packages[@]}") ;;
  ci) packages+=("${test_packages[@]}" "${ci_packages[@]}") ;;
  *) echo "usage: $0 [build|test|ci]" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null; then
  echo "No apt-get here. On Debian 12 these would be installed; see that you have their like:" >&2
  echo "  ${packages[*]}" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "These packages are missing, and installing them needs root or sudo: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null

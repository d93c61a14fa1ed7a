#!/usr/bin/env bash
# Runs the conformance suite against servers built with a sanitizer. A finding is printed on
# standard error or changes the exit status, and the suite accepts neither from a server.
#
#   Tests/sanitize.sh thread        or: address
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizer=${1:?thread or address}
servers=$(find Sources -maxdepth 1 -name '0*' -printf '%f\n' | sort)
for server in $servers; do
  swift build --sanitize="$sanitizer" --scratch-path ".build/$sanitizer" --product "$server"
done
# Freed memory must not be kept for long: some tests check how much memory a server has.
export ASAN_OPTIONS=quarantine_size_mb=1:thread_local_quarantine_size_kb=16
SERVERS=$PWD/.build/$sanitizer/debug swift test --filter ConformanceTests

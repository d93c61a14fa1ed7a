#!/usr/bin/env bash
# Fuzzes a part of Common with libFuzzer and the address sanitizer, for so many seconds:
#
#   Tests/fuzz.sh Requests 60        # or Messages, Conversation, Interruptions: the files of Tests/Fuzz
#
# What it finds interesting is kept in .build/fuzz, where the next run goes on. An input that breaks something is written to
# .build/fuzz/TARGET-crash-…; give its path as a third argument to repeat it.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?a target} seconds=${2:?seconds}
folder=.build/fuzz
mkdir -p "$folder/$target"
mapfile -t sources < <(find Sources/WireProtocols Sources/Tracing Sources/Common -name '*.swift')
swiftc -sanitize=fuzzer,address -parse-as-library -O -enforce-exclusivity=checked -swift-version 6 -warnings-as-errors \
  -enable-upcoming-feature NonisolatedNonsendingByDefault -module-name Common -I Sources/CLinux \
  -o "$folder/$target.run" "${sources[@]}" Tests/Fuzz/Support.swift "Tests/Fuzz/$target.swift"
export SWIFT_BACKTRACE=enable=no
if [ $# -gt 2 ]; then exec "$folder/$target.run" "$3"; fi
Tests/Fuzz/seeds.py "$target" "$folder/$target"
exec "$folder/$target.run" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -dict=Tests/Fuzz/dictionary.txt -artifact_prefix="$folder/$target-" "$folder/$target"

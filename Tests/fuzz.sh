#!/usr/bin/env bash
# Fuzzes a part of the servers with libFuzzer and the address sanitizer, for this many seconds:
#
#   Tests/fuzz.sh Requests 60   # or HTTPStates, Messages, WebSocketStates, Replies, Conversation,
#                                # Interruptions: the files of Tests/Fuzz
#
# What it finds interesting is kept in .build/fuzz, and the next run continues from there. An input that breaks something is written to
# .build/fuzz/TARGET-crash-…; give its path as a third argument to repeat it.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?a target} seconds=${2:?seconds}
folder=.build/fuzz
mkdir -p "$folder/$target"
# One module, so that a target sees what is internal; the imports between the modules are removed.
case $target in
  Conversation | Interruptions) modules=(WireProtocols CommandLineOptions Tracing Common) support=(Tests/Fuzz/Support.swift) ;;
  *) modules=(WireProtocols) support=() ;;
esac
rm -rf "$folder/$target.sources"
for module in "${modules[@]}"; do
  find "Sources/$module" -name '*.swift' | while read -r file; do
    mkdir -p "$folder/$target.sources/$(dirname "$file")"
    sed -E '/^import (WireProtocols|CommandLineOptions|Tracing)$/d' "$file" > "$folder/$target.sources/$file"
  done
done
mapfile -t sources < <(find "$folder/$target.sources" -name '*.swift')
swiftc -sanitize=fuzzer,address -parse-as-library -wmo -O -enforce-exclusivity=checked -swift-version 6 -warnings-as-errors \
  -enable-upcoming-feature NonisolatedNonsendingByDefault -module-name Common -I Sources/CLinux \
  -o "$folder/$target.run" "${sources[@]}" Tests/Fuzz/Delivery.swift "${support[@]}" "Tests/Fuzz/$target.swift"
export SWIFT_BACKTRACE=enable=no
if [ $# -gt 2 ]; then exec "$folder/$target.run" "$3"; fi
Tests/Fuzz/seeds.py "$target" "$folder/$target"
exec "$folder/$target.run" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -dict=Tests/Fuzz/dictionary.txt -artifact_prefix="$folder/$target-" "$folder/$target"

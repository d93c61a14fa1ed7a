#!/usr/bin/env bash
# Runs every test, one suite after the other, with a line for each:
#
#   Tests/all.sh             # everything
#   Tests/all.sh Fast        # the parsers, the session, the sockets: a minute
#   Tests/all.sh Steps|Course…   # the targets or suites whose names contain one of these words
#
# The suites of ConformanceTests start real servers and keep the machine busy. They run one after the other, so that they do not
# disturb each other and the output stays readable. A suite that fails is run a second time, and its line says so; its failures are printed in full.
set -uo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-.}
[ "$wanted" = Fast ] && wanted='WireProtocols|Tracing|Common|Chapter'

swift build --build-tests || exit 1

groups=('WireProtocolsTests|TracingTests|ChapterTests|CommonTests' BenchTests DocsTests StepTests CourseTests)
suites=$(grep -rhoE '@Suite.*struct [A-Za-z0-9]+' Tests/ConformanceTests | grep -oE '[A-Za-z0-9]+$' | sort -u)
for suite in $suites; do groups+=("ConformanceTests\.$suite/"); done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0
for group in "${groups[@]}"; do
  [[ $group =~ $wanted ]] || continue
  for try in first second; do
    start=$SECONDS
    if swift test --skip-build --filter "$group" >"$log" 2>&1; then
      count=$(grep -oE 'Test run with [0-9]+ test' "$log" | grep -oE '[0-9]+' | tail -n 1)
      passed=$((passed + ${count:-0}))
      note=""
      [ $try = second ] && note=" (failed once, passed the second time)"
      printf 'ok    %4d s  %4d tests  %s%s\n' $((SECONDS - start)) "${count:-0}" "$group" "$note"
      break
    fi
    printf 'FAIL  %4d s              %s\n' $((SECONDS - start)) "$group"
    grep -E '✘|error:|Fatal error|signal code' "$log" | grep -v '^✘ Suite' | cut -c1-2000 | head -n 60
    [ $try = second ] && failed=$((failed + 1))
  done
done
echo
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]

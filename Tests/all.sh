#!/usr/bin/env bash
# Runs every test, with a line for each suite:
#
#   Tests/all.sh             # everything
#   Tests/all.sh Fast        # the parsers, the session, the sockets: a minute
#   Tests/all.sh 'Step|Course'   # the targets or suites whose names contain one of these words
#
# The suites of ConformanceTests start real servers and mostly wait for them. They run one after the other, so that they
# don't disturb each other. The tests of the steps and the exercises mostly compile. They run at the same time with a low
# priority, in what the servers leave of the machine. A suite that fails is run a second time, and its line says so; its
# failures are printed in full.
set -uo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-.}
[ "$wanted" = Fast ] && wanted='WireProtocols|Tracing|Common|Chapter'

first=('WireProtocolsTests|TracingTests|ChapterTests|CommonTests' BenchTests DocsTests)
compiling=(StepTests CourseTests)
suites=$(grep -rhoE '(struct|class) [A-Za-z0-9]+Tests ' Tests/ConformanceTests | cut -d' ' -f2 | sort -u)
serving=()
for suite in $suites; do serving+=("ConformanceTests\.$suite/"); done

chosen=0
for group in "${first[@]}" "${compiling[@]}" "${serving[@]}"; do [[ $group =~ $wanted ]] && chosen=$((chosen + 1)); done
if [ $chosen -eq 0 ]; then
  echo "no suite has a name that matches '$wanted'" >&2
  exit 64
fi

swift build --build-tests || exit 1
tests=$(swift build --build-tests --show-bin-path)/five-ways-to-waitPackageTests.xctest

results=$(mktemp -d)
lane=
# The end of this script, however it comes, is the end of the other lane and all that it started.
trap '[ -n "$lane" ] && kill -- "-$lane" 2>/dev/null; rm -rf "$results"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# run LOG GROUP…: the groups, one after the other; a file in $results for each that is done, with "passed failed".
run() {
  local log=$results/$1 group try start count note
  shift
  for group in "$@"; do
    [[ $group =~ $wanted ]] || continue
    for try in first second; do
      start=$SECONDS
      if "$tests" --testing-library swift-testing --filter "$group" >"$log" 2>&1; then
        count=$(grep -oE 'Test run with [0-9]+ test' "$log" | grep -oE '[0-9]+' | tail -n 1)
        echo "${count:-0} 0" >"$(mktemp "$results/done.XXXXXX")"
        note=""
        [ $try = second ] && note=" (failed once, passed the second time)"
        printf 'ok    %4d s  %4d tests  %s%s\n' $((SECONDS - start)) "${count:-0}" "$group" "$note"
        grep -E ' (Test|Suite) .* (skipped|was cancelled)(:|\.| after)' "$log" | cut -c1-300 | sort -u
        break
      fi
      printf 'FAIL  %4d s              %s\n%s\n' $((SECONDS - start)) "$group" \
        "$(grep -E '✘|↳|error:|Fatal error|signal code' "$log" | grep -v '^✘ Suite' | cut -c1-2000 | head -n 60)"
      [ $try = second ] && echo "0 1" >"$(mktemp "$results/done.XXXXXX")"
    done
  done
}

run first.log "${first[@]}"
set -m # The lane is a process group.
(renice -n 10 -p $BASHPID >/dev/null 2>&1; run compiling.log "${compiling[@]}") </dev/null &
lane=$!
set +m
run serving.log "${serving[@]}"
wait "$lane"
lane=

read -r passed failed < <(cat "$results"/done.* 2>/dev/null | awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
echo
echo "$passed passed, $failed failed"
# A lane that was killed leaves fewer results than groups.
[ "$failed" -eq 0 ] && [ "$(ls "$results"/done.* 2>/dev/null | wc -l)" -eq "$chosen" ]

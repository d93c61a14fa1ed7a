#!/usr/bin/env bash
# Runs every test, with a line for each suite:
#
#   Tests/all.sh             # everything
#   Tests/all.sh Fast        # the parsers, the session, the sockets: a minute
#   Tests/all.sh 'Step|Course'   # the targets or suites whose names contain one of these words
#
# Several processes run the suites, so that one can wait for a server while another computes. Each takes the next suite
# from a list. StepTests and CourseTests mostly compile: they run one after the other, with a low priority, in what the
# others leave of the machine. A suite that fails is run a second time, and its line says so; its failures are printed in
# full.
set -uo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-.}
[ "$wanted" = Fast ] && wanted='WireProtocols|Tracing|Common|Chapter'

compiling=(StepTests CourseTests)
# The longest come first, so that no process has a long suite left when the others are done.
serving=(BackplaneTests WebSocketTests ActorTests SendTimeoutTests ThreadPoolTests StrangerTests ShutdownTests BenchTests
  DocsTests StopTests)
suites=$(grep -rhoE '(struct|class) [A-Za-z0-9]+Tests ' Tests/ConformanceTests | cut -d' ' -f2 | sort -u)
for suite in $suites; do [[ " ${serving[*]} " == *" $suite "* ]] || serving+=("$suite"); done
for index in "${!serving[@]}"; do
  [ "${serving[index]}" = BenchTests ] || [ "${serving[index]}" = DocsTests ] ||
    serving[index]="ConformanceTests\.${serving[index]}/"
done
serving+=('WireProtocolsTests|TracingTests|ChapterTests|CommonTests')

chosen=0
for group in "${compiling[@]}" "${serving[@]}"; do [[ $group =~ $wanted ]] && chosen=$((chosen + 1)); done
if [ $chosen -eq 0 ]; then
  echo "no suite has a name that matches '$wanted'" >&2
  exit 64
fi

swift build --build-tests || exit 1
tests=$(swift build --build-tests --show-bin-path)/five-ways-to-waitPackageTests.xctest

results=$(mktemp -d)
pids=()
# When this script ends, for whatever reason, everything that it started ends.
trap 'for pid in "${pids[@]}"; do kill -- "-$pid" 2>/dev/null; done; rm -rf "$results"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# run GROUP: runs it; a file in $results for each group that is done, with "passed failed".
run() {
  local log try start count note skips
  log=$(mktemp "$results/log.XXXXXX")
  for try in first second; do
    start=$SECONDS
    if "$tests" --testing-library swift-testing --filter "$1" >"$log" 2>&1; then
      count=$(grep -oE 'Test run with [0-9]+ test' "$log" | grep -oE '[0-9]+' | tail -n 1)
      echo "${count:-0} 0" >"$(mktemp "$results/done.XXXXXX")"
      note=""
      [ $try = second ] && note=" (failed once, passed the second time)"
      skips=$(grep -E ' (Test|Suite) .* (skipped|was cancelled)(:|\.| after)' "$log" | cut -c1-300 | sort -u)
      printf 'ok    %4d s  %4d tests  %s%s\n%s' $((SECONDS - start)) "${count:-0}" "$1" "$note" "${skips:+$skips$'\n'}"
      break
    fi
    printf 'FAIL  %4d s              %s\n%s\n' $((SECONDS - start)) "$1" \
      "$(grep -E '✘|↳|error:|Fatal error|signal code' "$log" | grep -v '^✘ Suite' | cut -c1-2000 | head -n 60)"
    [ $try = second ] && echo "0 1" >"$(mktemp "$results/done.XXXXXX")"
  done
}

# take LIST: prints the next group of a list and removes it; fails if there is none.
take() {
  (flock 9; [ -s "$1" ] && head -n 1 "$1" && sed -i 1d "$1") 9>"$1.lock"
}

# work LIST PRIORITY: runs the groups of a list in a separate process group, next to others that do the same.
work() {
  set -m
  (
    [ "$2" -eq 0 ] || renice -n "$2" -p $BASHPID >/dev/null 2>&1
    while group=$(take "$1"); do run "$group"; done
  ) </dev/null &
  pids+=($!)
  set +m
}

printf '%s\n' "${compiling[@]}" | grep -E "$wanted" >"$results/compiling"
printf '%s\n' "${serving[@]}" | grep -E "$wanted" >"$results/serving"
work "$results/compiling" 10
for _ in 1 2 3; do work "$results/serving" 0; done
wait "${pids[@]}"
pids=()

read -r passed failed < <(cat "$results"/done.* 2>/dev/null | awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
echo
echo "$passed passed, $failed failed"
# A lane that was killed leaves fewer results than groups.
[ "$failed" -eq 0 ] && [ "$(ls "$results"/done.* 2>/dev/null | wc -l)" -eq "$chosen" ]

#!/usr/bin/env bash
# Runs the Autobahn test suite (WebSocket, RFC 6455) against /echo of the servers: 301 cases, all except those about
# compression, which none of the servers offers. Writes docs/reliability/autobahn.json; fails if a case failed or was non-strict.
#
#   Tests/autobahn.sh               # or the names of some servers, which writes nothing
#
# The suite needs Python 2.7: $PYTHON27, python2.7, or one from pyenv. It is installed under .build.
set -euo pipefail
export PIP_NO_PYTHON_VERSION_WARNING=1
cd "$(dirname "$0")/.."
home=.build/autobahn
servers=("$@")
[ $# -gt 0 ] || servers=(01-Sequential 02-ThreadPool 03-Epoll 04-Actor 05-WebSocket)

find_python() {
  local candidate
  for candidate in "${PYTHON27:-}" python2.7 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/2.7*/bin/python2.7; do
    # A pyenv shim exists and runs, but may find no Python to run.
    if [ -n "$candidate" ] && "$candidate" -c '' 2>/dev/null; then echo "$candidate" && return; fi
  done
}

python=$(find_python)
if [ -z "$python" ]; then
  echo "skipped: no Python 2.7, which autobahntestsuite needs (set PYTHON27)"
  exit 0
fi

if [ ! -x $home/env/bin/wstest ]; then
  "$python" -W ignore -m pip install -q --disable-pip-version-check --target $home/virtualenv 'virtualenv<20.22'
  PYTHONPATH=$home/virtualenv "$python" -m virtualenv -q $home/env
  $home/env/bin/pip install -q --disable-pip-version-check autobahntestsuite==25.10.1
fi

rm -rf $home/report
for server in "${servers[@]}"; do
  swift build -c release --product "$server"
  coproc running { exec ".build/release/$server" --port 0 --max-message 16MiB; }
  pid=$running_PID
  trap 'kill $pid' EXIT
  read -r line <&"${running[0]}"
  cat >$home/$server.json <<END
    {"outdir": "$home/report/$server", "exclude-cases": [],
     "servers": [{"agent": "$server", "url": "ws://127.0.0.1:${line##*:}/echo"}],
     "cases": ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"]}
END
  $home/env/bin/wstest -m fuzzingclient -s $home/$server.json >$home/$server.log 2>&1
  trap - EXIT
  kill "$pid"
  wait "$pid"
done

PYTHONPATH=docs/measurements python3 - "$home/report" $# "${servers[@]}" <<'END'
import collections, json, sys
from common import save

report, given, *servers = sys.argv[1:]
# RFC 6455 leaves a few things open, and some cases are only informational. From best to worst; anything else is a failure.
KINDS = {"OK": "passed", "INFORMATIONAL": "informational", "NON-STRICT": "non_strict", "": "failed"}
results = {}
for server in servers:
    cases = json.load(open(f"{report}/{server}/index.json"))[server]
    sections = collections.defaultdict(lambda: dict.fromkeys(KINDS.values(), 0))
    for name, case in cases.items():
        kind = max((KINDS.get(case[how], "failed") for how in ("behavior", "behaviorClose")), key=[*KINDS.values()].index)
        sections[name.split(".")[0]][kind] += 1
        if kind in ("failed", "non_strict"):
            print(server, name, kind)
    results[server] = {section: sections[section] for section in sorted(sections, key=int)}
    for section, counts in results[server].items():
        print(f"{server:15} section {section:>2}: " + ", ".join(f"{count:3} {kind}" for kind, count in counts.items()))
if given == "0":
    save("docs/reliability/autobahn.json", command="Tests/autobahn.sh", results=results)
bad = [c for sections in results.values() for c in sections.values() if c["failed"] or c["non_strict"]]
few = [server for server in servers if sum(sum(c.values()) for c in results[server].values()) != 301]
sys.exit(f"not 301 cases: {few}" if few else 1 if bad else 0)
END

#!/usr/bin/env python3
"""Fuzzes each target for this many seconds and records the outcome: how many inputs, how much of the code, what was found.

    docs/reliability/fuzz.py 450
"""
import glob
import re
import subprocess
import sys

sys.path.insert(0, "docs/measurements")
from common import save



def fails(target, path):
    """Whether an input breaks it again: one that took long because the machine was busy does not."""
    return subprocess.run([f".build/fuzz/{target}.run", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT).returncode != 0


TARGETS = ["Requests", "Messages", "Conversation", "Interruptions"]
seconds = sys.argv[1]
results = {}
for target in TARGETS:
    run = subprocess.run(["Tests/fuzz.sh", target, seconds], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    number = {name: int(value) for name, value in re.findall(r"stat::(\w+):\s+(\d+)", run.stdout)}
    # #123 NEW cov: 456 ft: 789 corp: …: edges that were reached, and how often (as features).
    reached = re.findall(r" cov: (\d+) ft: (\d+) corp: (\d+)", run.stdout)[-1]
    results[target] = {
        "seconds": int(seconds), "executions": number.get("number_of_executed_units"), "edges_reached": int(reached[0]), "features": int(reached[1]),
        "corpus": int(reached[2]), "exit_status": run.returncode,
        "findings": [path.split("/")[-1] for path in sorted(glob.glob(f".build/fuzz/{target}-*")) if fails(target, path)],
    }
    print(target, results[target], flush=True)
save("docs/reliability/fuzz.json", command=f"docs/reliability/fuzz.py {seconds}", results=results)
sys.exit(any(result["exit_status"] or result["findings"] for result in results.values()))

#!/usr/bin/env python3
"""How long a reader waits for a check that passes: each step and each exercise, after a change to one of its files.

    swift build --product course
    docs/measurements/checks.py             # all, into checks.json; or some, which are only printed: checks.py 2g 5.2

The check and the kit are compiled before, as they are for a reader from the second check on; the reader's file is compiled, because it has changed.
On a machine that is busy with other things the seconds say little; the CPU time, of the compiler, the check and the server together, says what it
costs. It is the median of three.
"""
import glob
import os
import resource
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import record_steps  # noqa: E402
import steps  # noqa: E402
from common import median, save  # noqa: E402

RUNS = 3
LIMIT = 3


def check(root, number):
    """Seconds, and seconds of CPU time; None if it does not pass."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([record_steps.COURSE, "check", number], cwd=root, capture_output=True, text=True)
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        print(f"{number} does not pass:\n{done.stdout}{done.stderr}")
        return None
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def timed(root, number, change):
    """The median of some checks, each after a change. The first one, which may compile the check, does not count."""
    if check(root, number) is None:
        return None
    runs = []
    for run in range(RUNS):
        change(run)
        runs.append(check(root, number))
    if None in runs:
        return None
    result = {"seconds": median([run[0] for run in runs], 2), "cpu": median([run[1] for run in runs], 2)}
    print(number, result, flush=True)
    return result


def append(path):
    # Not the same text as at the last measurement: what was compiled once is kept.
    return lambda run: open(path, "a").write(f"// {time.time_ns()} {run}\n")


def step(root, number):
    record_steps.check(root, number, steps.program(number))
    return timed(root, number, append(sorted(glob.glob(root + "/MyServer/*.swift"))[-1]))


def exercise(root, folder):
    name = os.path.basename(folder)
    number = name.split("-")[0]
    file = os.path.join(root, "Exercises", name + ".swift")
    os.makedirs(os.path.dirname(file), exist_ok=True)
    guess = os.path.join(folder, "Solution.txt")
    if os.path.exists(guess):
        answers = [line.split(": ", 1)[1] for line in open(guess).read().splitlines() if ": " in line]
        subprocess.run([record_steps.COURSE, "predict", number, "--answer", *answers], cwd=root, capture_output=True)
    shutil.copy(folder + "/Solution.swift", file)
    return timed(root, number, append(file))


def main():
    chosen = sys.argv[1:]
    with record_steps.own_root() as root:
        found = {name: step(root, name) for name in steps.names() if not chosen or name in chosen}
        for path in sorted(glob.glob(steps.ROOT + "/Workshop/*/Check.swift")):
            folder = os.path.dirname(path)
            number = os.path.basename(folder).split("-")[0]
            if not chosen or number in chosen:
                found[number] = exercise(root, folder)
    slow = [number for number, result in found.items() if result and result["cpu"] > LIMIT]
    print(f"{len(found)} checks; more than {LIMIT} s of CPU time: {', '.join(slow) or 'none'}")
    if not chosen:
        save("docs/measurements/checks.json", load_average=os.getloadavg()[1], checks=found)


main()

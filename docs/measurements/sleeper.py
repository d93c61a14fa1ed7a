#!/usr/bin/env python3
"""What a thread that only sleeps costs: CPU time per request of the same program with it (Peers/c/sleeper.c) and without, in turn.

As soon as two threads share a table of descriptors, every system call on one of them has to count its users.

    swift build -c release
    docs/measurements/sleeper.py [--rounds 15]

Needs taskset.
"""
import argparse
import os
import subprocess
import tempfile

from common import Server, build_c, load, median, save, swift

CASE = ["http", "64", "1", "1"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        tool = build_c("load", folder)[0]
        sleeper = os.path.join(folder, "sleeper.so")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", sleeper, "Peers/c/sleeper.c"], check=True)
        for name, command in {"C": build_c("http", folder), "03-Epoll": swift("03-Epoll")}.items():
            alone, beside = Server(*command), Server("env", f"LD_PRELOAD={sleeper}", *command)
            try:
                assert beside.threads() == alone.threads() + 1
                pairs = [[load(server, tool, *CASE)["cpu_us"] for server in (alone, beside)] for _ in range(rounds)]
            finally:
                alone.kill()
                beside.kill()
            results[name] = {
                "cpu_us": median([a for a, _ in pairs], 2),
                "with_sleeper_to_without": median([b / a for a, b in pairs]),
            }
            print(name, results[name], flush=True)
    save("docs/measurements/sleeper.json", rounds=rounds, results=results)


main()

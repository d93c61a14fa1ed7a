#!/usr/bin/env python3
"""The articles' experiment: `bench -n 30 -c 10` against a slow backend, on every server.

    swift build -c release
    docs/measurements/articles.py             # delays of 500 ms, and of 5 s as in the articles (01 takes 150 s for it)
"""
import json
import subprocess
import tempfile

from common import Server, save, swift

SERVERS = ["01-Sequential", "02-ThreadPool", "03-Epoll", "04-Actor", "05-WebSocket"]


def run(name, delay):
    server = Server(*swift(name, "--delay", delay))
    with tempfile.NamedTemporaryFile() as report:
        # On 01 the tenth client waits for nine others: longer than the 30 s that bench allows by default.
        command = [".build/release/bench", "-q", "-s", "120", "-n", "30", "-c", "10", "--json", report.name, server.url]
        subprocess.run(["taskset", "-c", "1", *command], check=True, stdout=subprocess.DEVNULL)
        result = json.load(open(report.name))
    assert server.stop() == 0
    total = result["times_ns"]["total"]
    run = {f"{key}_ms": round(total[key] / 1e6, 1) for key in ["min", "median", "p90", "max"]}
    run |= {"seconds": round(result["result"]["duration_ns"] / 1e9, 2), "failed": result["result"]["failed"]}
    print(name, delay, run, flush=True)
    return run


def main():
    results = {}
    for delay in ["500ms", "5s"]:
        for name in SERVERS:
            results[f"{name} --delay {delay}"] = run(name, delay)
    save("docs/measurements/articles.json", runs=results)


main()

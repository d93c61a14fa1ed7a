#!/usr/bin/env python3
"""One stall of a second, seen by a closed and by an open loop: chapter 3's server, and a request to compute in the middle of five seconds.

    swift build -c release
    docs/measurements/omission.py
"""
import json
import subprocess
import tempfile
import threading
import urllib.request

from common import Server, save, swift

LOADS = {"closed loop": [], "open loop": ["--rate", "1000"]}


def measure(options):
    server = Server(*swift("03-Epoll"))
    stall = threading.Timer(2, lambda: urllib.request.urlopen(server.url + "burn?ms=1000").read())
    stall.start()
    with tempfile.NamedTemporaryFile() as report:
        command = [".build/release/bench", "-q", "-k", "-c", "10", "-t", "5", *options, "--json", report.name, server.url]
        subprocess.run(["taskset", "-c", "1", *command], check=True, stdout=subprocess.DEVNULL)
        result = json.load(open(report.name))
    stall.join()
    assert server.stop() == 0 and result["result"]["failed"] == 0
    return result["result"]["complete"], result["times_ns"]


def main():
    rows = {}
    for name, options in LOADS.items():
        complete, times = measure(options)
        for kind in ["total", "response"]:
            if kind in times:
                milliseconds = {key: round(times[kind][key] / 1e6, 2) for key in ["median", "p90", "p99", "max"]}
                rows[f"{name}, {'service' if kind == 'total' else 'response'} time"] = {"requests": complete, **milliseconds}
    print(rows)
    save("docs/measurements/omission.json", rows=rows)


main()

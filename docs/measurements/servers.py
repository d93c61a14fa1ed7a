#!/usr/bin/env python3
"""What a request costs each server, compared with the least that C needs for it, in one interleaved run.

The server is on core 0, the load on core 1. In every round each server is measured once, right after the C yardstick
(Peers/c/http.c), and a round's result is the ratio of the two; the median of the rounds counts. CPU time is that of all the
server's threads, user and system, from /proc.

    swift build -c release
    docs/measurements/servers.py [--rounds 5]

Needs wrk and taskset.
"""
import argparse
import os
import re
import subprocess
import tempfile

from common import Server, build_c, median, save, swift

PIPELINE = """
init = function(args)
  local requests = {}
  for i = 1, 16 do requests[i] = wrk.format() end
  pipeline = table.concat(requests)
end
request = function() return pipeline end
"""

# Chapter 2 needs a thread for every connection: 64 workers for 64 connections.
SERVERS = {
    "01-Sequential": lambda n: swift("01-Sequential"),
    "02-ThreadPool": lambda n: swift("02-ThreadPool", "--workers", str(n)),
    "03-Epoll": lambda n: swift("03-Epoll"),
    "03-Epoll --trigger level": lambda n: swift("03-Epoll", "--trigger", "level"),
    "04-Actor --loops 1": lambda n: swift("04-Actor", "--loops", "1"),
    "05-WebSocket --loops 1": lambda n: swift("05-WebSocket", "--loops", "1"),
}


def load(server, connections, seconds, script=None):
    """wrk on core 1; returns CPU seconds of the server per request, and requests per second."""
    extra = ["-s", script] if script else []
    before = server.cpu()
    done = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *extra, server.url],
        check=True, capture_output=True, text=True)
    used = server.cpu() - before
    assert "Non-2xx" not in done.stdout, done.stdout
    return used / int(re.search(r"(\d+) requests in", done.stdout)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def compare(name, command, yardstick, connections, options, script=None):
    cost, rate, own = [], [], []
    for _ in range(options.rounds):
        c_cost, c_rate = load(yardstick, connections, options.seconds, script)
        server = Server(*command)
        try:
            load(server, connections, 1, script)  # Warm up.
            s_cost, s_rate = load(server, connections, options.seconds, script)
        finally:
            assert server.stop() == 0
        cost.append(s_cost / c_cost)
        rate.append(s_rate / c_rate)
        own.append((s_cost * 1e6, s_rate))
    result = {
        "cpu_per_request_to_c": median(cost), "rate_to_c": median(rate),
        "cpu_us_per_request": median([o[0] for o in own]), "requests_per_second": median([o[1] for o in own], 0),
        "rounds_cpu_to_c": [round(c, 3) for c in cost],
    }
    print(name, connections, "pipelined" if script else "", {k: v for k, v in result.items() if k != "rounds_cpu_to_c"}, flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--json", default="docs/measurements/servers.json")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "pipeline.lua")
        open(script, "w").write(PIPELINE)
        yardstick = Server(*build_c("http", folder))
        try:
            for name, command in SERVERS.items():
                counts = [1] if name == "01-Sequential" else [1, 64, 512]
                results[name] = {str(n): compare(name, command(n), yardstick, n, options) for n in counts}
                if 64 in counts:
                    results[name]["64, 16 deep"] = compare(name, command(64), yardstick, 64, options, script)
        finally:
            yardstick.process.kill()
    save(options.json, rounds=options.rounds, seconds=options.seconds, results=results)


main()

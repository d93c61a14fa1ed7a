#!/usr/bin/env python3
"""What WebSockets cost: chapter 5 with each of its registries, and chapter 4, beside the least that C needs for it.

The server is on core 0 with one loop, the load (Peers/c/wsload.c) on core 1. In every round each server is measured right
after the C yardstick (Peers/c/ws.c), and a round's result is the ratio of the two; the median of the rounds counts.
Two loops run on both cores, beside the load: what they gain here is only what the load leaves over.

    swift build -c release
    docs/measurements/websocket.py [--rounds 3]
"""
import argparse
import subprocess
import tempfile

from common import Server, build_c, median, save, swift

CASES = {
    "echo, 64 clients": ["echo", "64", "1", "2"],
    "echo, 1,000 clients": ["echo", "1000", "1", "2"],
    "echo, 64 clients, 16 in flight": ["echo", "64", "16", "2"],
    "broadcast to 1,000": ["fanout", "1000", "20"],
    "broadcast to 10,000": ["fanout", "10000", "5"],
    "registration of 5,000": ["storm", "5000"],
    "everybody sends, 256 clients": ["send", "256", "1", "2"],
}
SERVERS = {
    **{f"05-WebSocket --registry {r} --loops 1": (swift("05-WebSocket", "--registry", r, "--loops", "1"), "0")
       for r in ["sharded", "actor", "mutex"]},
    **{f"05-WebSocket --registry {r} --loops 2": (swift("05-WebSocket", "--registry", r, "--loops", "2"), "0,1")
       for r in ["sharded", "actor", "mutex"]},
    "04-Actor --loops 1": (swift("04-Actor", "--loops", "1"), "0"),
}


def load(server, tool, case):
    before = server.cpu()
    out = subprocess.run(["taskset", "-c", "1", tool, str(server.port), *case], check=True, capture_output=True, text=True)
    messages, seconds, p50, p99 = map(float, out.stdout.split())
    return {"cpu_us": (server.cpu() - before) * 1e6 / messages, "rate": messages / seconds, "p50_us": p50, "p99_us": p99}


def measure(command, cores, tool, case):
    server = Server(*command, cores=cores)
    try:
        return load(server, tool, case)
    finally:
        server.process.kill()
        server.process.wait()


def compare(name, case, c, tool, rounds):
    command, cores = SERVERS[name]
    pairs = []
    for _ in range(rounds):
        # C has no `send`: everybody's echo is the nearest.
        yardstick = measure(c, "0", tool, ["echo" if x == "send" else x for x in case])
        pairs.append((measure(command, cores, tool, case), yardstick))
    ratio = {f"{key}_to_c": median([own[key] / c[key] for own, c in pairs if c[key]] or [0]) for key in ["cpu_us", "rate", "p50_us", "p99_us"]}
    return {**ratio, **{key: median([own[key] for own, _ in pairs], 2) for key in pairs[0][0]}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", default="docs/measurements/websocket.json")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        c, tool = build_c("ws", folder), build_c("wsload", folder)[0]
        for name in SERVERS:
            results[name] = {}
            for title, case in CASES.items():
                results[name][title] = compare(name, case, c, tool, options.rounds)
                print(name, "|", title, "|", results[name][title], flush=True)
    save(options.json, rounds=options.rounds, results=results)


main()

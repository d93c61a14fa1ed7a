#!/usr/bin/env python3
"""What WebSockets cost: chapter 5 with each of its registries, and chapter 4, compared with the least that C needs.

The server is on core 0 with one loop, the load (Peers/c/load.c) on core 1. In every round each server is measured right
after the C yardstick (Peers/c/ws.c), and a round's result is the ratio of the two; the median of the rounds counts.
Two loops share both cores with the load, so they gain only what the load leaves.

    swift build -c release
    docs/measurements/websocket.py [--rounds 3]
"""
import argparse
import tempfile

from common import Server, beside_c, build_c, load, save, swift

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


def measure(command, cores, tool, case):
    server = Server(*command, cores=cores)
    try:
        return load(server, tool, *case)
    finally:
        server.kill()


def compare(name, case, c, tool, rounds):
    command, cores = SERVERS[name]
    pairs = []
    for _ in range(rounds):
        # C has no `send`: the echo of all clients is the nearest equivalent.
        yardstick = measure(c, "0", tool, ["echo" if x == "send" else x for x in case])
        pairs.append((measure(command, cores, tool, case), yardstick))
    return beside_c(pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", default="docs/measurements/websocket.json")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        c, tool = build_c("ws", folder), build_c("load", folder)[0]
        for name in SERVERS:
            results[name] = {}
            for title, case in CASES.items():
                results[name][title] = compare(name, case, c, tool, options.rounds)
                print(name, "|", title, "|", results[name][title], flush=True)
    save(options.json, rounds=options.rounds, results=results)


main()

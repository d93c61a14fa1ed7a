#!/usr/bin/env python3
"""Our servers compared with C, nginx, SwiftNIO and Hummingbird: what a request, a message and an idle connection cost each.

Every server has one event loop and core 0, the load (Peers/c/load.c) core 1. In every round each server is measured right after the
C yardstick, case by case, and a round's result is the ratio of the two; the median of the rounds counts. Then 10,000 idle connections
each. Servers that are not installed are skipped.

    swift build -c release && swift build -c release --package-path Peers
    docs/measurements/peers.py [--rounds 5]       # a quarter of an hour; --rounds 1 --seconds 1: three minutes, for a look

Needs taskset, and nginx to include it.
"""
import argparse
import re
import tempfile

import memory
from common import Server, beside_c, build_c, first_line, load, save
from contestants import contestants

WARM_UP = {"http": ["http", "64", "1", "0.5"], "websocket": ["echo", "64", "1", "0.5"]}
IDLE = {"http": ("idle keep-alive", memory.REQUEST), "websocket": ("idle WebSocket", memory.UPGRADE)}


def cases(kind, seconds):
    """The arguments of the load, by title; there are ten broadcasts per second."""
    if kind == "http":
        return {
            "keep-alive, 64": ["http", "64", "1", str(seconds)],
            "keep-alive, 512": ["http", "512", "1", str(seconds)],
            "keep-alive, 64, 16 deep": ["http", "64", "16", str(seconds)],
        }
    return {
        "echo, 64": ["echo", "64", "1", str(seconds)],
        "echo, 64, 16 in flight": ["echo", "64", "16", str(seconds)],
        "broadcast to 10,000": ["fanout", "10000", str(10 * seconds)],
    }


def run(kind, commands, yardstick, tool, seconds):
    """One round: pairs of a server's figures and C's, by case."""
    servers = Server(*yardstick[kind]), Server(*commands[kind])
    try:
        for server in servers:
            load(server, tool, *WARM_UP[kind])
        results = {}
        for title, case in cases(kind, seconds).items():
            c, own = [load(server, tool, *case) for server in servers]
            results[title] = own, c
        return results
    finally:
        for server in servers:
            server.kill()


def compare(servers, tool, options):
    """Measures all servers in each round, so that other activity on the machine affects all of them."""
    yardstick = servers["C"]
    pairs = {name: {} for name in servers}
    for number in range(options.rounds):
        for name, commands in servers.items():
            if name == "C":
                continue
            for kind in commands:
                for title, (own, c) in run(kind, commands, yardstick, tool, options.seconds).items():
                    pairs[name].setdefault(title, []).append((own, c))
                    pairs["C"].setdefault(title, []).append((c, c))
                    print(f"round {number + 1} | {name} | {title} |", beside_c([(own, c)]), flush=True)
    return {name: {title: beside_c(found) for title, found in titles.items()} for name, titles in pairs.items()}


def idle(servers):
    results = {}
    for name, commands in servers.items():
        results[name] = {IDLE[kind][0]: memory.measure(commands[kind], IDLE[kind][1], 10_000) for kind in commands}
        print(name, results[name], flush=True)
    return results


def versions(servers):
    pinned = re.findall(r"([a-z-]+)\.git\", exact: \"([\d.]+)\"", open("Peers/Package.swift").read())
    return dict(pinned) | ({"nginx": first_line("nginx", "-v")} if "nginx" in servers else {})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--json", default="docs/measurements/peers.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        servers = contestants(folder)
        tool = build_c("load", folder)[0]
        results = compare(servers, tool, options)
        held = idle(servers)
    save(options.json, rounds=options.rounds, seconds=options.seconds, versions=versions(servers), results=results, memory=held)


main()

#!/usr/bin/env python3
"""The small figures: a wait in additions, an actor's hop, both triggers' system calls, the lines of `serve`.

    swift build -c release
    docs/measurements/small.py         # needs strace and wrk
"""
import re
import subprocess
import tempfile

from common import Server, median, save, swift

CALLS = ["epoll_ctl", "epoll_wait", "recvfrom", "sendto"]
# The function begins with this line and ends at its closing brace.
SERVE = {
    "Sources/01-Sequential/Server.swift": "mutating func serve(",
    "Sources/02-ThreadPool/ConnectionHandler.swift": "mutating func serve(",
    "Sources/03-Epoll/EventLoop.swift": "mutating func advance(",
    "Sources/04-Actor/LoopActor.swift": "private func serve(",
    "Sources/05-WebSocket/Shard+Advance.swift": "func advance(",
}


def lines_of(path, start):
    lines = open(path).read().split("\n")
    first = next(i for i, line in enumerate(lines) if start in line)
    depth, seen = 0, False
    for count, line in enumerate(lines[first:], 1):
        depth += line.count("{") - line.count("}")
        seen = seen or "{" in line
        if seen and depth == 0:
            return count


def trigger(name):
    server = Server(*swift("03-Epoll", "--trigger", name))
    with tempfile.NamedTemporaryFile("r") as log:
        tracer = subprocess.Popen(["strace", "-f", "-c", "-o", log.name, "-p", str(server.pid)], stderr=subprocess.PIPE, text=True)
        tracer.stderr.readline()  # strace reports that it is attached.
        subprocess.run([".build/release/bench", "-q", "-k", "-n", "1000", "-c", "10", server.url + "?delay=1ms"], check=True, stdout=subprocess.DEVNULL)
        assert server.stop() == 0
        tracer.wait()
        text = log.read()
    counts = {m[2]: int(m[1]) for m in re.finditer(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", text, re.M)}
    return {call: counts.get(call, 0) for call in CALLS}


def loops(name, rounds=5):
    """Requests per second with one loop and with two, both cores shared by server and load; interleaved."""
    rates = {1: [], 2: []}
    for _ in range(rounds):
        for count in rates:
            server = Server(*swift(name, "--loops", str(count)), cores="0,1")
            done = subprocess.run(["wrk", "-t1", "-c64", "-d2s", server.url], check=True, capture_output=True, text=True)
            assert server.stop() == 0
            rates[count].append(float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]))
    return {"one": median(rates[1], 0), "two": median(rates[2], 0), "ratio": median([b / a for a, b in zip(rates[1], rates[2])])}


def main():
    outputs = {}
    for command in ["bench io-gap", "bench hop"]:
        done = subprocess.run([".build/release/" + command.split()[0], command.split()[1]], check=True, capture_output=True, text=True)
        outputs[command] = done.stdout.strip()
        print(outputs[command], flush=True)
    counts = {name: trigger(name) for name in ["edge", "level"]}
    triggers = {call: [counts["edge"][call], counts["level"][call]] for call in CALLS}
    two = {name: loops(name) for name in ["04-Actor", "05-WebSocket"]}
    print(two, flush=True)
    save("docs/measurements/small.json", outputs=outputs, triggers=triggers, two_loops=two,
         lines_of_serve={path: lines_of(path, start) for path, start in SERVE.items()})
    print(triggers)


main()

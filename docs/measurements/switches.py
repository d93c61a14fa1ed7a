#!/usr/bin/env python3
"""What threads cost: context switches and CPU time per request, from one keep-alive client to 512, each with a separate thread;
compared with one thread that serves them all (chapter 3), in the same run.

The server is on core 0, the load on core 1. In the middle of a run of wrk, the script asks /stats for the number of
requests, and /proc for the switches of all threads and for the CPU time; and again a second later. The differences count,
and of those the median of the rounds.

    swift build -c release
    docs/measurements/switches.py [--rounds 3] [1 2 4 …]      # clients; the results for other numbers are kept

Needs wrk and taskset.
"""
import argparse
import json
import os
import re
import socket
import subprocess
import time

from common import Server, median, save, swift

PATH = "docs/measurements/switches.json"
CLIENTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
# One worker more than wrk has connections: it serves the connection that asks for /stats.
SERVERS = {
    "02-ThreadPool --workers": lambda n: swift("02-ThreadPool", "--workers", str(n + 1)),
    "02-ThreadPool --pool per-connection": lambda n: swift("02-ThreadPool", "--pool", "per-connection"),
    "03-Epoll": lambda n: swift("03-Epoll"),
}


def switches(pid):
    """Voluntary and involuntary switches of all current threads."""
    counts = [0, 0]
    for thread in os.listdir(f"/proc/{pid}/task"):
        status = open(f"/proc/{pid}/task/{thread}/status").read()
        for index, kind in enumerate(["voluntary", "nonvoluntary"]):
            counts[index] += int(re.search(rf"^{kind}_ctxt_switches:\s+(\d+)", status, re.M)[1])
    return counts


def look(server, control):
    control.sendall(b"GET /stats HTTP/1.1\r\nHost: a\r\n\r\n")
    requests = int(re.search(rb'"requestsServed": (\d+)', control.recv(65536))[1])
    return [requests, *switches(server.pid), server.cpu() * 1e6, time.monotonic()]


def measure(command, clients):
    server = Server(*command)
    try:
        with socket.create_connection(("127.0.0.1", server.port)) as control:
            wrk = subprocess.Popen(["taskset", "-c", "1", "wrk", "-t1", f"-c{clients}", "-d2s", server.url], stdout=subprocess.PIPE, text=True)
            time.sleep(0.5)  # All clients are connected, and the server is warm.
            before = look(server, control)
            time.sleep(1)
            after = look(server, control)
            threads = server.threads()
            out = wrk.communicate()[0]
            assert "Non-2xx" not in out and "Socket errors" not in out, out
    finally:
        assert server.stop() == 0
    requests, voluntary, forced, cpu, seconds = [b - a for a, b in zip(before, after)]
    return {"voluntary": voluntary / requests, "involuntary": forced / requests, "cpu_us": cpu / requests, "rate": requests / seconds, "threads": threads}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("clients", type=int, nargs="*", default=CLIENTS)
    options = parser.parse_args()
    results = json.load(open(PATH))["results"] if os.path.exists(PATH) else {name: {} for name in SERVERS}
    for clients in options.clients:
        rounds = [{name: measure(command(clients), clients) for name, command in SERVERS.items()} for _ in range(options.rounds)]
        for name in SERVERS:
            values = [run[name] for run in rounds]
            results[name][str(clients)] = {key: median([value[key] for value in values]) for key in values[0]}
            print(clients, name, results[name][str(clients)], flush=True)
    pieces = {} if options.clients == CLIENTS else {"note": "Recorded in pieces; this is the last one."}
    save(PATH, rounds=options.rounds, results=results, **pieces)


main()

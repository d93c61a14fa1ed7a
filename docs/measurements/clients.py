#!/usr/bin/env python3
"""What load tools cost and how much load they make: bench compared with ab -k, wrk and hey, and bench ws compared with Peers/c/load.c.

The server is on core 0, the client on core 1, 64 connections. Every round runs each client once, in rotating order. A
client's CPU time is the user and system time of its process (wait4(2)); its rate is the one that it prints. Only ratios
within a round count: absolute figures depend on the machine.

    swift build -c release --product bench && swift build -c release --product 05-WebSocket
    docs/measurements/clients.py

Needs ab, wrk, hey, nginx, taskset and a C compiler.
"""
import argparse
import os
import re
import statistics
import subprocess
import tempfile

from common import Server, build_c, first_line, median, save, swift
from contestants import nginx

BENCH = ".build/release/bench"
# For each client its command, and how to find the rate and the number of requests in its output.
HTTP = {
    "bench": (BENCH + " -q -k -t {seconds} -c 64 {url}", r"Requests per second: +([\d.]+)", r"Complete requests: +(\d+)"),
    "ab": ("ab -q -k -t {seconds} -n 5000000 -c 64 {url}", r"Requests per second: +([\d.]+)", r"Complete requests: +(\d+)"),
    "wrk": ("wrk -t1 -c64 -d{seconds}s {url}", r"Requests/sec: +([\d.]+)", r"(\d+) requests in"),
    "hey": ("hey -z {seconds}s -c 64 {url}", r"Requests/sec:\s+([\d.]+)", r"\[200\]\s+(\d+) responses"),
}
# load.c's messages have the same length, and it sends all messages in flight together when all have come back.
WEBSOCKET = {
    "bench ws": (BENCH + " ws -q --size 32 --in-flight {depth} -t {seconds} -c 64 {url}echo", r"Messages per second: +([\d.]+)", r"Complete messages: +(\d+)"),
    "load.c": ("{load} {port} echo 64 {depth} {seconds}", None, r"^(\d+) "),
}


def measure(client, **values):
    """Runs a client on core 1; returns its CPU per request in microseconds, and requests per second."""
    command, rate, count = client
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(["taskset", "-c", "1", *command.format(**values).split()], stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    assert child.returncode == 0, (command, text)
    number = int(re.search(count, text)[1])
    rate = float(re.search(rate, text)[1]) if rate else number / float(text.split()[1])
    return {"cpu_us": (usage.ru_utime + usage.ru_stime) * 1e6 / number, "rate": rate}


def rounds(server, clients, options, **values):
    """Medians of each client, and of the ratios to the first one."""
    names, measured = list(clients), []
    for number in range(options.rounds):
        order = names[number % len(names):] + names[:number % len(names)]
        result = {name: measure(clients[name], url=server.url, port=server.port, seconds=options.seconds, **values) for name in order}
        measured.append(result)
        print("  ".join(f"{name} {result[name]['rate']:,.0f}/s {result[name]['cpu_us']:.2f} µs" for name in names), flush=True)
    first = names[0]
    return {name: {
        "cpu_us": median([r[name]["cpu_us"] for r in measured]),
        "rate": round(statistics.median(r[name]["rate"] for r in measured)),
        "cpu_ratio": median([r[first]["cpu_us"] / r[name]["cpu_us"] for r in measured]),
        "rate_ratio": median([r[first]["rate"] / r[name]["rate"] for r in measured]),
    } for name in names}


def run(make, clients, options, **values):
    server = make()
    try:
        return rounds(server, clients, options, **values)
    finally:
        server.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--json", default="docs/measurements/clients.json")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            "Peers/c/http.c": lambda: Server(*build_c("http", folder)),
            "nginx": lambda: Server(*nginx(folder)),
        }
        for name, make in servers.items():
            # The yardstick does not send keep-alive to an HTTP/1.0 client, and without it ab waits for the end of the connection.
            clients = {tool: client for tool, client in HTTP.items() if tool != "ab" or name == "nginx"}
            results[name] = run(make, clients, options)
        load = build_c("load", folder)[0]
        sockets = {
            "Peers/c/ws.c": lambda: Server(*build_c("ws", folder)),
            "05-WebSocket --loops 1": lambda: Server(*swift("05-WebSocket", "--loops", "1")),
        }
        for name, make in sockets.items():
            for depth in [1, 16]:
                results[f"{name}, {depth} in flight"] = run(make, WEBSOCKET, options, depth=depth, load=load)
    tools = {"ab": first_line("ab", "-V"), "wrk": first_line("wrk", "-v"), "nginx": first_line("nginx", "-v")}
    save(options.json, rounds=options.rounds, tools=tools, results=results)


main()

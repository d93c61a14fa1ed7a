#!/usr/bin/env python3
"""User-space instructions per request and per WebSocket message, counted by valgrind: independent of what else the machine does.

A server runs twice under callgrind and answers a few requests on one connection, then more: the difference of the two counts,
divided by the difference of the requests, leaves out start-up and stop. The kernel's share is not included.

    swift build -c release                         # and, for the peers, swift build -c release --package-path Peers
    docs/measurements/instructions.py              # writes instructions.json
    docs/measurements/instructions.py --check      # our servers only: fails if one needs over 3 % more than recorded
"""
import argparse
import json
import re
import shutil
import socket
import sys
import tempfile

from common import Server, first_line, machine, save
from contestants import OURS, contestants

RECORDED = "docs/measurements/instructions.json"
REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:7878\r\n\r\n"
UPGRADE = (
    b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1:7878\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
TEXT = b"0123456789abcdef" * 2
MASK = b"\x5a\x0f\xc3\x96"
MESSAGE = bytes([0x81, 0x80 | len(TEXT)]) + MASK + bytes(byte ^ MASK[i % 4] for i, byte in enumerate(TEXT))
# What is sent over the connection, and how many at once.
CASES = {
    "request": ("http", REQUEST, 1),
    "request, 16 deep": ("http", REQUEST, 16),
    "WebSocket message": ("websocket", MESSAGE, 1),
    "WebSocket message, 16 in flight": ("websocket", MESSAGE, 16),
}
# valgrind 3.19 crashes when an async `main` gives the main thread to Dispatch.
BEYOND_VALGRIND = ["SwiftNIO, async", "Hummingbird"]
# The first requests may initialize something; 400 come before the difference.
FEW, MANY = 400, 4400


def receive(client, count):
    data = b""
    while len(data) < count:
        more = client.recv(count - len(data))
        assert more, data
        data += more
    return data


def head(client):
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        data += receive(client, 1)
    return data


def converse(server, kind, message, depth, count):
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if kind == "websocket":
            client.sendall(UPGRADE)
            assert head(client).startswith(b"HTTP/1.1 101 ")
            size = 2 + len(TEXT)
        else:
            client.sendall(message)
            size = len(head(client)) + len(receive(client, 5))
        for _ in range(count // depth):
            client.sendall(message * depth)
            receive(client, size * depth)


def count_instructions(command, case, count):
    with tempfile.NamedTemporaryFile("r") as output:
        callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output.name}", "--log-file=/dev/null"]
        server = Server(*callgrind, *command)
        try:
            converse(server, *case, count)
        finally:
            server.stop()
        return int(re.search(r"^totals: (\d+)$", output.read(), re.M)[1])


def measure(commands):
    result = {}
    for title, case in CASES.items():
        if case[0] in commands:
            command = commands[case[0]]
            more = count_instructions(command, case, MANY) - count_instructions(command, case, FEW)
            result[title] = round(more / (MANY - FEW))
    return result


def measure_all(servers):
    results = {}
    for name, commands in servers.items():
        results[name] = measure(commands)
        print(name, results[name], flush=True)
    return results


def is_comparable(recorded):
    """Whether the counts are comparable: another processor uses other variants of the C library's functions, and another toolchain or valgrind counts differently."""
    return (recorded["machine"]["processor"], recorded["toolchain"], recorded["valgrind"]) == (
        machine()["processor"], first_line("swift", "--version"), first_line("valgrind", "--version"))


def check(results):
    recorded = json.load(open(RECORDED))["instructions"]
    over = [
        f"{name}: {value:,} instructions per {case}, recorded: {recorded[name][case]:,}"
        for name, cases in results.items() for case, value in cases.items() if value > recorded[name][case] * 1.03
    ]
    if over:
        sys.exit("\n".join(over))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        return print("skipped: instructions (valgrind is not installed)")
    if options.check:
        if not is_comparable(json.load(open(RECORDED))):
            return print("skipped: instructions (recorded on another kind of machine)")
        return check(measure_all(OURS))
    with tempfile.TemporaryDirectory() as folder:
        servers = contestants(folder)
        results = measure_all({name: servers[name] for name in servers if name not in BEYOND_VALGRIND})
    save(RECORDED, valgrind=first_line("valgrind", "--version"), requests=MANY - FEW, instructions=results)


if __name__ == "__main__":
    main()

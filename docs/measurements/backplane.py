#!/usr/bin/env python3
"""What the backplane costs: a broadcast to clients of three nodes with it and without, messages per second through one Redis
compared with what `redis-benchmark` gets from it in the same run, and the memory of a topic.

Without the backplane there is one server with all the clients. CPU time is that of all servers without Redis;
a delivery is one message to one client. Everything shares the machine, this script too: so the CPU time of a delivery says
more than the seconds.

    swift build -c release --product 05-WebSocket
    docs/measurements/backplane.py [--clients 1000] [--rounds 5]      # needs redis-server and redis-benchmark
"""
import argparse
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from common import Server, median, save, swift

UPGRADE = (b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Redis:
    """Runs on a free port, in a separate folder; it keeps nothing on the disk."""

    def __init__(self):
        self.port, self.folder = free_port(), tempfile.mkdtemp()
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder],
            stdout=subprocess.PIPE, text=True)
        while "Ready to accept connections" not in self.process.stdout.readline():
            pass
        self.url = f"redis://127.0.0.1:{self.port}"

    def ask(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], check=True, capture_output=True, text=True).stdout

    def memory(self):
        return int(re.search(r"used_memory:(\d+)", self.ask("INFO", "memory"))[1])

    def xadd(self, frame, seconds):
        """Requests per second that redis-benchmark gets, 16 in flight on each of 50 connections."""
        out = subprocess.run(
            ["redis-benchmark", "-p", str(self.port), "-P", "16", "-n", str(100_000 * seconds), "--csv",
             "XADD", "benchmark", "MAXLEN", "~", "10000", "*", "1", "x" * frame], check=True, capture_output=True, text=True).stdout
        return float(out.strip().splitlines()[-1].split(",")[1].strip('"'))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder)


class Clients:
    """Many WebSockets on one thread, which only count bytes: all frames of a run are equally long."""

    def __init__(self, ports, each):
        self.selector = selectors.DefaultSelector()
        self.sockets = [socket.create_connection(("127.0.0.1", port)) for port in ports for _ in range(each)]
        for one in self.sockets:
            one.sendall(UPGRADE)
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += one.recv(1)
            one.setblocking(False)
            self.selector.register(one, selectors.EVENT_READ)

    def receive(self, count):
        """Waits until this many bytes have arrived, for all of them together."""
        while count > 0:
            for key, _ in self.selector.select():
                count -= len(key.fileobj.recv(1 << 16))
        assert count == 0, count

    def send(self, index, text, times=1):
        frame = bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text.encode()
        self.sockets[index].sendall(frame * times)

    def close(self):
        for one in self.sockets:
            one.close()


def frame_length(clients):
    """Of a broadcast: ids have as many digits as they have."""
    clients.send(0, "broadcast")
    first = clients.sockets[0]
    first.setblocking(True)
    length = 2 + first.recv(2)[1]
    first.recv(length - 2)
    first.setblocking(False)
    clients.receive((len(clients.sockets) - 1) * length)
    return length


def broadcasts(servers, each, rounds):
    clients = Clients([server.port for server in servers], each)
    length = frame_length(clients)
    took = []
    before = sum(server.cpu() for server in servers)
    for _ in range(rounds * 20):
        start = time.monotonic()
        clients.send(0, "broadcast")
        clients.receive(len(clients.sockets) * length)
        took.append((time.monotonic() - start) * 1000)
    after = sum(server.cpu() for server in servers)
    clients.close()
    deliveries = len(took) * each * len(servers)
    return {
        "cpu_us_per_delivery": median([(after - before) * 1e6 / deliveries]),
        "median_ms": median(took, 2), "deliveries": deliveries,
    }


def published(servers, count):
    """Messages per second through Redis to a topic without subscribers, from 64 clients of one node."""
    clients = Clients([servers[0].port], 64)
    start = time.monotonic()
    for index in range(64):
        clients.send(index, "publish t " + "x" * 20, times=count // 64)
        clients.send(index, "done")
    clients.receive(64 * (2 + len("Echo: done")))
    took = time.monotonic() - start
    clients.close()
    return count // 64 * 64 / took


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", default="docs/measurements/backplane.json")
    options = parser.parse_args()
    result = {"clients": options.clients, "rounds": options.rounds}

    alone = Server(*swift("05-WebSocket", "--max-connections", "20000"), cores="0,1")
    result["one server"] = broadcasts([alone], 3 * options.clients, options.rounds)
    alone.stop()

    redis = Redis()
    nodes = [Server(*swift("05-WebSocket", "--loops", "1", "--backplane", redis.url), cores="0,1") for _ in range(3)]
    result["three nodes"] = broadcasts(nodes, options.clients, options.rounds)
    print(result, flush=True)

    rates, yardsticks = [], []
    for _ in range(options.rounds):
        yardsticks.append(redis.xadd(len("From client 10000000001 to t: ") + 22, 2))
        rates.append(published(nodes, 64_000))
    result["published_per_second"] = median(rates, 0)
    result["xadd_per_second"] = median(yardsticks, 0)
    result["published_to_xadd"] = median([a / b for a, b in zip(rates, yardsticks)])
    print(result, flush=True)

    before = redis.memory()
    clients = Clients([nodes[0].port], 16)
    for index in range(16):
        for topic in range(500):
            clients.send(index, f"publish {index:02}-{topic:04} x")
        clients.send(index, "done")
    clients.receive(16 * (2 + len("Echo: done")))
    clients.close()
    result["redis_bytes_per_topic"] = (redis.memory() - before) // 8000

    before = nodes[1].anonymous()
    clients = Clients([nodes[1].port], 160)
    for index in range(160):
        for topic in range(62):
            clients.send(index, f"subscribe {index:03}-{topic:02}")
    clients.receive(160 * 62 * (2 + len("Subscribed to 000-00")))
    result["node_bytes_per_topic"] = (nodes[1].anonymous() - before) // (160 * 62)
    clients.close()

    for node in nodes:
        node.stop()
    redis.stop()
    save(options.json, **result)
    print(result)


main()

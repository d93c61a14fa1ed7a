#!/usr/bin/env python3
"""What an idle connection costs a server in private memory (RssAnon; without the kernel's buffers).

1,000 connections first, then 10,000 more: the difference, divided by 10,000. A keep-alive connection has had one
request answered; a WebSocket on /ws has been opened.

    swift build -c release
    docs/measurements/memory.py
"""
import socket

from common import Server, save, swift

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
PATIENCE = ["--idle-timeout", "10m", "--heartbeat", "10m"]
SERVERS = {
    # A thread per connection shows what a thread costs; the pool's default of ten could not hold them.
    "02-ThreadPool --pool per-connection": swift("02-ThreadPool", "--pool", "per-connection"),
    "03-Epoll": swift("03-Epoll"),
    "04-Actor --loops 1": swift("04-Actor", "--loops", "1"),
    "05-WebSocket --loops 1": swift("05-WebSocket", "--loops", "1"),
    "05-WebSocket --loops 1 --registry actor": swift("05-WebSocket", "--loops", "1", "--registry", "actor"),
    "05-WebSocket --loops 1 --registry mutex": swift("05-WebSocket", "--loops", "1", "--registry", "mutex"),
}


def connect(server, count, bytes, connections):
    for _ in range(count):
        client = socket.socket()
        client.bind((f"127.0.0.{2 + len(connections) // 5000}", 0))
        client.connect(("127.0.0.1", server.port))
        client.sendall(bytes)
        assert client.recv(4096).startswith(b"HTTP/1.1 ")
        connections.append(client)


def measure(command, bytes, count):
    ours = command[0].startswith(".build/")
    server = Server(*command, *(PATIENCE if ours else []))
    connections = []
    try:
        connect(server, count // 10, bytes, connections)
        before = server.anonymous()
        connect(server, count, bytes, connections)
        return {"connections": count, "bytes_per_connection": round((server.anonymous() - before) / count), "threads": server.threads()}
    finally:
        server.kill()
        for client in connections:
            client.close()


def main():
    results = {}
    for name, command in SERVERS.items():
        count = 500 if "per-connection" in name else 10_000
        results[name] = {"keep-alive": measure(command, REQUEST, count), "WebSocket": measure(command, UPGRADE, count)}
        print(name, results[name], flush=True)
    save("docs/measurements/memory.json", results=results)


if __name__ == "__main__":
    main()

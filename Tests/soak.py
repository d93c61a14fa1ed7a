#!/usr/bin/env python3
"""Half an hour of everything at once: well-behaved clients, impatient ones, clients that never read, and garbage, all coming and going.

A server that leaks shows it here: after the load and the idle timeouts its descriptors, threads and memory must be back where
they were after a first, short round. Every well-behaved client checks every answer. Fails if something did not come back,
or if an answer was wrong. The rate is bounded: the test is about time, not about load.

    swift build -c release
    Tests/soak.py                          # 30 minutes on 03, 04 and 05 together; writes docs/reliability/soak.json
    Tests/soak.py 2 03-Epoll               # two minutes on one of them, which writes nothing
"""
import asyncio
import collections
import os
import random
import sys
import time

sys.path.insert(0, "docs/measurements")
from common import Server, save, swift

SERVERS = ["03-Epoll", "04-Actor", "05-WebSocket"]
WARM_UP = 20
#: Seconds: the idle timeout is 5, the header's 10, the send timeout 10, a linger 2.
REST = 20
HELLO = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
UPGRADE = (
    "GET {} HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


class Connection:
    """A client's socket. However it ends, the socket is closed: in good order, or by a reset."""

    def __init__(self, server):
        self.server = server

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        return self

    async def __aexit__(self, *_):
        if random.random() < 0.3:
            self.writer.transport.abort()
        self.writer.close()

    async def ask(self, request=HELLO):
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        body = await self.reader.readexactly(int(head.lower().split(b"content-length:")[1].split()[0]))
        assert body == b"Hello", body

    async def upgrade(self, path):
        self.writer.write(UPGRADE.format(path).encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head

    def send(self, opcode, payload):
        """Returns a frame with the mask 0, which is good enough here."""
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big") if size < 65536 else b"\xff" + size.to_bytes(8, "big")
        self.writer.write(bytes([0x80 | opcode]) + length + bytes(4) + payload)

    async def receive(self):
        head = await self.reader.readexactly(2)
        size = head[1]
        if size > 125:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return head[0] & 0x0F, await self.reader.readexactly(size)


# Well-behaved: anything that goes wrong here is a failure.

async def visitor(client):
    client.writer.write(HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    answer = await client.reader.read()
    assert answer.endswith(b"Hello"), answer


async def regular(client):
    for _ in range(random.randrange(1, 10)):
        begin = time.monotonic()
        await client.ask(random.choice([HELLO, HELLO, HELLO.replace(b"/ ", b"/?delay=200ms "), HELLO.replace(b"/ ", b"/burn?ms=2 ")]))
        await asyncio.sleep(random.random() * 2)
        if time.monotonic() - begin > 4:
            return  # The machine held this client up for so long that the idle timeout may have come first.
    if random.random() < 0.3:
        assert await client.reader.read() == b""  # The idle timeout.


async def echo(client):
    await client.upgrade("/echo")
    for _ in range(random.randrange(1, 12)):
        payload = random.randbytes(random.choice([0, 10, 125, 1000, 20_000, 200_000]))
        client.send(2, payload)
        assert await client.receive() == (2, payload)
        await asyncio.sleep(random.random() * 2)
    if random.random() < 0.5:
        client.send(8, b"\x03\xe8")
        assert await client.receive() == (8, b"\x03\xe8")


async def chatter(client):
    await client.upgrade("/ws")
    client.send(1, b"subscribe news")  # Chapter 5 confirms it, the others echo it.
    for _ in range(random.randrange(1, 6)):
        question = b"Echo %d" % random.getrandbits(60)
        for text in [b"broadcast", b"publish news hello", question]:
            client.send(1, text)
        while await client.receive() != (1, b"Echo: " + question):
            pass
        await asyncio.sleep(random.random() * 4)


# Ill-behaved: the server may treat these as it likes.

async def dripper(client):
    for byte in b"GET / HTTP/1.1\r\nHost: test\r\nDrip: " + b"a" * 60:
        client.writer.write(bytes([byte]))
        await asyncio.sleep(0.5)
        if client.reader.at_eof() or client.reader.exception():
            return


async def deaf(client):
    client.writer.write(HELLO.replace(b"/ ", b"/chat ") * 2000)
    await asyncio.sleep(13)


async def deaf_chatter(client):
    await client.upgrade("/ws")
    client.reader._transport.pause_reading()
    await asyncio.sleep(random.random() * 15)


async def vandal(client):
    start = random.choice([b"", b"GET / HTTP/1.1\r\nHost: test\r\n", HELLO, UPGRADE.format("/echo").encode(), UPGRADE.format("/ws").encode()])
    client.writer.write(start + random.randbytes(random.randrange(2000)))
    await asyncio.wait_for(client.reader.read(), 5)


#: How many clients of each kind there are at a time.
GOOD = {visitor: 4, regular: 20, echo: 10, chatter: 10}
BAD = {dripper: 6, deaf: 2, deaf_chatter: 4, vandal: 4}


async def repeat(kind, server, until, counts, failures):
    """One client after the other, until the time is over."""
    while time.monotonic() < until:
        try:
            async with Connection(server) as client:
                await kind(client)
            counts[kind.__name__] += 1
        except (OSError, EOFError, AssertionError, asyncio.TimeoutError) as error:
            if kind in GOOD:
                failures.append(f"{kind.__name__}: {error!r}"[:300])
            else:
                counts[kind.__name__] += 1
        await asyncio.sleep(random.random())


def sample(server):
    return {"descriptors": len(os.listdir(f"/proc/{server.pid}/fd")), "threads": server.threads(), "anonymous_bytes": server.anonymous()}


async def load(server, seconds, counts, failures, samples):
    until = time.monotonic() + seconds
    clients = [asyncio.create_task(repeat(kind, server, until, counts, failures)) for kind, count in {**GOOD, **BAD}.items() for _ in range(count)]
    while time.monotonic() < until:
        samples.append(sample(server))
        await asyncio.sleep(5)
    await asyncio.gather(*clients)


async def soak(name, minutes):
    server = Server(*swift(name), cores=f"0-{os.cpu_count() - 1}")
    counts, failures, samples = collections.Counter(), [], []
    try:
        await load(server, WARM_UP, collections.Counter(), failures, [])
        await asyncio.sleep(REST)
        baseline = sample(server)
        await load(server, minutes * 60, counts, failures, samples)
        await asyncio.sleep(REST)
        after = sample(server)
        cpu = server.cpu()
    finally:
        status = server.stop()
    third = len(samples) // 3
    return {
        "minutes": minutes, "clients": dict(sorted(counts.items())), "failures": failures, "exit_status": status, "cpu_seconds": cpu, "baseline": baseline,
        "most": {key: max(s[key] for s in samples) for key in baseline}, "after": after,
        "mean_anonymous_bytes_by_third": [sum(s["anonymous_bytes"] for s in part) // max(1, len(part)) for part in (samples[:third], samples[third:2 * third], samples[2 * third:])],
        "returned": after["descriptors"] == baseline["descriptors"] and after["threads"] <= baseline["threads"]
        # An allocator keeps some memory; a leak that grows with time would be far more.
        and after["anonymous_bytes"] <= baseline["anonymous_bytes"] * 1.25 + (1 << 20),
    }


async def main(minutes, servers, records):
    results = dict(zip(servers, await asyncio.gather(*(soak(name, minutes) for name in servers))))
    for name, result in results.items():
        print(name, result, flush=True)
    if records:
        save("docs/reliability/soak.json", command="Tests/soak.py", results=results)
    return 0 if all(r["returned"] and not r["failures"] and r["exit_status"] == 0 for r in results.values()) else 1


if __name__ == "__main__":
    time_given = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    sys.exit(asyncio.run(main(time_given, sys.argv[2:] or SERVERS, len(sys.argv) < 3)))

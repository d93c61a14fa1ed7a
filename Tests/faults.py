#!/usr/bin/env python3
"""What a client on the network can do to a server, and what it costs the other clients: faults that take too long, or too many clients,
for the test suite. Each prints what it measured; the script fails if a server did not withstand one.

    swift build -c release
    Tests/faults.py                        # all of it on all servers; writes docs/reliability/faults.json
    Tests/faults.py unread 03-Epoll        # one fault on one server, which writes nothing
"""
import multiprocessing
import os
import re
import signal
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, "docs/measurements")
from common import Server, save, swift

ALL = ["01-Sequential", "02-ThreadPool", "03-Epoll", "04-Actor", "05-WebSocket"]
#: The servers that serve all clients at the same time.
UNLIMITED = ALL[2:]
HELLO = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def start(*command):
    return Server(*command, cores=f"0-{os.cpu_count() - 1}")


def connect(server, say=b""):
    client = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    client.sendall(say)
    return client


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def answer(client):
    """Returns the next complete response, or b"" if the connection ends instead."""
    bytes_ = b""
    while b"\r\n\r\n" not in bytes_ or len(bytes_) < bytes_.index(b"\r\n\r\n") + 4 + int(re.search(rb"Content-Length: (\d+)", bytes_)[1]):
        more = client.recv(65536)
        if not more:
            assert not bytes_, f"half an answer: {bytes_}"
            return b""
        bytes_ += more
    return bytes_


def descriptors(server):
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def settles(condition, seconds=20):
    """Whether the condition becomes true before the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def at_rest(server):
    """Returns how many descriptors it has open without clients. Some are opened at the first use and stay, so a first use comes before."""
    client = connect(server, UPGRADE)
    client.recv(4096)
    client.close()
    time.sleep(0.5)
    return descriptors(server)


def latencies(server, count=50_000):
    """Measures a well-behaved client's requests: the median and the 99th percentile, in milliseconds."""
    client = connect(server)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        client.sendall(HELLO)
        assert answer(client).endswith(b"Hello")
        times.append((time.perf_counter() - begin) * 1000)
    times.sort()
    return {"median_ms": round(times[count // 2], 3), "p99_ms": round(times[count * 99 // 100], 3)}


def drip(port, stop):
    """Two hundred clients that never finish their request; a client that is cut off starts again."""
    clients = []
    while not stop.is_set():
        clients += [socket.create_connection(("127.0.0.1", port)) for _ in range(200 - len(clients))]
        for client in list(clients):
            try:
                client.sendall(b"G")
            except OSError:
                clients.remove(client)
        stop.wait(0.1)


def slowloris(name):
    """A well-behaved client's latency while 200 others drip in requests that never end, some 2,000 bytes a second."""
    server, stop = start(*swift(name, "--header-timeout", "2s")), multiprocessing.Event()
    attack = multiprocessing.Process(target=drip, args=(server.port, stop))
    try:
        latencies(server, 1000)
        before = latencies(server)
        attack.start()
        settles(lambda: descriptors(server) > 200)
        during = latencies(server)
        there = descriptors(server)
    finally:
        stop.set()
        attack.join()
        status = server.stop()
    # The load shares two cores with the server: no client may have to wait for the 200, but they may cost some CPU time.
    return {"before": before, "during": during, "descriptors_during": there, "held": status == 0 and during["p99_ms"] <= before["p99_ms"] + 2}


def idle(name):
    """500 connections that send nothing, or nothing more: their CPU time, an answer to another client meanwhile, and their end."""
    server = start(*swift(name, "--header-timeout", "4s", "--idle-timeout", "4s"))
    try:
        free = at_rest(server)
        clients = [connect(server, HELLO if number % 2 else b"") for number in range(500)]
        for client in clients[1::2]:
            assert answer(client).endswith(b"Hello")
        cpu = server.cpu()
        time.sleep(2)
        cpu = server.cpu() - cpu
        alive = answer(connect(server, HELLO)).endswith(b"Hello")
        silent = all(client.recv(100) == b"" for client in clients)
        returned = settles(lambda: descriptors(server) == free)
    finally:
        status = server.stop()
    return {"cpu_seconds_of_two": round(cpu, 2), "others_answered": alive, "closed_in_the_end": silent, "held": status == 0 and alive and silent and returned and cpu < 0.1}


def shortage(name):
    """200 clients of a server that may open 64 descriptors: CPU time while it is full, and an answer after they have left."""
    server = start("sh", "-c", "ulimit -n 64; exec " + " ".join(swift(name, "--header-timeout", "60s")))
    try:
        clients = [connect(server) for _ in range(200)]
        time.sleep(1)
        used, cpu = descriptors(server), server.cpu()
        time.sleep(3)
        cpu = server.cpu() - cpu
        for client in clients:
            client.close()
        begin = time.monotonic()
        recovered = answer(connect(server, HELLO)).endswith(b"Hello")
        seconds = time.monotonic() - begin
    finally:
        status = server.stop()
    return {"descriptors_used": used, "cpu_seconds_of_three": round(cpu, 2), "seconds_to_recover": round(seconds, 2), "held": status == 0 and recovered and cpu < 0.15}


def unread(name):
    """469 MB of answers that the client does not read: how much memory grows. In the end the client reads every byte."""
    count = 23_400
    server = start(*swift(name, "--send-timeout", "60s"))
    try:
        first = connect(server, HELLO.replace(b"/ ", b"/chat "))
        page = len(answer(first))
        first.close()
        before, most = server.anonymous(), 0
        client = connect(server)
        sender = threading.Thread(target=client.sendall, args=(HELLO.replace(b"/ ", b"/chat ") * count,))
        sender.start()
        for _ in range(30):
            time.sleep(0.1)
            most = max(most, server.anonymous())
        cpu = server.cpu()
        time.sleep(1)
        cpu = server.cpu() - cpu
        got = 0
        while got < count * page:
            more = len(client.recv(1 << 20))
            assert more, f"the connection ended after {got} bytes"
            got += more
        sender.join()
        most = max(most, server.anonymous())
    finally:
        status = server.stop()
    return {"megabytes": round(got / 1e6), "bytes_grown": most - before, "cpu_seconds_of_one_while_unread": round(cpu, 2), "held": status == 0 and most - before < 2 << 20}


def storm(name):
    """5,000 clients that connect and leave: at once, by a reset, in the middle of a request, before the answer."""
    server = start(*swift(name))
    try:
        free, begin = at_rest(server), time.monotonic()
        for number in range(5000):
            client = connect(server, [b"", b"", b"GET / HT", HELLO, UPGRADE][number % 5])
            (reset if number % 2 else socket.socket.close)(client)
        seconds = time.monotonic() - begin
        last = connect(server, HELLO)
        alive = answer(last).endswith(b"Hello")
        last.close()
        returned = settles(lambda: descriptors(server) <= free)
        after = descriptors(server)
    finally:
        status = server.stop()
    return {"seconds": round(seconds, 1), "descriptors_before": free, "descriptors_after": after, "held": status == 0 and alive and returned}


def hammer(server, outcomes):
    """Sends requests, one after the other, until the server hangs up. Half an answer is a failure."""
    try:
        client = connect(server)
        while True:
            client.sendall(HELLO)
            if not answer(client):
                outcomes.append("closed instead of an answer")
                return
            outcomes.append("answered")
    except OSError:
        outcomes.append("reset instead of an answer")
    except AssertionError:
        outcomes.append("half an answer")


def stop(name):
    """SIGTERM and SIGINT under load: clients that wait get their answers, WebSockets get 1001, no client gets half an answer, and the exit status is 0."""
    result = {"held": True}
    for number in [signal.SIGTERM, signal.SIGINT]:
        server = start(*swift(name))
        many = 1 if name == ALL[0] else 3
        waiting = [connect(server, HELLO.replace(b"/ ", b"/?delay=500ms ")) for _ in range(many)]
        sockets = [connect(server, UPGRADE) for _ in range(many if name != ALL[0] else 0)]
        for client in sockets:
            assert client.recv(4096).startswith(b"HTTP/1.1 101")
        outcomes = []
        load = [threading.Thread(target=hammer, args=(server, outcomes)) for _ in range(many if name != ALL[0] else 0)]
        for thread in load:
            thread.start()
        time.sleep(0.3)
        begin = time.monotonic()
        server.process.send_signal(number)
        answered = sum(answer(client).endswith(b"Hello") for client in waiting)
        told = sum(client.recv(4) == b"\x88\x02\x03\xe9" for client in sockets)
        for client in sockets:
            client.close()
        status = server.process.wait(20)
        seconds = round(time.monotonic() - begin, 2)
        for thread in load:
            thread.join()
        result[number.name] = {
            "waiting_answered": f"{answered} of {len(waiting)}", "websockets_told": f"{told} of {len(sockets)}", "seconds": seconds, "exit_status": status,
            **{outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}}
        result["held"] &= status == 0 and answered == len(waiting) and told == len(sockets) and "half an answer" not in outcomes
    return result


FAULTS = {slowloris: UNLIMITED, idle: UNLIMITED, shortage: ALL, unread: ALL, storm: ALL, stop: ALL}


def main(arguments):
    results = {}
    for fault, servers in FAULTS.items():
        if arguments and fault.__name__ not in arguments:
            continue
        results[fault.__name__] = {"what": fault.__doc__, "servers": {}}
        for name in servers:
            if any(argument in ALL for argument in arguments) and name not in arguments:
                continue
            result = results[fault.__name__]["servers"][name] = fault(name)
            print(fault.__name__, name, result, flush=True)
    if not arguments:
        save("docs/reliability/faults.json", command="Tests/faults.py", results=results)
    return 0 if all(server["held"] for fault in results.values() for server in fault["servers"].values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Writes README.md in this folder from the recorded results beside it, so that no number is typed by hand.

    docs/measurements/tables.py            # --check: fails where the text and the results differ
"""
import os
import sys

from markdown import FOLDER, load, table, where
from peer_tables import instructions, peers


def articles():
    result = load("articles")
    rows = []
    for name, run in result["runs"].items():
        rows.append([f"`{name}`", f"{run['median_ms']:,.1f}", f"{run['max_ms']:,.1f}", run["seconds"], run["failed"]])
    return f"""## The articles' experiment

Thirty requests, ten clients at once, a backend that takes half a second, or five: `bench -n 30 -c 10`.

{table(['server', 'median ms', 'longest ms', 'all done after s', 'failed'], rows)}

A sequential server makes the tenth client wait for nine others: the median is ten times the delay, the articles' 50 s. Ten threads, or
anything that does not hold a thread while it waits, are done after three delays.

{where(result)}
"""


def servers():
    result = load("servers")
    rows = []
    for name, cases in result["results"].items():
        for case, values in cases.items():
            rows.append([f"`{name}`", case, values["cpu_per_request_to_c"], values["rate_to_c"], values["cpu_us_per_request"], f"{values['requests_per_second']:,.0f}"])
    return f"""## What a request costs

Keep-alive, the server on one core, the load (wrk) on the other. Each figure is the median of {result['rounds']} rounds; the ratios are to the C
yardstick, `Peers/c/http.c`, measured immediately before in the same round. The yardstick finds the end of a request and parses nothing.

{table(['server', 'connections', 'CPU per request, to C', 'rate, to C', 'CPU µs per request', 'requests per second'], rows)}

What this does not show: the absolute figures drift with whatever else the machine does (compare ratios only), and with one connection half of the time is
waking up the other side, whatever the server.

**Where the pool holds its own, and where it wins.** With one connection every server's rate is within a tenth of C's, and their CPU time within a seventh: the kernel wakes whoever waits, be it in `poll` or in `epoll_wait`. With
sixteen requests at once in every read, a thread has something to do when it wakes up, and the pool's rate comes closest to the loop's. And it wins where requests compute: in the pool one that
burns the CPU holds up nobody but its own client, in the loop of chapter 3 it holds up everybody (the conformance suite shows both).

{where(result)}
"""


def memory():
    result = load("memory")
    rows = [[f"`{name}`", v["keep-alive"]["connections"], f"{v['keep-alive']['bytes_per_connection']:,}", f"{v['WebSocket']['bytes_per_connection']:,}", v["keep-alive"]["threads"]] for name, v in result["results"].items()]
    return f"""## What an idle connection costs

Memory of the server's own (RssAnon); the kernel's buffers come on top.

{table(['server', 'connections', 'bytes per keep-alive connection', 'bytes per WebSocket on /ws', 'threads'], rows)}

Chapter 4 keeps the same state as chapter 3; the rest is the client's task and its memory, which the Swift runtime allocates.

{where(result)}
"""


def websocket():
    result = load("websocket")
    rows = []
    for name, cases in result["results"].items():
        for case, v in cases.items():
            rows.append([f"`{name}`", case, v["cpu_us_to_c"], v["rate_to_c"], v["p99_us_to_c"] or "–", v["cpu_us"], f"{v['rate']:,.0f}"])
    return f"""## What a WebSocket message costs

One loop on one core, the load (`Peers/c/load.c`) on the other; two loops on both cores, where the load takes its part of one. Ratios to `Peers/c/ws.c`, which
trusts its clients, medians of {result['rounds']} rounds. A broadcast's p99 is the time until the last client has it.

{table(['server', 'case', 'CPU per message, to C', 'rate, to C', 'p99, to C', 'CPU µs per message', 'messages per second'], rows)}

{where(result)}
"""


def clients():
    result = load("clients")
    http, sockets = [], []
    for server, tools in result["results"].items():
        rows = sockets if "load.c" in tools else http
        for name, v in tools.items():
            ratios = ["–", "–"] if name.startswith("bench") else [v["rate_ratio"], v["cpu_ratio"]]
            rows.append([f"`{server}`", f"`{name}`", f"{v['rate']:,}", v["cpu_us"], *ratios])
    head = ["server", "client", "per second", "client's CPU µs for each"]
    return f"""## What the measuring tool costs, and what it can ask for

Server and client on a core each, 64 connections, medians of {result['rounds']} rounds; the ratios are those within a round. Against the yardstick a client's own speed is the
limit, against nginx it is the server's.

{table(head + ['rate of bench to it', 'CPU of bench to it'], http)}

`bench ws` beside `Peers/c/load.c`, which masks with zeros and looks at lengths only; `bench` checks every message:

{table(head + ['rate of bench to it', 'CPU of bench to it'], sockets)}

{where(result)}
"""


def small():
    result = load("small")
    return "## Small things\n\n" + "\n".join(
        f"`{command}`\n\n```\n{text}\n```\n" for command, text in result["outputs"].items()) + f"""
One loop with an edge trigger, and the same with a level trigger, for 1,000 requests on 10 connections to a backend of 1 ms (`strace -c`):

{table(['system call', 'edge', 'level'], [[f'`{call}`', *counts] for call, counts in result['triggers'].items()])}

With an edge trigger a connection is registered once and never touched again. With a level trigger the loop would be told again and again of what it does not want to
hear while it waits for the backend, so it has to switch that off and on: two more system calls (`epoll_ctl`) for every wait.

Two loops against one, keep-alive, 64 connections, server and load on the same two cores, so that the second loop gets what the load leaves over:

{table(['server', 'one loop, requests/s', 'two loops', 'two to one, median of rounds'], [[f'`{name}`', f"{v['one']:,.0f}", f"{v['two']:,.0f}", v['ratio']] for name, v in result['two_loops'].items()])}

How long `serve` is, by chapter (`advance` in 03 and 05, which is `serve` inside out):

{table(['`serve`', 'lines'], [[f'`{file}`', lines] for file, lines in result['lines_of_serve'].items()])}

{where(result)}
"""


def claims():
    """docs/actor-or-mutex.md: what the articles claim, and what was seen."""
    results = load("websocket")["results"]
    hop = load("small")["outputs"]["bench hop"].split("\n")
    mutex, same, own, other = [int(line.split(":")[1].split()[0]) for line in hop]

    def ratio(registry, case, loops=1, key="cpu_us_to_c"):
        return results[f"05-WebSocket --registry {registry} --loops {loops}"][case][key]

    def lines(registry):
        return len(open(os.path.join(FOLDER, f"../../Sources/05-WebSocket/{registry}Registry.swift")).readlines())

    def all_three(case, loops=1, key="cpu_us_to_c"):
        return ", ".join(f"{registry} {ratio(registry, case, loops, key)}" for registry in ["sharded", "actor", "mutex"])

    rows = [
        ["Concurrency model", "messages instead of locks", "Seen in the source: `ActorRegistry.swift` has no lock and an `await` in every question; `MutexRegistry.swift` has one lock and no `await`; `ShardedRegistry.swift` has neither, because nobody else touches what it owns."],
        ["Safety", "the compiler keeps data races out of actors", "True, and only there: the mutex's dictionary needs `@unchecked Sendable` and a sentence. But an actor does not protect from what happens *between* two awaits: `register` has to look whether the client has gone meanwhile. `Tests/sanitize.sh thread` runs the conformance suite against all three under the thread sanitizer, and fails on any report."],
        ["Scalability", "actors scale by sharding", f"Rate of a broadcast to 10,000 with two loops, to C: {all_three('broadcast to 10,000', 2, 'rate_to_c')}; everybody sends, 256 clients: {all_three('everybody sends, 256 clients', 2, 'rate_to_c')}. (C has no such command; its echo stands in.) Within 5 % of each other after so few rounds: on two cores, one of which the load needs, this measurement tells no difference, and it does not answer how they scale on more."],
        ["Complexity", "actors are simpler", f"Lines: {lines('Sharded')} for the shards, {lines('Mutex')} for the mutex, {lines('Actor')} for the actor. The mutex is short, and the easiest to get wrong: whoever sends under the lock stops everybody."],
        ["Performance", "a mutex is faster without contention, an actor with it", f"CPU per broadcast delivery to 1,000, to C: {all_three('broadcast to 1,000')}. Everybody sends, 256 clients: {all_three('everybody sends, 256 clients')}. Registration of 5,000: {all_three('registration of 5,000')}. A question to an actor costs {same} ns on the same loop, {own} ns with a queue of its own, {other:,} ns on another loop; an uncontended mutex {mutex} ns."],
        ["Testability", "actors are easier to test", "The same suites run against all three, without a line of difference (`Tests/WebSocketTests`, `Tests/ConformanceTests`). What made testing easy is that protocol and waiting are apart."],
        ["Debugging", "an actor's state is in one place", "So is the mutex's. Not measured. What a debugger shows of each is left for the reader to try."],
        ["Fault isolation", "a failing actor does not take others with it", "In Swift a trap ends the process, whatever it happened in. What ends one client only is that its errors are values: `advance` cannot throw (`ShardAdvance.swift`)."],
        ["When to choose which", "actors for many clients, a mutex for small shared state", "A mutex for a dictionary that is looked up and nothing else. One actor where questions have to wait for other things. Shards where there is more to do than one thread can."],
    ]
    return f"""# Actor or mutex?

The articles compare a connection-manager actor with a mutex around a dictionary, in a table of claims. `05-WebSocket` has both, and shards, behind one protocol
(`--registry actor|mutex|sharded`), so every claim can be answered by what was measured or can be read. Written by `docs/measurements/tables.py`; all ratios are to
the C yardstick, medians, from [the measurements](measurements/README.md).

{table(['', 'the claim', 'the answer here'], rows)}
"""


def text():
    parts = [articles(), servers(), memory(), websocket(), peers(), instructions(), clients(), small()]
    return "# Measurements\n\nWritten by `docs/measurements/tables.py` from the results recorded here; every result names the command that repeats it.\n\n" + "\n".join(parts)


def main():
    for path, content in [("README.md", text()), ("../actor-or-mutex.md", claims())]:
        path = os.path.normpath(os.path.join(FOLDER, path))
        if "--check" not in sys.argv:
            open(path, "w").write(content)
        elif open(path).read() != content:
            sys.exit(f"{path} is not what docs/measurements/tables.py writes: run it")


main()

"""What the trace player shows of each server: `serve`, or `advance`, as it is in the source (Sources/BenchTour/Player/listings.json)."""
import json
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILES = {
    "01-Sequential": "Server.swift", "02-ThreadPool": "Server.swift", "03-Epoll": "EventLoop.swift",
    "04-Actor": "LoopActor.swift", "05-WebSocket": "Shard+Advance.swift",
}


def listing(server):
    path = f"Sources/{server}/{FILES[server]}"
    text = open(os.path.join(ROOT, path)).read()
    # A function ends at the brace that is as far to the left as its first line.
    found = re.search(r"^( *)(?:private |mutating )*func (?:serve|advance)\(.*?^\1}$", text, re.M | re.S)
    lines = [line[len(found[1]):] for line in found[0].split("\n")]
    return {"file": path, "line": text.count("\n", 0, found.start()) + 1, "text": "\n".join(lines)}


def listings():
    return json.dumps({server: listing(server) for server in FILES}, indent=1, ensure_ascii=False) + "\n"

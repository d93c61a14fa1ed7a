#!/usr/bin/env python3
"""Where the user-space instructions of a keep-alive request go, as valgrind counts them (see instructions.py): by library, and in our
code by part.

    swift build -c release
    docs/measurements/profile.py
"""
import re
import tempfile

from common import Server, first_line, save
from contestants import OURS
from instructions import CASES, FEW, MANY, converse

# Parts of our code, found by a piece of the mangled name; each includes everything that it calls, except what has a separate row.
# Code that the optimizer merged into the loop (recv and send) no longer has a name: it is in the rest.
PARTS = {
    "parsing the request and finding its route": "7SessionV7receiveyySi_AA9IOBuffers",
    "writing the response": "7SessionV6answer",
    "deciding what to do next": "7SessionV4nextyAC6Action",
    "epoll_wait": "6PollerV4wait",
    "the clock and the date": "9IOBuffersV4tick",
}
REST = "the rest: the loop, recv, send, and in chapter 4 the tasks"


def read(lines):
    """Instructions by library, and by function with everything that it calls, from callgrind's file: a name is given once, with a number
    that replaces it afterward; a line of costs is the function's own unless it follows a call."""
    names, libraries, functions = {}, {}, {}
    library = function = None
    is_call = False
    for line in lines:
        name = re.match(r"(ob|fn)=(\(\d+\))(?: (.+))?", line)
        if name:
            kind, number, text = name.groups()
            if text:
                names[kind, number] = text
            if kind == "ob":
                library = names[kind, number].rsplit("/", 1)[-1]
            else:
                function = names[kind, number]
        elif text := re.match(r"c(ob|fn)=(\(\d+\)) (.+)", line):
            names[text[1], text[2]] = text[3]
        elif line.startswith("calls="):
            is_call = True
        elif cost := re.match(r"[+*\-\d]\S* (\d+)$", line):
            functions[function] = functions.get(function, 0) + int(cost[1])
            if not is_call:
                libraries[library] = libraries.get(library, 0) + int(cost[1])
            is_call = False
    return libraries, functions


def profile(command, count):
    with tempfile.NamedTemporaryFile("r") as output:
        server = Server("valgrind", "--tool=callgrind", f"--callgrind-out-file={output.name}", "--log-file=/dev/null", *command)
        try:
            converse(server, *CASES["request"], count)
        finally:
            server.stop()
        return read(output)


def measure(command):
    few, many = profile(command, FEW), profile(command, MANY)
    libraries, functions = [
        {name: round((count - less.get(name, 0)) / (MANY - FEW)) for name, count in more.items()} for less, more in zip(few, many)]
    parts = {part: max(count for name, count in functions.items() if symbol in name) for part, symbol in PARTS.items()}
    parts[next(iter(PARTS))] -= parts["writing the response"]
    total = sum(libraries.values())
    parts[REST] = total - sum(parts.values())
    return {
        "total": total,
        "libraries": {name: count for name, count in libraries.items() if count > 20},
        "parts": parts,
    }


def main():
    results = {}
    for name, commands in OURS.items():
        results[name] = measure(commands["http"])
        print(name, results[name], flush=True)
    save("docs/measurements/profile.json", valgrind=first_line("valgrind", "--version"), requests=MANY - FEW, results=results)


main()

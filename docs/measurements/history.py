#!/usr/bin/env python3
"""What each step of the optimization gained: user-space instructions (see instructions.py) at some commits of this repository.

Every commit is checked out and built in a separate folder, which takes a minute or two each. Recorded commits are
not counted again.

    docs/measurements/history.py
"""
import json
import os
import subprocess
import tempfile

from common import first_line, save
from contestants import OURS
from instructions import FEW, MANY, measure

RECORDED = "docs/measurements/history.json"
# The first commit with each step in it, and the step.
STEPS = [
    ("62c6183", "the first complete servers of chapters 3 and 4"),
    ("e10b0ec", "the first complete server of chapter 5; nothing is parsed if nothing has arrived"),
    ("e5bb677", "fewer checks and allocations per message"),
    ("fcd716a", "responses from the thread's I/O buffers; a session keeps only what is unfinished"),
    ("7adc218", "no run-time checks of exclusive access where one thread is alone"),
    ("9f3ec9b", "the loop enters its actor once; no such checks at all; one output buffer; messages are read where they have arrived"),
    ("e945e46", "event points for traces, off"),
    ("6ddcfbc", "no thread that only waits for signals"),
    ("449336c", "responses without a reference count; the date is kept with the output"),
    ("87565d6", "the parser in one piece, for the machine"),
    ("802a8df", "one look at the clock per loop iteration; chapter 4 touches a client's entry once per event"),
]


def build(commit, folder):
    """The servers that this commit has, by name."""
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", folder, commit], check=True)
    built = {}
    for name, commands in OURS.items():
        product = name.split()[0]
        if os.path.isdir(f"{folder}/Sources/{product}"):
            build = ["swift", "build", "-c", "release", "--package-path", folder, "--product", product]
            subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
            built[name] = {kind: [f"{folder}/.build/release/{product}", *command[1:]] for kind, command in commands.items()}
    return built


def main():
    recorded = {}
    if os.path.exists(RECORDED):
        recorded = {step["commit"]: step["instructions"] for step in json.load(open(RECORDED))["steps"]}
    steps = []
    for commit, step in STEPS:
        if commit in recorded:
            steps.append({"commit": commit, "step": step, "instructions": recorded[commit]})
            continue
        with tempfile.TemporaryDirectory() as parent:
            folder = os.path.join(parent, "checkout")
            try:
                servers = build(commit, folder)
                instructions = {name: measure(commands) for name, commands in servers.items()}
            finally:
                subprocess.run(["git", "worktree", "remove", "--force", folder])
        print(commit, instructions, flush=True)
        steps.append({"commit": commit, "step": step, "instructions": instructions})
        save(RECORDED, valgrind=first_line("valgrind", "--version"), requests=MANY - FEW, steps=steps)


main()

#!/usr/bin/env python3
"""Tries every "Change this line and look" box in the pages: applies the patch to the program of its step, and fails if the step's check does
not say what the box promises.

    swift build --product course
    docs/patches.py            # all boxes; or only those of some steps: docs/patches.py 1c 2d

A box has a mark, `<!-- patch: 1c, fails: words of the message -->` (or `passes`), and then a diff. A line that the diff removes or keeps must be in
the program, exactly once.
"""
import glob
import os
import re
import sys

import record_steps
import steps


def boxes():
    for page in sorted(glob.glob(os.path.join(steps.ROOT, "docs/*.md"))):
        text = re.sub(r"^> ?", "", open(page).read(), flags=re.M)
        for step, promise, diff in re.findall(r"<!-- patch: (\w+), (.+?) -->\n```diff\n(.*?)```", text, re.S):
            yield os.path.basename(page), step, promise, diff


def patched(files, diff):
    """The file that the diff fits, changed; None if there is not exactly one place."""
    lines = diff.rstrip("\n").split("\n")
    old = [line[1:] for line in lines if line[:1] in "- "]
    new = [line[1:] for line in lines if line[:1] in "+ "]
    places = []
    for name, text in files.items():
        have = text.split("\n")
        for start in range(len(have) - len(old) + 1):
            if [line.strip() for line in have[start:start + len(old)]] == [line.strip() for line in old]:
                places.append((name, have[:start] + new + have[start + len(old):]))
    if len(places) != 1:
        return None
    name, text = places[0]
    return {**files, name: "\n".join(text)}


def problem(root, step, promise, diff):
    files = patched(steps.program(step), diff)
    if files is None:
        return "does not fit the program in one place"
    done = record_steps.check(root, step, files)
    said = " ".join((done.stdout + done.stderr).split())
    kind, _, words = promise.partition(": ")
    if kind == "passes":
        return None if done.returncode == 0 else f"does not pass: {said[-300:]}"
    allowed = [" ".join(part.split()) for part in words.split("|")]  # A race may show itself in more than one way.
    return None if done.returncode != 0 and any(part in said for part in allowed) else f"does not say '{words}': {said[-400:]}"


def main():
    chosen, failed, count = sys.argv[1:], 0, 0
    with record_steps.own_root() as root:
        for page, step, promise, diff in boxes():
            if chosen and step not in chosen:
                continue
            count += 1
            trouble = problem(root, step, promise, diff)
            if trouble:
                failed += 1
                print(f"{page}, {step}: {trouble}")
    print(f"{count - failed} boxes keep their promise, {failed} do not")
    sys.exit(1 if failed else 0)


main()

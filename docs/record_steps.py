#!/usr/bin/env python3
"""Records what `course check` says about the program of the previous step: docs/steps/1c.txt and so on, which the pages show.

    swift build --product course
    docs/record_steps.py            # all steps; or only some: docs/record_steps.py 1c 1d

Only the failing part is kept: the line with the cross, and what follows it up to the advice at the end. Tests/StepTests fails if a check says anything else.
"""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

import steps

COURSE = os.path.join(steps.ROOT, ".build/debug/course")


@contextlib.contextmanager
def own_root():
    """A folder that looks like this repository to `course`; the reader's program and progress in this one are not touched."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("Steps", "Workshop", "docs", ".build"):
            os.symlink(os.path.join(steps.ROOT, name), os.path.join(folder, name))
        yield folder


def check(root, step, files):
    """Replaces MyServer with this program, and runs the step's check on it."""
    mine = os.path.join(root, "MyServer")
    shutil.rmtree(mine, ignore_errors=True)
    for name, text in files.items():
        path = os.path.join(mine, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write(text)
    return subprocess.run([COURSE, "check", step], cwd=root, capture_output=True, text=True)


def failure(output):
    """The failing part of what `check` printed, without colors."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines()
    start = next((index for index, line in enumerate(lines) if line.startswith("✗")), None)
    if start is None:
        return None
    end = next((index for index in range(start, len(lines)) if lines[index].startswith("Read docs/")), len(lines))
    # The parts that did not run are listed in between; the page does not need them.
    kept = [line for line in lines[start:end] if not re.match(r"[✓·] ", line)]
    return shortened("\n".join(kept).rstrip())


def shortened(text):
    """Removes what differs each time, such as ports, and keeps only the end of a long list of events."""
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:…", text)
    head, mark, events = text.partition("\nwhat happened:\n")
    events = events.split("\n")
    if len(events) > 10:
        events = ["    …", *events[-8:]]
    lines = (head + mark + "\n".join(events)).split("\n")
    return "\n".join(line if len(line) <= 118 else line[:116].rstrip() + " …" for line in lines).rstrip() + "\n"


def record(root, step):
    before = steps.before(step)
    if before is None:
        return
    done = check(root, step, steps.program(before))
    text = failure(done.stdout)
    if text is None:
        print(f"{step}: the program of {before} passes, or nothing was said:\n{done.stdout}{done.stderr}")
        return
    os.makedirs(os.path.join(steps.ROOT, "docs/steps"), exist_ok=True)
    open(os.path.join(steps.ROOT, f"docs/steps/{step}.txt"), "w").write(text)
    print(f"{step}\n{text}")


def main():
    with own_root() as root:
        for name in sys.argv[1:] or list(steps.names()):
            record(root, name)


if __name__ == "__main__":
    main()

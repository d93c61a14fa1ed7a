#!/usr/bin/env python3
"""Rewrites the generated parts of the pages, so that no number and no line of code in them is typed by hand; also writes whole files: docs/pictures/switches.svg and peers.svg, and the trace player's listings.

    docs/refresh.py            # --check: changes nothing, and fails if a page differs from its sources

The text between two marks is generated; the first mark says from what:

    <!-- snippet: FILE NAME -->           the lines of FILE between `// snippet: NAME` and `// snippet: end`; `all`: the whole file, after its imports
    <!-- diff: FILE NAME, FILE NAME -->   what changed from one snippet to the other
    <!-- table: NAME -->                  measurements/tables.py; after a colon, words that the rows' first column must contain one of
    <!-- step: 1c -->                     what a reader changes in step 1c; `1c 2` or `1c 2-3`: only these pieces
    <!-- failure: 1c -->                  what `course check 1c` says about the program of the previous step (docs/steps/1c.txt, recorded)
    <!-- output: COMMAND -->              what a command printed when it was measured
    <!-- figure: NAME -->                 measurements/figures.py: a number within a sentence
    <!-- card: all -->                    the report card of the five servers; with a server's name instead of `all`: the servers up to that one
    <!-- exercises: CHAPTER -->           the workshop's exercises for a chapter
    <!-- end -->

It prints how much of the code the pages show, and --check fails below docs/coverage.py's least shares, or if a page shows one step of a
chapter but not every line of another.
"""
import difflib
import glob
import os
import re
import sys
import textwrap

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "docs"), os.path.join(ROOT, "docs/measurements")]
import steps  # noqa: E402
from coverage import coverage  # noqa: E402
from figures import figures  # noqa: E402
from listings import listings  # noqa: E402
from report_card import report_card  # noqa: E402
import peers_picture  # noqa: E402
import switches_picture  # noqa: E402
from tables import output, table  # noqa: E402


def snippet(source):
    path, name = source.split()
    text = open(os.path.join(ROOT, path)).read()
    marks = r"\A(?:(?://|import )[^\n]*\n|\n)*\n(.*)\Z" if name == "all" else rf"^ *// snippet: {name}\n(.*?)^ *// snippet: end$"
    found = re.findall(marks, text, re.M | re.S)
    if len(found) != 1:
        sys.exit(f"{path} has {len(found)} snippets named {name}")
    return textwrap.dedent(found[0]).rstrip("\n")


def diff(sources):
    """Compares without indentation: a line that has only moved to the right is the same line."""
    old, new = [snippet(source).splitlines() for source in sources.split(", ")]
    matcher = difflib.SequenceMatcher(None, [line.strip() for line in old], [line.strip() for line in new], autojunk=False)
    lines = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag != "equal":
            lines += ["-" + line for line in old[old_from:old_to]]
        lines += [(" " if tag == "equal" else "+") + line for line in new[new_from:new_to]]
    return "\n".join(lines)


def exercises(chapter):
    lines = []
    for path in sorted(glob.glob(os.path.join(ROOT, f"Workshop/{chapter}.*/exercise.md"))):
        text = open(path).read()
        title = re.match(r"# (.+)", text)[1]
        minutes = re.search(r"^- minutes: (\d+)$", text, re.M)[1]
        lines.append(f"- [{title}](../{os.path.relpath(path, ROOT)}), {minutes} min")
    return "\n".join(lines)


def fenced(language, text):
    return f"\n```{language}\n{text}\n```\n"


def failure(step):
    return open(os.path.join(ROOT, "docs/steps", f"{step}.txt")).read().rstrip("\n")


GENERATE = {
    "step": steps.shown,
    "failure": lambda step: fenced("", failure(step)),
    "snippet": lambda source: fenced("swift", snippet(source)),
    "diff": lambda sources: fenced("diff", diff(sources)),
    "table": lambda name: f"\n\n{table(*name.split(': '))}\n\n",
    "output": lambda command: fenced("", output(command)),
    "figure": lambda name: figures()[name],
    "card": lambda until: f"\n\n{report_card(until)}\n\n",
    "exercises": lambda chapter: f"\n\n{exercises(chapter)}\n\n",
}
MARK = rf"<!-- ({'|'.join(GENERATE)}): ([^>]*) -->"
WHOLE = {
    "docs/pictures/switches.svg": switches_picture.picture, "docs/pictures/peers.svg": peers_picture.picture,
    "Sources/BenchTour/Player/listings.json": listings,
}
# Up to the end of this part: if that is missing, the part is not changed, and DocsTests reports it.
PART = re.compile(rf"({MARK})(?:(?!<!-- \w+: ).)*?(<!-- end -->)", re.S)


def refreshed(page):
    return PART.sub(lambda part: part[1] + GENERATE[part[2]](part[3]) + part[4], page)


def main():
    pages = [os.path.join(ROOT, "README.md"), *glob.glob(os.path.join(ROOT, "docs/**/*.md"), recursive=True)]
    drawn = {os.path.join(ROOT, path): make for path, make in WHOLE.items()}
    stale = []
    for path in [*sorted(pages), *drawn]:
        old = open(path).read() if os.path.exists(path) else ""
        new = drawn[path]() if path in drawn else refreshed(old)
        if re.search(r"^<!-- figure", old, re.M):
            sys.exit(f"{path}: a line that begins with a comment is not read as Markdown; break it elsewhere")
        if new != old and "--check" in sys.argv:
            stale.append(os.path.relpath(path, ROOT))
        elif new != old:
            open(path, "w").write(new)
    hidden = steps.hidden([open(path).read() for path in pages])
    for folder, shown, count, least in coverage():
        print(f"{folder}: the pages show {shown} of {count} lines of code, {shown / max(1, count):.0%} (at least {least} %)")
        hidden += [folder] if 100 * shown < least * count else []
    if hidden and "--check" in sys.argv:
        sys.exit(f"the pages hide: {', '.join(hidden)}")
    if stale:
        sys.exit(f"not what docs/refresh.py writes, run it: {' '.join(stale)}")


main()

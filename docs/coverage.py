"""How much of the code the book shows: the share of code lines that a code block of some page contains.

Blank lines, comments, imports and lines that consist of braces do not count."""
import glob
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# The least share per folder, in percent.
LEAST = {
    "Steps": 100,
    "Sources/01-Sequential": 90,
    "Sources/02-ThreadPool": 90,
    "Sources/03-Epoll": 90,
    "Sources/04-Actor": 70,
    "Sources/05-WebSocket": 70,
    "Sources/Common": 50,
}


def shown_lines():
    lines = set()
    for page in glob.glob(os.path.join(ROOT, "docs/**/*.md"), recursive=True):
        for block in re.findall(r"^```[^\n]*\n(.*?)^```", open(page).read(), re.S | re.M):
            for line in block.splitlines():
                lines |= {line.strip(), re.sub(r"^[+ ]", "", line).strip()}
    return lines


def code_lines(folder):
    for path in sorted(glob.glob(os.path.join(ROOT, folder, "**/*.swift"), recursive=True)):
        if re.search(r"/(Wrong|Broken|Variant)/|/Check\.swift$", path):
            continue
        for line in open(path).read().splitlines():
            line = line.strip()
            if line and not line.startswith(("//", "import ")) and len(re.sub(r"[\W_]", "", line)) >= 3:
                yield line


def coverage():
    """Per folder: lines shown, lines in all, and the least share."""
    shown = shown_lines()
    for folder, least in LEAST.items():
        lines = list(code_lines(folder))
        yield folder, sum(line in shown for line in lines), len(lines), least

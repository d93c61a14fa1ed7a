"""The programs of the step path (Steps/1a-hello/ …): what each one is, and what it changes.

A folder holds only the files that its step adds or changes; the program of a step is the program of the step before it, with those
files added or replaced. `- from: 1j` in step.md names another step to start from, `- removes: FILE` takes a file away.
"""
import difflib
import functools
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, "Steps")
CONTEXT = 2


@functools.cache
def names():
    """`1a`, `1b`, … in the order of the path, each with its folder."""
    if not os.path.isdir(FOLDER):
        return {}
    found = sorted(name for name in os.listdir(FOLDER) if re.match(r"\d[a-z]-", name))
    return {name[:2]: os.path.join(FOLDER, name) for name in found}


def text(step):
    return open(os.path.join(names()[step], "step.md")).read()


def keys(step, key):
    return re.findall(rf"^- {key}: (.+)$", text(step).split("\n\n## ")[0], re.M)


def title(step):
    return re.match(r"# \S+ (.+)", text(step))[1]


def before(step):
    """The step whose program this one changes; None for the first."""
    start = keys(step, "from")
    if start:
        return start[0].split()[0]
    order = list(names())
    place = order.index(step)
    return order[place - 1] if place > 0 else None


def own_files(step):
    found = {}
    for folder, folders, files in os.walk(names()[step]):
        folders[:] = [name for name in folders if name not in ("Wrong", "Broken", "Variant")]
        for file in files:
            path = os.path.relpath(os.path.join(folder, file), names()[step])
            if path not in ("step.md", "Check.swift"):
                found[path] = open(os.path.join(folder, file)).read()
    return found


@functools.cache
def program(step):
    """File name → text."""
    start = before(step)
    files = dict(program(start)) if start else {}
    for name in keys(step, "removes"):
        files.pop(name)
    return files | own_files(step)


def language(file):
    return "swift" if file.endswith(".swift") else "c"


@functools.cache
def hunks(step):
    """What a reader changes, in pieces: (file, kind, text), kind being `new`, `change` or `remove`."""
    start = before(step)
    old, new = program(start) if start else {}, program(step)
    pieces = [(name, "remove", "") for name in sorted(old.keys() - new.keys())]
    for name in sorted(new, key=lambda file: (file != "Server.swift", file)):
        if name not in old:
            pieces.append((name, "new", new[name].rstrip("\n")))
        elif old[name] != new[name]:
            pieces += [(name, "change", piece) for piece in changes(old[name], new[name])]
    return pieces


def changes(old, new):
    old, new = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        lines = []
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += [" " + line for line in new[new_from:new_to]]
            else:
                lines += ["-" + line for line in old[old_from:old_to]]
                lines += ["+" + line for line in new[new_from:new_to]]
        yield "\n".join(lines)


def chosen(words):
    """`1c` (all pieces), `1c 2` or `1c 2-3`: the step and the numbers of its pieces, from 1."""
    step, _, numbers = words.partition(" ")
    count = len(hunks(step))
    if not numbers:
        return step, list(range(1, count + 1))
    first, _, last = numbers.partition("-")
    return step, list(range(int(first), int(last or first) + 1))


def shown(words):
    """The Markdown of some pieces of a step."""
    step, numbers = chosen(words)
    blocks = []
    for number in numbers:
        file, kind, piece = hunks(step)[number - 1]
        if kind == "remove":
            blocks.append(f"*{file}* is no longer needed: delete it.")
        elif kind == "new":
            blocks.append(f"*{file}* (new)\n\n```{language(file)}\n{piece}\n```")
        else:
            blocks.append(f"*{file}*\n\n```diff\n{piece}\n```")
    return "\n\n" + "\n\n".join(blocks) + "\n\n"


def hidden(pages):
    """Pieces of steps that no page shows, or that pages show more than once: `1c 2`. Only of chapters that show steps at all."""
    seen = {}
    for page in pages:
        for words in re.findall(r"<!-- step: ([^>]*?) -->", page):
            step, numbers = chosen(words)
            for number in numbers:
                seen[(step, number)] = seen.get((step, number), 0) + 1
    chapters = {step[0] for step, _ in seen}
    wanted = {(step, number) for step in names() if step[0] in chapters for number in range(1, len(hunks(step)) + 1)}
    return sorted(f"{step} {number}" for step, number in wanted if seen.get((step, number), 0) != 1)

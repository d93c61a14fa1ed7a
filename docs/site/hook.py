"""Turns the marks of the pages into what Markdown on its own cannot show.

- A link to a source file leads to a page of the site that shows it (the site has no other host to send a reader to).
- A ```diff block becomes two columns, with runs of unchanged lines folded.
- `<!-- step: 1c … -->` becomes a card: where this step is on the path, the program before and after it, and a download.
- `<details>` may contain Markdown; glossary terms get tooltips.
- `<span data-predict="NAME" data-unit="s">` becomes a field, and `<span data-answer="NAME">` shows the guess next to the answer (site.js).
"""
import html
import json
import os
import posixpath
import re
import sys

from mkdocs.structure.files import File

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "docs"))
import steps  # noqa: E402

LANGUAGES = {".swift": "swift", ".c": "c", ".h": "c", ".py": "python", ".sh": "bash", ".json": "json", ".html": "html"}
LINK = re.compile(r"(\]\()(?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)")
FOLD = 6  # Runs of unchanged lines longer than this are folded.


def on_files(files, config):
    for path in sorted(linked_paths(files)):
        files.append(File.generated(config, source_page(path), content=source_text(path)))
    for step in steps.names():
        files.append(File.generated(config, f"steps/{step}.json", content=json.dumps(step_record(step))))
    return files


def linked_paths(files):
    """Files outside docs/ that some page links to, and those that they link to."""
    found, todo = set(), [file.src_uri for file in files if file.src_uri.endswith(".md")]
    pages = [(uri, open(os.path.join(ROOT, "docs", uri)).read()) for uri in todo]
    while pages:
        uri, text = pages.pop()
        for link in LINK.finditer(text):
            path = outside(uri, link[2])
            if path and path not in found:
                found.add(path)
                if path.endswith(".md"):
                    pages.append((posixpath.join("..", path), open(os.path.join(ROOT, path)).read()))
    return found


def outside(uri, link):
    """The repository path of a link from a page, if it leads out of docs/."""
    path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(uri), link))
    exists = os.path.exists(os.path.join(ROOT, path))
    shown = os.path.splitext(path)[1] in (".md", ".svg")  # The rest of docs/ is no page by itself.
    return path if exists and not (path.startswith("docs/") and shown) else None


def source_page(path):
    return f"source/{path}" if path.endswith(".md") else f"source/{path.rstrip('/')}.md"


def source_text(path):
    full = os.path.join(ROOT, path)
    if os.path.isdir(full):
        names = sorted(os.listdir(full))
        return f"# {path}\n\n" + "".join(f"- `{name}`\n" for name in names)
    text = open(full).read()
    if path.endswith(".md"):
        return text
    language = LANGUAGES.get(os.path.splitext(path)[1], "")
    return f"# {os.path.basename(path)}\n\n`{path}`\n\n``````{language}\n{text}\n``````\n"


def step_record(step):
    order = [name for name in steps.names() if name[0] == step[0]]
    start = steps.before(step)
    return {
        "step": step, "title": steps.title(step), "place": order.index(step) + 1, "count": len(order),
        "before": steps.program(start) if start else {}, "after": steps.program(step), "start": start,
    }


def on_page_markdown(markdown, page, config, files):
    uri = page.file.src_uri
    markdown = LINK.sub(lambda link: relink(uri, link), markdown)
    markdown = re.sub(r"<details>", '<details markdown="1">', markdown)
    markdown = re.sub(r"<summary>", '<summary markdown="span">', markdown)
    markdown = re.sub(r"^```diff\n(.*?)^```$", lambda block: side_by_side(block[1]), markdown, flags=re.M | re.S)
    markdown = re.sub(r"^<!-- step: (\w+)([^>]*?)-->", lambda mark: card(uri, mark[1], mark[2].strip()), markdown, flags=re.M)
    markdown = re.sub(r"(\S)(<!-- end -->)", r"\1", markdown)
    if uri != "glossary.md" and not uri.startswith("source/"):
        markdown += "\n\n" + abbreviations()
    return markdown


def relink(uri, link):
    inside = uri[len("source/"):] if uri.startswith("source/") else posixpath.join("docs", uri)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(inside), link[2]))
    if path.startswith("docs/") and path.endswith((".md", ".svg")):
        target = path[len("docs/"):]
    elif os.path.exists(os.path.join(ROOT, path)):
        target = source_page(path)
    else:
        return link[0]
    relative = posixpath.relpath(target, posixpath.dirname(uri) or ".")
    return f"{link[1]}{relative}{link[3] or ''})"


def card(uri, step, numbers):
    """The head of a step's listing; only the first one of several pieces gets it."""
    if numbers and not re.match(r"1\b", numbers):
        return ""
    record = step_record(step)
    data = posixpath.relpath(f"steps/{step}.json", posixpath.dirname(uri) or ".")
    return (f'<div class="step-card" data-step="{data}"><strong>Step {step}</strong> {html.escape(record["title"])} '
            f'<span class="step-place">{record["place"]} of {record["count"]}</span></div>\n')


def side_by_side(block):
    """Two columns of a diff; equal lines stand opposite each other."""
    rows, removed, added = [], [], []
    for line in block.rstrip("\n").split("\n") + [" "]:
        if line.startswith("-"):
            removed.append(line[1:])
        elif line.startswith("+"):
            added.append(line[1:])
        else:
            count = max(len(removed), len(added))
            rows += [("change", old, new) for old, new in zip(removed + [None] * (count - len(removed)),
                                                             added + [None] * (count - len(added)))]
            removed, added = [], []
            rows.append(("same", line[1:], line[1:]))
    return '\n<table class="side-by-side">' + "".join(folded(rows[:-1])) + "</table>\n"


def folded(rows):
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end][0] == "same":
            end += 1
        if end - start > FOLD:
            yield (f'<tbody><tr class="fold"><td colspan="2"><button type="button" aria-expanded="false">'
                   f"{end - start} unchanged lines</button></td></tr></tbody><tbody hidden>")
            yield from map(row, rows[start:end])
            yield "</tbody>"
        else:
            end = max(end, start + 1)
            yield "<tbody>" + "".join(map(row, rows[start:end])) + "</tbody>"
        start = end


def row(cells):
    kind, old, new = cells
    return "<tr>" + "".join(
        f'<td class="{kind if text is not None else "none"} {side}"><code>{html.escape(text or "")}</code></td>'
        for side, text in (("old", old), ("new", new))) + "</tr>"


def abbreviations():
    """`*[term]: what it means` for each term of the glossary that stands alone as a word."""
    text = open(os.path.join(ROOT, "docs/glossary.md")).read()
    lines = []
    for term, meaning in re.findall(r"^\*\*([\w -]{4,})\.\*\* (.+)$", text, re.M):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[*`]", r"\1", meaning)
        lines.append(f"*[{term}]: {plain}")
    return "\n".join(lines)

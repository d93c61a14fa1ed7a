"""Turns the marks of the pages into what Markdown on its own cannot show.

- A link to a source file leads to a page of the site that shows it (the site has no other host to send a reader to).
- A ```diff block stays as it is, without colors; site.js makes two columns of it.
- `<!-- step: 1c … -->` becomes a card: the step's position on the path, the program before and after it, both to download, and all changes.
- `<!-- machine: clients="10" … -->` becomes a waiting machine with this setting.
- `<details>` may contain Markdown; glossary terms get tooltips.
- `<span data-predict="NAME" data-unit="s">` becomes a field, and `<span data-answer="NAME">` shows the guess next to the answer (site.js).
"""
import difflib
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
LINK = re.compile(r"(\]\(|(?:href|src)=\")(?!\w+:|#)([^)#\s\"]+)(#[^)\s\"]*)?([)\"])")
PLAYER = os.path.join(ROOT, "Sources/BenchTour/Player")  # `bench tour` has it in its page, too.


def on_files(files, config):
    for path in sorted(linked_paths(files)):
        files.append(File.generated(config, source_page(path), content=source_text(path)))
    for step in steps.names():
        files.append(File.generated(config, f"steps/{step}.json", content=json.dumps(step_record(step))))
    for name in ("trace-model.js", "trace-player.js", "player.css"):
        files.append(File.generated(config, f"site/{name}", content=open(os.path.join(PLAYER, name)).read()))
    files.append(File.generated(config, "site/traces.json", content=json.dumps(traces())))
    return files


def traces():
    """What the trace player shows: the recorded traces, and the code that ran."""
    folder = os.path.join(ROOT, "docs/measurements/traces")
    return {
        "listings": json.load(open(os.path.join(PLAYER, "listings.json"))),
        "traces": {name[:-5]: json.load(open(os.path.join(folder, name))) for name in sorted(os.listdir(folder))},
    }


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
    path = re.sub(r"(^|/)\.", r"\1", path.rstrip("/"))  # MkDocs leaves out what is hidden.
    return f"source/{path}" if path.endswith(".md") else f"source/{path}.md"


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
    before, after = steps.program(start) if start else {}, steps.program(step)
    return {
        "step": step, "title": steps.title(step), "place": order.index(step) + 1, "count": len(order),
        "before": before, "after": after, "start": start,
        "changes": {name: whole_diff(before.get(name, ""), text) for name, text in after.items() if before.get(name) != text},
    }


def whole_diff(old, new):
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=len(old) + len(new), lineterm=""))
    return "\n".join(lines[3:])


def on_page_markdown(markdown, page, config, files):
    uri = page.file.src_uri
    markdown = LINK.sub(lambda link: relink(uri, link), markdown)
    markdown = re.sub(r"<details>", '<details markdown="1">', markdown)
    markdown = re.sub(r"<summary>", '<summary markdown="span">', markdown)
    markdown = re.sub(r"^```diff\n(.*?)^```$", lambda block: diff_source(block[1]), markdown, flags=re.M | re.S)
    markdown = re.sub(r"^<!-- step: (\w+)([^>]*?)-->", lambda mark: card(uri, mark[1], mark[2].strip()), markdown, flags=re.M)
    markdown = re.sub(r"^<!-- machine: (.+?) -->$", lambda mark: machine(mark[1]), markdown, flags=re.M)
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
    return f"{link[1]}{relative}{link[3] or ''}{link[4]}"


def machine(setting):
    data = " ".join(f'data-{name}="{value}"' for name, value in re.findall(r'(\w+)="([^"]*)"', setting))
    return f'\n<div class="waiting-machine" {data}></div>\n'


def card(uri, step, numbers):
    """The head of a step's listing; only the first one of several pieces gets it."""
    if numbers and not re.match(r"1\b", numbers):
        return ""
    record = step_record(step)
    data = posixpath.relpath(f"steps/{step}.json", posixpath.dirname(uri) or ".")
    return (f'<div class="step-card" data-step="{data}"><strong>Step {step}</strong> {html.escape(record["title"])} '
            f'<span class="step-place">{record["place"]} of {record["count"]}</span></div>\n')


def diff_source(block):
    """A diff as it is; site.js makes two columns of it."""
    return f'\n<pre class="diff"><code>{html.escape(block, quote=False)}</code></pre>\n'


def on_page_content(content, page, config, files):
    # White space, punctuation, and plain names look the same without their spans, which are half of a chapter's bytes.
    return re.sub(r'<span class="(?:w|p|n)">([^<]*)</span>', r"\1", content)


def abbreviations():
    """`*[term]: what it means` for each term of the glossary that is a separate word."""
    text = open(os.path.join(ROOT, "docs/glossary.md")).read()
    lines = []
    for term, meaning in re.findall(r"^\*\*([\w -]{4,})\.\*\* (.+)$", text, re.M):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[*`]", r"\1", meaning)
        lines.append(f"*[{term}]: {plain}")
    return "\n".join(lines)

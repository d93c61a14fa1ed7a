#!/usr/bin/env python3
"""Finds phrasings that a native speaker would not have chosen, in everything that people read.

    docs/prose.py            # hits per 1,000 words in each place, then the hits
    docs/prose.py --check    # fails if there is any hit that docs/prose-allowed.txt does not name
    docs/prose.py FILE …     # only these files

The places: the book, the steps, the exercises' pages, the messages of checks, comments and texts in Swift, C and Python sources,
names of tests. Listings within pages are checked in their sources. A hit that is right (a quotation, a name) is allowed by a line in
docs/prose-allowed.txt: the file, a tab, and the words around it.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALLOWED = ROOT / "docs/prose-allowed.txt"

PATTERNS = {
    "who/whoever as a bare subject": r"(?:(?<=[.!?:;] )|(?<=[.!?:;]\n)|^|(?<=, ))(?:Who|Whoever|Whatever)\b (?!(?:is|are|was|were|owns|still|assigns|resumes|knows|comes|waits|wins|pays|answers|serves|wakes|closes)\b[^.?!]*\?)[a-z]",
    "shall": r"\b[Ss]hall\b",
    "nobody/somebody": r"\b(?:[Nn]obody|[Ss]omebody)\b",
    "behind for after": r"\b[Bb]ehind (?:it|them|that|this|what|the (?:answer|request|handshake|close|last|message|first|bytes|header|colon|question|name|others|status|family|scenes?\b(?!)))\b",
    "where for if": r"(?:^|[;,.:(] |\b[Ff]alse |`nil` |\b[Tt]rue |\band |\bor )where (?:there|it|nothing|that|the|a|an|they|one|no|more|others|this|we|you|he|she|what|his|its|all)\b(?! (?:server|client|kernel|bytes|request|loop|thread)s? (?:come|go|live)s?\b)",
    "things stand or lie": r"\b(?:stands?|stood|standing)\b(?! (?:for|in line|out|up)\b)|\b(?:lies|lay|lying)\b",
    "of its own": r"\bof (?:its|their|his|her|our|my|your|one's) own\b",
    "in place of, besides, beside": r"\bin place of\b|\b[Bb]esides?\b",
    "brings": r"\b[Bb]rings? (?:nothing|it|them|the|a|its|along)\b",
    "is to be": r"\b(?:is|are|was|were) to be [a-z]+(?:ed|en|ne)\b",
    "go on, once more, anew": r"\b(?:goes|go|went|going) on\b|\b[Oo]nce more\b|\banew\b|\b[Ff]or ever\b|\b[Ss]eldom\b|\ball the same\b(?! to)",
    "so many": r"\b[Ss]o (?:many|much|long) (?:bytes|requests|clients|seconds|times|messages|as)\b",
    "both of which": r"\bof both\b|\bWhich of both\b",
    "has begun, has ended": r"(?<!would )\bha(?:s|ve|d) (?:begun|ended|become)\b",
    "the doc comment begins with What/Whether/Where": r"(?m)^@doc (?:What|How|Why) (?!.*\?$)[a-z].{0,60}\.$",
    "for who, of whom": r"\b(?:for|to|from|of) who\b(?! (?:is|was|does|has|can|owns)\b)|\bof whom\b",
    "a noun that is none": r"\bthat is (?:none|no (?!longer|more\b)[a-z]+)\b|\bwho is no \b",
    "none of both": r"\bnone of both\b",
    "British spelling": r"\b(?:[Cc]olours?|[Bb]ehaviours?|[Cc]ancelled|[Cc]ancelling|[Ll]icence|[Nn]eighbours?|[Hh]onours?|[Ff]avours?|[Oo]rganis|[Rr]ecognis|[Oo]ptimis|[Ss]erialis|[Ii]nitialis|[Ss]ynchronis|[Mm]inimis|[Ll]abell(?!edby)|[Tt]ravell|[Dd]efence\b|[Cc]entre\b|[Gg]rey\b|[Aa]nalys(?:e|ing)\b)",
}


def markdown(text):
    text = re.sub(r"^```.*?^```", lambda m: "\n" * m[0].count("\n"), text, flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`|<!--.*?-->|\]\([^)]*\)", " x ", text)


def comments(text):
    out = []
    for line in text.splitlines():
        match = re.search(r"(?:^|\s)//+ ?(?:- \w+ ?\w*: )?(.*)$", line)
        out.append(re.sub(r"`[^`]*`", " x ", match[1]) if match and "://" not in line[:match.start() + 4] else "")
    return "\n".join(out)


def texts(text):
    out = []
    for line in text.splitlines():
        found = re.findall(r'"((?:[^"\\\n]|\\.)*[a-z] [a-z](?:[^"\\\n]|\\.)*)"', line)
        found += re.findall(r"func `([^`]+)`", line)
        out.append(" | ".join(found))
    return "\n".join(out)


def multiline(text):
    """The text in triple quotes, which Swift prints."""
    out, inside = [], False
    for line in text.splitlines():
        if '"""' in line:
            inside = line.count('"""') % 2 == 1 and not inside or (inside and line.count('"""') % 2 == 0)
            out.append("")
        else:
            out.append(line if inside else "")
    return "\n".join(out)


def python_texts(text):
    """Comments and docstrings."""
    out, inside = [], False
    for line in text.splitlines():
        match = re.search(r"(?:^|\s)#:? (.*)$", line)
        quotes = line.count('"""')
        if inside or quotes and line.lstrip().startswith('"""'):
            out.append(re.sub(r"`[^`]*`", " x ", line.replace('"""', "")))
        else:
            out.append(match[1] if match else "")
        if quotes % 2 and (inside or line.lstrip().startswith('"""')):
            inside = not inside
    return "\n".join(out)


def swift(text):
    return [comments(text), texts(text), multiline(text)]


PLACES = {
    "the book": (["README.md", "*.md", "docs/**/*.md", ".github/**/*.md"], lambda t: [markdown(t)]),
    "the steps": (["Steps/**/*.md"], lambda t: [markdown(t)]),
    "the steps' code and checks": (["Steps/**/*.swift"], swift),
    "the exercises' pages": (["Workshop/**/*.md"], lambda t: [markdown(t)]),
    "the exercises' checks, stubs and kit": (["Workshop/**/*.swift", "Workshop/**/*.txt"], swift),
    "the servers": (["Sources/0*/**/*.swift", "Sources/Common/**/*.swift", "Sources/WireProtocols/**/*.swift",
                     "Sources/Tracing/**/*.swift", "Sources/CommandLineOptions/**/*.swift", "Sources/CLinux/*"], swift),
    "bench and course": (["Sources/bench*/**/*.swift", "Sources/Bench*/**/*.swift", "Sources/course/**/*.swift",
                          "Sources/Child*/**/*.swift"], swift),
    "the chat page": (["Sources/**/*.html"], lambda t: [re.sub(r"<style>.*?</style>", "", t, flags=re.S)]),
    "tests": (["Tests/**/*.swift"], swift),
    "peers": (["Peers/**/*.swift", "Peers/**/*.c", "Peers/**/*.md"], swift),
    "scripts": (["docs/**/*.py", "Tests/**/*.py", "Tests/*.sh", ".ci/run"], lambda t: [python_texts(t)]),
}


def files(patterns):
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file() and ".build" not in path.parts}
    return sorted(found - {ROOT / "docs/prose.py"})


def allowed():
    if not ALLOWED.exists():
        return []
    return [line.split("\t", 1) for line in ALLOWED.read_text().splitlines() if "\t" in line and not line.startswith("#")]


def hits(path, parts, permitted):
    name = str(path.relative_to(ROOT))
    for part in parts:
        for kind, pattern in PATTERNS.items():
            for match in re.finditer(pattern, part, re.M):
                start = part.rfind("\n", 0, match.start()) + 1
                end = part.find("\n", match.end())
                line = part[start:end if end >= 0 else None].strip()
                if any(name == file and words in line for file, words in permitted):
                    continue
                yield name, part.count("\n", 0, match.start()) + 1, kind, line


def main():
    chosen = [pathlib.Path(word).resolve() for word in sys.argv[1:] if not word.startswith("-")]
    permitted, found = allowed(), []
    for place, (patterns, split) in PLACES.items():
        words, count = 0, 0
        for path in files(patterns):
            if chosen and path not in chosen:
                continue
            parts = split(path.read_text(errors="replace"))
            words += sum(len(part.split()) for part in parts)
            here = list(hits(path, parts, permitted))
            count += len(here)
            found += here
        if words:
            print(f"{place}: {words} words, {count} hits, {1000 * count / words:.1f} per 1,000")
    for name, line, kind, text in found:
        print(f"{name}:{line}: {kind}: {text[:140]}")
    if found and "--check" in sys.argv:
        sys.exit(1)


main()

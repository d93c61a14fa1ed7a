#!/usr/bin/env python3
"""Counts public declarations without a doc comment, and throwing ones whose comment does not say which errors they throw.

    docs/api_comments.py            # a line for each, and the counts
    docs/api_comments.py --check    # the same, and fails if there is any
    docs/api_comments.py PATH …     # only these files or folders

Exempt: raw values, initializers that only store their parameters, and members that a protocol of the standard library requires.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACES = ["Sources/WireProtocols", "Sources/Tracing", "Sources/CommandLineOptions", "Sources/Common"]

DECLARATION = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|open|static|final|mutating|consuming|borrowing|indirect|nonisolated"
    r"(?:\(unsafe\))?|private\(set\)|fileprivate\(set\)|convenience|required|override)\s+)*"
    r"(?:func|init|var|let|struct|class|enum|actor|protocol|typealias|subscript|extension|macro)\b")
PUBLIC = re.compile(r"\b(?:public|package|open)\s+(?!import)")
#: Required by protocols of the standard library, whose documentation says what they do.
INHERITED = re.compile(
    r"\b(?:var|let) (?:description|debugDescription|rawValue|hashValue|unownedExecutor)\b|\binit\??\(rawValue:"
    r"|\bfunc (?:<|==|hash\(into|encode\(to|enqueue\()|\btypealias (?:RawValue|Element)\b")


def signature(lines, start):
    """The declaration's text up to its body, and the body of an initializer."""
    text, depth = "", 0
    for index in range(start, min(start + 30, len(lines))):
        line = lines[index].split("//")[0].rstrip()
        for position, character in enumerate(line):
            if character in "([":
                depth += 1
            elif character in ")]":
                depth -= 1
            elif character == "{" and depth == 0:
                return text + line[:position], body(lines, index, position)
        text += line + " "
        following = lines[index + 1].strip() if index + 1 < len(lines) else ""
        if depth == 0 and line and not line.endswith((",", "->", "=")) and not following.startswith(
                (")", "->", "throws", "async", "where", "{", "_ ", "=")):
            break
    return text, ""


def body(lines, index, position):
    text, depth = "", 0
    for line in [lines[index][position:]] + lines[index + 1:]:
        for character in line:
            depth += (character == "{") - (character == "}")
            text += character
            if depth == 0:
                return text[1:-1]
        text += "\n"
    return text


def stores_only(text):
    """Whether an initializer's body is nothing but assignments of parameters."""
    statements = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return all(re.fullmatch(r"(?:self\.)?\w+ = \w+|\([\w., ]+\) = \([\w., ]+\)", line) for line in statements)


def throws(text):
    """Whether the declaration throws; a parameter that does is not enough."""
    text = re.sub(r"\bthrows\(\w+\)", "throws", text)
    while (shorter := re.sub(r"\([^()]*\)", "", text)) != text:
        text = shorter
    return re.search(r"\bthrows\b", text) is not None


def comment(lines, index):
    """The doc comment above a declaration, attributes in between left out."""
    text = []
    index -= 1
    while index >= 0 and (lines[index].strip().startswith("@") or lines[index].strip().startswith("///")):
        if lines[index].strip().startswith("///"):
            text.insert(0, lines[index].strip()[3:])
        index -= 1
    return "\n".join(text)


def problems(path):
    lines = path.read_text().splitlines()
    count, found = 0, []
    for index, line in enumerate(lines):
        code = re.sub(r'"[^"]*"', '""', line).split("//")[0]
        if not DECLARATION.match(code) or not PUBLIC.search(code) or re.match(r"\s*public extension", code):
            continue
        text, inner = signature(lines, index)
        if INHERITED.search(text) or (re.search(r"\binit\b", text) and stores_only(inner) and "throws" not in text):
            continue
        count += 1
        doc = comment(lines, index)
        where = f"{path.relative_to(ROOT)}:{index + 1}: {' '.join(text.split())[:90]}"
        if not doc:
            found.append(("no doc comment", where))
        elif throws(text) and not re.search(r"\b[Tt]hrows\b", doc):
            found.append(("does not say which errors it throws", where))
    return count, found


def main(arguments):
    places = [a for a in arguments if not a.startswith("--")] or PLACES
    files = []
    for place in places:
        path = (ROOT / place).resolve()
        files += sorted(path.rglob("*.swift")) if path.is_dir() else [path] if path.exists() else []
    total, found = 0, []
    for path in files:
        count, more = problems(path)
        total += count
        found += more
    for reason, where in found:
        print(f"{where}\n    {reason}")
    print(f"{total} public declarations: " + ", ".join(
        f"{sum(r == reason for r, _ in found)} {reason}"
        for reason in ["no doc comment", "does not say which errors it throws"]))
    return 1 if "--check" in arguments and found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

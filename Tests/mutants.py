#!/usr/bin/env python3
"""Tests the exercises' checks with small changes to their solutions.

    Tests/mutants.py                 all exercises
    Tests/mutants.py 2.1 4.2         only these
    Tests/mutants.py --changed main  those whose folder, or the kit, differs from this commit

A mutant is a solution with one change in the body of a function: a `while` that became an `if`, a `<=` that became a
`<`, a line that was removed, two neighboring lines that were swapped. A check that passes a mutant has a hole, unless the mutant does
the same as the solution; those are listed in mutants.txt, with the reason. The exit status is 1 if a hole was found.
"""

import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# As Sources/course/Compiler.swift compiles exercises.
MODE = ["-swift-version", "6", "-enable-upcoming-feature", "NonisolatedNonsendingByDefault"]
HOPS = ["-Xllvm", "-sil-disable-pass=optimize-hop-to-executor"]
OPERATORS = [("<=", "<"), ("<", "<="), (">=", ">"), (">", ">="), ("&&", "||"), ("||", "&&"), ("==", "!=")]


def main(words):
    folders = sorted(os.path.dirname(path) for path in glob.glob(ROOT + "/Workshop/*/Solution.swift"))
    if words[:1] == ["--changed"]:
        folders = changed(folders, words[1])
    elif words:
        folders = [folder for folder in folders if number(folder) in words]
    equivalent = read_equivalent()
    with tempfile.TemporaryDirectory() as work:
        kit = build_kit(work)
        holes = [hole for folder in folders for hole in test(folder, kit, work, equivalent)]
    print(f"{len(holes)} holes")
    sys.exit(1 if holes else 0)


def number(folder):
    return os.path.basename(folder).split("-")[0]


def changed(folders, commit):
    names = run(["git", "-C", ROOT, "diff", "--name-only", commit]).stdout.split("\n")
    if any(name.startswith("Workshop/Kit/") for name in names):
        return folders
    return [f for f in folders if any(name.startswith(f"Workshop/{os.path.basename(f)}/") for name in names)]


def read_equivalent():
    """The lines of mutants.txt without the comments, as `describe` makes them."""
    with open(ROOT + "/Tests/mutants.txt") as file:
        return {line.strip() for line in file if line.strip() and not line.startswith("#")}


def run(words, **options):
    return subprocess.run(words, capture_output=True, text=True, errors="replace", **options)


def compile(words):
    result = run(["swiftc", *words])
    if result.returncode != 0:
        raise SystemExit(result.stderr)


def build_kit(work):
    sources = glob.glob(ROOT + "/Workshop/Kit/**/*.swift", recursive=True)
    compile(
        [*MODE, "-wmo", "-parse-as-library", "-emit-library", "-static", "-emit-module", "-module-name", "Kit",
         "-emit-module-path", work + "/Kit.swiftmodule", "-o", work + "/libKit.a", *sorted(sources)])
    return work


def test(folder, kit, work, equivalent):
    """The mutants that pass, and are not known to be equivalent."""
    name = number(folder)
    with open(folder + "/Solution.swift") as file:
        lines = file.read().split("\n")
    check = f"{work}/{name}-check.o"
    # The check is compiled once: no mutant changes anything that it sees.
    if not frontend(folder + "/Check.swift", folder + "/Solution.swift", kit, check):
        raise SystemExit(f"{name}: the check does not compile")
    mutants = list(make_mutants(lines))

    def judge(numbered):
        index, (text, mutant) = numbered
        return text, outcome(folder, kit, check, f"{work}/{name}-{index}", mutant)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(judge, enumerate(mutants)))
    if outcome(folder, kit, check, f"{work}/{name}", lines) != "passes":
        raise SystemExit(f"{name}: the solution itself does not pass")
    counts = {kind: sum(1 for _, found in outcomes if found == kind) for kind in ["rejected", "passes", "no program"]}
    holes = [text for text, found in outcomes if found == "passes" and f"{name}: {text}" not in equivalent]
    print(f"{name}: {counts['rejected']} rejected, {counts['passes'] - len(holes)} equivalent, {len(holes)} holes")
    for hole in holes:
        print(f"  {name}: {hole}", flush=True)
    return holes


def outcome(folder, kit, check, program, lines):
    source = program + ".swift"
    with open(source, "w") as file:
        file.write("\n".join(lines))
    if not frontend(source, folder + "/Check.swift", kit, program + ".o"):
        return "no program"
    if run(["swiftc", check, program + ".o", "-L", kit, "-lKit", "-o", program]).returncode != 0:
        return "no program"
    with open(os.devnull, "w") as report:
        os.set_inheritable(report.fileno(), True)
        words = ["/bin/sh", "-c", f"exec {program} 3>/dev/null"]
        try:
            status = run(words, stdin=subprocess.DEVNULL, timeout=300).returncode
        except subprocess.TimeoutExpired:
            status = -1
    for path in [source, program + ".o", program]:
        os.remove(path)
    return "passes" if status == 0 else "rejected"


def frontend(source, other, kit, output):
    words = ["swiftc", "-frontend", "-c", "-primary-file", source, other, *MODE, *HOPS, "-parse-as-library",
             "-module-name", "Exercise", "-I", kit, "-o", output]
    return run(words).returncode == 0


def make_mutants(lines):
    inside = list(bodies(lines))
    for index, line in enumerate(lines):
        if not inside[index] or line.strip().startswith("//"):
            continue
        code = line.split("//")[0].rstrip()
        for text in changes(code):
            yield describe(code, text), lines[:index] + [text] + lines[index + 1:]
        if is_statement(code):
            yield describe(code, ""), lines[:index] + lines[index + 1:]
            following = lines[index + 1].split("//")[0].rstrip() if index + 1 < len(lines) else ""
            if inside[index + 1] and is_statement(following) and indent(code) == indent(following):
                swapped = lines[:index] + [following, code] + lines[index + 2:]
                yield f"{code.strip()} <-> {following.strip()}", swapped


def describe(line, mutant):
    return f"{line.strip()} => {mutant.strip() or 'nothing'}"


def changes(code):
    if re.search(r"\bwhile (?!true)", code):
        yield re.sub(r"\bwhile ", "if ", code, count=1)
    for operator, other in OPERATORS:
        for match in re.finditer(rf"(?<= ){re.escape(operator)}(?= )", code):
            yield code[:match.start()] + other + code[match.end():]
    for match in re.finditer(r" [+-] 1\b", code):
        yield code[:match.start()] + code[match.end():]


def is_statement(code):
    text = code.strip()
    if not text or text in "{}" or text.startswith(("func ", "private func", "case ", "default:", "switch ", "}", "])")):
        return False
    return all(text.count(one) == text.count(other) for one, other in ["()", "{}", "[]"])


def indent(code):
    return len(code) - len(code.lstrip())


def bodies(lines):
    """For each line, whether it is inside the body of a function."""
    start = None
    for line in lines:
        if start is not None and line.strip() and indent(line) <= start:
            start = None
        yield start is not None
        opens = re.match(r" *(@\w+ )*(private |mutating |fileprivate |static )*(func|init)\b", line)
        if start is None and opens and not line.rstrip().endswith("}"):
            start = indent(line)


if __name__ == "__main__":
    main(sys.argv[1:])

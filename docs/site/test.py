#!/usr/bin/env python3
"""Opens the site in Chromium, and holds the waiting machine's model against the recorded runs.

    docs/site.sh build && docs/site/test.py        # says what it skips if there is no Chromium

Every page renders without an error on the console, asks no other host for anything, fits a phone, and stays below its weight; every link and
anchor leads somewhere (mkdocs build --strict says so already for files). The model may be off by 3 % or 20 ms for each request.
"""
import functools
import html
import html.parser
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SITE = os.path.join(ROOT, ".build/site")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUDGET = 600_000  # Bytes of a chapter with all that it loads, but for the search index, which loads when asked.

COMPARE = """<!doctype html><meta charset="utf-8"><pre id="result"></pre><script type="module">
import { simulate } from "./site/machine-model.js";
const runs = (await (await fetch("machine.json")).json()).runs;
const off = [];
let count = 0, worst = 0;
for (const { scenario, requests } of runs) {
  const timeline = simulate(scenario);
  for (const [kind, real] of Object.entries(requests)) {
    const model = timeline.requests.filter((one) => one.computes === (kind === "computes"));
    const ends = model.map((one) => one.ended).sort((a, b) => a - b);
    const took = model.map((one) => one.ended - one.sent).sort((a, b) => a - b);
    const realEnds = real.map((one) => one[1]).sort((a, b) => a - b);
    const realTook = real.map((one) => one[1] - one[0]).sort((a, b) => a - b);
    if (model.length !== real.length) off.push(`${JSON.stringify(scenario)} ${kind}: ${real.length} requests, the model has ${model.length}`);
    for (const [name, ours, theirs] of [["end", ends, realEnds], ["time", took, realTook]]) {
      ours.forEach((value, index) => {
        const allowed = Math.max(20, 0.03 * theirs[index]), distance = Math.abs(value - theirs[index]);
        count += 1;
        worst = Math.max(worst, distance / allowed);
        if (!(distance <= allowed)) off.push(`${JSON.stringify(scenario)} ${kind} ${name} ${index}: model ${value}, recorded ${theirs[index]}`);
      });
    }
  }
}
document.getElementById("result").textContent = JSON.stringify({ runs: runs.length, count, worst, off });
</script>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    served = []

    def log_message(self, *_):
        pass

    def do_GET(self):
        Handler.served.append(self.path.split("?")[0])
        super().do_GET()


def serve():
    handler = functools.partial(Handler, directory=SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def browse(url, *flags):
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", "--virtual-time-budget=8000", *flags, url]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.names, self.foreign = [], set(), []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.names |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        for key in ("src", "href"):
            value = attributes.get(key) or ""
            if tag in ("script", "link", "img", "iframe") and re.match(r"https?:|//", value) and attributes.get("rel") != "canonical":
                self.foreign.append(value)


def parse(page):
    links = Links()
    links.feed(open(os.path.join(SITE, page)).read())
    return links


def static_problems(pages):
    parsed = {page: parse(page) for page in pages}
    for page, links in parsed.items():
        yield from (f"{page}: asks another host: {url}" for url in links.foreign)
        for link in links.links:
            path, _, anchor = link.partition("#")
            if re.match(r"\w+:|//", path):
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            if not os.path.exists(os.path.join(SITE, target)):
                yield f"{page}: no file for {link}"
            elif anchor and target in parsed and anchor not in parsed[target].names and not anchor.startswith("__"):
                yield f"{page}: no anchor for {link}"


def page_problems(base, page):
    Handler.served.clear()
    done = browse(base + page, "--dump-dom", "--window-size=390,844")
    errors = [line for line in done.stderr.splitlines() if "CONSOLE" in line and ("rror" in line or "Uncaught" in line)]
    yield from (f"{page}: {error[:200]}" for error in errors)
    if "</html>" not in done.stdout:
        yield f"{page}: did not render"
    weight = sum(os.path.getsize(SITE + path) for path in set(Handler.served) if os.path.isfile(SITE + path) and "search" not in path)
    if weight > BUDGET:
        yield f"{page}: {weight} bytes, more than {BUDGET}"


def reactions(base):
    """The machine draws, and the fields of predictions are there."""
    dom = browse(base + "waiting-machine.html", "--dump-dom").stdout
    if dom.count('class="machine-picture"') != 5:
        yield "waiting-machine.html: the machine did not draw five servers"
    if "done after 15.00 s" not in dom:
        yield "waiting-machine.html: no staircase of 15 s"


def model_problems(base):
    recorded = os.path.join(ROOT, "docs/measurements/machine.json")
    if not os.path.exists(recorded):
        yield "docs/measurements/machine.json is missing"
        return
    shutil.copy(recorded, SITE)
    with open(os.path.join(SITE, "compare.html"), "w") as file:
        file.write(COMPARE)
    dom = browse(base + "compare.html", "--dump-dom").stdout
    for name in ("compare.html", "machine.json"):
        os.remove(os.path.join(SITE, name))
    found = re.search(r'<pre id="result">(.+?)</pre>', dom, re.S)
    if not found:
        yield "the model gave no result"
        return
    result = json.loads(html.unescape(found[1]))
    print(f"the model: {result['runs']} runs, {result['count']} times compared, the worst at {result['worst']:.2f} of what is allowed")
    yield from result["off"]


def main():
    if not CHROMIUM:
        print("skipped: the site in a browser, which wants Chromium")
        return
    pages = [os.path.relpath(os.path.join(folder, name), SITE) for folder, _, names in os.walk(SITE) for name in names if name.endswith(".html")]
    base = serve()
    problems = list(static_problems(pages))
    chapters = [page for page in pages if re.match(r"0\d-|index|glossary|waiting|machine-room|measur|perf|relia|actor|work", page)]
    for page in sorted(chapters):
        problems += page_problems(base, page)
    problems += reactions(base)
    problems += model_problems(base)
    for problem in problems:
        print(problem)
    print(f"{len(pages)} pages, {len(chapters)} of them opened, {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()

#!/usr/bin/env python3
"""Builds the site and looks at it in Chromium; says what it skips if MkDocs or Chromium is missing.

    docs/site/test.py                       # about a minute
    docs/site/test.py --screenshots FOLDER  # pictures of the chapters, for people to look at

- Every link and anchor leads somewhere, and no page asks another host for anything.
- Every page of the book renders, wide and on a phone, light and dark, without an error on the console, and weighs at most 600 kB.
- The step cards, folded lines, predictions, the waiting machine, and the trace player react, to the keyboard, too.
- What they compute is right (tests.js): the machine's model is held against the recorded runs.
"""
import functools
import html.parser
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

from browser import CHROMIUM, Browser, Tab

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SITE = os.path.join(ROOT, ".build/site")
REPOSITORY = "/repository/"  # Serves the files of the repository to the tests, next to those of the site.
BUDGET = 600_000  # Bytes of a page with all that it loads, but for the search index, which loads when asked.
PHONE, WIDE = 390, 1280


class Handler(http.server.SimpleHTTPRequestHandler):
    served = []

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        if path.startswith(REPOSITORY):
            return os.path.join(ROOT, path[len(REPOSITORY):])
        Handler.served.append(path.split("?")[0])
        return super().translate_path(path)


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


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


def dead_links(pages):
    parsed = {page: parse(page) for page in pages}
    for page, links in parsed.items():
        yield from (f"{page}: asks another host: {url}" for url in links.foreign)
        for link in links.links:
            path, _, anchor = link.partition("#")
            if re.match(r"\w+:|//", path):
                continue
            start = "" if path.startswith("/") else os.path.dirname(page)
            target = os.path.normpath(os.path.join(start, path.lstrip("/"))) if path else page
            if not os.path.exists(os.path.join(SITE, target)):
                yield f"{page}: no file for {link}"
            elif anchor and target in parsed and anchor not in parsed[target].names and not anchor.startswith("__"):
                yield f"{page}: no anchor for {link}"


def rendering(tab, base, page, kind):
    Handler.served.clear()
    tab.open(base + page)
    tab.wait_for("(!document.querySelector('.trace-player') || document.querySelector('.player-lanes'))"
                 " && (!document.querySelector('.waiting-machine') || document.querySelector('.machine-picture'))")
    contrast, where = tab.run(CONTRAST) or (21, "")
    if contrast < 4.5:  # WCAG 2.2, 1.4.3
        yield f"{page} ({kind}): a contrast of {contrast:.1f}: {where}"
    wide, title = tab.run("[document.scrollingElement.scrollWidth - innerWidth, document.querySelector('article h1')?.textContent ?? '']")
    if not title:
        yield f"{page} ({kind}): did not render"
    if wide > 0:  # Something in it does not scroll by itself.
        yield f"{page} ({kind}): {wide} pixels wider than the screen"
    yield from (f"{page} ({kind}): {error[:300]}" for error in tab.errors())
    weight = sum(os.path.getsize(SITE + path) for path in set(Handler.served) if os.path.isfile(SITE + path) and "search" not in path)
    if weight > BUDGET:
        yield f"{page}: {weight} bytes, more than {BUDGET}"


CONTRAST = """(() => {
  const light = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map((one) => one / 255).map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('article :is(p, a[href], li, h1, h2)')].filter((one) => one.textContent.trim() && !one.matches('.headerlink, .md-button'))
    .map((one) => { const ink = light(getComputedStyle(one).color); return [(Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05), one.outerHTML.slice(0, 80)]; })
    .sort((a, b) => a[0] - b[0])[0];
})()"""


def cards_and_predictions(tab, base):
    tab.open(base + "01-sequential.html")
    tab.run("document.querySelectorAll('.step-card')[1].querySelectorAll('button')[1].click()")
    if not tab.wait_for("document.querySelector('.step-program pre')?.textContent.includes('import Glibc')"):
        yield "a step's card does not show its program"
    if not tab.run("[...document.querySelectorAll('.step-program a')].every((link) => link.download && link.href.startsWith('blob:'))"):
        yield "a step's program cannot be saved"
    tab.run("document.querySelectorAll('.step-card')[1].querySelectorAll('button')[2].click()")
    tab.wait_for("document.querySelector('.fold button')")
    tab.run("(window.fold = document.querySelector('.side-by-side .fold button')).click()")
    if tab.run("fold.closest('tbody').nextElementSibling.hidden || fold.getAttribute('aria-expanded') !== 'true'"):
        yield "folded lines do not unfold"
    tab.run("(() => { const form = document.querySelector('.predict'); form.querySelector('input').value = '42'; form.requestSubmit(); })()")
    if "you guessed 42" not in tab.run("document.querySelector('[data-answer]').textContent"):
        yield "a prediction is not shown next to its answer"
    yield from tab.errors()


def machine(tab, base):
    tab.open(base + "waiting-machine.html")
    if not tab.wait_for("document.querySelectorAll('.machine-picture').length === 5"):
        yield "the machine does not draw five servers"
    if "done after 15.00 s" not in tab.run("document.querySelector('.waiting-machine h4').textContent"):
        yield "the machine has no staircase of 15 s"
    tab.run("document.querySelector('.machine-controls [name=clients]').focus()")
    tab.press("ArrowLeft", 37)
    if "done after 13.50 s" not in tab.run("document.querySelector('.waiting-machine h4').textContent"):
        yield "the machine's sliders do not listen to the keyboard"
    tab.run("[...document.querySelectorAll('.machine-transport button')].find((one) => one.textContent === 'step').click()")
    if tab.run("document.querySelector('.machine-transport output').textContent") == "0.00 s":
        yield "the machine does not step"
    tab.run("document.querySelector('.machine-transport button').click()")
    if not tab.wait_for("parseFloat(document.querySelector('.machine-transport output').textContent) > 1"):
        yield "the machine does not play"
    yield from tab.errors()


def machine_in_a_chapter(tab, base):
    """Each of chapters 1 to 5 has one with its own scenario, and all of it can be used with the keyboard on a phone, without motion."""
    for page, servers, ends in [("01-sequential", 1, "15.00"), ("02-thread-pool", 1, "1.50"), ("03-epoll", 2, "2.00"), ("04-actor", 2, "2.50"),
                                ("05-websocket", 5, "")]:
        tab.open(f"{base}{page}.html")
        if not tab.wait_for(f"document.querySelectorAll('.machine-picture').length === {servers}"):
            yield f"{page}: the machine does not draw {servers} servers"
        elif f"done after {ends}" not in tab.run("document.querySelector('.waiting-machine h4').textContent"):
            yield f"{page}: the first server is not done after {ends} s"
        tab.run("document.querySelector('.machine-transport button').focus()")
        before = tab.run("document.querySelector('.machine-transport output').textContent")
        tab.press("Enter", 13, "\r")
        tab.press("Enter", 13, "\r")
        if tab.run("document.querySelector('.machine-transport output').textContent") == before:
            yield f"{page}: without motion, the machine does not go on by an event"
        yield from tab.errors()


def player(tab, base):
    tab.open(base + "trace-player.html")
    if not tab.wait_for("document.querySelectorAll('.player-choice option').length === 5"):
        yield "the player does not have five servers"
        return
    clock = "document.querySelector('.player-transport output').textContent"
    step = "[...document.querySelectorAll('.player-transport button')].find((one) => one.textContent === 'step')"
    tab.run(f"{step}.focus()")
    for _ in range(4):
        tab.press("Enter", 13, "\r")
    place = tab.run("document.querySelector('.trace-player tbody tr').textContent")
    if "pause" not in place or tab.run("document.querySelectorAll('.player-line .chip').length") != 1:
        yield f"after four steps, the only thread of chapter 1 does not pause for its client, but: {place}"
    tab.run("(() => { const choice = document.querySelector('.player-choice select'); choice.value = '03-Epoll'; choice.dispatchEvent(new Event('change')); })()")
    tab.run(f"for (let count = 0; count < 14; count++) {step}.click()")
    waiting = tab.run("[...document.querySelectorAll('.trace-player td')].filter((one) => one.textContent.includes('backend')).length")
    if waiting < 2:
        yield f"{waiting} clients of chapter 3 wait for the backend at the same time"
    tab.run("(() => { const bar = document.querySelector('.player-transport > input'); bar.value = 0; bar.dispatchEvent(new Event('input')); })()")
    if tab.run(clock) != "0.000 ms":
        yield "the player's scrubber does not go back to the start"
    tab.run("document.querySelector('.player-transport button').click()")
    if not tab.wait_for(f"{clock} !== '0.000 ms'"):
        yield "the player does not play"
    yield from tab.errors()


def tour(tab, base):
    """The page of a short tour, as a file: it needs nothing else."""
    bench = os.path.join(ROOT, ".build/release/bench")
    if not all(os.path.exists(os.path.join(ROOT, ".build/release", name)) for name in ("bench", "01-Sequential", "05-WebSocket")):
        print("skipped: the player in a tour's page, which wants a release build")
        return
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "tour.html")
        command = [bench, "tour", "--quick", "--scale", "0.1", "--servers", "1,5", "--bin", os.path.dirname(bench), "--html", page]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            yield f"bench tour: {done.stderr[-300:]}"
            return
        tab.open("file://" + page)
        if tab.run("[...document.querySelectorAll('.player-choice option')].map((one) => one.value).join()") != "01-Sequential,05-WebSocket":
            yield "the player of a tour does not have its two servers"
        tab.run("document.querySelectorAll('.player-transport button')[2].click()")
        if tab.run("document.querySelector('.player-transport output').textContent") == "0.000 ms":
            yield "the player of a tour does not step"
        yield from tab.errors()


def computed(tab, base):
    with open(os.path.join(ROOT, "docs/measurements/machine.json")) as file:
        recorded = json.dumps(json.load(file)["runs"])
    tab.open(base + "404.html")
    result = tab.run(f"""Promise.all([import("{REPOSITORY}docs/site/tests.js"), fetch("site/traces.json").then((one) => one.json())])
        .then(([tests, traces]) => tests.run({{ runs: {recorded} }}, traces))""")
    for line in result["said"]:
        print(line)
    yield from result["problems"]


def reported(part, tab, base):
    """A part that breaks off is one more problem."""
    try:
        yield from (f"{part.__name__}: {problem}" for problem in part(tab, base))
    except RuntimeError as error:
        yield f"{part.__name__}: {error}"


def screenshots(browser, base, pages, folder):
    os.makedirs(folder, exist_ok=True)
    for name, width, dark in [("light", WIDE, False), ("dark", WIDE, True), ("phone", PHONE, False)]:
        tab = Tab(browser, width, dark=dark)
        for page in pages:
            tab.open(base + page)
            for part, selector in [("top", "h1"), ("step", ".step-card"), ("diff", ".side-by-side"), ("machine", ".waiting-machine"), ("player", ".trace-player")]:
                if tab.run(f"(document.querySelector('{selector}')?.scrollIntoView(), scrollBy(0, -60), !!document.querySelector('{selector}'))"):
                    time.sleep(0.3)
                    tab.screenshot(os.path.join(folder, f"{page[:-5].replace('/', '-')}-{part}-{name}.png"))


def in_browser(pages):
    base = serve()
    browser = Browser()
    book = sorted(page for page in pages if not page.startswith("source/") and page != "404.html")
    try:
        if "--screenshots" in sys.argv:
            return screenshots(browser, base, [page for page in book if re.match(r"0|trace|waiting|index", page)], sys.argv[-1])
        for kind, tab in {"wide": Tab(browser, WIDE), "dark, on a phone": Tab(browser, PHONE, 844, dark=True, calm=True)}.items():
            for page in book:
                yield from rendering(tab, base, page, kind)
            background = tab.run("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
            if (max(background) < 128) != ("dark" in kind):
                yield f"{kind}: the background is {background}"
        yield from reported(machine_in_a_chapter, tab, base)
        tab = Tab(browser)
        for part in (cards_and_predictions, machine, player, tour, computed):
            yield from reported(part, tab, base)
        print(f"{len(book)} pages opened, wide and on a phone")
    finally:
        browser.close()


def build():
    built = subprocess.run([os.path.join(ROOT, "docs/site.sh"), "build"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if built.returncode == 69:
        print(f"skipped: the site, which wants MkDocs: {built.stdout.splitlines()[-1]}")
        sys.exit(0)
    if built.returncode != 0:
        sys.exit(f"{built.stdout}\nthe site was not built")


def main():
    start = time.monotonic()
    build()
    print(f"built in {time.monotonic() - start:.0f} s")
    pages = [os.path.relpath(os.path.join(folder, name), SITE) for folder, _, names in os.walk(SITE) for name in names if name.endswith(".html")]
    problems = list(dead_links(pages))
    if CHROMIUM:
        problems += in_browser(pages)
    else:
        print("skipped: the site in a browser, which wants Chromium")
    for problem in problems:
        print(problem)
    print(f"{len(pages)} pages, {len(problems)} problems, {time.monotonic() - start:.0f} s")
    sys.exit(1 if problems else 0)


main()

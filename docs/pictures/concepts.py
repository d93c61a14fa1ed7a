#!/usr/bin/env python3
"""Draws the pictures that explain ideas and come from no run. Light and dark, with a title and a description.

    docs/pictures/concepts.py        # writes the SVG files next to it
"""
import os
from html import escape

FOLDER = os.path.dirname(os.path.abspath(__file__))
STYLE = """
    text { font: 16px system-ui, sans-serif; fill: #1c1c1c } .small { font-size: 14px } .mid { text-anchor: middle } .end { text-anchor: end } .bold { font-weight: 600 }
    .mono { font-family: ui-monospace, monospace; font-size: 14px } .on { fill: #1c1c1c }
    .bg { fill: #ffffff } .panel { fill: #f3f3f3 } .box { fill: #ffffff; stroke: #1c1c1c; stroke-width: 1.5 } .dash { fill: none; stroke: #8a8a8a; stroke-width: 2; stroke-dasharray: 6 4 }
    .line { stroke: #1c1c1c; stroke-width: 2; fill: none } .tip { fill: #1c1c1c } .thin { stroke: #8a8a8a; stroke-width: 1; fill: none }
    .a { fill: #e69f00 } .b { fill: #56b4e9 } .c { fill: #00a67a } .d { fill: #cc79a7 } .i { fill: #b8b8b8 }
    @media (prefers-color-scheme: dark) {
      text { fill: #ececec } .on { fill: #1c1c1c } .bg { fill: #16191d } .panel { fill: #22272d } .box { fill: #16191d; stroke: #ececec } .line { stroke: #ececec } .tip { fill: #ececec }
    }
"""


class Picture:
    def __init__(self, name, width, height, title, description):
        self.name, self.parts = name, []
        self.head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc">\n'
                     f'  <title id="title">{escape(title)}</title>\n  <desc id="desc">{escape(description)}</desc>\n  <style>{STYLE}  </style>\n'
                     '  <defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
                     '<path class="tip" d="M0 0 L10 5 L0 10 z"/></marker></defs>\n')
        self.rect("bg", 0, 0, width, height)

    def rect(self, kind, x, y, width, height, round=0):
        self.parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{round}"/>')

    def text(self, x, y, text, kind=""):
        self.parts.append(f'<text class="{kind}" x="{x}" y="{y}">{escape(text)}</text>')

    def box(self, x, y, width, height, text, kind="box", words="mid"):
        self.rect(kind, x, y, width, height, 4)
        self.text(x + width / 2, y + height / 2 + 5, text, words + (" on" if kind in "abcdi" else ""))

    def arrow(self, *points):
        path = " L".join(f"{x} {y}" for x, y in points)
        self.parts.append(f'<path class="line" marker-end="url(#tip)" d="M{path}"/>')

    def line(self, x1, y1, x2, y2, kind="thin"):
        self.parts.append(f'<path class="{kind}" d="M{x1} {y1} L{x2} {y2}"/>')

    def save(self):
        with open(os.path.join(FOLDER, self.name + ".svg"), "w") as file:
            file.write(self.head + "".join(f"  {part}\n" for part in self.parts) + "</svg>\n")


def stream():
    p = Picture("01-stream", 720, 210, "A stream of bytes, cut into reads",
                "The client sends two requests with two calls. The server's reads cut the same bytes elsewhere: the first read ends in the middle of the first request, "
                "the second holds its end and the beginning of the second request.")
    p.text(20, 40, "the client's sends")
    p.box(170, 20, 250, 30, "GET / HTTP/1.1⏎…⏎⏎", "a", "mid mono")
    p.box(420, 20, 280, 30, "GET /big HTTP/1.1⏎…⏎⏎", "b", "mid mono")
    p.text(20, 100, "the stream")
    p.rect("a", 170, 82, 250, 26)
    p.rect("b", 420, 82, 280, 26)
    p.text(20, 170, "the server's reads")
    for x, width, words in [(170, 110, "8 bytes"), (280, 260, "what came next"), (540, 160, "the rest")]:
        p.box(x, 150, width, 30, words, "box", "mid small")
        p.line(x, 108, x, 150)
    p.line(700, 108, 700, 150)
    p.save()


def condition():
    p = Picture("02-condition", 720, 330, "Three moments of a condition variable",
                "First, the worker holds the mutex and finds the queue empty. Second, in one step it releases the mutex and sleeps, so the main thread can lock, append and signal. Third, the "
                "worker is awake and waits for the mutex; another worker is faster and takes the client, so the first one has to look again.")
    for index, title in enumerate(["1. it looks", "2. it sleeps", "3. it wakes up"]):
        x = 20 + index * 235
        p.rect("panel", x, 40, 215, 270, 8)
        p.text(x + 107, 28, title, "mid bold")
    p.box(40, 60, 175, 36, "worker 1 has the mutex", "a")
    p.box(40, 120, 175, 36, "queue: empty", "box")
    p.text(127, 200, "It must not sleep", "mid small")
    p.text(127, 220, "with the mutex: push", "mid small")
    p.text(127, 240, "could never come in.", "mid small")
    p.box(275, 60, 175, 36, "worker 1 sleeps", "i")
    p.text(362, 118, "mutex released and", "mid small")
    p.text(362, 136, "asleep, in one step", "mid small")
    p.box(275, 155, 175, 36, "main has the mutex", "b")
    p.box(275, 205, 175, 36, "append, signal", "b")
    p.text(362, 275, "No signal can fall between.", "mid small")
    p.box(510, 60, 175, 36, "worker 1 is awake", "a")
    p.text(597, 118, "and waits for the mutex", "mid small")
    p.box(510, 140, 175, 36, "worker 3 has it", "c")
    p.box(510, 190, 175, 36, "and takes the client", "c")
    p.text(597, 258, "worker 1: queue empty.", "mid small")
    p.text(597, 278, "while: it sleeps again", "mid small bold")
    p.text(597, 298, "if: it takes nothing, and dies", "mid small")
    p.save()


def lists():
    p = Picture("03-lists", 720, 260, "The interest list and the ready list",
                "epoll_ctl puts sockets on the interest list in the kernel. When bytes arrive for one of them, the kernel puts it on the ready list. epoll_wait copies the ready list to the program, however long "
                "the interest list is.")
    p.rect("dash", 180, 30, 360, 210, 8)
    p.text(360, 22, "in the kernel", "mid")
    p.text(265, 60, "interest list", "mid small")
    for index, name in enumerate(["3 listener", "5", "6", "7", "…  10,000"]):
        p.box(205, 70 + index * 32, 120, 26, name, "b" if index in (1, 3) else "box", "mid mono")
    p.text(460, 60, "ready list", "mid small")
    for index, name in enumerate(["5", "7"]):
        p.box(400, 102 + index * 64, 110, 26, name, "b", "mid mono")
        p.arrow((328, 115 + index * 64), (396, 115 + index * 64))
    p.text(362, 96, "bytes", "mid small")
    p.text(20, 100, "epoll_ctl", "mono")
    p.arrow((100, 95), (200, 95))
    p.text(600, 130, "epoll_wait", "mono")
    p.text(600, 152, "returns 2", "small")
    p.arrow((515, 147), (590, 147))
    p.save()


def level_edge():
    p = Picture("03-level-edge", 720, 290, "Level and edge",
                "Bytes arrive in a socket's buffer, the program reads a part of them, and later the rest. With a level trigger every epoll_wait reports the socket as long as bytes are there. With an edge trigger "
                "only the arrival is reported, and what is left in the buffer is not reported again.")
    p.text(20, 60, "bytes in the")
    p.text(20, 80, "receive buffer")
    p.parts.append('<path class="line" d="M160 100 H230 V30 H380 V60 H520 V100 H700"/>')
    p.text(232, 22, "6,000 arrive", "small")
    p.text(384, 52, "4,096 read", "small")
    p.text(524, 92, "the rest read", "small")
    for y, name, times in [(160, "level", range(240, 520, 35)), (230, "edge", [240])]:
        p.text(20, y + 5, name, "bold")
        p.line(160, y, 700, y)
        for x in times:
            p.rect("a", x, y - 14, 10, 28)
    p.text(264, 235, "once, and never again for these bytes", "small")
    p.text(532, 165, "silent", "small")
    p.text(160, 275, "each mark: an epoll_wait that returns this socket", "small")
    p.save()


def thesis():
    p = Picture("03-thesis", 760, 330, "The same variables in three places",
                "Three columns. In chapter 1 the session, the unsent bytes, the deadline and the position in the code are on the stack of a blocked thread. In chapter 3 they are fields of a Connection object. In chapter 4 they are "
                "in the frame of an async function on the heap.")
    columns = [("chapter 1", "a thread's stack", "serve(client)"), ("chapter 3", "a Connection", "advance(connection)"), ("chapter 4", "an async frame", "await serve(client)")]
    rows = [("session", "session", "session"), ("rest", "outbox", "rest"), ("deadline", "deadline", "deadline"), ("return address", "session.state, wait", "resume point")]
    colors = ["a", "b", "c", "d"]
    for index, (chapter, place, function) in enumerate(columns):
        x = 20 + index * 248
        p.rect("panel", x, 60, 224, 215, 8)
        p.text(x + 112, 26, chapter, "mid bold")
        p.text(x + 112, 48, place, "mid")
        for row, names in enumerate(rows):
            p.box(x + 20, 76 + row * 48, 184, 38, names[index], colors[row], "mid mono")
        p.text(x + 112, 298, function, "mid mono")
        p.text(x + 112, 320, ["written by you, kept by the thread", "written and kept by you", "written by the compiler"][index], "mid small")
    p.save()


def reentrancy():
    p = Picture("04-reentrancy", 720, 350, "Reentrancy",
                "Left: join has no await; the second call starts when the first has finished, and finds the last place taken. Right: join awaits between looking and taking; the second call runs meanwhile, sees the same "
                "free place, and both take it.")
    for x, title in [(20, "no await inside"), (375, "an await in between")]:
        p.rect("panel", x, 40, 325, 295, 8)
        p.text(x + 162, 28, title, "mid bold")
        p.text(x + 20, 70, "the actor", "small")
    left = [("A", "A: one place is free", "a"), ("A", "A: takes it", "a"), ("B", "B: none is free", "b"), ("B", "B: false", "b")]
    right = [("A", "A: one place is free", "a"), ("", "A: await database…", "i"), ("B", "B: one place is free", "b"), ("", "B: await database…", "i"), ("A", "A: takes it", "a"), ("B", "B: takes it as well", "b")]
    for x, rows in [(60, left), (415, right)]:
        for index, (_, words, kind) in enumerate(rows):
            p.box(x, 82 + index * 40, 245, 32, words, kind)
    p.text(182, 300, "places: 0", "mid bold")
    p.text(537, 328, "places: −1", "mid bold")
    p.save()


def resume():
    p = Picture("04-resume", 760, 190, "From an event to the next line",
                "An event from epoll leads to the table of waiting tasks, which gives up a continuation; resuming it makes a job; the executor keeps the job until the loop runs it; the function continues after its await.")
    for index, (words, below, kind) in enumerate([
            ("event", "epoll_wait", "b"), ("continuation", "taken out, once", "a"), ("job", "enqueue", "c"), ("after the await", "runSynchronously", "d")]):
        x = 15 + index * 190
        p.box(x, 60, 150, 50, words, kind)
        p.text(x + 75, 136, below, "mid mono")
        if index < 3:
            p.arrow((x + 152, 85), (x + 186, 85))
    p.text(380, 30, "all on the loop's thread, before it sleeps again", "mid")
    p.text(380, 175, "the same three hops happen on other threads if the executor is Swift's pool", "mid small")
    p.save()


def frame():
    p = Picture("05-frame", 760, 250, "A WebSocket frame, bit by bit",
                "Two bytes begin a frame: FIN, three reserved bits and a four-bit opcode; then the MASK bit and seven bits of length. 126 says that two more bytes hold the length, 127 that eight do. A client's frame then has four bytes of "
                "masking key, and the payload, each byte XORed with one byte of the key.")
    cells = [("FIN", 44, "a"), ("RSV", 72, "i"), ("opcode", 110, "b"), ("MASK", 60, "a"), ("length", 150, "c")]
    x = 20
    for words, width, kind in cells:
        p.box(x, 60, width, 40, words, kind)
        x += width
    p.text(133, 46, "byte 0", "mid small")
    p.text(351, 46, "byte 1", "mid small")
    p.text(42, 122, "last?", "mid small")
    p.text(100, 122, "zero", "mid small")
    p.text(191, 122, "text 1, close 8…", "mid small")
    p.text(381, 122, "0–125, 126, 127", "mid small")
    p.box(470, 60, 130, 40, "+2 or +8 bytes", "c")
    p.text(535, 122, "if 126, if 127", "mid small")
    p.box(610, 60, 130, 40, "key, 4 bytes", "d")
    p.text(675, 122, "clients only", "mid small")
    for index in range(8):
        p.box(20 + index * 90, 170, 80, 32, f"byte {index} ^ k{index % 4}", "d" if index % 4 == 0 else "box", "mid small")
    p.text(20, 160, "payload", "small")
    p.text(20, 235, "Fewest bytes only: a length of 125 in two bytes is an error (RFC 6455, section 5.2).", "small")
    p.save()


def outbox():
    p = Picture("05-outbox", 720, 260, "An outbox that shares frames",
                "A broadcast is one array of bytes. Each client's outbox holds a reference to it, not a copy; only a client that did not take a whole frame remembers how much of it was sent.")
    p.box(280, 20, 160, 40, "one frame, 40 bytes", "a")
    for index, (name, sent) in enumerate([("client A", ""), ("client B", "sent: 16"), ("client C", "")]):
        y = 100 + index * 52
        p.text(30, y + 22, name)
        p.rect("box", 130, y, 420, 36, 4)
        for slot in range(3 if index == 1 else 1):
            p.box(140 + slot * 80, y + 5, 70, 26, "ref", "a" if slot == 0 else "b", "mid small")
        p.text(562, y + 22, sent, "small")
        p.arrow((360, 62), (176, y + 3))
    p.save()


for draw in [stream, condition, lists, level_edge, thesis, reentrancy, resume, frame, outbox]:
    draw()

"""Draws docs/pictures/switches.svg from switches.json: what a request costs, as the number of clients and threads grows."""
import math

from markdown import load

LINES = [("02-ThreadPool --workers", "02, a pool", 1), ("02-ThreadPool --pool per-connection", "02, a thread each", 0), ("03-Epoll", "03-Epoll", 2)]
PANELS = [("Context switches per request", lambda run: run["voluntary"] + run["involuntary"], [0, 0.5, 1, 1.5]), ("CPU time per request, µs", lambda run: run["cpu_us"], [0, 10, 20, 30])]
LEFT, RIGHT, TOP, HEIGHT, STEP = 44, 360, 96, 130, 190

STYLE = """
.switches text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1d1f23}
.switches .head{font-size:17px;font-weight:650}
.switches .name{font-size:14px;font-weight:600}
.switches .soft{fill:#5a5e66}
.switches .end{text-anchor:end}
.switches .mid{text-anchor:middle}
.paper{fill:#fdfdfb}
.grid{stroke:#e4e4df}
.curve{fill:none;stroke-width:2.4;stroke-linejoin:round}
.l0{stroke:#d55e00;stroke-dasharray:9 3 2 3}
.l1{stroke:#e69f00;stroke-dasharray:7 3}
.l2{stroke:#0072b2}
@media (prefers-color-scheme:dark){
.switches text{fill:#ececea}
.switches .soft{fill:#a9adb5}
.paper{fill:#16181c}
.grid{stroke:#2c3036}
.l0{stroke:#f07f2e}
.l1{stroke:#f0b429}
.l2{stroke:#56b4e9}
}
"""


def across(clients, most):
    return LEFT + (RIGHT - LEFT) * math.log2(clients) / math.log2(most)


def panel(index, results):
    title, value, ticks = PANELS[index]
    floor = TOP + index * STEP + HEIGHT
    clients = [int(count) for count in next(iter(results.values()))]
    up = lambda amount: floor - HEIGHT * amount / ticks[-1] / 1.05
    parts = [f'<text class="name" x="14" y="{floor - HEIGHT - 12}">{title}</text>']
    for tick in ticks:
        parts.append(f'<path class="grid" d="M{LEFT} {up(tick):.1f}H{RIGHT}"/><text class="soft end" x="{LEFT - 6}" y="{up(tick) + 4:.1f}">{tick}</text>')
    for count in clients[::3]:
        parts.append(f'<text class="soft mid" x="{across(count, clients[-1]):.1f}" y="{floor + 18}">{count}</text>')
    for name, _, color in LINES:
        points = " ".join(f"{across(int(count), clients[-1]):.1f},{up(value(run)):.1f}" for count, run in results[name].items())
        parts.append(f'<polyline class="curve l{color}" points="{points}"/>')
    return parts


def description(results):
    sentences = []
    for name, label, _ in LINES:
        runs = [f"{count} clients {run['voluntary'] + run['involuntary']:.2f} switches, {run['cpu_us']:.1f} µs" for count, run in results[name].items()]
        sentences.append(f"{label}: {'; '.join(runs)}.")
    return " ".join(sentences)


def picture():
    results = load("switches")["results"]
    legend = []
    for index, (_, label, color) in enumerate(LINES):
        x = [14, 120, 286][index]
        legend.append(f'<path class="curve l{color}" d="M{x} 46h24"/><text x="{x + 30}" y="50">{label}</text>')
    height = TOP + STEP + HEIGHT + 44
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" class="switches" viewBox="0 0 390 {height}" width="585" height="{height * 1.5:.0f}" role="img">',
        "<title>What threads cost</title>", f"<desc>{description(results)}</desc>", f"<style>{STYLE}</style>",
        f'<rect class="paper" width="390" height="{height}"/>', '<text class="head" x="14" y="26">What threads cost</text>',
        *legend, *panel(0, results), *panel(1, results),
        f'<text class="soft mid" x="{(LEFT + RIGHT) // 2}" y="{height - 8}">clients with a connection each</text>', "</svg>", ""])

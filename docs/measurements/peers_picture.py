"""Draws docs/pictures/peers.svg from peers.json: what a request and a message cost each server, compared with C."""
from markdown import load

PANELS = [
    ("A request: CPU time, 64 connections", "keep-alive, 64", "cpu_us_to_c"),
    ("A WebSocket echo: CPU time, 64 clients", "echo, 64", "cpu_us_to_c"),
    ("A broadcast to 10,000: time until all have it", "broadcast to 10,000", "p50_us_to_c"),
]
# Our servers in the blue of chapter 3's thread; the yardstick and the peers in gray.
LEFT, WIDTH, STEP, TOP = 128, 206, 20, 62

STYLE = """
.peers text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1d1f23}
.peers .head{font-size:17px;font-weight:650}
.peers .name{font-size:14px;font-weight:600}
.peers .soft{fill:#5a5e66}
.peers .end{text-anchor:end}
.paper{fill:#fdfdfb}
.ours{fill:#0072b2}
.other{fill:#a3a8b0}
.floor{stroke:#d55e00;stroke-width:1.6;stroke-dasharray:4 3}
@media (prefers-color-scheme:dark){
.peers text{fill:#ececea}
.peers .soft{fill:#a9adb5}
.paper{fill:#16181c}
.ours{fill:#56b4e9}
.other{fill:#6d737c}
.floor{stroke:#f07f2e}
}
"""


def values(results, case, key):
    return [(name, cases[case][key]) for name, cases in results.items() if case in cases]


def panel(top, title, servers):
    parts = [f'<text class="name" x="14" y="{top}">{title}</text>']
    scale = WIDTH / max(value for _, value in servers)
    y = top + 10
    for name, value in servers:
        kind = "ours" if name[0] == "0" else "other"
        parts.append(f'<text class="soft end" x="{LEFT - 8}" y="{y + 13}">{name.split(" --")[0]}</text>')
        parts.append(f'<rect class="{kind}" x="{LEFT}" y="{y + 2}" width="{value * scale:.1f}" height="{STEP - 5}" rx="2"/>')
        parts.append(f'<text x="{LEFT + value * scale + 6:.1f}" y="{y + 13}">{value:.2f}</text>')
        y += STEP
    parts.append(f'<path class="floor" d="M{LEFT + scale:.1f} {top + 8}V{y}"/>')
    return parts, y + 30


def picture():
    results = load("peers")["results"]
    parts, sentences, top = [], [], TOP + 16
    for title, case, key in PANELS:
        servers = values(results, case, key)
        drawn, top = panel(top, title, servers)
        parts += drawn
        sentences.append(f"{title}: {', '.join(f'{name} {value:.2f}' for name, value in servers)}.")
    height = top - 10
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" class="peers" viewBox="0 0 390 {height}" width="585" height="{height * 1.5:.0f}" role="img">',
        "<title>As many times as C</title>", f"<desc>{' '.join(sentences)}</desc>", f"<style>{STYLE}</style>",
        f'<rect class="paper" width="390" height="{height}"/>', '<text class="head" x="14" y="26">As many times as C</text>',
        '<text class="soft" x="14" y="48">One core each. Shorter is better; the dashes are C.</text>', *parts, "</svg>", ""])

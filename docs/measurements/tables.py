"""The tables that pages show, each from a result that is recorded next to this file; `docs/refresh.py` puts them into the pages."""
import reliability_tables
from markdown import load, markdown, where


def articles(result):
    rows = []
    for name, run in result["runs"].items():
        rows.append([f"`{name}`", f"{run['median_ms']:,.1f}", f"{run['max_ms']:,.1f}", run["seconds"], run["failed"]])
    return ["server", "median ms", "longest ms", "all done after s", "failed"], rows


def servers(result):
    rows = []
    for name, cases in result["results"].items():
        for case, values in cases.items():
            rows.append([f"`{name}`", case, values["cpu_per_request_to_c"], values["rate_to_c"], values["cpu_us_per_request"], f"{values['requests_per_second']:,.0f}"])
    return ["server", "connections", "CPU per request, to C", "rate, to C", "CPU µs per request", "requests per second"], rows


def memory(result):
    rows = [[f"`{name}`", v["keep-alive"]["connections"], f"{v['keep-alive']['bytes_per_connection']:,}", f"{v['WebSocket']['bytes_per_connection']:,}", v["keep-alive"]["threads"]] for name, v in result["results"].items()]
    return ["server", "connections", "bytes per keep-alive connection", "bytes per WebSocket on /ws", "threads"], rows


def websocket(result):
    rows = []
    for name, cases in result["results"].items():
        for case, v in cases.items():
            rows.append([f"`{name}`", case, v["cpu_us_to_c"], v["rate_to_c"], v["p99_us_to_c"] or "–", v["cpu_us"], f"{v['rate']:,.0f}"])
    return ["server", "case", "CPU per message, to C", "rate, to C", "p99, to C", "CPU µs per message", "messages per second"], rows


def peers_http(result):
    rows = []
    for name, cases in result["results"].items():
        few, many, deep = cases["keep-alive, 64"], cases["keep-alive, 512"], cases["keep-alive, 64, 16 deep"]
        held = result["memory"][name]["idle keep-alive"]["bytes_per_connection"]
        rows.append([
            f"`{name}`", few["cpu_us_to_c"], few["rate_to_c"], few["p99_us_to_c"], many["cpu_us_to_c"], many["rate_to_c"], many["p99_us_to_c"],
            deep["rate_to_c"], f"{held:,}"])
    return ["server", "64 connections: CPU per request", "rate", "p99", "512: CPU per request", "rate", "p99", "64, 16 deep: rate", "bytes per idle connection"], rows


def peers_websocket(result):
    rows = []
    for name, cases in result["results"].items():
        if "echo, 64" not in cases:
            continue
        echo, flight, broadcast = cases["echo, 64"], cases["echo, 64, 16 in flight"], cases["broadcast to 10,000"]
        held = result["memory"][name]["idle WebSocket"]["bytes_per_connection"]
        rows.append([
            f"`{name}`", echo["cpu_us_to_c"], echo["rate_to_c"], echo["p99_us_to_c"], flight["rate_to_c"], broadcast["p50_us_to_c"],
            f"{held:,}"])
    return ["server", "echo, 64 clients: CPU per message", "rate", "p99", "64, 16 in flight: rate", "broadcast to 10,000: time", "bytes per idle WebSocket"], rows


def instructions(result):
    cases = list(result["instructions"]["C"])
    rows = [[f"`{name}`", *[f"{counts[case]:,}" if case in counts else "–" for case in cases]] for name, counts in result["instructions"].items()]
    return ["server", *cases], rows


def clients(result, of_websockets=False):
    rows = []
    for server, tools in result["results"].items():
        if ("load.c" in tools) != of_websockets:
            continue
        for name, v in tools.items():
            ratios = ["–", "–"] if name.startswith("bench") else [v["rate_ratio"], v["cpu_ratio"]]
            rows.append([f"`{server}`", f"`{name}`", f"{v['rate']:,}", v["cpu_us"], *ratios])
    return ["server", "client", "per second", "client's CPU µs for each", "rate of bench to it", "CPU of bench to it"], rows


def triggers(result):
    return ["system call", "edge", "level"], [[f"`{call}`", *counts] for call, counts in result["triggers"].items()]


def switches(result):
    """One row for each number of clients, with all servers side by side."""
    pool, each, loop = result["results"].values()
    rows = []
    for clients, run in pool.items():
        rows.append([
            clients, f"{run['voluntary'] + run['involuntary']:.2f}", f"{run['cpu_us']:.1f}", f"{run['rate']:,.0f}", f"{each[clients]['cpu_us']:.1f}",
            f"{loop[clients]['voluntary'] + loop[clients]['involuntary']:.2f}", f"{loop[clients]['cpu_us']:.1f}", f"{loop[clients]['rate']:,.0f}"])
    return ["clients", "02: switches per request", "CPU µs", "requests per second", "a thread each: CPU µs", "03: switches per request", "CPU µs", "requests per second"], rows


def omission(result):
    rows = [[name, f"{v['requests']:,}", *(f"{v[key]:,.2f}" for key in ["median", "p90", "p99", "max"])] for name, v in result["rows"].items()]
    return ["", "requests", "median ms", "p90 ms", "p99 ms", "longest ms"], rows


def two_loops(result):
    rows = [[f"`{name}`", f"{v['one']:,.0f}", f"{v['two']:,.0f}", v["ratio"]] for name, v in result["two_loops"].items()]
    return ["server", "one loop, requests/s", "two loops", "two to one, median of rounds"], rows


def history(result):
    rows = []
    for step in result["steps"]:
        counts = [step["instructions"].get(name, {}) for name in ("03-Epoll", "04-Actor --loops 1", "05-WebSocket --loops 1")]
        cells = [f"{count[case]:,}" if count else "–" for case in ("request", "WebSocket message") for count in counts]
        rows.append([step["step"], *cells, f"`{step['commit']}`"])
    return ["step", "request: 03", "04", "05", "WebSocket message: 03", "04", "05", "commit"], rows


def profile(result):
    results = result["results"]
    parts = list(results["03-Epoll"]["parts"])
    libraries = {"libswift_Concurrency.so": "Swift's tasks", "libswiftCore.so": "Swift's reference counts and arrays", "libc.so.6": "the C library"}
    rows = [[part, *[f"{r['parts'][part]:,}" for r in results.values()]] for part in parts]
    rows += [[f"*{title}*", *[f"{r['libraries'].get(name, 0):,}" for r in results.values()]] for name, title in libraries.items()]
    rows.append(["**all**", *[f"**{r['total']:,}**" for r in results.values()]])
    return ["part", *[f"`{name}`" for name in results]], rows


# Our targets: CPU time compared with C, unless a word says otherwise.
BARS = [
    ("03-Epoll", "keep-alive, 64", "cpu_us_to_c", "CPU per request", 1.05),
    ("04-Actor --loops 1", "keep-alive, 64", "cpu_us_to_c", "CPU per request", 1.1),
    ("05-WebSocket --loops 1", "echo, 64", "cpu_us_to_c", "CPU per message", 1.1),
    ("03-Epoll", "keep-alive, 64, 16 deep", "rate_to_c", "rate", 0.7),
    ("05-WebSocket --loops 1", "echo, 64, 16 in flight", "rate_to_c", "rate", 0.6),
    ("05-WebSocket --loops 1", "broadcast to 10,000", "p50_us_to_c", "time", 1.05),
]


def bars(result):
    rows = []
    for name, case, key, title, bar in BARS:
        value = result["results"][name][case][key]
        is_met = value >= bar if key == "rate_to_c" else value <= bar
        rows.append([f"`{name}`", case, title, f"{'at least' if key == 'rate_to_c' else 'at most'} {bar}", value, "yes" if is_met else "no"])
    return ["server", "case", "to C", "target", "measured", "met"], rows


def sleeper(result):
    rows = [[f"`{name}`", v["cpu_us"], v["with_sleeper_to_without"]] for name, v in result["results"].items()]
    return ["server", "CPU µs per request", "with a sleeping thread, to without"], rows


def backplane(result):
    one, three = result["one server"], result["three nodes"]
    return ["a broadcast to " + f"{3 * result['clients']:,} clients", "one server", "three nodes"], [
        ["CPU µs per delivery, of the servers", one["cpu_us_per_delivery"], three["cpu_us_per_delivery"]],
        ["ms until the last client has it, median", one["median_ms"], three["median_ms"]],
    ]


def lines_of_serve(result):
    return ["`serve`", "lines"], [[f"`{file}`", lines] for file, lines in result["lines_of_serve"].items()]


# By name: the result, and the function that makes a head and rows from it.
TABLES = {
    "articles": ("articles", articles),
    "servers": ("servers", servers),
    "memory": ("memory", memory),
    "websocket": ("websocket", websocket),
    "peers": ("peers", peers_http),
    "peers, WebSocket": ("peers", peers_websocket),
    "instructions": ("instructions", instructions),
    "history": ("history", history),
    "profile": ("profile", profile),
    "bars": ("peers", bars),
    "clients": ("clients", clients),
    "clients, WebSocket": ("clients", lambda result: clients(result, of_websockets=True)),
    "triggers": ("small", triggers),
    "two loops": ("small", two_loops),
    "omission": ("omission", omission),
    "switches": ("switches", switches),
    "sleeper": ("sleeper", sleeper),
    "backplane": ("backplane", backplane),
    "lines of serve": ("small", lines_of_serve),
    **reliability_tables.TABLES,
}


def table(name, words=""):
    """- words: those rows only whose first column contains one of these, separated by commas."""
    file, make = TABLES[name]
    result = load(file)
    head, rows = make(result)
    wanted = [row for row in rows if any(word in row[0] for word in words.split(", "))]
    return markdown(head, wanted) + "\n\n" + where(result)


def output(command):
    return load("small")["outputs"][command]

"""The numbers in sentences, by name; `docs/refresh.py` puts them there."""
import functools
import os

from markdown import SOURCES, load

REGISTRIES = ["sharded", "actor", "mutex"]


@functools.cache
def figures():
    return {**the_articles(), **chapters(), **registries(), **small(), **peers(), **held(), **switches(), **sleeper(), **backplane(), **rounds()}


def lines(path):
    return len(open(os.path.join(SOURCES, path)).readlines())


def chapters():
    """How long a chapter's folder is."""
    """Of each chapter's folder, without the folders in it: the backplane is counted apart."""
    names = [name for name in os.listdir(SOURCES) if name[:2].isdigit()] + ["05-WebSocket/Backplane"]
    files = {name: [file for file in os.listdir(os.path.join(SOURCES, name)) if file.endswith(".swift")] for name in names}
    return {f"lines, {name}": str(sum(lines(f"{name}/{file}") for file in files[name])) for name in names}


def the_articles():
    runs = load("articles")["runs"]
    result = {}
    for name, run in runs.items():
        result[f"median, {name}"] = f"{run['median_ms'] / 1000:.1f} s"
        result[f"all done, {name}"] = f"{run['seconds']:.1f} s"
    return result


def registries():
    """The figures of `05-WebSocket` with each registry, compared with C; and how long their files are."""
    results = load("websocket")["results"]
    cases = [
        ("CPU, broadcast to 1,000", "broadcast to 1,000", 1, "cpu_us_to_c"),
        ("CPU, everybody sends", "everybody sends, 256 clients", 1, "cpu_us_to_c"),
        ("CPU, registration", "registration of 5,000", 1, "cpu_us_to_c"),
        ("rate, broadcast to 10,000, two loops", "broadcast to 10,000", 2, "rate_to_c"),
        ("rate, everybody sends, two loops", "everybody sends, 256 clients", 2, "rate_to_c"),
    ]
    result = {}
    for name, case, loops, key in cases:
        values = [(registry, results[f"05-WebSocket --registry {registry} --loops {loops}"][case][key]) for registry in REGISTRIES]
        result[name] = ", ".join(f"{registry} {value}" for registry, value in values)
    for registry in REGISTRIES:
        result[f"lines, {registry}"] = str(lines(f"05-WebSocket/{registry.capitalize()}Registry.swift"))
    return result


def small():
    result = load("small")
    outputs, counts = result["outputs"], result["lines_of_serve"]
    mutex, same, own, other = [line.split(":")[1].split()[0] for line in outputs["bench hop"].split("\n")]
    addition, wait, in_wait, in_20 = [line.split(":")[1].split()[0] for line in outputs["bench io-gap"].split("\n")]
    return {
        "lines of advance, 03-Epoll": str(counts["Sources/03-Epoll/EventLoop.swift"]),
        "ns, mutex": f"{int(mutex):,}", "ns, same loop": f"{int(same):,}", "ns, own queue": f"{int(own):,}", "ns, other loop": f"{int(other):,}",
        "ms, 10,000 messages": f"{int(own) / 100:.0f}", "ns, addition": addition, "us, loopback": wait, "additions in a wait": f"{int(in_wait):,}", "additions in 20 us": f"{int(in_20):,}",
    }


def peers():
    result = load("peers")
    c = result["results"]["C"]
    request, deep, message, flight = [c[case] for case in ["keep-alive, 64", "keep-alive, 64, 16 deep", "echo, 64", "echo, 64, 16 in flight"]]
    to_c = {name: result["results"][name]["keep-alive, 64"]["cpu_us_to_c"] for name in result["results"] if "cpu_us_to_c" in result["results"][name].get("keep-alive, 64", {})}
    return {
        "CPU of 03 to C": f"{to_c['03-Epoll']:.2f}", "CPU of 04 to C": f"{to_c[next(name for name in to_c if name.startswith('04'))]:.2f}", "CPU of nginx to C": f"{to_c['nginx']:.2f}", "CPU of SwiftNIO to C": f"{to_c['SwiftNIO']:.2f}",
        "peers": ", ".join(f"{name} {version.rsplit('/')[-1]}" for name, version in result["versions"].items()),
        "C, requests": f"{request['cpu_us']} µs and {request['rate']:,.0f} requests per second with 64 connections, {deep['rate']:,.0f} with 16 in each read",
        "C, messages": f"{message['cpu_us']} µs and {message['rate']:,.0f} messages per second with 64 clients, {flight['rate']:,.0f} with 16 in flight, "
        f"a broadcast in {c['broadcast to 10,000']['p50_us'] / 1000:.0f} ms",
    }


def held():
    """Bytes per idle connection."""
    result = {}
    for name, kinds in load("memory")["results"].items():
        for kind, v in kinds.items():
            result[f"bytes, {kind}, {name}"] = f"{v['bytes_per_connection']:,}"
            result[f"megabytes for 10,000, {kind}, {name}"] = f"{v['bytes_per_connection'] / 100:.0f}"
    return result


def switches():
    """Context switches and CPU time of a request: a pool with a thread for each client, and chapter 3's loop."""
    pool, _, loop = load("switches")["results"].values()
    result = {}
    for name, runs in [("02", pool), ("03", loop)]:
        for clients, run in runs.items():
            result[f"switches, {name}, {clients}"] = f"{run['voluntary'] + run['involuntary']:.2f}"
            result[f"CPU, {name}, {clients}"] = f"{run['cpu_us']:.1f}"
    return result


def sleeper():
    """What a sleeping thread costs the others."""
    return {f"sleeper, {name}": f"{v['with_sleeper_to_without']:.2f}" for name, v in load("sleeper")["results"].items()}


def backplane():
    """What goes through one Redis, and what a topic costs."""
    result = load("backplane")
    return {
        "published per second": f"{result['published_per_second']:,.0f}", "XADD per second": f"{result['xadd_per_second']:,.0f}",
        "published to XADD": f"{result['published_to_xadd']:.2f}", "bytes per topic, Redis": f"{result['redis_bytes_per_topic']:,}",
        "bytes per topic, node": f"{result['node_bytes_per_topic']:,}", "us per delivery, nodes": str(result["three nodes"]["cpu_us_per_delivery"]),
    }


def rounds():
    result = {f"rounds, {name}": str(load(name)["rounds"]) for name in ["servers", "websocket", "clients", "peers", "switches", "sleeper"]}
    counted = load("instructions")
    return {**result, "valgrind": counted["valgrind"], "requests counted": f"{counted['requests']:,}"}

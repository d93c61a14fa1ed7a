"""The sections that set our servers beside C, nginx, SwiftNIO and Hummingbird."""
from markdown import load, table, where


def peers():
    result = load("peers")
    http, websocket = [], []
    for name, cases in result["results"].items():
        few, many, deep = cases["keep-alive, 64"], cases["keep-alive, 512"], cases["keep-alive, 64, 16 deep"]
        held = result["memory"][name]
        http.append([
            f"`{name}`", few["cpu_us_to_c"], few["rate_to_c"], few["p99_us_to_c"], many["cpu_us_to_c"], many["rate_to_c"], many["p99_us_to_c"],
            deep["rate_to_c"], f"{held['idle keep-alive']['bytes_per_connection']:,}"])
        if "echo, 64" in cases:
            echo, flight, broadcast = cases["echo, 64"], cases["echo, 64, 16 in flight"], cases["broadcast to 10,000"]
            websocket.append([
                f"`{name}`", echo["cpu_us_to_c"], echo["rate_to_c"], echo["p99_us_to_c"], flight["rate_to_c"], broadcast["p50_us_to_c"],
                f"{held['idle WebSocket']['bytes_per_connection']:,}"])
    c = result["results"]["C"]
    request, deep, message, flight = [c[case] for case in ["keep-alive, 64", "keep-alive, 64, 16 deep", "echo, 64", "echo, 64, 16 in flight"]]
    versions = ", ".join(f"{name} {version.rsplit('/')[-1]}" for name, version in result["versions"].items())
    return f"""## Beside others

One event loop on one core, the load (`Peers/c/load.c`) on the other; all ratios are to C's figure right before, medians of {result['rounds']} rounds. The others are in `Peers/`:
{versions}. Memory is the server's own, with 10,000 idle connections.

{table(['server', '64 connections: CPU per request', 'rate', 'p99', '512: CPU per request', 'rate', 'p99', '64, 16 deep: rate', 'bytes per idle connection'], http)}

C itself: {request['cpu_us']} µs and {request['rate']:,.0f} requests per second with 64 connections, {deep['rate']:,.0f} with 16 in each read.

{table(['server', 'echo, 64 clients: CPU per message', 'rate', 'p99', '64, 16 in flight: rate', 'broadcast to 10,000: time', 'bytes per idle WebSocket'], websocket)}

C itself: {message['cpu_us']} µs and {message['rate']:,.0f} messages per second with 64 clients, {flight['rate']:,.0f} with 16 in flight, a broadcast in {c['broadcast to 10,000']['p50_us'] / 1000:.0f} ms.

{where(result)}
"""


def instructions():
    result = load("instructions")
    cases = list(result["instructions"]["C"])
    rows = [[f"`{name}`", *[f"{counts[case]:,}" if case in counts else "–" for case in cases]] for name, counts in result["instructions"].items()]
    return f"""## Instructions

User-space instructions for each, counted by {result['valgrind']} over {result['requests']:,} of them on one connection, without start-up and stop. They do not depend
on what else the machine does; `--check` fails where one of ours needs over 3 % more than recorded here. The kernel's share, most of the time, is not in them.

{table(['server', *cases], rows)}

{where(result)}
"""

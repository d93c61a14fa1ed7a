#!/usr/bin/env python3
"""Runs the waiting machine's scenarios with the real servers, and keeps when each request was sent and answered.

    swift build -c release
    docs/measurements/machine.py       # writes machine.json; docs/site/test.py compares the model with it

The model assumes an idle machine. If yours does other work too, give the run priority over everything else (sched(7)):

    setsid sh -c 'echo -20 >/proc/self/autogroup; exec nice -n -20 docs/measurements/machine.py'     # as root
"""
import csv
import socket
import subprocess
import tempfile
import time

from common import Server, save, swift

NAMES = {"01": "01-Sequential", "02": "02-ThreadPool", "03": "03-Epoll", "04": "04-Actor", "05": "05-WebSocket"}
BASE = {"clients": 10, "rounds": 3, "delay": 200, "burners": 0, "burn": 300, "silent": 0, "lead": 100, "timeout": 1500,
        "workers": 10, "cores": 2}
SCENARIOS = [
    *({"server": server} for server in NAMES),
    *({"server": server, "clients": 6, "burners": 6, "rounds": 2} for server in NAMES),
    *({"server": server, "clients": 8, "burners": 3, "rounds": 2, "delay": 400} for server in ["02", "03", "04", "05"]),
    {"server": "01", "clients": 3, "rounds": 2, "silent": 2},
    {"server": "02", "clients": 5, "rounds": 2, "silent": 3, "workers": 4},
    {"server": "02", "workers": 3},
    {"server": "02", "workers": 3, "silent": 3, "clients": 4, "rounds": 1},
    {"server": "03", "silent": 12},
    {"server": "04", "silent": 12, "clients": 20, "rounds": 2},
]


def load(server, count, rounds, target):
    """Sends requests of one kind: starts the run, and reads what it wrote when it ends."""
    report = tempfile.NamedTemporaryFile(suffix=".csv")
    command = [".build/release/bench", "-q", "-s", "120", "-n", str(count * rounds), "-c", str(count), "--csv", report.name, server.url + target]
    return report, subprocess.Popen(command, stdout=subprocess.DEVNULL)


def rows(report):
    for row in csv.DictReader(open(report.name)):
        sent = float(row["start_us"]) / 1000
        yield [round(sent, 1), round(sent + float(row["total_us"]) / 1000, 1)]


def run(scenario):
    options = ["--delay", f"{scenario['delay']}ms", "--header-timeout", f"{scenario['timeout']}ms"]
    if scenario["server"] == "02":
        options += ["--workers", str(scenario["workers"])]
    server = Server(*swift(NAMES[scenario["server"]], *options), cores="0,1")
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(scenario["silent"])]
    if silent:
        time.sleep(scenario["lead"] / 1000)
    loads = []
    if scenario["burners"]:
        loads.append(("computes", *load(server, scenario["burners"], scenario["rounds"], f"burn?ms={scenario['burn']}")))
    if scenario["clients"] > scenario["burners"]:
        loads.append(("waits", *load(server, scenario["clients"] - scenario["burners"], scenario["rounds"], "")))
    result = {}
    for kind, report, process in loads:
        assert process.wait() == 0
        result[kind] = list(rows(report))
    assert server.stop() == 0
    for connection in silent:
        connection.close()
    return result


def main():
    runs = []
    for changes in SCENARIOS:
        scenario = {**BASE, **changes}
        requests = run(scenario)
        runs.append({"scenario": scenario, "requests": requests})
        print(changes, {kind: max(end for _, end in times) for kind, times in requests.items()}, flush=True)
    save("docs/measurements/machine.json", runs=runs)


main()

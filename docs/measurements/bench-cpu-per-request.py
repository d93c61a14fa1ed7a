#!/usr/bin/env python3
"""CPU time per request of bench, `ab -k` and `wrk -t1`, on the same server, in one interleaved run.

The server is on core 0, the client on core 1 (taskset). Every round runs each client once, in rotating order;
a client's CPU time is what the kernel accounts to its process, user and system (wait4(2)). Only ratios count:
absolute times belong to the machine.

    swift build -c release --product bench
    docs/measurements/bench-cpu-per-request.py                        # against nginx
    docs/measurements/bench-cpu-per-request.py .build/release/03-Epoll --port 18099

Needs ab, wrk, curl, taskset, and nginx or a server command that listens on --port.
"""
import argparse
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import tempfile
import time

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type text/plain; return 200 "Hello"; }} }}
}}
"""
CLIENTS = {
    "bench": "{bench} -q -k -n {requests} -c {connections} {url}",
    "ab": "ab -q -k -n {requests} -c {connections} {url}",
    "wrk": "wrk -t1 -c{connections} -d{seconds}s {url}",
}


def measure(command):
    """Runs a client on core 1; returns microseconds of CPU per request and requests per second."""
    with tempfile.TemporaryFile() as output:
        begin = time.monotonic()
        child = subprocess.Popen(["taskset", "-c", "1"] + command.split(), stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        elapsed = time.monotonic() - begin
        output.seek(0)
        text = output.read().decode()
    assert child.returncode == 0, command
    failed = re.search(r"Failed requests: +(\d+)", text)
    assert failed is None or failed[1] == "0", text
    count = int(re.search(r"Complete requests: +(\d+)|(\d+) requests in", text).group(0).split()[-1 if failed else 0])
    return (usage.ru_utime + usage.ru_stime) * 1e6 / count, count / elapsed


def wait_until_ready(url):
    command = ["curl", "-s", "-o", "/dev/null", "--retry", "50", "--retry-connrefused", "--retry-delay", "1", url]
    subprocess.run(command, check=True)


def run_rounds(options, commands):
    rounds = []
    names = list(commands)
    for number in range(options.rounds):
        order = names[number % len(names):] + names[:number % len(names)]
        measured = {name: measure(commands[name]) for name in order}
        rounds.append(measured)
        print(f"round {number + 1}: " + "  ".join(f"{n} {measured[n][0]:.2f} µs" for n in names), flush=True)
    return rounds


def summary(rounds):
    names = list(rounds[0])
    median = lambda values: round(statistics.median(values), 3)
    return {
        "cpu_us_per_request_median": {n: median(r[n][0] for r in rounds) for n in CLIENTS},
        "requests_per_second_median": {n: round(statistics.median(r[n][1] for r in rounds)) for n in CLIENTS},
        "ratio_median_of_rounds": {
            "bench/" + other: median(r["bench"][0] / r[other][0] for r in rounds) for other in CLIENTS if other != "bench"
        },
        "rounds_cpu_us_per_request": [{n: round(r[n][0], 3) for n in sorted(names)} for r in rounds],
    }


def first_line(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()[0]


def description(server):
    model = re.search(r"model name\s*:\s*(.+)", open("/proc/cpuinfo").read())
    return {
        "command": "docs/measurements/bench-cpu-per-request.py",
        "server": server,
        "machine": {
            "processor": model[1] if model else platform.processor(),
            "cores": os.cpu_count(),
            "kernel": platform.release().split("-")[0],
        },
        "toolchain": first_line("swift", "--version"),
        "tools": {"ab": first_line("ab", "-V"), "wrk": first_line("wrk", "-v"), "nginx": first_line("nginx", "-v")},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server", nargs="*", help="server command; nginx if there is none")
    parser.add_argument("--port", type=int, default=18099)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=150_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--bench", default=".build/release/bench")
    parser.add_argument("--json", default="docs/measurements/bench-cpu-per-request.json")
    options = parser.parse_intermixed_args()
    url = f"http://127.0.0.1:{options.port}/"
    values = {"bench": options.bench, "requests": options.requests, "connections": options.connections, "seconds": 1, "url": url}
    commands = {name: command.format(**values) for name, command in CLIENTS.items()}
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "nginx.conf")
        with open(config, "w") as file:
            file.write(NGINX.format(folder=folder, port=options.port))
        server = options.server or ["nginx", "-p", folder, "-c", config]
        process = subprocess.Popen(["taskset", "-c", "0"] + server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until_ready(url)
            rounds = run_rounds(options, commands)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    name = " ".join(options.server) or "nginx, one process, return 200 \"Hello\""
    result = {**description(name), "clients": {n: f"taskset -c 1 {c}" for n, c in commands.items()}, **summary(rounds)}
    with open(options.json, "w") as file:
        json.dump(result, file, indent=2, ensure_ascii=False)
        file.write("\n")
    print(json.dumps(result["ratio_median_of_rounds"]))


main()

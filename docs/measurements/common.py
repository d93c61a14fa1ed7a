"""Code that the measuring scripts share: servers on core 0, load on core 1, CPU time from /proc, results as JSON."""
import json
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import sys
import time


def first_line(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()[0]


def machine():
    model = re.search(r"model name\s*:\s*(.+)", open("/proc/cpuinfo").read())
    return {
        "processor": model[1] if model else platform.processor(),
        "cores": os.cpu_count(),
        "kernel": platform.release().split("-")[0],
    }


def save(path, **result):
    """Writes a result, with everything that is needed to judge and repeat it."""
    result = {
        "command": " ".join(["docs/measurements/" + os.path.basename(sys.argv[0])] + sys.argv[1:]),
        "machine": machine(),
        "toolchain": first_line("swift", "--version"),
        **result,
    }
    with open(path, "w") as file:
        json.dump(result, file, indent=2, ensure_ascii=False)
        file.write("\n")


def median(values, digits=3):
    return round(statistics.median(values), digits)


class Server:
    """A server on core 0 (unless told otherwise) and a free port; the port is in its one line on standard output.

    nginx prints none: its port is in its configuration, and it is ready when it accepts a client. It misses a signal
    that arrives just before it waits, so the signal is sent again."""

    def __init__(self, *command, cores="0"):
        self.process = subprocess.Popen(["taskset", "-c", cores, *command], stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        is_nginx = command[-1].endswith("nginx.conf")
        self.patience = 0.5 if is_nginx else None
        if is_nginx:
            self.port = int(re.search(r"listen 127.0.0.1:(\d+)", open(command[-1]).read())[1])
            self.wait_for_a_listener()
        else:
            self.port = int(re.search(r":(\d+)\s*$", self.process.stdout.readline())[1])
        self.url = f"http://127.0.0.1:{self.port}/"

    def wait_for_a_listener(self):
        while self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise RuntimeError(f"{self.process.args} ended with {self.process.returncode}")

    def cpu(self):
        """Seconds of CPU time of all its threads, user and system."""
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def anonymous(self):
        """Bytes of private memory (not of files) that are in use."""
        return int(re.search(r"RssAnon:\s+(\d+)", open(f"/proc/{self.pid}/status").read())[1]) * 1024

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def stop(self):
        while True:
            self.process.send_signal(signal.SIGTERM)
            try:
                return self.process.wait(timeout=self.patience)
            except subprocess.TimeoutExpired:
                pass

    def kill(self):
        self.process.kill()
        self.process.wait()


def swift(name, *options):
    return [f".build/release/{name}", "--port", "0", *options]


def build_c(name, folder):
    path = os.path.join(folder, name)
    compiler = "clang" if subprocess.run(["which", "clang"], capture_output=True).returncode == 0 else "cc"
    subprocess.run([compiler, "-O2", "-o", path, f"Peers/c/{name}.c"], check=True)
    return [path, "0"]


def load(server, tool, *case):
    """Peers/c/load.c on core 1; what a message costs the server, and what the clients saw."""
    before = server.cpu()
    out = subprocess.run(["taskset", "-c", "1", tool, str(server.port), *case], check=True, capture_output=True, text=True)
    messages, seconds, p50, p99 = map(float, out.stdout.split())
    return {"cpu_us": (server.cpu() - before) * 1e6 / messages, "rate": messages / seconds, "p50_us": p50, "p99_us": p99}


def beside_c(pairs):
    """Medians of a server's own figures, and of their ratios to C's figures right before."""
    keys = pairs[0][0].keys()
    ratio = {f"{key}_to_c": median([own[key] / c[key] for own, c in pairs if c[key]] or [0]) for key in keys}
    return {**ratio, **{key: median([own[key] for own, _ in pairs], 2) for key in keys}}

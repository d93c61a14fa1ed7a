"""What the measuring scripts share: servers on core 0, load on core 1, CPU time from /proc, results as JSON."""
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys


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
    """Writes a result with what is needed to judge and repeat it."""
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
    """A server on core 0 (unless told otherwise) and a free port; the port comes from its one line on standard output."""

    def __init__(self, *command, cores="0"):
        self.process = subprocess.Popen(["taskset", "-c", cores, *command], stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        line = self.process.stdout.readline()
        self.port = int(re.search(r":(\d+)\s*$", line)[1])
        self.url = f"http://127.0.0.1:{self.port}/"

    def cpu(self):
        """Seconds of CPU time of all its threads, user and system."""
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def anonymous(self):
        """Bytes of memory of its own (not of files) that are in use."""
        return int(re.search(r"RssAnon:\s+(\d+)", open(f"/proc/{self.pid}/status").read())[1]) * 1024

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()


def swift(name, *options):
    return [f".build/release/{name}", "--port", "0", *options]


def build_c(name, folder):
    path = os.path.join(folder, name)
    compiler = "clang" if subprocess.run(["which", "clang"], capture_output=True).returncode == 0 else "cc"
    subprocess.run([compiler, "-O2", "-o", path, f"Peers/c/{name}.c"], check=True)
    return [path, "0"]

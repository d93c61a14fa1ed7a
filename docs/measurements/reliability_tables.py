"""Tables of docs/reliability.md, from the results in docs/reliability."""


def flat(result, prefix=""):
    """Flattens nested values into one level of `name: value`, in words."""
    for key, value in result.items():
        name = (prefix + " " + key.replace("_", " ")).strip()
        if isinstance(value, dict):
            yield from flat(value, name)
        else:
            yield name, ("yes" if value else "**no**") if isinstance(value, bool) else value


def autobahn(result):
    rows = []
    for name, sections in result["results"].items():
        rows.append([f"`{name}`", *(sum(counts[kind] for counts in sections.values()) for kind in ["passed", "informational", "non_strict", "failed"])])
    return ["server", "passed", "informational", "non-strict", "failed"], rows


def faults(name):
    def make(result):
        servers = {server: dict(flat(values)) for server, values in result["results"][name]["servers"].items()}
        head = list(dict.fromkeys(key for values in servers.values() for key in values if key != "held"))
        return ["server", *head, "held"], [[f"`{server}`", *(values.get(key, "–") for key in head), values["held"]] for server, values in servers.items()]
    return make


def stop(result):
    """A row per signal: side by side, they do not fit on a page."""
    head, rows = ["waiting answered", "websockets told", "seconds", "exit status", "answered", "closed instead of an answer"], []
    for server, values in result["results"]["stop"]["servers"].items():
        held = dict(flat(values))["held"]
        for signal in ["SIGTERM", "SIGINT"]:
            counts = dict(flat(values[signal]))
            rows.append([f"`{server}`", signal, *(counts.get(key, "–") for key in head), held])
    return ["server", "signal", *head, "held"], rows


def fuzz(result):
    rows = [[f"`{name}`", run["seconds"], f"{run['executions']:,}", run["edges_reached"], f"{run['features']:,}", run["corpus"], len(run["findings"])] for name, run in result["results"].items()]
    return ["target", "seconds", "inputs", "edges reached", "features", "corpus", "findings"], rows


def soak(result):
    rows = []
    for name, run in result["results"].items():
        clients, wrong = f"{sum(run['clients'].values()):,}", len(run["failures"])
        for moment in ["baseline", "most", "after"]:
            values = run[moment]
            rows.append([f"`{name}`", run["minutes"], clients, wrong, moment, values["descriptors"], values["threads"], f"{values['anonymous_bytes'] / 1e6:.2f}"])
    return ["server", "minutes", "clients", "wrong answers", "when", "descriptors", "threads", "memory, MB"], rows


def sanitizers(result):
    return ["command", "tests", "outcome"], [[f"`Tests/sanitize.sh {name}`", run["tests"], run["outcome"]] for name, run in result["results"].items()]


TABLES = {
    "autobahn": ("../reliability/autobahn", autobahn),
    **{f"faults, {name}": ("../reliability/faults", faults(name)) for name in ["slowloris", "idle", "shortage", "unread", "storm"]},
    "faults, stop": ("../reliability/faults", stop),
    "fuzz": ("../reliability/fuzz", fuzz),
    "soak": ("../reliability/soak", soak),
    "sanitizers": ("../reliability/sanitizers", sanitizers),
}

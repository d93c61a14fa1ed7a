"""The report card of the five servers, from report-card.json; Tests/ConformanceTests/ReportCard tries every line of that file."""
import json
import os

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "report-card.json")


def report_card(until):
    """- until: `all`, or a server: its card has a column for each server up to this one, and omits what all five survive."""
    card = json.load(open(PATH))
    servers = card["servers"]
    shown = servers if until == "all" else servers[:servers.index(until) + 1]
    rows = []
    for crowd in card["crowds"]:
        numbers = [crowd["stoppedBy"][server] for server in shown]
        rows.append([crowd["text"], *(f"✓&nbsp;{crowd['tried']:,}" if number is None else f"✗&nbsp;{number}" for number in numbers)])
    if until == "all":
        rows.insert(0, ["*waits by*", *(f"*{way}*" for way in card["waitsBy"])])
    head = ["", *(f"`{server}`" if until == "all" else server[:2] for server in shown)]
    lines = ["| " + " | ".join(head) + " |", "|---|" + ":-:|" * len(shown)]
    also = ", ".join(f"{row['text']} (`{row['suite']}`)" for row in card["survived"])
    below = [f"\n✓ for all five, each by a test that runs on every one of them: {also}."] if until == "all" else []
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows] + below)

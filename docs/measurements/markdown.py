"""The source of tables and figures: the recorded results, and the machines that they come from."""
import json
import os

FOLDER = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(FOLDER, "../../Sources")


def load(name):
    with open(os.path.join(FOLDER, name + ".json")) as file:
        return json.load(file)


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(text(cell) for cell in row) + " |" for row in rows])


def text(cell):
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def where(result):
    machine = result["machine"]
    return f"`{result['command']}` on {machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}; {result['toolchain'].split('(')[0].strip()}. {result.get('note', '')}".rstrip()

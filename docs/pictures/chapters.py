#!/usr/bin/env python3
"""Draws each chapter's result from the recorded tour: its server, below the one of the chapter before.

    swift build -c release --product bench
    docs/pictures/chapters.py
"""
import json
import os
import shutil
import subprocess
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(FOLDER, "../..")
# Chapter 5 is about WebSockets; its thirty requests look like chapter 4's.
PICTURES = {"01-Sequential": "crowd", "02-ThreadPool": "crowd", "03-Epoll": "crowd", "04-Actor": "crowd", "05-WebSocket": "broadcast"}


def main():
    tour = json.load(open(os.path.join(ROOT, "docs/measurements/tour.json")))
    servers = tour["servers"]
    for index, server in enumerate(servers):
        name = server["name"]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "tour.json")
            with open(path, "w") as file:
                json.dump({**tour, "servers": servers[max(0, index - 1):index + 1]}, file)
            subprocess.run([os.path.join(ROOT, ".build/release/bench"), "plot", path, "-o", folder + "/"], check=True)
            kind = PICTURES[name]
            shutil.copy(os.path.join(folder, kind + ".svg"), os.path.join(FOLDER, f"{name[:2]}-{kind}.svg"))


main()

"""The servers that are compared: the C yardstick, our servers with one loop, and the peers that this machine has."""
import os
import shutil
import socket

from common import build_c, swift


def nginx(folder):
    """Writes a configuration with a port that was free a moment ago: nginx cannot report a port that the kernel chose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    path = os.path.join(folder, "nginx.conf")
    with open("Peers/nginx.conf") as template, open(path, "w") as file:
        file.write(template.read().replace("FOLDER", folder).replace("PORT", port))
    return ["nginx", "-p", folder, "-e", os.path.join(folder, "error.log"), "-c", path]


def peer(name):
    return [f"Peers/.build/release/{name}", "--port", "0"]


def both(command):
    """One program for HTTP and for WebSockets."""
    return {"http": command, "websocket": command}


OURS = {
    "03-Epoll": both(swift("03-Epoll")),
    "04-Actor --loops 1": both(swift("04-Actor", "--loops", "1")),
    "05-WebSocket --loops 1": both(swift("05-WebSocket", "--loops", "1")),
}


def contestants(folder):
    """Returns the commands of each by name; servers that are not installed are left out, with a message."""
    known = {
        "C": {"http": build_c("http", folder), "websocket": build_c("ws", folder)},
        **OURS,
        "nginx": {"http": nginx(folder)},
        "SwiftNIO": both(peer("nio")),
        "SwiftNIO, async": {"http": peer("nio-async")},
        "Hummingbird": {"http": peer("hummingbird")},
    }
    present = {}
    for name, commands in known.items():
        if shutil.which(commands["http"][0]):
            present[name] = commands
        else:
            print(f"skipped: {name} ({commands['http'][0]} is not installed)", flush=True)
    return present

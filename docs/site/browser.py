"""Chromium without a window, driven over its debugging protocol: JSON messages through two pipes, each ended by a zero byte."""
import base64
import json
import os
import shutil
import subprocess
import tempfile

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp()
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4, whatever numbers the pipes have here.
        shell = f'exec "$0" "$@" 3<&{commands} 4>&{answers}'
        self.process = subprocess.Popen(
            ["bash", "-c", shell, CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=(commands, answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.buffer, self.last = b"", 0
        self.events = []

    def command(self, method, session=None, **parameters):
        """Sends a command and returns its result; events that come first are kept."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        self.send(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") != self.last:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def send(self, message):
        while message:
            message = message[os.write(self.commands, message):]

    def receive(self):
        while b"\0" not in self.buffer:
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise RuntimeError("Chromium has ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def wait(self, session, method):
        """Waits for an event of a tab."""
        while True:
            for event in self.events:
                if event.get("sessionId") == session and event.get("method") == method:
                    return
            self.events.append(self.receive())

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        shutil.rmtree(self.profile, ignore_errors=True)


class Tab:
    """A page, as wide as asked; `errors` is what it has put on the console."""

    def __init__(self, browser, width=1280, height=900, dark=False, calm=False):
        self.browser = browser
        target = browser.command("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.command(f"{domain}.enable")
        self.command("Network.setCacheDisabled", cacheDisabled=True)
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if calm else "no-preference"}])

    def command(self, method, **parameters):
        return self.browser.command(method, self.session, **parameters)

    def open(self, url):
        self.browser.events.clear()
        self.command("Page.navigate", url=url)
        self.browser.wait(self.session, "Page.loadEventFired")

    def run(self, script):
        """The value of an expression; a promise is awaited."""
        result = self.command("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(f"{script[:80]}: {details.get('exception', {}).get('description', details['text'])}")
        return result["result"].get("value")

    def wait_for(self, condition, seconds=10):
        """Whether a condition becomes true; the page looks again before each of its frames."""
        return self.run(f"""new Promise((done) => {{
            const end = performance.now() + {seconds * 1000};
            const look = () => {{ if ({condition}) done(true); else if (performance.now() > end) done(false); else setTimeout(look, 20); }};
            look(); }})""")

    def press(self, key, code, text=""):
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text, windowsVirtualKeyCode=code)

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.command("Page.captureScreenshot")["data"]))

    def errors(self):
        for event in self.browser.events:
            details = event.get("params", {})
            if event.get("sessionId") != self.session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                yield details["exceptionDetails"].get("exception", {}).get("description") or details["exceptionDetails"]["text"]
            elif event["method"] == "Runtime.consoleAPICalled" and details["type"] == "error":
                yield " ".join(str(one.get("value", one.get("description"))) for one in details["args"])
            elif event["method"] == "Log.entryAdded" and details["entry"]["level"] == "error":
                yield f"{details['entry']['text']} {details['entry'].get('url', '')}"

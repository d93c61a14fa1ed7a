import { film, frameAt, lineOf, readTrace } from "./trace-model.js";  // One page without other files leaves this line out.

// The player: what `--trace` recorded, as moving pictures. Each `.trace-player` gets one. Its data, `{ listings, traces }`, come from
// the file that `data-source` names, or from the element of the page that `data-inline` names.

const DOES = {
  accept: "is being accepted", read: "its bytes are read", handle: "its request is handled", write: "its response is written",
  close: "is being closed", burn: "its computation runs", pause: "waits for the backend", wait: "waits for its bytes",
  queue: "waits for a worker", idle: "waits for its bytes",
};
const WHERE = { outside: "not accepted yet", queue: "in the queue", backend: "no thread", idle: "no thread", gone: "gone" };
const COLORS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#8b5a2b"];
const DARK = new Set(["#0072b2", "#d55e00", "#8b5a2b"]);
const LEFT = 100, ROW = 22;

const color = (client) => COLORS[(client - 1) % COLORS.length];

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function draw(name, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function chip(client, isWaiting) {
  const made = make("span", { className: isWaiting ? "chip waits" : "chip", textContent: client });
  made.style.setProperty("--chip", color(client));
  made.style.setProperty("--chip-ink", DARK.has(color(client)) ? "#fff" : "#000");
  return made;
}

/** The lanes of the threads, and below them the clients that wait for the backend without one, over film time. */
function drawLanes(trace, reel, width) {
  const clients = [...trace.clients.keys()];
  const asides = clients.filter((client) => trace.clients.get(client).some((span) => span.lane === null));
  const height = trace.lanes.length * ROW + asides.length * 8 + 10;
  const picture = draw("svg", { viewBox: `0 0 ${width} ${height}`, class: "player-lanes", "aria-hidden": "true" });
  const x = (time) => LEFT + (width - LEFT - 6) * (reel.place(time) / reel.length);
  const bar = (span, y, height) => picture.append(draw("rect", {
    x: x(Math.max(0, span.from)), y, height, width: Math.max(1, x(span.to) - x(Math.max(0, span.from))),
    fill: color(span.client), class: ["pause", "wait"].includes(span.what) ? "waits" : "works" }));
  trace.lanes.forEach((lane, row) => {
    picture.append(draw("text", { x: LEFT - 8, y: row * ROW + 15, "text-anchor": "end" }, lane.name));
    picture.append(draw("line", { x1: LEFT, x2: width, y1: row * ROW + 20, y2: row * ROW + 20, class: "ground" }));
    for (const span of lane.spans) if (span.client !== null) bar(span, row * ROW + 4, 15);
  });
  asides.forEach((client, row) => {
    for (const span of trace.clients.get(client)) if (span.lane === null) bar(span, trace.lanes.length * ROW + 4 + row * 8, 5);
  });
  const now = draw("line", { y1: 0, y2: height, class: "now" });
  picture.append(now);
  return { picture, move: (time) => ["x1", "x2"].forEach((end) => now.setAttribute(end, x(time))) };
}

class TracePlayer {
  constructor(root, { listings, traces }) {
    Object.assign(this, { root, listings, traces, speed: 1, playing: false });
    this.stage = make("div", { className: "player-stage" });
    root.replaceChildren(this.makeChoice(), this.makeTransport(), this.stage);
    this.show(Object.keys(traces)[0]);
    // The picture has as many units as pixels, so that its words are as large on a phone.
    new ResizeObserver(() => { if (Math.abs(this.stage.clientWidth - this.width) > 1) this.layOut(); }).observe(root);
  }

  makeChoice() {
    this.choice = make("select", {}, ...Object.keys(this.traces).map((name) => make("option", { textContent: name })));
    this.choice.addEventListener("change", () => this.show(this.choice.value));
    const file = make("input", { type: "file", accept: ".json,application/json" });
    file.addEventListener("change", async () => {
      const [chosen] = file.files;
      if (chosen) this.open(chosen.name, await chosen.text());
    });
    return make("div", { className: "player-choice" },
      make("label", {}, "server ", this.choice), make("label", {}, "a trace of yours ", file));
  }

  /** A file of the user's. */
  open(name, text) {
    try {
      const trace = JSON.parse(text);
      if (readTrace(trace).clients.size === 0) throw new Error("no client is in it");
      this.traces[name] = trace;
      if (![...this.choice.options].some((option) => option.value === name)) this.choice.add(new Option(name, name));
      this.show(name);
    } catch (error) {
      this.clock.textContent = `${name}: ${error.message}`;
    }
  }

  makeTransport() {
    const button = (text, action) => {
      const made = make("button", { type: "button", textContent: text });
      made.addEventListener("click", action);
      return made;
    };
    this.play = button("play", () => this.setPlaying(!this.playing));
    this.scrubber = make("input", { type: "range", min: 0, max: 1000, step: "any", value: 0 });
    this.scrubber.setAttribute("aria-label", "time");
    this.scrubber.addEventListener("input", () => { this.setPlaying(false); this.moveTo(this.reel.time(Number(this.scrubber.value))); });
    const speed = make("select", {}, ...[0.25, 1, 4].map((times) => new Option(`${times} ×`, times, times === 1, times === 1)));
    speed.setAttribute("aria-label", "speed");
    speed.addEventListener("change", () => { this.speed = Number(speed.value); });
    this.clock = make("output");
    return make("div", { className: "player-transport" }, this.play, button("back", () => this.step(-1)), button("step", () => this.step(1)),
      this.scrubber, speed, this.clock);
  }

  show(name) {
    this.setPlaying(false);
    this.choice.value = name;
    this.trace = readTrace(this.traces[name]);
    this.reel = film(this.trace);
    this.scrubber.max = this.reel.length;
    this.listing = this.listings[this.trace.program];
    this.threads = this.trace.lanes.map(({ name }) => {
      const does = make("td");
      return { does, row: make("tr", {}, make("th", { textContent: name }), does) };
    });
    this.clients = [...this.trace.clients.keys()].map((client) => {
      const [where, state] = [make("td"), make("td")];
      return { where, state, row: make("tr", {}, make("th", {}, chip(client, false)), where, state) };
    });
    const table = (head, rows) => make("table", { className: "player-table" },
      make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { textContent: text })))), make("tbody", {}, ...rows));
    this.stage.replaceChildren(make("div"),
      make("div", { className: "player-columns" }, table(["thread", "what it does"], this.threads.map((one) => one.row)),
        table(["client", "where it is", "its state is in"], this.clients.map((one) => one.row))),
      this.makeListing());
    this.time = 0;
    this.layOut();
  }

  layOut() {
    this.width = this.stage.clientWidth;
    this.lanes = drawLanes(this.trace, this.reel, Math.max(240, this.width));
    this.stage.firstChild.replaceChildren(this.lanes.picture);
    this.moveTo(this.time);
  }

  makeListing() {
    this.lines = [];
    if (!this.listing) return make("div");
    const { file, line, text } = this.listing;
    this.lines = text.split("\n").map((code, index) => {
      const chips = make("span", { className: "player-chips" });
      return { chips, row: make("div", { className: "player-line" }, chips,
        make("span", { className: "player-number", textContent: line + index }), make("code", { textContent: code || " " })) };
    });
    return make("div", { className: "player-listing" }, make("p", { textContent: file }),
      make("div", { className: "player-code", tabIndex: 0 }, ...this.lines.map((one) => one.row)));
  }

  step(direction) {
    this.setPlaying(false);
    const steps = this.trace.steps;
    const next = direction > 0 ? steps.find((time) => time > this.time) : steps.findLast((time) => time < this.time);
    this.moveTo(next ?? (direction > 0 ? steps.at(-1) : steps[0]));
  }

  moveTo(time) {
    this.time = time;
    const frame = frameAt(this.trace, time);
    this.scrubber.value = this.reel.place(time);
    this.clock.textContent = `${(time / 1e6).toFixed(3)} ms`;
    this.scrubber.setAttribute("aria-valuetext", this.clock.textContent);
    this.lanes.move(time);
    frame.lanes.forEach(({ client, what }, index) => {
      const { does } = this.threads[index];
      const idle = what === null ? "" : "waits for any client";
      does.replaceChildren(...(client === null ? [idle] : [chip(client, what === "pause" || what === "wait"), ` ${what}`]));
    });
    frame.clients.forEach(({ place, lane, what, state }, index) => {
      const at = place === "thread" ? frame.lanes[lane].name : WHERE[place];
      this.clients[index].where.textContent = what ? `${at}: ${DOES[what] ?? what}` : at;
      this.clients[index].state.textContent = state;
    });
    this.markLines(frame);
  }

  markLines(frame) {
    if (!this.listing) return;
    for (const { chips, row } of this.lines) {
      chips.replaceChildren();
      row.classList.remove("runs");
    }
    for (const { client, place, what } of frame.clients) {
      const index = lineOf(this.listing, what);
      if (index === null) continue;
      const waits = place !== "thread" || what === "pause" || what === "wait";
      this.lines[index].chips.append(chip(client, waits));
      if (!waits) this.lines[index].row.classList.add("runs");
    }
  }

  setPlaying(playing) {
    this.playing = playing;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.play.textContent = playing ? "pause" : "play";
    if (!playing) return;
    if (this.time >= this.trace.end) this.moveTo(0);
    // Someone who wants no motion gets a picture at a time: each step for as long as it takes to look at it.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.playSteps();
    let last = performance.now();
    const tick = (now) => {
      if (!this.playing || !this.root.isConnected) return;
      // The whole film takes twenty seconds at normal speed.
      const place = Math.min(this.reel.length, this.reel.place(this.time) + ((now - last) * this.speed * this.reel.length) / 20_000);
      last = now;
      this.moveTo(this.reel.time(place));
      if (place >= this.reel.length) return this.setPlaying(false);
      this.frame = requestAnimationFrame(tick);
    };
    this.frame = requestAnimationFrame(tick);
  }

  playSteps() {
    const next = () => {
      if (!this.playing || !this.root.isConnected) return;
      this.moveTo(this.trace.steps.find((time) => time > this.time) ?? this.trace.end);
      if (this.time >= this.trace.end) return this.setPlaying(false);
      this.timer = setTimeout(next, 1000 / this.speed);
    };
    next();
  }
}

async function prepare() {
  for (const root of document.querySelectorAll(".trace-player")) {
    if (root.dataset.ready) continue;
    root.dataset.ready = "yes";
    const { source, inline } = root.dataset;
    new TracePlayer(root, source ? await (await fetch(source)).json() : JSON.parse(document.getElementById(inline).textContent));
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
else prepare();

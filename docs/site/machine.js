// The waiting machine: choose a scenario and watch the five servers wait, next to each other. What it shows comes from machine-model.js.
import { percentile, pools, simulate, stateAt } from "./machine-model.js";

const SERVERS = {
  "01": "01-Sequential: one thread", "02": "02-ThreadPool: a pool of threads", "03": "03-Epoll: one loop",
  "04": "04-Actor: a task per client", "05": "05-WebSocket: shards",
};
const CONTROLS = [
  ["clients", "clients", 1, 30, 1], ["rounds", "requests of each", 1, 6, 1], ["delay", "backend, ms", 0, 2000, 50],
  ["burners", "of these want a computation", 0, 30, 1], ["burn", "its length, ms", 0, 3000, 100],
  ["silent", "clients that say nothing", 0, 12, 1], ["workers", "threads in the pool", 1, 20, 1], ["cores", "cores", 1, 8, 1],
];
const DEFAULTS = { clients: 10, rounds: 3, delay: 500, burners: 0, burn: 1000, silent: 0, lead: 0, timeout: 10_000, workers: 10, cores: 2 };
// Okabe and Ito's colors, which most people can tell apart; the number says it again.
const COLORS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#8b5a2b"];
const SVG = "http://www.w3.org/2000/svg";
const LEFT = 60, ROW = 13;

const color = (client) => (client < 0 ? "#8a8a8a" : COLORS[client % COLORS.length]);
const seconds = (time) => `${(time / 1000).toFixed(2)} s`;

function svg(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** One server's picture: its threads above, a row for each client below. */
function drawServer(server, timeline, scenario, scale, width) {
  const threads = Object.entries(pools({ ...scenario, server })).flatMap(([pool, count]) =>
    Array.from({ length: count }, (_, index) => `${pool} ${index + 1}`));
  const rows = threads.length + scenario.clients;
  const height = rows * ROW + 8;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "machine-picture" });
  const waits = percentile(timeline, 0.5);
  picture.append(svg("title", {}, `${SERVERS[server]}: all done after ${seconds(timeline.end)}, median ${seconds(waits)}`));
  const x = (time) => LEFT + (width - LEFT - 8) * (time / scale);
  const bar = (row, from, to, fill, className) =>
    picture.append(svg("rect", { x: x(from), y: row * ROW + 1, width: Math.max(0.8, x(to) - x(from)), height: ROW - 3, fill, class: className }));
  threads.forEach((thread, row) => {
    picture.append(svg("text", { x: LEFT - 6, y: row * ROW + ROW - 3, "text-anchor": "end" }, thread));
    for (const span of timeline.spans.filter((one) => one.thread === thread)) {
      bar(row, span.from, span.to, color(span.client), span.what === "compute" ? "computes" : "blocked");
    }
  });
  for (let client = 0; client < scenario.clients; client++) {
    const row = threads.length + client;
    picture.append(svg("text", { x: LEFT - 6, y: row * ROW + ROW - 3, "text-anchor": "end" }, `client ${client + 1}`));
    for (const request of timeline.requests.filter((one) => one.client === client)) {
      bar(row, request.sent, request.started, "var(--md-default-fg-color--lighter)", "queued");
      bar(row, request.started, request.ended, color(client), "served");
    }
  }
  const now = svg("line", { x1: LEFT, x2: LEFT, y1: 0, y2: height, class: "machine-now" });
  picture.append(now);
  return { picture, move: (time) => ["x1", "x2"].forEach((end) => now.setAttribute(end, x(Math.min(time, scale)))) };
}

function describe(timeline, scenario, time) {
  const groups = { waits: [], served: [], done: [] };
  for (let client = 0; client < scenario.clients; client++) {
    const state = stateAt(timeline, client, time);
    groups[state]?.push(client + 1);
  }
  const parts = [];
  if (groups.served.length) parts.push(`${groups.served.join(" ")} served`);
  if (groups.waits.length) parts.push(`${groups.waits.join(" ")} waiting`);
  if (groups.done.length) parts.push(`${groups.done.join(" ")} done`);
  return parts.join(", ") || "nothing yet";
}

class WaitingMachine {
  constructor(root) {
    this.root = root;
    this.scenario = { ...DEFAULTS };
    for (const key of Object.keys(DEFAULTS)) if (root.dataset[key]) this.scenario[key] = Number(root.dataset[key]);
    this.servers = (root.dataset.servers ?? "01 02 03 04 05").split(" ");
    this.controls = root.dataset.controls?.split(" ") ?? CONTROLS.map(([key]) => key);
    this.speed = 1;
    this.time = 0;
    this.playing = false;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    root.replaceChildren(this.makeControls(), this.makeTransport());
    this.pictures = root.appendChild(document.createElement("div"));
    this.update();
    // A picture has as many units as pixels, so that its words are as large on a phone.
    new ResizeObserver(() => { if (Math.abs(this.pictures.clientWidth - this.width) > 1) this.update(); }).observe(root);
  }

  makeControls() {
    const form = document.createElement("form");
    form.className = "machine-controls";
    for (const [key, label, least, most, step] of CONTROLS.filter(([key]) => this.controls.includes(key))) {
      const field = document.createElement("label");
      const value = document.createElement("output");
      const input = document.createElement("input");
      Object.assign(input, { type: "range", min: least, max: most, step, value: this.scenario[key], name: key });
      value.textContent = this.scenario[key];
      input.addEventListener("input", () => {
        this.scenario[key] = Number(input.value);
        value.textContent = input.value;
        this.update();
      });
      field.append(label, " ", value, input);
      form.append(field);
    }
    return form;
  }

  makeTransport() {
    const bar = document.createElement("div");
    bar.className = "machine-transport";
    this.play = document.createElement("button");
    this.play.type = "button";
    this.play.addEventListener("click", () => this.setPlaying(!this.playing));
    const step = document.createElement("button");
    step.type = "button";
    step.textContent = "step";
    step.addEventListener("click", () => this.moveTo(this.nextEvent()));
    this.scrubber = document.createElement("input");
    Object.assign(this.scrubber, { type: "range", min: 0, max: 1000, value: 0 });
    this.scrubber.setAttribute("aria-label", "time");
    this.scrubber.addEventListener("input", () => this.moveTo((this.scale * this.scrubber.value) / 1000));
    const speed = document.createElement("select");
    speed.setAttribute("aria-label", "speed");
    for (const times of [0.25, 1, 4]) speed.add(new Option(`${times} ×`, times, times === 1, times === 1));
    speed.addEventListener("change", () => { this.speed = Number(speed.value); });
    this.clock = document.createElement("output");
    bar.append(this.play, step, this.scrubber, speed, this.clock);
    return bar;
  }

  update() {
    this.timelines = this.servers.map((server) => simulate({ ...this.scenario, server }));
    this.scale = Math.max(1, ...this.timelines.map((timeline) => timeline.end));
    this.width = Math.max(240, this.pictures.clientWidth);
    this.pictures.replaceChildren();
    this.drawn = this.servers.map((server, index) => {
      const section = document.createElement("section");
      const title = document.createElement("h4");
      const timeline = this.timelines[index];
      title.textContent = `${SERVERS[server]}: done after ${seconds(timeline.end)}, median ${seconds(percentile(timeline, 0.5))}`;
      const drawn = drawServer(server, timeline, this.scenario, this.scale, this.width);
      const words = document.createElement("p");
      words.className = "machine-words";
      section.append(title, drawn.picture, words);
      this.pictures.append(section);
      return { ...drawn, words };
    });
    this.setPlaying(false);
    this.moveTo(this.calm ? this.scale / 2 : 0);
  }

  nextEvent() {
    const times = this.timelines.flatMap((timeline) => timeline.requests.flatMap((request) => [request.started, request.ended]));
    return Math.min(...times.filter((time) => time > this.time + 0.5), this.scale);
  }

  moveTo(time) {
    this.time = time;
    this.scrubber.value = Math.round((1000 * time) / this.scale);
    this.clock.textContent = seconds(time);
    this.drawn.forEach((one, index) => {
      one.move(time);
      one.words.textContent = describe(this.timelines[index], this.scenario, time);
    });
  }

  setPlaying(playing) {
    this.playing = playing;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.play.textContent = playing ? "pause" : "play";
    this.play.setAttribute("aria-pressed", String(playing));
    if (!playing) return;
    if (this.time >= this.scale) this.moveTo(0);
    if (this.calm) return this.playSteps();
    let last = performance.now();
    const tick = (now) => {
      if (!this.playing || !this.root.isConnected) return;
      // The whole run takes eight seconds at normal speed, however long it took the servers.
      const time = this.time + ((now - last) * this.speed * this.scale) / 8000;
      last = now;
      this.moveTo(Math.min(time, this.scale));
      if (time >= this.scale) return this.setPlaying(false);
      this.frame = requestAnimationFrame(tick);
    };
    this.frame = requestAnimationFrame(tick);
  }

  /** Without motion: a picture at a time, each for as long as it takes to look at it. */
  playSteps() {
    if (!this.playing || !this.root.isConnected) return;
    this.moveTo(this.nextEvent());
    if (this.time >= this.scale) return this.setPlaying(false);
    this.timer = setTimeout(() => this.playSteps(), 1000 / this.speed);
  }
}

function prepare() {
  for (const root of document.querySelectorAll(".waiting-machine")) {
    if (root.dataset.ready) continue;
    root.dataset.ready = "yes";
    new WaitingMachine(root);
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
else prepare();

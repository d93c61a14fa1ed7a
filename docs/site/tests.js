// Tests of what the site computes: the waiting machine's model and the trace player's. docs/site/test.py runs them in Chromium; Node can
// run them, too. Each gives the texts of what is wrong.
import { pools, simulate } from "./machine-model.js";
import { film, frameAt, lineOf, readTrace } from "../../Sources/BenchTour/Player/trace-model.js";

const SERVERS = ["01", "02", "03", "04", "05"];
const BASE = { clients: 10, rounds: 3, delay: 500, burners: 0, burn: 1000, silent: 0, lead: 0, timeout: 10_000, workers: 10, cores: 2 };
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The same numbers each time (a linear congruential generator). */
function numbers(seed) {
  return (count) => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return Math.floor((seed / 2_147_483_648) * count); };
}

function* scenarios(count) {
  const next = numbers(22);
  for (let index = 0; index < count; index++) {
    yield { ...BASE, server: SERVERS[next(5)], clients: 1 + next(12), rounds: 1 + next(4), delay: next(20) * 50, burners: next(5),
      burn: next(10) * 100, silent: next(5), lead: next(3) * 100, workers: 1 + next(8), cores: 1 + next(4) };
  }
}

/** Every request of the recorded runs, in their order; a request of the model may be off by 3 % or 20 ms, whichever is more. */
export function* modelAgainstRuns({ runs }, report) {
  let count = 0, worst = 0;
  const sorted = (values) => values.sort((a, b) => a - b);
  for (const { scenario, requests } of runs) {
    const timeline = simulate(scenario);
    for (const [kind, real] of Object.entries(requests)) {
      const model = timeline.requests.filter((one) => one.computes === (kind === "computes"));
      if (model.length !== real.length) yield `${JSON.stringify(scenario)} ${kind}: ${real.length} requests, the model has ${model.length}`;
      const pairs = { end: [sorted(model.map((one) => one.ended)), sorted(real.map((one) => one[1]))],
        time: [sorted(model.map((one) => one.ended - one.sent)), sorted(real.map((one) => one[1] - one[0]))] };
      for (const [name, [ours, theirs]] of Object.entries(pairs)) {
        for (let index = 0; index < ours.length; index++) {
          const off = Math.abs(ours[index] - theirs[index]) / Math.max(20, 0.03 * theirs[index]);
          count += 1;
          worst = Math.max(worst, off);
          if (!(off <= 1)) yield `${JSON.stringify(scenario)} ${kind} ${name} ${index}: model ${ours[index]}, recorded ${theirs[index]}`;
        }
      }
    }
  }
  if (runs.length < 20) yield `only ${runs.length} runs are recorded`;
  report(`the model and ${runs.length} recorded runs: ${count} times compared, the worst at ${worst.toFixed(2)} of what is allowed`);
}

export function* modelIsAFunction() {
  for (const scenario of scenarios(40)) {
    const before = JSON.stringify(scenario);
    if (!same(simulate(scenario), simulate(scenario))) yield `two timelines of ${before}`;
    if (JSON.stringify(scenario) !== before) yield `the model changes ${before}`;
  }
}

export function* oneClientOnAThread() {
  for (const scenario of scenarios(200)) {
    const threads = Object.entries(pools(scenario)).flatMap(([name, count]) => Array.from({ length: count }, (_, i) => `${name} ${i + 1}`));
    for (const thread of threads) {
      const spans = simulate(scenario).spans.filter((span) => span.thread === thread).sort((a, b) => a.from - b.from);
      if (spans.some((span, index) => index > 0 && span.from < spans[index - 1].to)) yield `${thread} has two clients: ${JSON.stringify(scenario)}`;
    }
  }
}

export function* everyRequestIsAnsweredOnce() {
  for (const scenario of scenarios(200)) {
    const { requests } = simulate(scenario);
    if (requests.length !== scenario.clients * scenario.rounds) yield `${requests.length} requests of ${JSON.stringify(scenario)}`;
    for (const one of requests) if (!(one.sent <= one.started && one.started <= one.ended)) yield `${JSON.stringify(one)} of ${JSON.stringify(scenario)}`;
  }
}

export function* oneThreadMakesAStaircase() {
  const ends = simulate({ ...BASE, server: "01" }).requests.map((one) => one.ended).sort((a, b) => a - b);
  if (!same(ends, ends.map((_, index) => 500 * (index + 1)))) yield `${ends}`;
}

/** Places of a client, in the order in which it may come to them. */
const RANK = { outside: 0, queue: 1, thread: 1, backend: 1, idle: 1, gone: 2 };

function* problemsOfFrames(trace, name) {
  const times = trace.steps.flatMap((step, index) => [step, (step + (trace.steps[index + 1] ?? step + 2)) / 2]);
  const rank = new Map();
  for (const time of times) {
    const frame = frameAt(trace, time);
    if (!same(frame, frameAt(trace, time))) yield `${name}: two frames at ${time}`;
    if (frame.clients.length !== trace.clients.size) yield `${name}: ${frame.clients.length} clients at ${time}`;
    for (const { client, place, lane } of frame.clients) {
      if (!(place in RANK)) yield `${name}: client ${client} is ${place} at ${time}`;
      if ((place === "thread") !== (lane !== null)) yield `${name}: client ${client} is ${place} and on lane ${lane}`;
      if (RANK[place] < (rank.get(client) ?? 0)) yield `${name}: client ${client} comes back at ${time}`;
      rank.set(client, RANK[place]);
    }
    for (const [lane, { client }] of frame.lanes.entries()) {
      const here = frame.clients.filter((one) => one.lane === lane).map((one) => one.client);
      if (here.length > 1) yield `${name}: ${lane} runs ${here} at ${time}`;
      if ((here[0] ?? null) !== client) yield `${name}: ${lane} shows ${client} and runs ${here} at ${time}`;
    }
  }
}

/** What the trace says a thread did for a client is what the frame at that moment shows. */
function* eventsInFrames(trace, name) {
  for (const [client, spans] of trace.clients) {
    for (const span of spans) {
      const here = frameAt(trace, span.from).clients.find((one) => one.client === client);
      if (here.what !== span.what || here.lane !== span.lane) yield `${name}: client ${client} at ${span.from}: ${JSON.stringify(here)}, not ${JSON.stringify(span)}`;
    }
  }
}

function* filmGoesForward(trace, name) {
  const reel = film(trace);
  const places = trace.steps.map(reel.place);
  if (places.some((place, index) => index > 0 && place <= places[index - 1])) yield `${name}: the film stands still`;
  if (trace.steps.some((time) => Math.abs(reel.time(reel.place(time)) - time) > 1)) yield `${name}: there and back is somewhere else`;
}

export function* recordedTraces({ traces, listings }) {
  for (const [name, file] of Object.entries(traces)) {
    const trace = readTrace(file);
    if (trace.clients.size !== 6) yield `${name}: ${trace.clients.size} clients`;
    yield* problemsOfFrames(trace, name);
    yield* eventsInFrames(trace, name);
    yield* filmGoesForward(trace, name);
    for (const what of ["read", "handle", "write", "pause", "burn", "close"]) {
      if (lineOf(listings[name], what) === null) yield `${name}: no line for ${what}`;
    }
    const last = frameAt(trace, trace.end);
    if (last.clients.some((one) => one.place !== "gone")) yield `${name}: not all are gone in the end`;
  }
}

/** Threads that take turns with clients, in a way that no server would, and a file that ends in the middle. */
export function* tracesMadeUp() {
  const next = numbers(3);
  for (let round = 0; round < 50; round++) {
    const events = [{ name: "process_name", ph: "M", args: { name: ["03-Epoll", "04-Actor", "05-WebSocket"][round % 3] } }];
    const clock = [0, 0, 0];
    const free = new Map();
    for (let count = 0; count < 60; count++) {
      const [tid, client] = [next(3), 1 + next(5)];
      const ts = Math.max(clock[tid], free.get(client) ?? 0) + next(3), dur = 1 + next(9);
      const name = ["read", "handle", "write"][next(3)];
      if (next(4) === 0) {
        events.push({ name: "pause", ph: "b", tid, ts, args: { client } });
        if (count < 55) events.push({ name: "pause", ph: "e", tid, ts: ts + dur, args: { client } });
      } else {
        events.push({ name, ph: "X", tid, ts, dur, args: { client } });
        clock[tid] = ts + dur;
      }
      free.set(client, ts + dur);
    }
    const trace = readTrace({ traceEvents: events });
    yield* problemsOfFrames(trace, `made up ${round}`);
  }
}

/** Runs all of them with the recorded data. */
export function run(machine, player) {
  const said = [];
  const tests = { modelIsAFunction, oneClientOnAThread, everyRequestIsAnsweredOnce, oneThreadMakesAStaircase, tracesMadeUp,
    modelAgainstRuns: () => modelAgainstRuns(machine, (text) => said.push(text)), recordedTraces: () => recordedTraces(player) };
  const problems = Object.entries(tests).flatMap(([name, test]) => [...test()].slice(0, 10).map((problem) => `${name}: ${problem}`));
  return { problems, said, count: Object.keys(tests).length };
}

// How the five servers wait, as arithmetic: a pure function from a scenario to a timeline. docs/measurements/machine.py records what the
// real servers do in twenty scenarios, and a test holds this model against those runs.
//
// A scenario: { server: "01" … "05", clients, rounds, delay, burners, burn, silent, lead, timeout, workers, cores }, times in milliseconds.
//
// - `clients` clients connect at time 0. Each sends a request on a new connection, waits for the response, and asks again, `rounds`
//   times in all. The first `burners` of them ask for a computation of `burn` ms, the others for `/`, which waits `delay` ms
//   for a slow backend.
// - `silent` clients connected `lead` ms before all others and say nothing; a server closes them after `timeout` ms.
//
// What a request holds while it waits, and while it computes, is all that the servers differ in.

/** Which resource a request holds: the name of a pool of threads, or null. */
const HOLDS = {
  "01": { silence: "thread", wait: "thread", compute: "thread" },
  "02": { silence: "thread", wait: "thread", compute: "thread" },
  "03": { silence: null, wait: null, compute: "loop" },
  "04": { silence: null, wait: null, compute: "pool" },
  "05": { silence: null, wait: null, compute: "pool" },
};

/** How many threads each pool has. */
export function pools(scenario) {
  switch (scenario.server) {
    case "01": return { thread: 1 };
    case "02": return { thread: scenario.workers };
    case "03": return { loop: 1 };
    default: return { pool: scenario.cores };
  }
}

/**
 * The timeline: `requests`, each with its client, and when it was sent, served and answered; `spans`, what each thread
 * held and when; and `end`. A thread has a name such as `thread 1`. What has not ended by `limit` ends at `limit`.
 */
export function simulate(scenario, limit = 120_000) {
  const free = Object.fromEntries(Object.entries(pools(scenario)).map(([name, count]) =>
    [name, Array.from({ length: count }, (_, index) => index)]));
  const waiting = Object.fromEntries(Object.keys(free).map((name) => [name, []]));
  const events = [];
  const requests = [];
  const spans = [];
  const unsent = new Array(scenario.clients).fill(scenario.rounds);
  let sequence = 0;

  const at = (time, action) => {
    events.push({ time, sequence: sequence++, action });
    events.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
  };

  /** Takes a thread of the pool as soon as one is free, first come, first served; holds it for `time`; then calls `done`. */
  function hold(pool, time, now, client, what, begun, done) {
    waiting[pool].push({ time, client, what, begun, done });
    start(pool, now);
  }

  function start(pool, now) {
    while (free[pool].length > 0 && waiting[pool].length > 0) {
      const thread = free[pool].shift();
      const { time, client, what, begun, done } = waiting[pool].shift();
      begun(now);
      spans.push({ thread: `${pool} ${thread + 1}`, client, what, from: now, to: Math.min(now + time, limit) });
      at(now + time, (later) => {
        free[pool].push(thread);
        free[pool].sort((a, b) => a - b);
        done(later);
        start(pool, later);
      });
    }
  }

  /** When the only loop of chapter 3 can look at an event: not while it computes. */
  function whenLoopIsFree(now, action) {
    if (scenario.server === "03") hold("loop", 0, now, -1, "event", () => {}, action);
    else action(now);
  }

  function send(client, now) {
    if (unsent[client] === 0) return;
    unsent[client] -= 1;
    const computes = client < scenario.burners;
    const request = { client, computes, sent: now, started: limit, ended: limit };
    requests.push(request);
    const finish = (later) => {
      request.ended = later;
      send(client, later);
    };
    const pool = HOLDS[scenario.server][computes ? "compute" : "wait"];
    const time = computes ? scenario.burn : scenario.delay;
    if (pool) return hold(pool, time, now, client, computes ? "compute" : "wait", (t) => { request.started = t; }, finish);
    whenLoopIsFree(now, (seen) => {
      request.started = seen;
      at(seen + time, (later) => whenLoopIsFree(later, finish));
    });
  }

  for (let index = 0; index < scenario.silent; index++) {
    const pool = HOLDS[scenario.server].silence;
    if (pool) hold(pool, scenario.timeout, -scenario.lead, -2 - index, "silence", () => {}, () => {});
  }
  for (let client = 0; client < scenario.clients; client++) at(0, (now) => send(client, now));
  while (events.length > 0 && events[0].time < limit) {
    const event = events.shift();
    event.action(event.time);
  }
  const end = Math.max(0, ...requests.map((request) => request.ended));
  return { requests, spans: spans.filter((span) => span.to > span.from), end };
}

/** Nearest-rank percentile of the times that clients waited for a response. */
export function percentile(timeline, share) {
  const times = timeline.requests.map((request) => request.ended - request.sent).sort((a, b) => a - b);
  return times.length === 0 ? 0 : times[Math.max(0, Math.ceil(share * times.length) - 1)];
}

/** What each client does at a moment: `waits` (its request lies in the kernel, or in a queue), `served`, `thinks` or `done`. */
export function stateAt(timeline, client, time) {
  let last = "idle";
  for (const request of timeline.requests) {
    if (request.client !== client || request.sent > time) continue;
    last = time >= request.ended ? "done" : time >= request.started ? "served" : "waits";
  }
  return last;
}

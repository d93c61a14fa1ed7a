// What a trace shows at a moment, as a pure function of the trace: no page, no clock.
//
// A trace is what `--trace FILE` of the five servers writes, Chrome's trace-event format: a complete event (`X`) is what a thread
// did and for which client, a begin and an end (`b`, `e`) are a client that waited for the backend without a thread, and a piece of
// metadata (`M`) is the name of the process or of a thread. `readTrace` sorts that into lanes and clients; `frameAt` says where each client
// is. In every frame a client is in exactly one place, and a thread works for at most one client.

/** How a server keeps what it knows about a client between two of its events. */
const KEEPS = {
  "01-Sequential": { blocks: true }, "02-ThreadPool": { blocks: true },
  "03-Epoll": { state: "its Connection" }, "04-Actor": { state: "its async frame", suspends: true },
  "05-WebSocket": { state: "its Connection" },
};

/** The line of `serve` or `advance` for what happens: the first of these that the listing has. */
const LINES = {
  read: [/transport\.receive/, /\.receive\(into/], wait: [/\.receive\(into/], idle: [/wait\(.*\.reading/],
  handle: [/session\.next/], write: [/transport\.send\(/, /\.sendAll\(/], pause: [/case \.pause/],
  burn: [/case \.burn/], close: [/case \.finish/],
};

// Whole nanoseconds: of two events, one may begin exactly when the other ends.
const whole = (microseconds) => Math.round(microseconds * 1000);

/** Times in nanoseconds, and the first client's first event is at 0. */
export function readTrace(file) {
  const events = file.traceEvents;
  const named = (kind) => events.filter((event) => event.ph === "M" && event.name === kind);
  const program = named("process_name")[0]?.args.name ?? "";
  const threads = new Map(named("thread_name").map((event) => [event.tid, event.args.name]));
  const own = events.filter((event) => event.args?.client > 0 && event.ph !== "M");
  const origin = own.reduce((first, event) => Math.min(first, whole(event.ts)), Infinity);
  const lanes = [...new Set(events.filter((event) => event.ph === "X").map((event) => event.tid))].sort((a, b) => a - b)
    .map((thread) => ({ name: threads.get(thread) ?? `thread ${thread}`, thread, spans: [] }));
  const clients = new Map([...new Set(own.map((event) => event.args.client))].sort((a, b) => a - b).map((client) => [client, []]));

  const open = new Map();
  for (const event of [...events].sort((a, b) => a.ts - b.ts)) {
    const client = event.args?.client ?? null;
    const lane = lanes.findIndex((one) => one.thread === event.tid);
    const from = whole(event.ts) - origin;
    if (event.ph === "X") {
      const span = { what: event.name, client, lane, from, to: from + whole(event.dur) };
      lanes[lane].spans.push(span);
      clients.get(client)?.push(span);
    } else if (event.ph === "b") {
      open.set(client, { what: event.name, client, lane: null, aside: lane, from });
    } else if (event.ph === "e" && open.has(client)) {
      clients.get(client).push({ ...open.get(client), to: from });
      open.delete(client);
    }
  }
  // The server was killed while they waited.
  const last = own.reduce((end, event) => Math.max(end, whole(event.ts + (event.dur ?? 0)) - origin), 0);
  for (const [client, span] of open) clients.get(client).push({ ...span, to: last });
  for (const spans of clients.values()) spans.sort((a, b) => a.from - b.from);
  const all = [...clients.values()].flat();
  const end = all.reduce((end, span) => Math.max(end, span.to), -Infinity);
  const steps = [...new Set([...all.map((span) => span.from), end])].sort((a, b) => a - b);
  return { program, lanes, clients, steps, end };
}

/** Everything that is to be seen at a time. */
export function frameAt(trace, time) {
  const clients = [...trace.clients].map(([client, spans]) => ({ client, ...placeOf(trace, spans, time) }));
  const lanes = trace.lanes.map(({ name, spans }, lane) => {
    const span = spans.findLast((one) => one.from <= time && time < one.to);
    const here = clients.find((one) => one.lane === lane);
    return { name, what: here?.what ?? (span && span.client === null ? span.what : null), client: here?.client ?? null };
  });
  return { time, lanes, clients };
}

/** The one place where a client is: `outside`, `queue`, `thread`, `backend`, `idle` or `gone`; and where its state is kept. */
function placeOf(trace, spans, time) {
  const begun = spans.filter((span) => span.from <= time);
  const last = begun.at(-1);
  const keeps = KEEPS[trace.program] ?? { state: "its state" };
  if (!last) return { place: "outside", lane: null, what: null, state: "the kernel" };
  if (last.what === "close" && time >= last.to) return { place: "gone", lane: null, what: null, state: "nowhere" };
  const runs = time < last.to;
  const threadName = last.lane === null ? "" : trace.lanes[last.lane].name;
  if (keeps.blocks) {
    // The thread that accepts in chapter 2 puts the client into the queue; every other one keeps it until the end.
    const queued = !runs && last.what === "accept" && trace.lanes.length > 1;
    if (queued) return { place: "queue", lane: null, what: "queue", state: "the queue" };
    return { place: "thread", lane: last.lane, what: last.what, state: `the stack of ${threadName}` };
  }
  if (runs && last.lane !== null) {
    return { place: "thread", lane: last.lane, what: last.what, state: keeps.suspends ? `${keeps.state}, running` : keeps.state };
  }
  const state = keeps.suspends ? `${keeps.state}, suspended` : keeps.state;
  if (runs) return { place: "backend", lane: null, what: "pause", state };
  return { place: "idle", lane: null, what: "idle", state };
}

/** The index of the line that a client is at, or null: it has not come so far, or has gone. */
export function lineOf(listing, what) {
  const lines = listing.text.split("\n");
  for (const pattern of LINES[what] ?? []) {
    const index = lines.findIndex((line) => pattern.test(line));
    if (index >= 0) return index;
  }
  return null;
}

/** Film time: what happens takes microseconds and waiting takes a second, so an interval is as long as its logarithm. */
export function film(trace) {
  const marks = [0];
  for (let index = 1; index < trace.steps.length; index++) {
    marks.push(marks[index - 1] + 1 + Math.log10(1 + (trace.steps[index] - trace.steps[index - 1]) / 1000));
  }
  const between = (value, from, to) => {
    if (value <= from[0]) return to[0];
    const index = from.findIndex((mark) => mark >= value);
    if (index < 0) return to.at(-1);
    const share = (value - from[index - 1]) / (from[index] - from[index - 1]);
    return to[index - 1] + share * (to[index] - to[index - 1]);
  };
  return {
    length: marks.at(-1),
    place: (time) => between(time, trace.steps, marks),
    time: (place) => between(place, marks, trace.steps),
  };
}

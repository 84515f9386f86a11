// The measurements of `src/bin/native.rs` in WebAssembly. Node and Chromium both run this file:
// `bench` is the module that wasm-bindgen made, `where` is the name of the place.

const RUNS = 5;
const EVERY_MS = 20;
/** How many take part in a swarm. */
const CROWD = 1_000_000;

/** Milliseconds that `work` takes, and what it gives. */
function time(work) {
  const started = performance.now();
  const outcome = work();
  return [performance.now() - started, outcome];
}

function percentile(samples, share) {
  const order = [...samples].sort((a, b) => a - b);
  return order[Math.round((order.length - 1) * share)];
}

const round = (number, places) => Number(number.toFixed(places));

function race(bench, where, servers, untilMs, judged) {
  const counts = bench.count(servers, EVERY_MS, untilMs);
  const samples = Array.from({ length: RUNS }, () => {
    const run = new bench.Race(servers, EVERY_MS, judged);
    const [ms] = time(() => run.play(untilMs));
    run.free();
    return ms;
  });
  const ms = percentile(samples, 0.5);
  const perSecond = (count) => Math.round((count / ms) * 1e3);
  return {
    measure: "race", where, n: servers, judged, ms: round(ms, 1),
    events_per_s: perSecond(counts.deliveries + counts.timer_sends),
    messages_per_s: perSecond(counts.deliveries),
    records_per_s: perSecond(counts.records),
  };
}

function history(bench, where) {
  const [ms, tape] = time(() => new bench.Tape(5, EVERY_MS, 60_000));
  const line = {
    measure: "history", where, virtual_s: 60, record_ms: round(ms, 1),
    events: tape.events(), mb: round(tape.bytes() / 1e6, 2),
  };
  tape.free();
  return line;
}

function seeks(bench, where) {
  const [recordMs, tape] = time(() => new bench.Tape(5, EVERY_MS, 670_000));
  const samples = Array.from({ length: 300 }, () => time(() => tape.jump())[0]);
  const frames = Array.from({ length: 600 }, () => time(() => tape.frame())[0]);
  return {
    measure: "seek", where, events: tape.events(), record_ms: round(recordMs, 0),
    mb: round(tape.bytes() / 1e6, 1), median_ms: round(percentile(samples, 0.5), 3),
    p95_ms: round(percentile(samples, 0.95), 3), frame_ms: round(percentile(frames, 0.5), 3),
  };
}

/** A swarm and the tight loop beside it, in turns. */
function swarm(bench, where, kind, tickUs) {
  const ours = () => {
    const [ms, crowd] = time(() => {
      const begun = tickUs ? bench.Crowd.timed(CROWD, tickUs) : bench.Crowd.in_cycles(CROWD);
      begun.play();
      return begun;
    });
    const seen = {
      ms, each: (ms * 1e6) / crowd.deliveries(), deliveries: crowd.deliveries(),
      ignorant: crowd.ignorant(), bytes: JSON.parse(crowd.bytes_per_node()),
    };
    crowd.free();
    return seen;
  };
  const bound = () => {
    const [ms, deliveries] = time(() => bench[`limit_${kind}`](CROWD));
    return { ms, each: (ms * 1e6) / deliveries };
  };
  // The first of each is not timed.
  const [seen] = [ours(), bound()];
  const pairs = Array.from({ length: RUNS }, () => [ours(), bound()]);
  const median = (of) => percentile(pairs.map(of), 0.5);
  return [
    {
      measure: `limit.${kind}`, where, n: CROWD, ms: round(median(([, b]) => b.ms), 1),
      ns_per_delivery: round(median(([, b]) => b.each), 2),
    },
    {
      measure: `swarm.${kind}`, where, n: CROWD, ...(tickUs && { tick_us: tickUs }),
      ms: round(median(([a]) => a.ms), 1), deliveries: seen.deliveries,
      ns_per_delivery: round(median(([a]) => a.each), 2),
      ratio: round(median(([a, b]) => a.each / b.each), 2),
      ignorant: seen.ignorant, bytes_per_node: seen.bytes,
    },
  ];
}

/** A rumour among a million, in cycles, in ticks of a microsecond and in ticks of a millisecond. */
export function swarms(bench, where) {
  const rows = [["cycles", 0], ["timed", 1], ["timed", 1_000]];
  return rows.flatMap(([kind, tickUs]) => swarm(bench, where, kind, tickUs));
}

/** Everything, as lines to be printed. */
export function measure(bench, where) {
  const sizes = [[5, 300_000], [9, 100_000], [25, 20_000], [100, 4_000]];
  return [
    ...sizes.map(([servers, untilMs]) => race(bench, where, servers, untilMs, false)),
    race(bench, where, 5, 300_000, true),
    history(bench, where),
    seeks(bench, where),
    ...swarms(bench, where),
  ];
}

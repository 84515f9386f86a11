// Whatever value of JavaScript is sent to the class `Lab` is obeyed or refused: this is the way by
// which messages of a host really come: as values, and not through text.
// 100 000 mutations of valid messages, always the same ones; `FAULTLINE_MUTATIONS` asks for more.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

const FOLDER = process.env.FAULTLINE_MODULE;
const MUTATIONS = Math.max(100_000, Number(process.env.FAULTLINE_MUTATIONS ?? 0));
/** How much memory the module may have taken after all of them. It never gives any back. */
const BYTES_MOST = 32 * 2 ** 20;
/** How long one message may take. */
const MS_MOST = 5_000;

let bench;
let memory;

before(async () => {
  bench = await import(join(FOLDER, "faultline_bench.js"));
  const module = await readFile(join(FOLDER, "faultline_bench_bg.wasm"));
  ({ memory } = bench.initSync({ module }));
});

/** Numbers below `n`, always the same ones (mulberry32). */
function draws(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

function endless() {
  const value = { app: "faultline" };
  value.self = value;
  return value;
}

/** What a script can hand over besides what it should. */
const ODD = [
  () => undefined, () => null, () => true, () => 0, () => -0, () => -1, () => 1.5, () => NaN,
  () => Infinity, () => -Infinity, () => 2 ** 53, () => 1e300, () => 5n, () => 2n ** 70n,
  () => "", () => "play", () => "\u0000", () => "\ud800", () => "ü💥".repeat(50),
  () => "x".repeat(50_000), () => "{".repeat(2_000), () => "s1=AAAA", () => "p=chess",
  () => [], () => [1, [2]], () => new Array(100), () => ({}), () => Object.create(null), endless,
  () => Symbol("play"), () => () => "play", () => new Map([["type", "play"]]), () => new Set([1]),
  () => new Date(0), () => /x/, () => new Uint8Array(16), () => new ArrayBuffer(8),
  () => new String("play"), () => new Number(7), () => Promise.resolve(7), () => new Error("odd"),
];

function messages(lab) {
  const speak = (type, more = {}) => ({ app: "faultline", v: 1, id: 7, type, ...more });
  const { link } = lab.send(speak("getLink"));
  const plain = ["hello", "play", "pause", "step", "stepBack", "getState", "getLink"];
  const names = bench.scenarios().map((id) => id.split("/"));
  return [
    ...plain.map((type) => speak(type)),
    speak("seek", { timeUs: 1_500 }), speak("seek", { events: 12 }), speak("seek"),
    speak("setSpeed", { speed: 0.02 }), speak("setSpeed"),
    speak("load", { link }), speak("load", { scenario: "{}" }),
    ...names.slice(0, 3).map(([p, scene]) => speak("load", { link: `p=${p}&scene=${scene}` })),
  ];
}

function mutated(valid, below) {
  const pick = (list) => list[below(list.length)];
  const odd = () => pick(ODD)();
  const message = { ...pick(valid) };
  for (let left = below(4); left > 0; left -= 1) {
    const key = pick(["app", "v", "id", "type", "timeUs", "events", "speed", "link", "scenario"]);
    switch (below(6)) {
      case 0: delete message[key]; break;
      case 1: message[key] = pick(valid)[key]; break;
      case 2: message.type = pick(valid).type; break;
      case 3: message[`more${below(9)}`] = odd(); break;
      case 4: if (typeof message[key] === "string") message[key] = torn(message[key], below); break;
      default: message[key] = odd();
    }
  }
  return below(40) === 0 ? odd() : message;
}

function torn(text, below) {
  const place = below(text.length + 1);
  const middle = String.fromCharCode(below(0x250));
  return text.slice(0, place) + middle + text.slice(place + below(9));
}

/** What was done with a message; the answer is plain data, and no longer than it should be. */
function outcome(lab, message) {
  const answer = lab.send(message);
  assert.equal(answer.app, "faultline");
  assert.equal(answer.v, 1);
  const most = 20_000 + (answer.link ?? "").length;
  assert.ok(JSON.stringify(answer).length < most, JSON.stringify(answer).slice(0, 500));
  if (answer.type === "error") assert.ok(answer.message.length > 0);
  return answer.type;
}

test("whatever a script sends is obeyed or refused, in bounded time and memory", () => {
  const lab = new bench.Lab("");
  const valid = messages(lab);
  const counts = {};
  let slowest = 0;
  for (let number = 0; number < MUTATIONS; number += 1) {
    const message = mutated(valid, draws(number));
    const started = performance.now();
    const type = outcome(lab, message);
    if (number % 8 === 0) lab.tick(16);
    slowest = Math.max(slowest, performance.now() - started);
    counts[type] = (counts[type] ?? 0) + 1;
  }
  const bytes = memory.buffer.byteLength;
  const most = `${slowest.toFixed(0)} ms and ${(bytes / 1e6).toFixed(1)} MB most`;
  console.log(`# messages in WebAssembly: ${JSON.stringify(counts)}, ${most}`);
  for (const type of ["ready", "reply", "state", "link", "error"]) {
    assert.ok(counts[type] > 100, type);
  }
  assert.ok(slowest < MS_MOST, `${slowest} ms`);
  assert.ok(bytes < BYTES_MOST, `${bytes} bytes`);
  // After all of it the lab still does what it is asked.
  const speak = (type, more) => lab.send({ app: "faultline", v: 1, id: 1, type, ...more });
  assert.equal(speak("load", { link: "p=echo" }).type, "reply");
  assert.equal(speak("getState").protocol, "echo");
});

test("what throws when it is looked at is as if it were not there, and the lab goes on", () => {
  const lab = new bench.Lab("");
  const trap = () => { throw new Error("a trap"); };
  const throwing = { app: "faultline", v: 1, id: 1, get type() { return trap(); } };
  const proxy = new Proxy({}, { get: trap, has: trap, ownKeys: trap });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const trapped = { app: "faultline", v: 1, id: 3, type: "load", link: proxy };
  for (const odd of [throwing, proxy, revoked, trapped]) {
    assert.equal(lab.send(odd).type, "error");
  }
  assert.equal(lab.send({ app: "faultline", v: 1, id: 2, type: "hello" }).type, "ready");
});

// Every log in WebAssembly is the native one, byte for byte: the scenarios of the library, and long
// runs of each room under random faults. `cargo xtask test wasm` leaves two folders:
// `FAULTLINE_MODULE` has the module, built as the page is; `FAULTLINE_LOGS` has the native logs.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { launch, serveFolders } from "../page/harness.mjs";
import { difference, differences } from "./compare.mjs";

const FOLDER = process.env.FAULTLINE_MODULE;
const LOGS = process.env.FAULTLINE_LOGS;
let bench;

before(async () => {
  bench = await import(join(FOLDER, "faultline_bench.js"));
  bench.initSync({ module: await readFile(join(FOLDER, "faultline_bench_bg.wasm")) });
});

const native = (id) => readFile(join(LOGS, `${id}.log`)).catch(() => null);

test("every log in Node is the native one, byte for byte", async () => {
  assert.ok(bench.scenarios().length > 0 && bench.runs().length > bench.scenarios().length);
  assert.deepEqual(await differences(bench, native), []);
});

test("every log in Chromium is the native one, byte for byte", async (t) => {
  const here = new URL(".", import.meta.url).pathname;
  const site = await serveFolders(t, { "/module/": FOLDER, "/logs/": LOGS, "/": here });
  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${site}empty.html`);
  const [count, found] = await page.evaluate(async () => {
    const bench = await import("/module/faultline_bench.js");
    const { differences } = await import("/compare.mjs");
    await bench.default();
    const native = async (id) => {
      const response = await fetch(`/logs/${id}.log`);
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    };
    return [bench.runs().length, await differences(bench, native)];
  });
  assert.equal(count, bench.runs().length);
  assert.deepEqual(found, []);
});

test("the words of every log are those of its golden file", async () => {
  for (const id of bench.scenarios()) {
    const [room, scene] = id.split("/");
    const path = `../../crates/protocols/src/${room}/scenarios/${scene}.log`;
    const golden = await readFile(new URL(path, import.meta.url), "utf8");
    assert.equal(bench.transcript(id), golden, id);
  }
});

test("one byte that differs is found, and its event is named", async () => {
  const wanted = await native(bench.runs().at(-1));
  for (const offset of [0, 4, wanted.length >> 1, wanted.length - 1]) {
    const found = Uint8Array.from(wanted);
    found[offset] ^= 1;
    assert.match(difference(found, wanted), new RegExp(`^byte ${offset} `));
  }
  const second = 4 + 28 + new DataView(wanted.buffer, wanted.byteOffset).getUint32(28, true);
  const found = Uint8Array.from(wanted);
  found[second] ^= 1;
  assert.match(difference(found, wanted), /\(event 1\)/);
  assert.match(difference(wanted.subarray(0, -1), wanted), /is the end, natively/);
  assert.equal(difference(wanted, wanted), null);
});

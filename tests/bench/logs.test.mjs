// Every scenario's log in WebAssembly is the native one, byte for byte: both are the golden file.
// `FAULTLINE_MODULE` is the folder where `cargo xtask test` left the module, built as the page is.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { launch, serveFolders } from "../page/harness.mjs";

const FOLDER = process.env.FAULTLINE_MODULE;
let bench;

before(async () => {
  bench = await import(join(FOLDER, "faultline_bench.js"));
  bench.initSync({ module: await readFile(join(FOLDER, "faultline_bench_bg.wasm")) });
});

/** The first line of each log that is not as in its golden file. */
async function differences(logs) {
  const found = [];
  for (const [id, log] of logs) {
    const [room, scene] = id.split("/");
    const path = `../../crates/protocols/src/${room}/scenarios/${scene}.log`;
    const golden = await readFile(new URL(path, import.meta.url), "utf8").catch(() => "");
    if (log === golden) continue;
    const wanted = golden.split("\n");
    const line = log.split("\n").findIndex((text, index) => text !== wanted[index]);
    found.push(`${id}:${line + 1}: ${log.split("\n")[line]}`);
  }
  return found;
}

test("every log in Node is the native one", async () => {
  assert.ok(bench.scenarios().length > 0);
  const logs = bench.scenarios().map((id) => [id, bench.transcript(id)]);
  assert.deepEqual(await differences(logs), []);
});

test("every log in Chromium is the native one", async (t) => {
  const here = new URL(".", import.meta.url).pathname;
  const site = await serveFolders(t, { "/module/": FOLDER, "/": here });
  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${site}empty.html`);
  const logs = await page.evaluate(async () => {
    const bench = await import("/module/faultline_bench.js");
    await bench.default();
    return bench.scenarios().map((id) => [id, bench.transcript(id)]);
  });
  assert.equal(logs.length, bench.scenarios().length);
  assert.deepEqual(await differences(logs), []);
});

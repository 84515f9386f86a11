// The page around the lab speaks to it by messages, and hears what happens.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serveHost, servePage, watchedPage } from "./harness.mjs";
import { scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** A course page that embeds the lab and keeps everything it is told in `heard`. */
async function course(t) {
  const site = await servePage(t);
  const address = `${site}?embed=1&autoplay=0#${scene("first-leader")}`;
  const host = await serveHost(t, `<!doctype html><html lang="en"><title>A course</title>
    <script>
      const heard = [];
      addEventListener("message", ({ data }) => heard.push(data));
    </script>
    <iframe title="Faultline" sandbox="allow-scripts" width="640" height="400"
      src="${address}"></iframe>`);
  const { page, complaints } = await watchedPage(t, browser, [site, host]);
  await page.goto(host);
  const heard = (type) => page.evaluate((type) => heard.filter((it) => it.type === type), type);
  const wait = (type, more = "true") =>
    page.waitForFunction(`heard.some((it) => it.type === ${JSON.stringify(type)} && ${more})`);
  const raw = (message) => page.evaluate((message) => {
    document.querySelector("iframe").contentWindow.postMessage(message, "*");
  }, message);
  let count = 0;
  /** Sends a message and gives the answer to it. */
  const ask = async (type, more = {}) => {
    count += 1;
    await raw({ app: "faultline", v: 1, id: count, type, ...more });
    await page.waitForFunction((id) => heard.some((it) => it.id === id), count);
    return page.evaluate((id) => heard.find((it) => it.id === id), count);
  };
  await wait("ready");
  return { page, complaints, heard, wait, raw, ask };
}

test("a host plays, pauses, seeks, loads and asks", async (t) => {
  const { page, ask, wait, heard, complaints } = await course(t);
  assert.ok((await heard("ready"))[0].features.includes("getState"));
  const before = await ask("getState");
  assert.deepEqual([before.protocol, before.nodes.length, before.playing], ["raft", 5, false]);
  assert.equal((await ask("setSpeed", { speed: 0.2 })).type, "reply");
  assert.equal((await ask("play")).type, "reply");
  await wait("event", `it.kind === "leads"`);
  await wait("tick");
  await ask("pause");
  const leading = await ask("getState");
  assert.ok(leading.timeUs > before.timeUs);
  assert.equal(leading.nodes.filter((node) => node.role === "leader").length, 1);
  await ask("seek", { timeUs: 0 });
  assert.equal((await ask("getState")).timeUs, 0);
  const { link } = await ask("getLink");
  // Another room is in the other program: the frame starts anew, and says so.
  await ask("load", { link: "p=echo" });
  await page.waitForFunction(() => heard.filter((it) => it.type === "ready").length === 2);
  assert.equal((await ask("getState")).protocol, "echo");
  await ask("load", { link });
  assert.equal((await ask("getState")).protocol, "raft");
  // Of what was loaded the host hears from the beginning, also if it is the same again.
  for (let time = 0; time < 2; time += 1) {
    const told = (await heard("event")).length;
    await ask("load", { link: "p=raft&scene=first-leader&t=300000" });
    const leads = (told) => heard.filter((it) => it.type === "event").slice(told)
      .some((it) => it.kind === "leads");
    await page.waitForFunction(leads, told);
  }
  assert.deepEqual(complaints, []);
});

test("what a host says wrongly changes nothing and is told so", async (t) => {
  const { page, ask, wait, raw, heard, complaints } = await course(t);
  const before = await ask("getState");
  assert.equal((await ask("load", { link: "p=chess" })).code, "scenario");
  assert.equal((await ask("explode")).code, "message");
  assert.equal((await ask("load", { scenario: "{".repeat(10_000) })).code, "scenario");
  assert.equal((await ask("seek", { timeUs: Number.NaN })).code, "command");
  assert.equal((await ask("setSpeed", { speed: -1 })).code, "command");
  // What a message holds besides is not looked at: this one holds itself.
  await page.evaluate(() => {
    const endless = { app: "faultline", v: 1, id: 0, type: "hello" };
    endless.self = endless;
    document.querySelector("iframe").contentWindow.postMessage(endless, "*");
  });
  await wait("ready", "it.id === 0");
  // So are parts that are too long to be copied, or nothing that a message has.
  const long = await ask("load", { scenario: "x".repeat((1 << 20) + 1) });
  assert.match(long.message, /^scenario is no .* text of up to 1048576 letters/);
  assert.equal((await ask("setSpeed", { speed: [[]] })).code, "message");
  for (const junk of [null, 7, "faultline", [], { app: "other", v: 1, type: "play" }]) {
    await raw(junk);
  }
  const { id: _, ...after } = await ask("getState");
  const { id: __, ...asBefore } = before;
  assert.deepEqual(after, asBefore);
  assert.equal((await heard("error")).length, 7);
  assert.deepEqual(complaints, []);
});

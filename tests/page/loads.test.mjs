// The page comes up: alone, under any path, asking nobody else, and says so when it cannot go on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeViolations, launch, servePage, watchedPage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

test("the page opens with a cluster that lives, without an error, asking no other host",
  async (t) => {
    const site = await servePage(t);
    const reader = await Reader.open(t, browser, site, { query: "" });
    assert.equal((await reader.nodes()).length, 5);
    await reader.button("Pause").waitFor();
    const first = await reader.seconds();
    // Within a second a message is seen, and seen to move.
    await reader.page.waitForFunction(() => {
      const message = document.querySelector(".message");
      const place = message?.getAttribute("transform");
      const moved = message && message === globalThis.seen && place !== globalThis.place;
      [globalThis.seen, globalThis.place] = [message, place];
      return moved;
    }, undefined, { polling: "raf", timeout: 1000 });
    // While a message flies a millisecond of theirs takes tens of ours.
    const until = Date.now() + 2000;
    while ((await reader.seconds()) <= first) {
      assert.ok(Date.now() < until, "time passes by itself");
      await reader.page.waitForTimeout(50);
    }
    assert.deepEqual(reader.complaints, []);
  });

/** Runs in the page before anything else: where the stage and a node are when first drawn. */
function watchFirstDrawing() {
  const look = () => {
    const node = document.querySelector(".node");
    if (!node) return requestAnimationFrame(look);
    globalThis.where = () => {
      const { x, y, width, height } = document.querySelector(".stage").getBoundingClientRect();
      return [x, y, width, height, document.querySelector(".node").getAttribute("transform")];
    };
    globalThis.atFirst = [...globalThis.where(), document.querySelector(".node-button") === null];
  };
  requestAnimationFrame(look);
}

const SIZES = [[1280, 800, 0], [390, 844, 0], [320, 568, 0], [320, 568, 0, true], [640, 400, 1]];
for (const [width, height, embed, hasTouch = false] of SIZES) {
  const where = `${width} pixels wide${hasTouch ? ", by touch" : ""}`;
  test(`the run is seen before the page is built, which moves nothing: ${where}`,
    async (t) => {
      const site = await servePage(t);
      const options = { viewport: { width, height }, hasTouch };
      const { page, complaints } = await watchedPage(t, browser, [site], options);
      await page.addInitScript(watchFirstDrawing);
      await page.goto(`${site}?embed=${embed}&motion=full#${scene("first-leader")}`);
      await page.getByRole("button", { name: "Pause" }).waitFor();
      const [atFirst, now] = await page.evaluate(() => [globalThis.atFirst, globalThis.where()]);
      assert.deepEqual(atFirst, [...now, true]);
      assert.deepEqual(complaints, []);
    });
}

test("the page works under a path of its own", async (t) => {
  const site = await servePage(t, "/teaching/lab/");
  const { page, complaints } = await watchedPage(t, browser, [site]);
  await page.goto(`${site}teaching/lab/`);
  await page.getByRole("button", { name: "Share" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("a first visit loads one room; another room is loaded when it is opened", async (t) => {
  const site = await servePage(t);
  const { page, complaints } = await watchedPage(t, browser, [site]);
  const programs = [];
  page.on("request", (request) => {
    const name = new URL(request.url()).pathname.slice(1);
    if (name.endsWith(".wasm")) programs.push(name.split("-")[0]);
  });
  await page.goto(`${site}?autoplay=0`);
  await page.getByRole("button", { name: /^Paxos/ }).click();
  await page.getByRole("button", { name: /^Two phases/ }).click();
  await page.waitForURL(/p=paxos/);
  await page.getByRole("heading", { name: /Two phases/ }).waitFor();
  assert.deepEqual(programs, ["faultline", "whole"]);
  // A record of that room says so in advance, and starts the whole program at once.
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.getByLabel("Link to this run").inputValue();
  assert.match(link, /#s1=.*&p=paxos$/);
  programs.length = 0;
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByRole("button", { name: "Share" }).waitFor();
  assert.deepEqual(programs, ["whole"]);
  assert.deepEqual(complaints, []);
});

test("a panic is reported with the version, the link and the message", async (t) => {
  const site = await servePage(t);
  const { page } = await watchedPage(t, browser, [site]);
  await page.goto(`${site}#${scene("leader-crash")}`);
  await page.getByRole("button", { name: "Share" }).waitFor();
  await page.evaluate(() => globalThis.faultlinePanic("the ring has no end"));
  await page.getByRole("heading", { name: "Faultline has stopped" }).waitFor();
  const report = await page.getByLabel("What to send with a report").inputValue();
  assert.match(report, /^Faultline \d+\.\d+\.\d+\nhttp.*leader-crash\n\nthe ring has no end$/);
  assert.deepEqual(await axeViolations(page), []);
  await page.getByRole("button", { name: "Reload without the scenario" }).click();
  await page.getByRole("button", { name: "Share" }).waitFor();
});

// A million nodes: they open, play, are stepped back, struck, and sent to somebody else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeViolations, launch, servePage, watchedPage } from "./harness.mjs";
import { scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** A million nodes may keep a slow machine busy for a while. */
const PATIENCE_MS = 60_000;

async function open(t, name, { query = "autoplay=0", ...options } = {}) {
  const site = await servePage(t);
  const { page, complaints } = await watchedPage(t, browser, [site], options);
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${site}?${query}#${scene(name, "rumour")}`);
  // There is something to count once the first nodes have started.
  await page.getByRole("img", { name: /^(Cycle|[\d.]+ s).*: / }).waitFor();
  return { site, page, complaints };
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** What the picture says of itself: `{ clock, unaware, … }`, with numbers as numbers. */
async function counts(page) {
  const text = await page.getByRole("img", { name: /^Cycle|^[\d.]+ s/ }).getAttribute("aria-label");
  const [, clock, parts] = /^(.*?)\. (.*)\.$/.exec(text);
  const pairs = parts.split("; ").map((part) => part.split(": "));
  const number = (digits) => Number(digits.replace(/\D/g, ""));
  return { clock, ...Object.fromEntries(pairs.map(([role, count]) => [role, number(count)])) };
}

/** How many pixels of the picture have each colour. */
const colours = (page) => page.evaluate(() => {
  const canvas = document.querySelector("canvas");
  // Read from a copy that is meant to be read.
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const found = new Map();
  const words = new Uint32Array(data.buffer);
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  return [...found.values()].sort((a, b) => b - a);
});

/** Until the clock shows this: what is played arrives in slices. */
const shows = (page, clock) => page.waitForFunction(
  (wanted) => document.querySelector(".clock").textContent === wanted, clock);

const step = async (page, name, clock) => {
  await press(page, name);
  await shows(page, clock);
};

test("a million play until many know it, and a step back shows what was there", async (t) => {
  const { page, complaints } = await open(t, "a-million");
  assert.deepEqual(await counts(page), { clock: "Cycle 0", unaware: 1_000_000 });
  await page.getByRole("combobox", { name: "Speed" }).selectOption({ label: "100 slices/s" });
  await press(page, "Play");
  await page.waitForFunction(() =>
    Number(/\d+/.exec(document.querySelector(".clock").textContent)) >= 17);
  await press(page, "Pause");
  await page.waitForTimeout(500);
  const there = await counts(page);
  const cycle = Number(there.clock.replace("Cycle ", ""));
  assert.ok(there.unaware < 950_000, `many know it: ${JSON.stringify(there)}`);
  const picture = await colours(page);
  // Every node has a cell, and every role its own colour.
  const standing = Object.values(there).filter((count) => Number(count) > 0);
  for (const count of standing) assert.ok(picture.includes(count), `${count} of ${picture}`);
  await step(page, "One slice back", `Cycle ${cycle - 1}`);
  const before = await counts(page);
  assert.ok(before.unaware > there.unaware);
  assert.notDeepEqual(await colours(page), picture);
  await step(page, "One slice on", `Cycle ${cycle}`);
  assert.deepEqual(await counts(page), there);
  assert.deepEqual(await colours(page), picture);
  assert.deepEqual(complaints, []);
});

test("the keyboard plays, steps, and goes to both ends", async (t) => {
  const { page, complaints } = await open(t, "ten-thousand");
  await page.keyboard.press("l");
  await page.keyboard.press("l");
  await shows(page, "Cycle 2");
  await page.keyboard.press("j");
  await shows(page, "Cycle 1");
  await page.keyboard.press("k");
  await shows(page, "Cycle 4");
  await page.keyboard.press("k");
  await page.keyboard.press("Home");
  await shows(page, "Cycle 0");
  const slider = page.getByRole("slider", { name: "Timeline" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await shows(page, "Cycle 1");
  assert.match(await page.getByRole("status").textContent(), /unaware: /);
  assert.deepEqual(complaints, []);
});

test("a quarter that is struck is down, undo heals it, and a link tells of it", async (t) => {
  const { page, site, complaints } = await open(t, "ten-thousand");
  for (let cycle = 1; cycle <= 12; cycle += 1) await step(page, "One slice on", `Cycle ${cycle}`);
  await press(page, "Crash a quarter");
  await step(page, "One slice on", "Cycle 13");
  const struck = await counts(page);
  assert.ok(struck.down > 2_200 && struck.down < 2_800, JSON.stringify(struck));
  await press(page, "Share");
  const link = await page.getByRole("textbox", { name: /^Link to this run/ }).inputValue();
  await page.keyboard.press("Escape");
  const other = await watchedPage(t, browser, [site]);
  await other.page.goto(link.replace("#", "?autoplay=0#"));
  await other.page.getByRole("img", { name: /^Cycle 13/ }).waitFor();
  assert.deepEqual(await counts(other.page), struck);
  await press(page, "Undo");
  await step(page, "One slice on", "Cycle 13");
  assert.equal((await counts(page)).down, undefined);
  assert.deepEqual([...complaints, ...other.complaints], []);
});

test("from a swarm to a run of events and back the page starts anew", async (t) => {
  const { page, complaints } = await open(t, "ten-thousand");
  await page.getByRole("button", { name: /^A rumour spreads/ }).click();
  await page.getByRole("list", { name: "Nodes" }).getByRole("button").first().waitFor();
  await page.getByRole("button", { name: /^Ten thousand sites/ }).click();
  await page.getByRole("img", { name: /^Cycle/ }).waitFor();
  assert.deepEqual(complaints, []);
});

for (const theme of ["light", "dark", "contrast"]) {
  for (const viewport of [[1280, 800], [390, 844], [320, 568]]) {
    const [width, height] = viewport;
    test(`axe finds nothing in a swarm: ${theme}, ${width} pixels wide`, async (t) => {
      const query = `autoplay=0&theme=${theme}`;
      const { page, complaints } =
        await open(t, "a-quarter-lost", { query, viewport: { width, height } });
      await page.keyboard.press("Shift+L");
      await page.keyboard.press("l");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `it is ${wide} pixels wide`);
      assert.deepEqual(await axeViolations(page), []);
      assert.deepEqual(complaints, []);
    });
  }
}

test("a frame shows the cells, who stands where, and the curve", async (t) => {
  const query = "autoplay=0&embed=1";
  const { page, complaints } =
    await open(t, "ten-thousand", { query, viewport: { width: 560, height: 315 } });
  await page.getByRole("list", { name: "Who stands where" }).waitFor();
  await page.getByRole("img", { name: "How many stand where, over time" }).waitFor();
  for (const selector of ["canvas", ".curve"]) {
    const box = await page.locator(selector).boundingBox();
    assert.ok(box.width > 100 && box.height > 50, `${selector}: ${JSON.stringify(box)}`);
  }
  assert.equal(await page.getByRole("banner").count(), 0);
  assert.deepEqual(complaints, []);
});

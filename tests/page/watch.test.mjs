// What the reader or the address asks of the page itself: to look so, to keep still, only to show.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, servePage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

async function open(t, options) {
  const site = await servePage(t);
  return Reader.open(t, browser, site, { fragment: scene("first-leader"), ...options });
}

test("with edit=0 nothing changes the run, by whatever way it is asked for", async (t) => {
  const reader = await open(t, { query: "autoplay=0&edit=0" });
  const leader = await reader.leader();
  await reader.node(leader).click();
  const beside = reader.scope.getByRole("group", { name: new RegExp(`^${leader} `) });
  assert.deepEqual(await beside.getByRole("button").allInnerTexts(), ["Why?"]);
  assert.equal(await reader.button("Cut").isVisible(), false);
  const before = await reader.link();
  const { keyboard } = reader.page;
  for (const words of ["cut", "crash", "request", "hold", "heal", "sides"]) {
    await keyboard.press("Control+k");
    await reader.scope.getByRole("combobox", { name: /^Find a scenario/ }).fill(words);
    const finds = await reader.scope.getByRole("listbox").getByRole("option").allInnerTexts();
    assert.ok(finds.every((find) => find.includes(" · ")), `scenarios only: ${finds}`);
    await keyboard.press("Escape");
  }
  await reader.stroke(...await reader.across());
  await keyboard.press("Control+z");
  await reader.drop("{}");
  await reader.scope.getByRole("alert").getByText("can only be watched").waitFor();
  assert.equal(await reader.link(), before);
  assert.deepEqual(reader.complaints, []);
});

test("the theme goes on with every press, and is kept", async (t) => {
  const reader = await open(t, {});
  const theme = () => reader.page.evaluate(() => document.documentElement.dataset.theme);
  const ground = () => reader.page.evaluate(() =>
    getComputedStyle(document.querySelector(".stage")).backgroundColor);
  const seen = [];
  for (const name of ["auto", "light", "dark", "contrast"]) {
    assert.equal(await theme(), name);
    seen.push(await ground());
    if (name !== "contrast") await reader.button(/^Theme: /).click();
  }
  assert.equal(new Set(seen.slice(1)).size, 3, `three grounds: ${seen}`);
  await reader.page.reload();
  await reader.nodeButtons().first().waitFor();
  assert.equal(await theme(), "contrast");
});

test("who wants no motion sees states, one after another", async (t) => {
  const reader = await open(t, { query: "", reducedMotion: "reduce" });
  const before = await reader.seconds();
  await reader.press("Play");
  const samples = await reader.page.evaluate(() => new Promise((resolve) => {
    const samples = [];
    const look = (now) => {
      const clock = document.querySelector(".clock").textContent;
      const places = [...document.querySelectorAll(".message")].map((message) =>
        message.getAttribute("transform"));
      samples.push([now, clock, places.join()]);
      if (now - samples[0][0] < 4500) requestAnimationFrame(look);
      else resolve(samples);
    };
    requestAnimationFrame(look);
  }));
  assert.ok((await reader.seconds()) > before);
  const changes = samples.filter(([, ...state], index) =>
    index > 0 && state.join() !== samples[index - 1].slice(1).join());
  assert.ok(changes.length >= 2 && changes.length <= 7, `${changes.length} changes in 4.5 s`);
  const flights = new Set(samples.map(([, , places]) => places).filter(Boolean));
  assert.ok(flights.size >= 1, "messages are shown where they are");
});

test("Why? leads whoever asks to the answer and back, and a speed that is not on offer is shown",
  async (t) => {
    const reader = await open(t, { query: "autoplay=0&speed=0.3" });
    const chosen = () => reader.scope.getByRole("combobox", { name: "Speed" })
      .locator("option:checked").innerText();
    assert.equal(await chosen(), "1/3×");
    await reader.page.keyboard.press(".");
    assert.equal(await chosen(), "1×");
    await reader.leader();
    await reader.node("n2").focus();
    await reader.page.keyboard.press("w");
    const panel = reader.scope.getByRole("region", { name: "Why?" });
    await panel.waitFor();
    assert.ok(await panel.evaluate((it) => it.contains(document.activeElement)));
    await reader.page.keyboard.press("Tab");
    await reader.page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    assert.match(
      await reader.page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^n2,/);
  });

test("a value in the address that means nothing is told, and not at length", async (t) => {
  const reader = await open(t, { query: `autoplay=0&start=maybe&theme=${"x".repeat(3000)}` });
  const said = await reader.scope.getByRole("alert").innerText();
  assert.match(said, /start=maybe/);
  assert.match(said, /theme=xxx/);
  assert.ok(said.length < 400, `${said.length} characters`);
});

/** Touches the stage with fingers: `{ id: [from, to] }`, moved together. */
async function fingers(reader, strokes, order) {
  const debug = await reader.page.context().newCDPSession(reader.page);
  const down = new Map();
  const touch = (type) => debug.send("Input.dispatchTouchEvent", {
    type, touchPoints: [...down].map(([id, { x, y }]) => ({ id: Number(id), x, y })),
  });
  for (const [id, what] of order) {
    const [from, to] = strokes[id];
    if (what === "down") { down.set(id, from); await touch("touchStart"); }
    if (what === "up") { down.delete(id); await touch("touchEnd"); }
    for (let step = 1; what === "move" && step <= 8; step += 1) {
      const share = (a, b) => a + (b - a) * step / 8;
      down.set(id, { x: share(from.x, to.x), y: share(from.y, to.y) });
      await touch("touchMove");
    }
  }
  await reader.settled();
}

test("by touch a stroke cuts only with the tool, whatever another finger does", async (t) => {
  const reader = await open(t, { hasTouch: true });
  await reader.leader();
  const [from, to] = await reader.across();
  const rest = { x: from.x + 60, y: from.y + 200 };
  const acts = async () => (await reader.table()).filter((line) => /fault line|whole/.test(line));
  const alone = [["1", "down"], ["1", "move"], ["1", "up"]];
  await fingers(reader, { 1: [from, to] }, alone);
  assert.deepEqual(await acts(), []);
  await reader.press("Cut");
  await fingers(reader, { 1: [from, to], 2: [rest, rest] },
    [["1", "down"], ["2", "down"], ["2", "up"], ["1", "move"], ["1", "up"]]);
  assert.match((await acts()).join("\n"), /^.*A fault line parts .*n2, n3[^\n]*$/);
  // A finger that wipes along the stage and ends on the line does not heal it.
  const line = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  await fingers(reader, { 1: [{ x: line.x - 150, y: line.y + 4 }, line] }, alone);
  assert.equal((await acts()).length, 1);
});

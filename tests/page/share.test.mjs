// Links and files: what one reader did, another one sees.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch, servePage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** A run with a crash, a branch, and a moment that is not its end. */
async function eventful(t, site) {
  const reader = await Reader.open(t, browser, site, { fragment: scene("first-leader") });
  const leader = await reader.leader();
  await reader.act(leader, "Crash");
  await reader.leader(leader);
  await reader.press("Previous milestone");
  await reader.settled();
  return reader;
}

/** The moment, the nodes, and every event so far. */
async function seen(reader) {
  return [await reader.seconds(), await reader.nodes(), await reader.table()];
}

test("a link shows the same run at the same moment in a fresh browser", async (t) => {
  const site = await servePage(t);
  const sender = await eventful(t, site);
  const link = await sender.link();
  const other = await launch();
  t.after(() => other.close());
  const receiver = await Reader.open(t, other, site, { fragment: link.split("#")[1] });
  assert.deepEqual(await seen(receiver), await seen(sender));
  assert.equal(await receiver.link(), link);
  await sender.press("To the newest moment");
  await receiver.press("To the newest moment");
  await sender.settled();
  assert.deepEqual(await seen(receiver), await seen(sender));
  assert.deepEqual(receiver.complaints, []);
});

test("the address follows the run, so that reloads keep it", async (t) => {
  const site = await servePage(t);
  const reader = await eventful(t, site);
  await reader.page.waitForURL(/#s1=/);
  await reader.page.waitForTimeout(2500);
  const before = await seen(reader);
  // The second one opens what the first one wrote, in which there is nothing to undo.
  for (let time = 0; time < 2; time += 1) {
    await reader.page.reload();
    await reader.nodeButtons().first().waitFor();
    assert.deepEqual(await seen(reader), before, `reload ${time + 1}`);
    await reader.page.waitForTimeout(2500);
  }
});

test("a file that cannot be opened is complained of where it is seen, as often as it is chosen",
  async (t) => {
    const site = await servePage(t);
    const reader = await Reader.open(t, browser, site, { fragment: scene("first-leader") });
    const file = (text) =>
      ({ name: "run.json", mimeType: "application/json", buffer: Buffer.from(text) });
    for (const text of ["{", "{", "x".repeat(1_100_000)]) {
      await reader.press("Share");
      await reader.scope.locator("input[type=file]").setInputFiles(file(text));
      await reader.scope.getByRole("dialog").waitFor({ state: "detached" });
      const alert = reader.scope.getByRole("alert");
      assert.match(await alert.innerText(), /cannot be opened|too large/);
      await alert.getByRole("button", { name: "Close" }).click();
    }
    // A scenario of another room that is too long for an address reaches the other program.
    const words = Array.from({ length: 9_000 }, (_, place) => (place * 7_919 % 9_973).toString(36));
    const long = { format: 1, protocol: "echo", version: 1, seed: 7, title: "Long",
      summary: words.join(" ") };
    await reader.drop(JSON.stringify(long));
    await reader.scope.getByRole("heading", { level: 1, name: /Echo.*Long/ }).waitFor();
    assert.deepEqual(reader.complaints, []);
  });

test("a scenario saved as a file opens again, chosen or dropped", async (t) => {
  const site = await servePage(t);
  const sender = await eventful(t, site);
  await sender.press("Share");
  const [download] = await Promise.all([
    sender.page.waitForEvent("download"),
    sender.press("Save as a file"),
  ]);
  assert.match(download.suggestedFilename(), /\.json$/);
  const text = await readFile(await download.path(), "utf8");
  await sender.page.keyboard.press("Escape");
  const wanted = (await sender.nodes()).length;

  const echo = { fragment: scene("there-and-back", "echo") };
  const chooser = await Reader.open(t, browser, site, echo);
  await chooser.press("Share");
  const file = { name: "run.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await chooser.scope.locator("input[type=file]").setInputFiles(file);
  await chooser.scope.getByRole("heading", { level: 1, name: /The first leader/ }).waitFor();
  assert.equal((await chooser.nodes()).length, wanted);

  const dropper = await Reader.open(t, browser, site, echo);
  await dropper.drop(text);
  await dropper.scope.getByRole("heading", { level: 1, name: /The first leader/ }).waitFor();
  assert.deepEqual(dropper.complaints, []);
});

const TAKEN = [
  ["Picture (SVG)", /\.svg$/, /^<svg [^]*xmlns="http[^]*>n5</],
  ["Events (CSV)", /\.csv$/, /^event,time_us[^]*,"n\d crashes; its memory is gone\.",""\r\n$/],
  ["ShiViz log", /\.log$/, /^n\d \{"n\d":1\}\nn\d starts [^]*"n\d":\d+,"n\d":\d+/],
  ["Mermaid diagram", /\.mmd$/, /^sequenceDiagram\n[^]*n\d->>n\d: vote request\n/],
];
for (const [name, ending, content] of TAKEN) {
  test(`a run is taken along as ${name}`, async (t) => {
    const site = await servePage(t);
    const reader = await Reader.open(t, browser, site, { fragment: scene("first-leader") });
    await reader.act(await reader.leader(), "Crash");
    await reader.press("Share");
    const [download] = await Promise.all([
      reader.page.waitForEvent("download"),
      reader.press(name),
    ]);
    assert.match(download.suggestedFilename(), ending);
    assert.match(await readFile(await download.path(), "utf8"), content);
    assert.deepEqual(reader.complaints, []);
  });
}

test("a link that cannot be opened says what is wrong and opens the default", async (t) => {
  const site = await servePage(t);
  for (const fragment of [
    "s1=nonsense",
    "s1=____",
    "p=raft&scene=no-such-scene",
    "p=no-such-room",
    "s9=abc",
    "hello",
    `s1=${"A".repeat(40_000)}`,
  ]) {
    const reader = await Reader.open(t, browser, site, { fragment });
    const alert = reader.scope.getByRole("alert");
    assert.match(await alert.innerText(), /cannot be opened .+/, fragment.slice(0, 30));
    assert.equal((await reader.nodes()).length, 5);
    assert.deepEqual(reader.complaints, []);
  }
});

test("a link that asks for what means nothing opens and says so", async (t) => {
  const site = await servePage(t);
  const fragment = "p=raft&scene=first-leader&n=7&servers=3";
  const reader = await Reader.open(t, browser, site, { fragment });
  const alert = reader.scope.getByRole("alert");
  assert.match(await alert.innerText(), /“servers=3”, which means nothing here/);
  assert.equal((await reader.nodes()).length, 7);
});

test("a readable link takes the values it names", async (t) => {
  const site = await servePage(t);
  const fragment = "p=raft&scene=first-leader&n=7&seed=42";
  const reader = await Reader.open(t, browser, site, { fragment });
  assert.equal((await reader.nodes()).length, 7);
});

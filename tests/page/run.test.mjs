// One run: played, stepped both ways, broken, parted, and branched from its past.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, servePage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

async function open(t, name, options) {
  const site = await servePage(t);
  return Reader.open(t, browser, site, { fragment: scene(name), ...options });
}

test("it plays, and pauses where it is", async (t) => {
  const reader = await open(t, "first-leader");
  const before = await reader.seconds();
  await reader.press("Play");
  await reader.page.waitForTimeout(700);
  await reader.press("Pause");
  const paused = await reader.seconds();
  assert.ok(paused > before);
  await reader.page.waitForTimeout(300);
  assert.equal(await reader.seconds(), paused);
  assert.deepEqual(reader.complaints, []);
});

test("steps back show what was there, and steps on show it again", async (t) => {
  const reader = await open(t, "first-leader");
  await reader.leader();
  await reader.scope.getByRole("checkbox", { name: "Details" }).check();
  const there = [];
  const look = async () => [await reader.seconds(), await reader.nodes(), await reader.events()];
  for (let step = 0; step < 12; step += 1) {
    there.push(await look());
    await reader.press("One step on");
    await reader.settled();
  }
  for (const seen of there.reverse()) {
    await reader.press("One step back");
    await reader.settled();
    assert.deepEqual(await look(), seen);
  }
  assert.deepEqual(reader.complaints, []);
});

test("a crashed leader is followed by another, and comes back as a follower", async (t) => {
  const reader = await open(t, "first-leader");
  const first = await reader.leader();
  await reader.act(first, "Crash");
  assert.deepEqual(await reader.inRole("crashed"), [first]);
  const second = await reader.leader(first);
  assert.notEqual(second, first);
  await reader.act(first, "Restart");
  assert.ok((await reader.inRole("follower")).includes(first));
  assert.deepEqual(reader.complaints, []);
});

test("acting in the past opens a branch and loses nothing", async (t) => {
  const reader = await open(t, "first-leader");
  const leader = await reader.leader();
  await reader.goUntil(async () => (await reader.seconds()) > 0.3);
  const before = [await reader.seconds(), await reader.events()];
  await reader.goUntil(async () => (await reader.seconds()) < 0.2, "Shift+J");
  await reader.act(leader, "Crash");
  const branch = reader.scope.getByRole("combobox", { name: "Branch" });
  assert.equal(await branch.locator("option:checked").innerText(), "Branch 2 of 2");
  await branch.selectOption({ label: "Branch 1 of 2" });
  await reader.press("To the newest moment");
  await reader.settled();
  assert.deepEqual([await reader.seconds(), await reader.events()], before);
  assert.deepEqual(await reader.inRole("crashed"), []);
  assert.deepEqual(reader.complaints, []);
});

test("undo takes the last act away and redo brings it back", async (t) => {
  const reader = await open(t, "first-leader");
  const leader = await reader.leader();
  await reader.act(leader, "Crash");
  await reader.press("Undo");
  await reader.settled();
  assert.deepEqual(await reader.inRole("crashed"), []);
  await reader.press("Redo");
  await reader.settled();
  assert.deepEqual(await reader.inRole("crashed"), [leader]);
});

/** A line between the first two and the middle two nodes of the ring, from edge to edge. */
async function strokeAcross(reader) {
  const boxes = [];
  for (const button of await reader.nodeButtons().all()) boxes.push(await button.boundingBox());
  const heart = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });
  const between = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const hearts = boxes.map(heart);
  const [one, two] = [between(hearts[0], hearts[1]), between(hearts[2], hearts[3])];
  const beyond = (from, to) => ({ x: to.x + (to.x - from.x) / 4, y: to.y + (to.y - from.y) / 4 });
  return [beyond(two, one), beyond(one, two)];
}

test("a line drawn across the stage parts the cluster, and healing joins it", async (t) => {
  const reader = await open(t, "first-leader");
  await reader.leader();
  const [from, to] = await strokeAcross(reader);
  const { mouse } = reader.page;
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(to.x, to.y, { steps: 12 });
  await mouse.up();
  await reader.settled();
  const cut = (await reader.events()).at(-1);
  assert.match(cut, /A fault line parts .*n2, n3/);
  await reader.press("Heal");
  await reader.settled();
  assert.match((await reader.events()).at(-1), /Every link is whole again/);
  assert.deepEqual(reader.complaints, []);
});

test("what a minority is asked to do does not commit", async (t) => {
  const reader = await open(t, "first-leader");
  const leader = await reader.leader();
  await reader.goUntil(async () => (await reader.seconds()) > 0.2);
  await reader.press("Cut");
  await reader.press("Choose sides instead");
  const names = (await reader.nodes()).map((node) => node.name);
  const companion = names.find((name) => name !== leader);
  for (const name of names) {
    const side = [leader, companion].includes(name) ? "A" : "B";
    const group = reader.scope.getByRole("group", { name, exact: true });
    await group.getByRole("radio", { name: side }).check();
  }
  await reader.scope.getByRole("dialog").getByRole("button", { name: "Cut" }).click();
  const committed = async () => {
    const mine = (await reader.nodes()).find((node) => node.name === leader);
    return /(\d+) committed/.exec(mine.text)[1];
  };
  const before = await committed();
  await reader.act(leader, "Request");
  await reader.leader(leader, companion);
  assert.equal(await committed(), before);
  assert.deepEqual(reader.complaints, []);
});

test("why gives the chain of causes, and each cause is a way to its moment", async (t) => {
  const reader = await open(t, "first-leader");
  await reader.leader();
  const now = await reader.seconds();
  await reader.page.keyboard.press("w");
  const chain = reader.scope.getByRole("region", { name: "Why?" }).getByRole("listitem");
  assert.ok((await chain.count()) > 2);
  await chain.last().getByRole("button").click();
  await reader.settled();
  assert.ok((await reader.seconds()) < now);
});

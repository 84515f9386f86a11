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

test("a line drawn across the stage parts the cluster, and healing joins it", async (t) => {
  const reader = await open(t, "first-leader");
  const leader = await reader.leader();
  await reader.stroke(...await reader.across());
  const cut = (await reader.events()).at(-1);
  assert.match(cut, /A fault line parts .*n2, n3/);
  await reader.scope.getByRole("checkbox", { name: "Details" }).check();
  const minority = ["n2", "n3"];
  const others = ["n1", "n4", "n5"];
  const [here, there] = minority.includes(leader) ? [minority, others] : [others, minority];
  // What was on its way when the line was drawn is lost; so is what is sent later.
  const over = `from ${leader} cannot reach (${there.join("|")})`;
  await reader.stepUntil(new RegExp(`The link was cut meanwhile: .* ${over}`));
  await reader.stepUntil(new RegExp(`The link is cut: .* ${over}`));
  const heard = (await reader.table()).map((line) => /(n\d) receives .* from (n\d)/.exec(line));
  const last = (await reader.table()).findIndex((line) => /A fault line parts/.test(line));
  const crosses = (it) => it && here.includes(it[1]) !== here.includes(it[2]);
  const crossed = heard.slice(last).filter(crosses);
  assert.deepEqual(crossed, [], "nothing crosses the line");
  await reader.press("Heal");
  await reader.settled();
  assert.match((await reader.events()).at(-1), /Every link is whole again/);
  await reader.stepUntil(new RegExp(`(${there.join("|")}) receives .* from ${leader}`));
  assert.deepEqual(reader.complaints, []);
});

/** How many entries a node has, and how many of them are committed. */
async function logOf(reader, name) {
  const { text } = (await reader.nodes()).find((node) => node.name === name);
  const [, entries, committed] = /log (one|\d+) entr(?:y|ies), (\d+) committed/.exec(text);
  return [entries === "one" ? 1 : Number(entries), Number(committed)];
}

test("what a minority is asked to do is appended there and does not commit", async (t) => {
  const reader = await open(t, "first-leader");
  const leader = await reader.leader();
  await reader.goUntil(async () => (await reader.seconds()) > 0.2);
  const companion = (await reader.nodes()).map(({ name }) => name).find((name) => name !== leader);
  await reader.part([leader, companion]);
  const [entries, committed] = await logOf(reader, leader);
  await reader.act(leader, "Request");
  assert.deepEqual(await logOf(reader, leader), [entries + 1, committed]);
  await reader.leader(leader, companion);
  // By now the lesson's own client has asked, too.
  for (const name of [leader, companion]) {
    const [later, still] = await logOf(reader, name);
    assert.ok(later > entries, `${name} has it in its log`);
    assert.equal(still, committed, `${name} knows that it is not committed`);
  }
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

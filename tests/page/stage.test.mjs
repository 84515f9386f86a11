// The picture says what the structure beside it says: without the drawing these would fail.

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

/** What is drawn: each node with its signs, the links by kind, messages, the fault line. */
function drawn(reader) {
  return reader.page.evaluate(() => {
    const text = (node, part) => node.querySelector(part)?.textContent ?? "";
    const place = (element) =>
      /translate\((\S+) (\S+)\)/.exec(element.getAttribute("transform")).slice(1).map(Number);
    const left = (node) =>
      Number.parseFloat(node.querySelector(".arc").getAttribute("stroke-dasharray"));
    const nodes = [...document.querySelectorAll(".picture .node")].map((node) => ({
      name: text(node, ".name"),
      word: text(node, ".word"),
      badge: text(node, ".badge"),
      signs: [...node.classList],
      yes: node.querySelectorAll(".vote.yes").length,
      votes: node.querySelectorAll(".vote").length,
      cells: node.querySelectorAll(".cell").length,
      firm: node.querySelectorAll(".cell.firm").length,
      wiped: node.querySelector(".stores.wiped") !== null,
      left: node.classList.contains("timed") ? left(node) : null,
      at: place(node),
    }));
    const links = [...document.querySelectorAll(".picture .link")].map((link) => link.classList[1]);
    const messages = [...document.querySelectorAll(".picture .message")].map((message) => ({
      signs: [...message.classList],
      letter: text(message, ".letter"),
      at: place(message),
    }));
    const lines = [...document.querySelectorAll(".picture .fault-line")].map((line) =>
      line.getAttribute("d").slice(1).split("L").map((point) => point.split(" ").map(Number)));
    return { nodes, links: links.map((kind) => kind ?? "open"), messages, lines };
  });
}

const withSign = ({ nodes }, sign) => nodes.filter(({ signs }) => signs.includes(sign));

/** How often a line crosses the way from `a` to `b`. */
function crossings(line, a, b) {
  const side = ([px, py], [qx, qy], [rx, ry]) => (qx - px) * (ry - py) - (qy - py) * (rx - px) > 0;
  const cross = (p, q) => side(p, q, a) !== side(p, q, b) && side(a, b, p) !== side(a, b, q);
  return line.slice(1).filter((point, index) => cross(line[index], point)).length;
}

test("an election is drawn: countdowns, votes, a crown, terms, logs", async (t) => {
  const reader = await open(t, "first-leader");
  await reader.press("To the start");
  await reader.stepUntil(/n5 starts/);
  const before = await drawn(reader);
  assert.deepEqual(before.nodes.map(({ word }) => word), Array(5).fill("follower"));
  assert.ok(before.nodes.every(({ left }) => left === 100), "every countdown is full");
  await reader.stepUntil(/stands for election/);
  const standing = await drawn(reader);
  const [candidate, ...others] = withSign(standing, "dashed");
  assert.deepEqual(others, []);
  assert.deepEqual(
    [candidate.word, candidate.badge, candidate.yes, candidate.votes], ["candidate", "1", 1, 5]);
  const waiting = standing.nodes.filter(({ name }) => name !== candidate.name);
  assert.ok(waiting.every(({ left }) => left > 0 && left < 60), "time ran down for all others");
  assert.equal(standing.messages.length, 4);
  await reader.stepUntil(/receives vote request/);
  // The requests are on their way: each is nearer to where it goes than when it was sent.
  const far = ({ at: [x, y] }, { at: [u, v] }) => Math.hypot(x - u, y - v);
  const sent = standing.messages.map((message) => far(message, candidate));
  const later = (await drawn(reader)).messages.map((message) => far(message, candidate));
  assert.ok(Math.min(...later.slice(0, 3)) > Math.max(...sent) + 20, `${sent} and ${later}`);
  await reader.stepUntil(/leads term 1/);
  const led = await drawn(reader);
  assert.deepEqual(withSign(led, "crowned").map(({ name, word }) => [name, word]),
    [[candidate.name, "leader"]]);
  assert.deepEqual(led.nodes.map(({ badge }) => badge), Array(5).fill("1"));
  assert.deepEqual([withSign(led, "crowned")[0].cells, withSign(led, "crowned")[0].firm], [1, 0]);
  await reader.stepUntil(/commits one entry/);
  assert.equal(withSign(await drawn(reader), "crowned")[0].firm, 1);
  await reader.act(candidate.name, "Crash");
  const crashed = await drawn(reader);
  assert.deepEqual(withSign(crashed, "down").map(({ name, word, wiped }) => [name, word, wiped]),
    [[candidate.name, "crashed", true]]);
  assert.deepEqual(withSign(crashed, "crowned"), []);
  assert.deepEqual(crashed.nodes.filter(({ wiped }) => wiped).length, 1);
});

test("a fault line is drawn between the sides, and a click on it heals", async (t) => {
  const reader = await open(t, "first-leader");
  await reader.leader();
  assert.deepEqual((await drawn(reader)).links, Array(10).fill("open"));
  const side = ["n1", "n3"];
  await reader.part(side);
  // Who stands elsewhere now gets there by moving.
  await reader.page.waitForTimeout(700);
  const { nodes, links, lines } = await drawn(reader);
  assert.equal(links.filter((kind) => kind === "parted").length, 6);
  assert.equal(lines.length, 1);
  for (const one of nodes) {
    for (const other of nodes.filter(({ name }) => name > one.name)) {
      const apart = side.includes(one.name) !== side.includes(other.name);
      const odd = crossings(lines[0], one.at, other.at) % 2 === 1;
      assert.equal(odd, apart, `${one.name} and ${other.name}`);
    }
  }
  const point = await reader.page.evaluate(() => {
    const stage = document.querySelector(".picture").getBoundingClientRect();
    const line = document.querySelector(".fault-line");
    const heart = [stage.width / 2, stage.height / 2];
    const away = ({ x, y }) => Math.hypot(x - heart[0], y - heart[1]);
    const busy = [...document.querySelectorAll(".message")].map((message) =>
      message.getBoundingClientRect());
    const clear = ({ x, y }) => busy.every((it) =>
      Math.hypot(it.x + it.width / 2 - stage.x - x, it.y + it.height / 2 - stage.y - y) > 60);
    const length = line.getTotalLength();
    const points = Array.from({ length: 400 }, (_, at) => line.getPointAtLength(length * at / 400));
    const [best] = points.filter(clear).sort((a, b) => away(a) - away(b));
    return { x: stage.x + best.x, y: stage.y + best.y };
  });
  await reader.page.mouse.click(point.x, point.y);
  await reader.settled();
  assert.match((await reader.events()).at(-1), /Every link is whole again/);
  assert.equal((await drawn(reader)).lines.length, 0);
  assert.deepEqual(reader.complaints, []);
});

test("you are the network: messages lost, doubled and delivered, links cut one way, timers fired",
  async (t) => {
    const reader = await open(t, "first-leader");
    await reader.stepUntil(/stands for election/);
    const [candidate] = await reader.inRole("candidate");
    const beside = reader.scope.getByRole("group", { name: /^vote request, / });
    const does = async (action) => {
      await beside.getByRole("button", { name: action, exact: true }).click();
      await reader.settled();
      return (await reader.events()).at(-1);
    };
    // One is found on the stage, the others in the list of the node.
    await reader.stepUntil(/receives vote request/);
    const box = await reader.page.locator(".picture .message .shape").first().boundingBox();
    await reader.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    assert.match(await does("Lose"), /Somebody takes away a message/);
    const lost = (await drawn(reader)).messages.filter((it) => it.signs.includes("lost"));
    assert.equal(lost.length, 1);
    const choose = async (place) => {
      await reader.node(candidate).click();
      await reader.button(/^vote request, /).nth(place).click();
    };
    const requests = async () =>
      (await drawn(reader)).messages.filter((it) => !it.signs.includes("lost")).length;
    const count = await requests();
    await choose(0);
    assert.match(await does("Double"), /Somebody doubles a message/);
    assert.equal(await requests(), count + 1);
    await choose(0);
    await does("Deliver now");
    assert.equal(await requests(), count + 1, "a vote is on its way instead of the request");
    await reader.scope.getByRole("checkbox", { name: "Details" }).check();
    const told = (await reader.events()).join("\n");
    assert.match(told, /n\d receives vote request .*\n.*\n.*\n.* votes/s);

    const [one, other] = (await reader.nodes()).map(({ name }) => name)
      .filter((name) => name !== candidate);
    await reader.node(one).click();
    await reader.button(`${one} – ${other}`).click();
    const link = reader.scope.getByRole("group", { name: `${one} – ${other}` });
    await link.getByRole("button", { name: `Cut ${one} → ${other}` }).click();
    await reader.settled();
    const { links } = await drawn(reader);
    assert.deepEqual(links.filter((kind) => kind !== "open"), ["one-way"]);

    await reader.act(one, "Time out: election");
    await reader.stepUntil(new RegExp(`${one} .*stands for election`));
    await reader.stepUntil(new RegExp(`The link is cut: .* from ${one} cannot reach ${other}`));
    await reader.act(other, "Time out: election");
    await reader.stepUntil(new RegExp(`${one} receives vote request from ${other}`));
    assert.deepEqual(reader.complaints, []);
  });

test("the actions never hide the node that they are about", async (t) => {
  const site = await servePage(t);
  const fragment = `${scene("leader-cut-off")}&t=545000`;
  for (const [width, height] of [[1280, 800], [820, 600], [390, 844], [320, 568]]) {
    const reader = await Reader.open(t, browser, site, { fragment, viewport: { width, height } });
    for (const { name } of await reader.nodes()) {
      await reader.page.keyboard.press("Escape");
      await reader.node(name).click();
      await reader.settled();
      const hidden = await reader.page.evaluate((name) => {
        const card = document.querySelector(".actions").getBoundingClientRect();
        const node = [...document.querySelectorAll(".picture .node")]
          .find((node) => node.querySelector(".name").textContent === name);
        return [".disc", ".strip"].some((part) => {
          const shape = node.querySelector(part).getBoundingClientRect();
          const middle = shape.top + shape.height / 2;
          return card.left < shape.right && card.right > shape.left
            && card.top < middle && card.bottom > middle;
        });
      }, name);
      assert.equal(hidden, false, `${name} at ${width}×${height}`);
    }
  }
});

test("among very many nodes links are drawn where something happens, and the page goes on",
  async (t) => {
    const site = await servePage(t);
    const fragment = "p=rumour&n=1000";
    const reader = await Reader.open(t, browser, site, { fragment });
    reader.page.setDefaultTimeout(30_000);
    await reader.scope.getByText(/at most 400 links are drawn/).waitFor();
    await reader.press("One step on");
    await reader.settled();
    assert.ok((await drawn(reader)).links.length <= 400);
    const tools = reader.scope.getByRole("group", { name: "Tools" });
    assert.equal(await tools.getByRole("button", { name: "Heal" }).isVisible(), false);
    await reader.node("n500").focus();
    await reader.page.keyboard.press("Enter");
    await reader.button("n500 – n2").click();
    await reader.scope.getByRole("group", { name: "n500 – n2" })
      .getByRole("button", { name: "Cut both ways" }).click();
    await tools.getByRole("button", { name: "Heal" }).waitFor();
    assert.ok((await drawn(reader)).links.includes("cut"));
    assert.deepEqual(reader.complaints, []);
  });

// Anything is found by its name, with the keyboard alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, servePage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Opens the dialog, types, and takes the find that is `down` below the first. */
async function find(reader, text, down = 0) {
  const { keyboard } = reader.page;
  await keyboard.press("Control+k");
  const field = reader.scope.getByRole("combobox", { name: /^Find a scenario/ });
  await field.fill(text);
  for (let row = 0; row < down; row += 1) await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await reader.scope.getByRole("dialog").waitFor({ state: "detached" });
}

test("scenarios, nodes and actions are found by words of their names", async (t) => {
  const site = await servePage(t);
  const reader = await Reader.open(t, browser, site, { fragment: scene("first-leader") });
  await find(reader, "phases paxos");
  await reader.scope.getByRole("heading", { level: 1, name: /Two phases/ }).waitFor();
  await find(reader, "select n", 2);
  await reader.scope.getByRole("group", { name: /^n3 / }).waitFor();
  await find(reader, "hold");
  await reader.settled();
  assert.equal(await reader.button("Hold").getAttribute("aria-pressed"), "true");
  assert.deepEqual(reader.complaints, []);
});

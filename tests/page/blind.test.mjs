// Without seeing the stage and without a mouse: roles, names, the live region and the keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, servePage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Presses a key until the live region says what is looked for. */
async function pressUntilSaid(reader, key, pattern) {
  const said = reader.scope.getByRole("status");
  for (let time = 0; time < 40; time += 1) {
    // The region speaks at most once a second.
    await reader.page.waitForTimeout(1050);
    const match = pattern.exec(await said.innerText());
    if (match) return match;
    await reader.page.keyboard.press(key);
  }
  throw new Error(`nothing like ${pattern} was said`);
}

test("the leader is found, crashed and succeeded with the keyboard and the live region alone",
  async (t) => {
    const site = await servePage(t);
    const reader = await Reader.open(t, browser, site, { fragment: scene("first-leader") });
    const { keyboard } = reader.page;
    const leads = /^(n\d) leads term (\d+)/;
    const [, first, term] = await pressUntilSaid(reader, "Shift+L", leads);

    await reader.nodeButtons().first().focus();
    const focused = () => reader.page.evaluate(() =>
      document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
    const pressUntilFocused = async (key, start) => {
      for (let time = 0; !(await focused()).startsWith(start); time += 1) {
        assert.ok(time < 10, `${key} leads to ${start}`);
        await keyboard.press(key);
      }
    };
    await pressUntilFocused("ArrowRight", `${first},`);
    await keyboard.press("Enter");
    await keyboard.press("m");
    await pressUntilFocused("Tab", "Crash");
    await keyboard.press("Enter");
    await pressUntilSaid(reader, "l", new RegExp(`^${first} crashes`));

    const later = new RegExp(`^(?!${first})(n\\d) leads term (\\d+)`);
    const [, second, newTerm] = await pressUntilSaid(reader, "Shift+L", later);
    assert.notEqual(second, first);
    assert.ok(Number(newTerm) > Number(term));
    await keyboard.press("j");
    await reader.settled();
    assert.deepEqual(await reader.inRole("leader"), []);
    assert.deepEqual(reader.complaints, []);
  });

// Everybody can use it: axe finds nothing, narrow screens lose nothing, the structure is a golden.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { axeViolations, launch, servePage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };

async function open(t, options) {
  const site = await servePage(t);
  const { theme = "light", embed = "0", ...more } = options;
  const query = `autoplay=0&theme=${theme}&embed=${embed}`;
  return Reader.open(t, browser, site, { fragment: scene("first-leader"), query, ...more });
}

for (const theme of ["light", "dark", "contrast"]) {
  for (const viewport of [WIDE, PHONE, SMALL]) {
    test(`axe finds nothing: ${theme}, ${viewport.width} pixels wide`, async (t) => {
      const reader = await open(t, { theme, viewport });
      await reader.act(await reader.leader(), "Crash");
      const wide = await reader.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `it is ${wide} pixels wide`);
      assert.deepEqual(reader.complaints, []);
      assert.deepEqual(await axeViolations(reader.page), []);
    });
  }
}

const DIALOGS = [["?", "Keyboard"], ["Control+k", "Find"], [null, "Share this run"]];
for (const [key, title] of DIALOGS) {
  test(`axe finds nothing in the dialog "${title}", which Escape closes`, async (t) => {
    const reader = await open(t, {});
    if (key) await reader.page.keyboard.press(key);
    else await reader.press("Share");
    await reader.scope.getByRole("dialog", { name: title }).waitFor();
    assert.deepEqual(await axeViolations(reader.page), []);
    await reader.page.keyboard.press("Escape");
    await reader.scope.getByRole("dialog").waitFor({ state: "detached" });
  });
}

for (const viewport of [WIDE, PHONE]) {
  test(`axe finds nothing in whatever opens over the run: ${viewport.width} pixels wide`,
    async (t) => {
      const reader = await open(t, { viewport });
      const check = async (what) => assert.deepEqual(await axeViolations(reader.page), [], what);
      const leader = await reader.leader();
      await reader.press("Cut");
      await reader.press("Choose sides instead");
      await check("the choice of sides");
      await reader.page.keyboard.press("Escape");
      await reader.page.keyboard.press("Escape");
      await reader.part([leader]);
      await check("a fault line");
      await reader.page.keyboard.press("w");
      await reader.scope.getByRole("region", { name: "Why?" }).waitFor();
      await check("a chain of causes");
      await reader.drop("{");
      await reader.scope.getByRole("alert").getByText("cannot be opened").waitFor();
      await check("a complaint");
      await reader.scope.getByRole("alert").getByRole("button", { name: "Close" }).click();
      await reader.page.keyboard.press("Escape");
      const tabs = reader.scope.getByRole("navigation", { name: "Panels" }).getByRole("button");
      for (const tab of viewport === PHONE ? await tabs.all() : []) {
        await tab.click();
        await check(`the sheet "${await tab.innerText()}"`);
        await tab.click();
      }
      assert.deepEqual(reader.complaints, []);
    });
}

test("what can be pressed on a phone is large enough for a finger", async (t) => {
  const reader = await open(t, { viewport: SMALL, hasTouch: true });
  await reader.act(await reader.leader(), "Pause");
  const sizes = (buttons) => buttons.map((button) => {
    const { width, height } = button.getBoundingClientRect();
    return [button.getAttribute("aria-label") ?? button.textContent, width, height];
  });
  const groups = [/^Tools$/, /^n\d · /];
  for (const name of groups) {
    const buttons = reader.scope.getByRole("group", { name }).getByRole("button");
    const found = await buttons.evaluateAll(sizes);
    assert.ok(found.length > 1);
    assert.deepEqual(found.filter(([, ...size]) => Math.min(...size) < 44), [], String(name));
  }
  const small = await reader.page.getByRole("button").evaluateAll((buttons) =>
    buttons
      .map((button) => [button.getBoundingClientRect(), button])
      .filter(([{ width, height }]) => width > 0 && (width < 24 || height < 24))
      .map(([{ width, height }, button]) =>
        `${button.getAttribute("aria-label") ?? button.textContent}: ${width}x${height}`));
  assert.deepEqual(small, []);
});

/** `FAULTLINE_UPDATE=1` writes it anew; read the difference and commit what you understand. */
async function golden(t, name, found) {
  const path = new URL(`goldens/${name}.yml`, import.meta.url);
  if (process.env.FAULTLINE_UPDATE) await writeFile(path, `${found}\n`);
  const wanted = await readFile(path, "utf8").catch(() => "");
  if (`${found}\n` !== wanted) t.diagnostic("FAULTLINE_UPDATE=1 writes the golden anew");
  assert.equal(`${found}\n`, wanted);
}

for (const [name, embed] of [["page", "0"], ["embed", "1"]]) {
  test(`the accessibility tree of the ${name} is what it was`, async (t) => {
    const reader = await open(t, { embed });
    await reader.act(await reader.leader(), "Crash");
    // The live region speaks at most once a second.
    await reader.page.waitForTimeout(1500);
    await golden(t, name, await reader.page.locator("body").ariaSnapshot());
  });
}

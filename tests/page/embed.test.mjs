// In a frame of somebody else's page that may run scripts and nothing else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeViolations, launch, serveHost, servePage, watchedPage } from "./harness.mjs";
import { Reader, scene } from "./reader.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

async function embedded(
  t, { query = "embed=1&autoplay=0", width = 640, height = 400, above = 0 } = {},
) {
  const site = await servePage(t);
  const address = `${site}?${query}#${scene("first-leader")}`;
  const host = await serveHost(t, `<!doctype html><html lang="en"><title>A course</title>
    <div style="height: ${above}px"></div>
    <iframe title="Faultline" sandbox="allow-scripts" width="${width}" height="${height}"
      src="${address}"></iframe>`);
  const { page, complaints } = await watchedPage(t, browser, [site, host]);
  await page.goto(host);
  const reader = await Reader.within(page, page.frameLocator("iframe"), complaints);
  return { reader, frame: page.frames()[1] };
}

test("it plays, steps and takes a crash without storage and without an error", async (t) => {
  const { reader, frame } = await embedded(t);
  const denied = await frame.evaluate(() => {
    try { return String(localStorage); } catch { return "denied"; }
  });
  assert.equal(denied, "denied");
  const before = await reader.seconds();
  await reader.press("Play");
  await reader.page.waitForTimeout(500);
  await reader.press("Pause");
  const paused = await reader.seconds();
  assert.ok(paused > before);
  await reader.press("One step back");
  await reader.settled();
  assert.ok((await reader.seconds()) < paused);
  const [victim] = (await reader.nodes()).map((node) => node.name);
  await reader.act(victim, "Crash");
  assert.deepEqual(await reader.inRole("crashed"), [victim]);
  // Longer than the address bar waits before it follows.
  await reader.page.waitForTimeout(2500);
  assert.deepEqual(reader.complaints, []);
});

test("it shows the stage with its tools and the transport, and nothing else", async (t) => {
  const { reader } = await embedded(t);
  await reader.button("Crash").waitFor();
  await reader.button("Play").waitFor();
  for (const name of ["Events", "Properties"]) {
    assert.equal(await reader.scope.getByRole("region", { name }).isVisible(), false, name);
  }
  assert.equal(await reader.scope.getByRole("navigation").isVisible(), false);
});

test("it fits the sizes of course pages", async (t) => {
  for (const [width, height] of [[640, 400], [560, 315], [340, 420]]) {
    const { reader, frame } = await embedded(t, { width, height });
    const over = await frame.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return [scrollWidth - innerWidth, scrollHeight - innerHeight];
    });
    assert.ok(over.every((pixels) => pixels <= 0), `${width}x${height} overflows by ${over}`);
    assert.deepEqual(reader.complaints, []);
    // Last, since axe itself writes styles that the page's policy forbids.
    assert.deepEqual(await axeViolations(frame), []);
  }
});

test("out of sight it stands still, and goes on when it is seen", async (t) => {
  const { reader } = await embedded(t, { query: "embed=1&motion=full", above: 4000 });
  await reader.page.waitForTimeout(500);
  const before = await reader.seconds();
  await reader.page.waitForTimeout(1200);
  assert.equal(await reader.seconds(), before);
  await reader.page.locator("iframe").scrollIntoViewIfNeeded();
  await reader.page.waitForTimeout(1200);
  assert.ok((await reader.seconds()) > before);
});

test("it shows the panels that the link names, and stops where it says", async (t) => {
  const query = "embed=1&motion=full&panels=events,captions&until=200&speed=1";
  const { reader } = await embedded(t, { query, width: 900 });
  await reader.scope.getByRole("region", { name: "Events" }).waitFor();
  assert.equal(await reader.scope.getByRole("region", { name: "Properties" }).isVisible(), false);
  await reader.button("Play").waitFor();
  const stopped = await reader.seconds();
  assert.ok(stopped >= 0.2 && stopped < 0.4, `it stopped at ${stopped}`);
});

test("it begins when it is asked to", async (t) => {
  const { reader } = await embedded(t, { query: "embed=1&motion=full&start=click" });
  const before = await reader.seconds();
  await reader.press("Start");
  await reader.button("Pause").waitFor();
  await reader.page.waitForTimeout(2000);
  assert.ok((await reader.seconds()) > before);
  assert.equal(await reader.button("Start").isVisible(), false);
});

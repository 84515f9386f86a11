// The page comes up: alone, under any path, and in a frame that may do nothing but run scripts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axeViolations, launch, serveHost, servePage, watchedPage } from "./harness.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

test("the page loads without an error and asks no other host", async (t) => {
  const site = await servePage(t);
  const { page, complaints } = await watchedPage(t, browser, [site]);
  await page.goto(site);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.deepEqual(complaints, []);
});

test("the page works under a path of its own", async (t) => {
  const site = await servePage(t, "/teaching/lab/");
  const { page, complaints } = await watchedPage(t, browser, [site]);
  await page.goto(`${site}teaching/lab/`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.deepEqual(complaints, []);
});

test("a page of another origin embeds it with scripts allowed and nothing else", async (t) => {
  const site = await servePage(t);
  const host = await serveHost(t, `<!doctype html><html lang="en"><title>A course</title>
    <iframe title="Faultline" sandbox="allow-scripts" src="${site}?embed=1"></iframe>`);
  const { page, complaints } = await watchedPage(t, browser, [site, host]);
  await page.goto(host);
  await page.frameLocator("iframe").getByRole("heading", { level: 1 }).waitFor();
  assert.deepEqual(complaints, []);
});

test("a panic is reported with the version, the link and the message", async (t) => {
  const site = await servePage(t);
  const { page } = await watchedPage(t, browser, [site]);
  await page.goto(`${site}#p=raft`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.evaluate(() => globalThis.faultlinePanic("the ring has no end"));
  await page.getByRole("heading", { name: "Faultline has stopped" }).waitFor();
  const report = await page.getByLabel("What to send with a report").inputValue();
  assert.match(report, /^Faultline \d+\.\d+\.\d+\nhttp.*#p=raft\n\nthe ring has no end$/);
  assert.deepEqual(await axeViolations(page), []);
  await page.getByRole("button", { name: "Reload without the scenario" }).click();
  await page.getByRole("heading", { name: "Faultline", exact: true }).waitFor();
  assert.equal(new URL(page.url()).hash, "");
});

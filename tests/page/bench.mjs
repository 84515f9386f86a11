// Measures the page as a visitor meets it. One JSON object per line.

import { brotliCompressSync, constants } from "node:zlib";
import { launch, servePage, watchedPage } from "./harness.mjs";

const RUNS = 11;
const FRAMES = 300;
const JUMPS = 60;

const say = (measure) => console.log(JSON.stringify(measure));
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const round = (number) => Math.round(number * 100) / 100;

/** Median, extremes and the value that 95 of 100 stay under. */
function spread(numbers) {
  const order = sorted(numbers);
  const at = (part) => round(order[Math.min(order.length - 1, Math.floor(part * order.length))]);
  return { median: at(0.5), min: at(0), max: at(1), p95: at(0.95), runs: order.length };
}

function brotli(body) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  return brotliCompressSync(body, { params }).length;
}

/**
 * Runs in the page before anything else: looks at every frame whether a message has moved since
 * the frame before, and keeps the time of the first such frame.
 */
function watchForMotion() {
  let before = new Map();
  const look = () => {
    const now = new Map();
    for (const message of document.getElementsByClassName("message")) {
      now.set(message, message.getAttribute("transform") ?? message.style.transform);
    }
    const moved = [...now].some(([message, place]) => (before.get(message) ?? place) !== place);
    before = now;
    if (moved) globalThis.firstMotion = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** When something with this name happened, in milliseconds since navigation. */
const timeOf = (name) => performance.getEntriesByName(name)[0]?.startTime ?? null;

/** Each run in a fresh profile, so that nothing is cached. The first warms the machine. */
async function coldStart(browser, site, t) {
  const [paint, motion, marks] = [[], [], []];
  for (let run = 0; run <= RUNS; run += 1) {
    const { page, close } = await watchedPage(t, browser, [site]);
    await page.addInitScript(watchForMotion);
    await page.goto(site);
    await page.waitForFunction(() => globalThis.firstMotion);
    if (run > 0) {
      paint.push(await page.evaluate(timeOf, "first-contentful-paint"));
      motion.push(await page.evaluate(() => globalThis.firstMotion));
      marks.push(await page.evaluate(timeOf, "faultline-first-message"));
    }
    await close();
  }
  say({ measure: "page.first_paint_ms", ...spread(paint) });
  say({ measure: "page.first_message_ms", seen: "it moved between two frames", ...spread(motion) });
  say({ measure: "page.first_message_ms", seen: "the page's own mark", ...spread(marks) });
}

/** What one visit transfers, if the server sends brotli. */
async function transferred(browser, site, t) {
  const { page, close } = await watchedPage(t, browser, [site]);
  const bodies = [];
  page.on("response", (response) => bodies.push(response.body()));
  await page.goto(site, { waitUntil: "networkidle" });
  const all = await Promise.all(bodies);
  say({
    measure: "page.transferred_bytes",
    requests: all.length,
    raw: all.reduce((sum, body) => sum + body.length, 0),
    brotli: all.reduce((sum, body) => sum + brotli(body), 0),
  });
  await close();
}

/** Milliseconds that the main thread has worked so far. */
async function workOf(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Performance.enable");
  return async () => {
    const { metrics } = await debug.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
}

/** Work of the main thread per frame while a cluster of this size plays by itself. */
async function frameWork(browser, site, t, servers) {
  const { page, close } = await watchedPage(t, browser, [site]);
  await page.goto(`${site}#p=raft&n=${servers}`);
  await page.waitForTimeout(1000);
  const work = await workOf(page);
  const before = await work();
  const gaps = await page.evaluate((frames) => new Promise((resolve) => {
    const gaps = [];
    let last = performance.now();
    const frame = (now) => {
      gaps.push(now - last);
      last = now;
      if (gaps.length < frames) requestAnimationFrame(frame);
      else resolve(gaps);
    };
    requestAnimationFrame(frame);
  }), FRAMES);
  const mean = round(((await work()) - before) / FRAMES);
  say({ measure: "page.frame_work_ms", servers, mean, frames: FRAMES });
  say({ measure: "page.frame_gap_ms", servers, ...spread(gaps) });
  await close();
}

/** Clicks on random places of the timeline of a recorded minute; until the picture stands. */
async function jumps(browser, site, t, servers) {
  const { page, close } = await watchedPage(t, browser, [site]);
  await page.goto(`${site}?t=60000&autoplay=0#p=raft&n=${servers}`);
  await page.waitForTimeout(2000);
  const { x, y, width, height } = await page.getByRole("slider").boundingBox();
  const work = await workOf(page);
  const spent = [];
  for (let jump = 0; jump < JUMPS; jump += 1) {
    const before = await work();
    await page.mouse.click(x + width * (0.02 + 0.96 * Math.random()), y + height / 2);
    await page.evaluate(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    }));
    spent.push((await work()) - before);
  }
  const seen = "all work of the main thread from the click to the picture";
  say({ measure: "page.jump_ms", servers, virtual_s: 60, seen, ...spread(spent) });
  await close();
}

const endings = [];
const t = { after: (ending) => endings.push(ending) };
const browser = await launch();
try {
  const site = await servePage(t);
  await transferred(browser, site, t);
  await coldStart(browser, site, t);
  for (const servers of [5, 9, 25]) await frameWork(browser, site, t, servers);
  await jumps(browser, site, t, 5);
} finally {
  await browser.close();
  for (const ending of endings) await ending();
}

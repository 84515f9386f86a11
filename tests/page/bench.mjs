// Measures the page as a visitor meets it. One JSON object per line.

import { brotliCompressSync, constants } from "node:zlib";
import { launch, servePage, watchedPage } from "./harness.mjs";

const RUNS = 11;
const FRAMES = 300;

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

/** Work of the main thread per frame while the page plays by itself. */
async function frameWork(browser, site, t) {
  const { page, close } = await watchedPage(t, browser, [site]);
  await page.goto(site);
  await page.waitForTimeout(1000);
  const debug = await page.context().newCDPSession(page);
  await debug.send("Performance.enable");
  const busy_s = async () => {
    const { metrics } = await debug.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const before = await busy_s();
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
  const work_ms = ((await busy_s()) - before) * 1000;
  say({ measure: "page.frame_work_ms", mean: round(work_ms / FRAMES), frames: FRAMES });
  say({ measure: "page.frame_gap_ms", ...spread(gaps) });
  await close();
}

const endings = [];
const t = { after: (ending) => endings.push(ending) };
const browser = await launch();
try {
  const site = await servePage(t);
  await transferred(browser, site, t);
  await coldStart(browser, site, t);
  await frameWork(browser, site, t);
} finally {
  await browser.close();
  for (const ending of endings) await ending();
}

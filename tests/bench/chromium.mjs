// Measures in Chromium. The argument is the folder where `cargo xtask bench` left the module.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, serveFolders } from "../page/harness.mjs";

const [folder] = process.argv.slice(2);
// Only an isolated page has a clock that is finer than a tenth of a millisecond.
const ISOLATED = {
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
};
const endings = [];
const t = { after: (ending) => endings.push(ending) };
const browser = await launch();
try {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const site = await serveFolders(t, { "/module/": resolve(folder), "/": here }, ISOLATED);
  const page = await browser.newPage();
  await page.goto(`${site}empty.html`);
  const lines = await page.evaluate(async () => {
    const bench = await import("/module/faultline_bench.js");
    await bench.default();
    const { measure } = await import("/measure.mjs");
    return measure(bench, "chromium");
  });
  for (const line of lines) console.log(JSON.stringify(line));
} finally {
  await browser.close();
  for (const ending of endings) await ending();
}

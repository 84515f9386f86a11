// Measures in Node. The argument is the folder where `cargo xtask bench` left the module.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { measure } from "./measure.mjs";

const [folder] = process.argv.slice(2);
const bench = await import(pathToFileURL(join(folder, "faultline_bench.js")));
bench.initSync({ module: await readFile(join(folder, "faultline_bench_bg.wasm")) });
for (const line of measure(bench, "node")) console.log(JSON.stringify(line));

// What every browser test needs: the page on one origin, a host on another, a browser, eyes.
// The browser is a Chromium that is there already: `CHROMIUM`, or Debian's place for it.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const DIST = new URL("../../dist/", import.meta.url).pathname;
const KINDS = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};
const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  // Chromium refuses to run its own sandbox as root, as most containers do.
  "--no-sandbox",
];

// Everything here is tied to a test and ends with it, or a failed test would never let go.
async function listen(t, handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Serves `dist/` as the development server does, below `prefix`; gives the address. */
export function servePage(t, prefix = "/") {
  return serveFolders(t, { [prefix]: DIST });
}

/** Serves each folder below its prefix; the first prefix that fits is taken. */
export function serveFolders(t, folders, headers = {}) {
  return listen(t, async (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const { pathname } = new URL(request.url, "http://localhost");
    const prefix = Object.keys(folders).find((start) => pathname.startsWith(start));
    const name = normalize(pathname.slice(prefix?.length)) || "index.html";
    const path = prefix && join(folders[prefix], name === "." ? "index.html" : name);
    const body = path && (await readFile(path).catch(() => null));
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Content-Type", KINDS[extname(path ?? "")] ?? "application/octet-stream");
    response.writeHead(body ? 200 : 404).end(body || "");
  });
}

/** Serves one page of somebody else, on an origin of its own; gives the address. */
export function serveHost(t, html) {
  return listen(t, (request, response) => {
    const found = request.url === "/";
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    // Every browser asks for an icon; a missing one would be an error in the console.
    response.writeHead(found ? 200 : 204).end(found ? html : "");
  });
}

/** A headless Chromium. */
export function launch() {
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: false });
}

/**
 * A page in a profile of its own, and what it complained about or asked of other hosts.
 * `allowed` are the addresses that it may ask.
 */
export async function watchedPage(t, browser, allowed, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    // A page that starts anew gives up what it was still asking for: no failure.
    const given_up = request.failure()?.errorText === "net::ERR_ABORTED";
    if (!given_up) complaints.push(`failed: ${request.url()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    const own = url.startsWith("data:") || url.startsWith("blob:");
    if (!own && !allowed.some((start) => url.startsWith(start))) complaints.push(`asked: ${url}`);
  });
  return { page, complaints, close: () => context.close() };
}

/** What axe finds, one line each. Given to the page by the debugger, which no policy stops. */
export async function axeViolations(frame) {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"));
  await frame.evaluate(`${source}; undefined`);
  const { violations } = await frame.evaluate(() => globalThis.axe.run());
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`));
}

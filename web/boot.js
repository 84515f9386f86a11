// Starts the page, and owns what is seen when it cannot start or breaks.
// A panic in WebAssembly ends the program, so this screen must not need it.

/** An address in the head of the page, which nothing loads in advance. */
const linked = (id) => new URL(document.getElementById(id).content, document.baseURI).href;

const version = document.querySelector('meta[name="version"]').content;
let broken = false;

function element(name, text, style = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  Object.assign(made.style, style);
  return made;
}

function button(text, act) {
  const made = element("button", text, { font: "inherit", margin: "0 0.5rem 0.5rem 0" });
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** Opens the page anew without the run in its address, which may be what broke it. */
function reloadWithoutScenario() {
  history.replaceState(null, "", location.pathname + location.search);
  location.reload();
}

/** Replaces the page by a report. The page calls it through its panic hook. */
function showPanic(message) {
  if (broken) return;
  broken = true;
  const report = element("textarea", "", { width: "100%", height: "12rem", font: "monospace" });
  report.readOnly = true;
  report.value = `Faultline ${version}\n${location.href}\n\n${message}`;
  report.setAttribute("aria-label", "What to send with a report");
  const news = element("div", "");
  news.setAttribute("role", "alert");
  news.append(
    element("h1", "Faultline has stopped"),
    element("p", "This is our mistake, not yours. The text below says what happened."),
  );
  const panel = element("main", "", {
    maxWidth: "44rem", margin: "2rem auto", padding: "0 1rem", font: "1rem/1.5 sans-serif",
  });
  panel.append(
    news,
    report,
    element("p", ""),
    button("Reload", () => location.reload()),
    button("Reload without the scenario", reloadWithoutScenario),
  );
  document.body.replaceChildren(panel);
}

function onTrap(error) {
  if (error instanceof WebAssembly.RuntimeError) showPanic(error.message);
}

globalThis.faultlinePanic = showPanic;
addEventListener("error", (event) => onTrap(event.error));
addEventListener("unhandledrejection", (event) => onTrap(event.reason));

// This script waits for nothing, so the page below it may not be read yet.
if (document.readyState === "loading") {
  await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
}

// What the shell must know before it is first painted; the page reads all of it again.
const asked = new URLSearchParams(location.search);
const shell = document.querySelector(".shell");
shell?.classList.toggle("embed", ["1", "true", "yes"].includes(asked.get("embed")));
let kept = null;
try { kept = localStorage.getItem("faultline-theme"); } catch { /* A frame without storage. */ }
document.documentElement.dataset.theme = asked.get("theme") ?? kept ?? "auto";

/** Until a style sheet is there nothing can be measured. */
const arrived = (sheet) => new Promise((resolve) => {
  if (sheet.sheet) resolve();
  sheet.addEventListener("load", resolve);
  sheet.addEventListener("error", resolve);
});
const styled = arrived(document.querySelector('link[rel="stylesheet"]'));

/** What only the whole program shows has a style sheet of its own. */
function addStyles() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = linked("whole-styles");
  document.head.append(sheet);
  return arrived(sheet);
}

/** The first program has one room; if another is asked for, the one with every room starts. */
function programAsked() {
  const first = document.querySelector('meta[name="first-room"]').content;
  const room = new URLSearchParams(location.hash.slice(1)).get("p");
  return room === null || room === first ? "page" : "whole";
}

try {
  // It is compiled while the rest is still on its way; a server that does not say what it is
  // costs time, no more.
  const which = programAsked();
  const address = linked(`${which}-program`);
  const program = WebAssembly.compileStreaming(fetch(address)).catch(() => address);
  if (which === "whole") await addStyles();
  const page = await import(linked(`${which}-script`));
  await styled;
  await page.default({ module_or_path: await program });
} catch (error) {
  showPanic(`The page did not start: ${error.message}`);
  throw error;
}

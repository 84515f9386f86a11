// A reader of the page: what he sees and what he does, by the roles and names of things only.

import { readFile } from "node:fs/promises";
import { watchedPage } from "./harness.mjs";

/** A short while; what takes longer than this on a slow machine is a fault. */
const PATIENCE_MS = 10_000;

export class Reader {
  constructor(page, scope, complaints) {
    this.page = page;
    this.scope = scope;
    this.complaints = complaints;
  }

  /** Opens `site` with this query and fragment, in a profile of its own. */
  static async open(t, browser, site, { query = "autoplay=0", fragment = "", ...options } = {}) {
    const { page, complaints } = await watchedPage(t, browser, [site], options);
    page.setDefaultTimeout(PATIENCE_MS);
    const reader = new Reader(page, page, complaints);
    await reader.visit(`${site}?${query}#${fragment}`);
    return reader;
  }

  /** Somebody who looks at the page through a frame of another one. */
  static async within(page, frame, complaints) {
    page.setDefaultTimeout(PATIENCE_MS);
    const reader = new Reader(page, frame, complaints);
    await reader.nodeButtons().first().waitFor();
    return reader;
  }

  async visit(address) {
    await this.page.goto(address);
    await this.nodeButtons().first().waitFor();
  }

  button(name) {
    return this.scope.getByRole("button", { name, exact: typeof name === "string" });
  }

  async press(name) {
    await this.button(name).click();
  }

  nodeButtons() {
    return this.scope.getByRole("list", { name: "Nodes" }).getByRole("button");
  }

  node(name) {
    return this.nodeButtons().and(this.scope.getByRole("button", { name: `${name},` }));
  }

  /** What the list of nodes says: `{ name, role, text }` for each. */
  async nodes() {
    const texts = await this.nodeButtons().evaluateAll((buttons) =>
      buttons.map((button) => button.getAttribute("aria-label")));
    return texts.map((text) => {
      const [name, role] = text.split(", ");
      return { name, role, text };
    });
  }

  /** The names of the nodes in this role. */
  async inRole(role) {
    return (await this.nodes()).filter((node) => node.role === role).map((node) => node.name);
  }

  /** Goes from milestone to milestone until `found` gives something; gives that. */
  async goUntil(found, key = "Shift+L") {
    for (let time = 0; time < 30; time += 1) {
      const what = await found();
      if (what) return what;
      await this.page.keyboard.press(key);
      await this.settled();
    }
    throw new Error(`30 times ${key}, and still not`);
  }

  /** Goes on until a node leads that is none of `others`; its name. */
  leader(...others) {
    return this.goUntil(async () =>
      (await this.inRole("leader")).find((name) => !others.includes(name)));
  }

  /** Two frames: what a press changes is drawn. */
  async settled() {
    await this.page.evaluate(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    }));
  }

  /** Does something to a node, with the buttons beside it. */
  async act(node, action) {
    const beside = this.scope.getByRole("group", { name: new RegExp(`^${node} · `) });
    if (!(await beside.isVisible())) await this.node(node).click();
    await beside.getByRole("button", { name: action, exact: true }).click();
    await this.settled();
  }

  /** The virtual time in seconds. */
  async seconds() {
    const slider = this.scope.getByRole("slider", { name: "Timeline" });
    return Number.parseFloat(await slider.getAttribute("aria-valuetext"));
  }

  /** The sentences of the panel of events, with their times. */
  async events() {
    const list = this.scope.getByRole("region", { name: "Events" }).getByRole("listitem");
    const texts = await list.allInnerTexts();
    return texts.map((text) => text.replace(/\s+/g, " ").trim());
  }

  /** Every event so far, as the table that the dialog saves: one line each. */
  async table() {
    await this.press("Share");
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.press("Events (CSV)"),
    ]);
    await this.page.keyboard.press("Escape");
    await this.scope.getByRole("dialog").waitFor({ state: "detached" });
    return (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n").slice(1);
  }

  /** Steps on until the newest event says this; the sentence. */
  async stepUntil(pattern) {
    for (let step = 0; step < 80; step += 1) {
      const found = (await this.events()).findLast((text) => pattern.test(text));
      if (found) return found;
      await this.page.keyboard.press("l");
      await this.settled();
    }
    throw new Error(`80 steps, and nothing like ${pattern}`);
  }

  /** Parts the cluster without drawing: these nodes on one side, all others on the other. */
  async part(side) {
    await this.press("Cut");
    await this.press("Choose sides instead");
    for (const { name } of await this.nodes()) {
      const group = this.scope.getByRole("group", { name, exact: true });
      await group.getByRole("radio", { name: side.includes(name) ? "A" : "B" }).check();
    }
    await this.scope.getByRole("dialog").getByRole("button", { name: "Cut" }).click();
    await this.settled();
  }

  /** Draws a stroke with the mouse. */
  async stroke(from, to) {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(to.x, to.y, { steps: 12 });
    await mouse.up();
    await this.settled();
  }

  /** Where the nodes are, by their names. */
  async places() {
    const places = {};
    for (const button of await this.nodeButtons().all()) {
      const { x, y, width, height } = await button.boundingBox();
      const [name] = (await button.getAttribute("aria-label")).split(",");
      places[name] = { x: x + width / 2, y: y + height / 2 };
    }
    return places;
  }

  /** Both ends of a stroke from edge to edge that leaves n2 and n3 on one side. */
  async across() {
    const places = await this.places();
    const between = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
    const one = between(places.n1, places.n2);
    const two = between(places.n3, places.n4);
    const beyond = (from, to) => ({ x: to.x + (to.x - from.x) / 4, y: to.y + (to.y - from.y) / 4 });
    return [beyond(two, one), beyond(one, two)];
  }

  /** Drops a file with this content on the page. */
  async drop(content) {
    await this.page.evaluate((content) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], "run.json", { type: "application/json" }));
      const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector("main").dispatchEvent(drop);
    }, content);
  }

  /** The link of the dialog, which is closed again. */
  async link() {
    await this.press("Share");
    const field = this.scope.getByRole("textbox", { name: /^Link to this run/ });
    const link = await field.inputValue();
    await this.page.keyboard.press("Escape");
    await this.scope.getByRole("dialog").waitFor({ state: "detached" });
    return link;
  }
}

/** A scenario of the library as a fragment. */
export const scene = (name, room = "raft") => `p=${room}&scene=${name}`;

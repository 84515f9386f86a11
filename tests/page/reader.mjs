// A reader of the page: what he sees and what he does, by the roles and names of things only.

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
    const beside = this.scope.getByRole("group", { name: new RegExp(`^${node} `) });
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

// What a new user is to manage, in one go: from the first leader to a colleague's browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, servePage } from "./harness.mjs";
import { Reader } from "./reader.mjs";

test("a leader is crashed, a cluster cut, a request lost, time stepped back, and all of it shared",
  async (t) => {
    const [browser, other] = await Promise.all([launch(), launch()]);
    t.after(() => Promise.all([browser.close(), other.close()]));
    const site = await servePage(t);
    const reader = await Reader.open(t, browser, site, { query: "" });
    await reader.press("Pause");
    const first = await reader.leader();
    await reader.act(first, "Crash");
    const second = await reader.leader(first);
    await reader.act(first, "Restart");
    // n2 and n3 are cut off, so the leader of the minority is one of them.
    const minority = ["n2", "n3"];
    let leader = second;
    for (let tries = 0; !minority.includes(leader); tries += 1) {
      assert.ok(tries < 10, "n2 or n3 is to lead");
      await reader.act(tries % 2 ? "n2" : "n3", "Time out: election");
      leader = await reader.leader(leader);
    }
    await reader.stepUntil(/commits/);
    const before = [await reader.seconds(), await reader.table()];
    await reader.stroke(...await reader.across());
    assert.match((await reader.events()).at(-1), /A fault line parts .*n2, n3/);
    const log = async () => {
      const { text } = (await reader.nodes()).find(({ name }) => name === leader);
      return /log (\S+) entr\S+, (\d+) committed/.exec(text).slice(1);
    };
    const [entries, committed] = await log();
    await reader.act(leader, "Request");
    const third = await reader.leader(leader);
    assert.ok(!minority.includes(third));
    assert.equal((await log())[1], committed, "the minority commits nothing");
    assert.notEqual((await log())[0], entries, "though it wrote it down");
    const all = await reader.table();

    await reader.goUntil(async () => (await reader.seconds()) < before[0], "Shift+J");
    const past = await reader.table();
    assert.deepEqual(past, before[1].slice(0, past.length));
    assert.ok(past.length > 0 && past.length < all.length);
    const { page, complaints } =
      await Reader.open(t, other, site, { fragment: (await reader.link()).split("#")[1] });
    const receiver = new Reader(page, page, complaints);
    assert.deepEqual(await receiver.table(), await reader.table());
    assert.deepEqual(await receiver.nodes(), await reader.nodes());
    await receiver.press("To the newest moment");
    await receiver.settled();
    assert.deepEqual(await receiver.table(), all);
    assert.deepEqual([...reader.complaints, ...complaints], []);
  });

// Whose copies a device keeps, for how long, and what a change of person leaves of them.

import "./browser.js";
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { certainTime, learnTime } from "../../static/recording/clock.js";
import { read, write } from "../../static/recording/database.js";
import * as copies from "../../static/recording/offline_cases.js";
import * as outbox from "../../static/recording/outbox.js";

const DAY = 24 * 60 * 60 * 1000;
const START = "2026-11-26T09:00:00Z";
const STORES = ["outbox", "acks", "standing", "offline_cases", "device", "receipts"];
const [ADA, BEN] = [1, 2];

// A browser's store of pages, and the network that they come from.
const pages = new Map();
globalThis.caches = {
  keys: async () => [...pages.keys()],
  delete: async (name) => pages.delete(name),
  async open(name) {
    if (!pages.has(name)) pages.set(name, new Set());
    return {
      put: async (page) => pages.get(name).add(page),
      delete: async (page) => pages.get(name).delete(page),
    };
  },
};
let leaving = null; // whose copies have to leave, as the service says
globalThis.document = { body: { dataset: { lastOwner: "/last-owner/" } } };
globalThis.fetch = async (page) =>
  page.startsWith("/last-owner/")
    ? Response.json({ leaves: page === `/last-owner/?of=token-${leaving}` })
    : new Response("", { status: page === "/gone/" ? 404 : 200 });

beforeEach(async () => {
  pages.clear();
  leaving = null;
  await write(STORES, (...stores) => Promise.all(stores.map((store) => store.clear())));
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: Date.parse(START) });
  await learnTime(START);
});

const aCase = (number, ...more) => ({
  case: number,
  reference: `C-00${number}`,
  pages: [`/cases/${number}/`, ...more],
});
const keep = async (user, number) => copies.keepOffline(user, aCase(number), await certainTime());
const kept = async (user) => (await copies.offlineCases(user)).map((one) => one.reference);

function edit(user) {
  const save = { id: crypto.randomUUID(), user, case: 1, reference: "C-001", subject: "2.1.1a" };
  const content = { question: "2.1.1a", value: "YES", note: "" };
  return outbox.add({ ...save, content, part: "value", seen: { version: 0 } });
}

/** Days go by on a device that is used once in each. */
async function usedFor(days) {
  for (let day = 0; day < days; day++) {
    mock.timers.tick(DAY);
    await certainTime();
  }
}

test("a case is kept with all its pages, or not at all", async () => {
  await keep(ADA, 1);
  assert.deepEqual(await kept(ADA), ["C-001"]);
  const time = await certainTime();
  await assert.rejects(copies.keepOffline(ADA, aCase(2, "/gone/"), time), /gone/);
  assert.deepEqual(await kept(ADA), ["C-001"]);
  assert.deepEqual([...pages.get("pages-1")], ["/cases/1/"]);
});

test("copies of another person are removed at once; unsent saves are hidden for a week", async () => {
  await copies.takeOver(ADA);
  await keep(ADA, 1);
  await edit(ADA);
  await copies.takeOver(BEN);
  assert.equal(await copies.owner(), BEN);
  assert.deepEqual([await kept(ADA), [...pages.keys()]], [[], []]);
  await usedFor(6);
  await copies.takeOver(ADA);
  assert.equal((await outbox.entriesOf(ADA))[0].hidden_at, undefined);
  await copies.takeOver(BEN);
  await usedFor(8);
  await copies.takeOver(BEN);
  assert.deepEqual(await read(["outbox"], (store) => store.getAll()), []);
});

test("unsent saves that were removed leave a receipt that their author sees once", async () => {
  await copies.takeOver(ADA);
  await edit(ADA);
  await copies.takeOver(BEN);
  await usedFor(8);
  await copies.takeOver(BEN);
  assert.deepEqual(await copies.receiptsOf(BEN), []);
  const [receipt, ...others] = await copies.receiptsOf(ADA);
  assert.deepEqual(others, []);
  assert.deepEqual([receipt.reference, receipt.count], ["C-001", 1]);
  assert.equal(new Date(receipt.at).toISOString(), "2026-12-04T09:00:00.000Z");
  await copies.forgetReceipts([receipt]);
  assert.deepEqual(await copies.receiptsOf(ADA), []);
});

test("copies are removed after a week, and when the person may no longer record in the case", async () => {
  await keep(ADA, 1);
  await keep(ADA, 2);
  const { removed } = await copies.removeOverdue(ADA, [], [aCase(1)]);
  assert.deepEqual([removed, await kept(ADA)], [["C-002"], ["C-001"]]);
  await usedFor(7);
  assert.deepEqual((await copies.removeOverdue(ADA, [], null)).removed, []);
  await usedFor(1);
  assert.deepEqual((await copies.removeOverdue(ADA, [], null)).removed, ["C-001"]);
});

test("copies with unsent saves stay", async () => {
  await keep(ADA, 1);
  await edit(ADA);
  await usedFor(9);
  const found = await copies.removeOverdue(ADA, await outbox.entriesOf(ADA), null);
  assert.deepEqual(found, { removed: [], held: ["C-001"] });
  assert.deepEqual(await kept(ADA), ["C-001"]);
});

test("a clock that jumps counts a day, and one that is set back counts nothing", async () => {
  const start = await certainTime();
  mock.timers.setTime(Date.parse("2039-01-01T00:00:00Z"));
  assert.equal((await certainTime()) - start, DAY);
  mock.timers.setTime(Date.parse("2019-01-01T00:00:00Z"));
  assert.equal((await certainTime()) - start, DAY);
});

test("copies leave when the service says so, also where nobody is the owner any more", async () => {
  await copies.takeOver(ADA, `token-${ADA}`);
  await keep(ADA, 1);
  await write(["device"], (device) => device.delete("owner"));
  assert.equal(await copies.removeIfOver(), 0);
  assert.deepEqual(await kept(ADA), ["C-001"]);
  leaving = ADA;
  assert.equal(await copies.removeIfOver(), 0);
  assert.deepEqual([await kept(ADA), [...pages.keys()]], [[], []]);
  assert.equal(await read(["device"], (device) => device.get("last owner")), undefined);
});

test("copies leave at once, and what waits stays theirs until it is given up", async () => {
  await copies.takeOver(ADA, `token-${ADA}`);
  await keep(ADA, 1);
  await edit(ADA);
  leaving = ADA;
  assert.equal(await copies.removeIfOver(), 1);
  assert.deepEqual([await kept(ADA), [...pages.keys()]], [[], []]);
  assert.equal(await copies.owner(), ADA);
  assert.ok((await outbox.entriesOf(ADA)).length);
  await outbox.discard(await outbox.entriesOf(ADA));
  assert.equal(await copies.removeIfOver(), 0);
  assert.equal(await copies.owner(), null);
});

test("copies of one person leave, and nobody else's", async () => {
  await copies.takeOver(ADA, `token-${ADA}`);
  await copies.takeOver(BEN, `token-${BEN}`);
  await keep(BEN, 1);
  leaving = ADA;
  await copies.removeIfOver();
  assert.deepEqual(await kept(BEN), ["C-001"]);
});

test("signing out removes everything of the person and nothing of others", async () => {
  await copies.takeOver(ADA);
  await keep(ADA, 1);
  await edit(ADA);
  await edit(BEN);
  await copies.wipe(ADA);
  assert.equal(await copies.owner(), null);
  assert.deepEqual([await kept(ADA), await outbox.entriesOf(ADA), [...pages.keys()]], [[], [], []]);
  assert.equal((await outbox.entriesOf(BEN)).length, 1);
  assert.deepEqual(await read(["acks"], (acks) => acks.getAll()), []);
});

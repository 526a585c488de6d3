// What is sent, in which order, and what happens when the service can't take it.

import "./browser.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { write } from "../../static/recording/database.js";
import * as outbox from "../../static/recording/outbox.js";
import * as sender from "../../static/recording/sender.js";
import { publish } from "../../static/recording/tabs.js";

const USER = 1;
const saved = (saves) =>
  Response.json({
    results: saves.map(({ base_version }) => ({ outcome: "saved", version: base_version + 1 })),
  });
const refused = (status, error) => () => Response.json({ error }, { status });

// The service at the other end of the network.
let [signedIn, answer, requests] = [USER, saved, []];

globalThis.fetch = async (address, options) => {
  if (answer === null) throw new TypeError("no network");
  if (address === "/session/") return Response.json({ user: signedIn, token: "token" });
  const { saves } = JSON.parse(options.body);
  requests.push(saves);
  return answer(saves);
};
const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.document = Object.assign(new EventTarget(), {
  body: { dataset: { session: "/session/" } },
});

sender.startSending(USER);

/** Send what waits, and wait for the answers. */
async function sent() {
  await sender.sendNow();
  await navigator.locks.request("outbox", () => {});
}

beforeEach(async () => {
  await outbox.discard(await outbox.entriesOf(USER));
  [signedIn, answer, requests] = [USER, saved, []];
  await sent();
});

function edit(question, { note = "", ...fields } = {}) {
  const address = "/cases/7/saves/";
  const save = { id: crypto.randomUUID(), user: USER, case: 7, subject: question, address };
  const content = { question, value: "YES", note };
  return outbox.add({ part: "value", content, seen: { version: 0 }, ...save, ...fields });
}

const questionsSent = () => requests.map((saves) => saves.map(({ question }) => question).join());
const waiting = () => outbox.entriesOf(USER);

test("everything is sent in order, each request after the answer to the last", async () => {
  const first = await edit("2.1.1a");
  await edit("2.1.1b");
  const seen = { follows: first.id, edits: first.edits };
  await edit("2.1.1a", { part: "note", note: "Why", seen });
  await sent();
  assert.deepEqual(questionsSent(), ["2.1.1a,2.1.1b", "2.1.1a"]);
  assert.equal(requests[1][0].base_version, 1);
  assert.deepEqual(await waiting(), []);
  assert.equal(sender.waitsFor, "");
});

test("without a network saves wait, and are sent when there is one", async () => {
  answer = null;
  navigator.onLine = false;
  await edit("2.1.1a");
  await sent();
  assert.equal(sender.waitsFor, "network");
  answer = saved;
  navigator.onLine = true;
  page.dispatchEvent(new Event("online"));
  await sent();
  assert.deepEqual(await waiting(), []);
  assert.equal(sender.waitsFor, "");
});

test("once the network is back, the next try is soon, even if the first still fails", async () => {
  answer = null;
  await edit("2.1.1a");
  for (let n = 0; n < 6; n += 1) await sent();
  page.dispatchEvent(new Event("online"));
  await navigator.locks.request("outbox", () => {});
  assert.equal((await waiting()).length, 1);
  answer = saved;
  await setTimeout(1_500);
  assert.deepEqual(await waiting(), []);
});

test("no network is said only where there is none", async () => {
  answer = null;
  await edit("2.1.1a");
  await sent();
  assert.equal(sender.waitsFor, "service");
});

test("a service that fails is sent the same save again", async () => {
  answer = () => new Response("<h1>Server Error</h1>", { status: 500 });
  const { id } = await edit("2.1.1a");
  await sent();
  assert.equal(sender.waitsFor, "service");
  answer = saved;
  await sent();
  assert.deepEqual(
    requests.map(([save]) => save.id),
    [id, id],
  );
  assert.deepEqual(await waiting(), []);
});

test("an answer that is not the service's own saves nothing", async () => {
  answer = () => new Response("<h1>Welcome to this hotel</h1>");
  await edit("2.1.1a");
  await sent();
  assert.equal((await waiting())[0].state, "waiting");
});

test("signed out, saves wait until their author has signed in again", async () => {
  answer = () => {
    signedIn = null;
    return refused(401, "")();
  };
  await edit("2.1.1a");
  await sent();
  assert.equal(sender.waitsFor, "sign-in");
  assert.equal((await waiting())[0].state, "waiting");
  [signedIn, answer] = [USER, saved];
  publish({ type: "signed-in", user: USER });
  await sent();
  assert.deepEqual(await waiting(), []);
});

test("nothing is sent as somebody else", async () => {
  answer = () => {
    signedIn = USER + 1;
    return refused(401, "")();
  };
  await edit("2.1.1a");
  await sent();
  await sent();
  assert.equal(requests.length, 1);
  assert.equal(sender.waitsFor, "sign-in");
});

test("a refused save has a reason and is not sent again", async () => {
  answer = refused(403, "This case is submitted.");
  await edit("2.1.1a");
  await edit("2.1.1b");
  await sent();
  assert.equal(requests.length, 1);
  const reasons = (await waiting()).map(({ state, reason }) => [state, reason]);
  assert.deepEqual(reasons, Array(2).fill(["refused", "This case is submitted."]));
});

test("one unreadable save blocks no other", async () => {
  answer = (saves) =>
    saves.some(({ question }) => question === "bad") ? refused(400, "Unknown")() : saved(saves);
  await edit("2.1.1a");
  await edit("bad");
  await edit("2.1.1b");
  await sent();
  assert.deepEqual(questionsSent(), ["2.1.1a,bad,2.1.1b", "2.1.1a", "bad,2.1.1b", "bad", "2.1.1b"]);
  const left = (await waiting()).map(({ subject, state, unfit }) => [subject, state, unfit]);
  assert.deepEqual(left, [["bad", "refused", true]]);
});

test("what a tab was adding when it was closed is sent, though another sent meanwhile", async (t) => {
  const { seq, ...entry } = await edit("2.1.1a");
  await sent();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  publish({ type: "adding" });
  await sent();
  await write(["outbox"], (stored) => stored.add({ ...entry, id: crypto.randomUUID() }));
  t.mock.timers.tick(5_000);
  await navigator.locks.request("outbox", () => {});
  assert.deepEqual(await waiting(), []);
});

// When a page warns that its session ends, and who moves the end on.

import "./browser.js";
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { SessionEnd } from "../../static/recording/session_end.js";

const USER = 1;
const MINUTE = 60_000;

// The service at the other end of the network: when the session ends, and what it was sent.
let [endsAt, signedIn, isThere, stays] = [0, USER, true, 0];

globalThis.fetch = async (address) => {
  if (!isThere) throw new TypeError("no network");
  if (signedIn === null) return Response.json({ error: "Sign in" }, { status: 401 });
  if (address === "/session/stay/") {
    stays += 1;
    endsAt = Date.now() + 30 * MINUTE;
  }
  const ends_in = Math.round((endsAt - Date.now()) / 1000);
  return Response.json({ user: signedIn, token: "token", ends_in });
};
const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.document = Object.assign(new EventTarget(), {
  body: { dataset: { session: "/session/", stay: "/session/stay/", sessionEnds: "1800" } },
});
mock.timers.enable({ apis: ["Date", "setInterval"] });

let end;
const someoneTypes = () => page.dispatchEvent(new Event("input"));

/** Let `minutes` go by, with whatever the page asks meanwhile. */
async function goBy(minutes) {
  for (let seconds = 0; seconds < minutes * 60; seconds += 20) {
    mock.timers.tick(20_000);
    await new Promise(setImmediate);
  }
}

beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date", "setInterval"] });
  [endsAt, signedIn, isThere, stays] = [Date.now() + 30 * MINUTE, USER, true, 0];
  end = new SessionEnd(USER, () => {});
  await end.watch();
});

test("nothing is said or asked until five minutes before the end", async () => {
  isThere = false;
  await goBy(24);
  assert.deepEqual([end.minutes, end.isOver, stays], [0, false, 0]);
});

test("then it warns, minute by minute, until somebody stays", async () => {
  await goBy(25.5);
  assert.equal(end.minutes, 5);
  await goBy(2);
  assert.equal(end.minutes, 3);
  await end.stay();
  assert.deepEqual([end.minutes, stays], [0, 1]);
  await goBy(20);
  assert.equal(end.minutes, 0);
});

test("whoever types stays, at most once in five minutes", async () => {
  for (let minute = 0; minute < 40; minute += 1) {
    someoneTypes();
    await goBy(1);
  }
  assert.equal(end.minutes, 0);
  assert.ok(stays >= 6 && stays <= 8, String(stays));
});

test("what is done in another tab counts", async () => {
  await goBy(20);
  endsAt = Date.now() + 30 * MINUTE;
  await goBy(10);
  assert.deepEqual([end.minutes, stays], [0, 0]);
});

test("a session that has ended is said, and one that is there again isn't", async () => {
  await goBy(26);
  signedIn = null;
  await goBy(1);
  assert.deepEqual([end.minutes, end.isOver], [0, true]);
  [signedIn, endsAt] = [USER, Date.now() + 30 * MINUTE];
  await goBy(1);
  assert.equal(end.isOver, false);
});

test("without the network nothing is claimed", async () => {
  await goBy(24);
  isThere = false;
  await goBy(10);
  assert.deepEqual([end.minutes, end.isOver], [0, false]);
});

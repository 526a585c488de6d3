// Sends the outbox: in order, one request at a time, from one tab of the browser.

import { persist } from "./database.js";
import * as outbox from "./outbox.js";
import { send, session, Unreachable } from "./session.js";
import { listen, publish } from "./tabs.js";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** How long after a change of the outbox in some tab another sends, if that tab is gone by then. */
const SOON = 5_000;
const TOO_LARGE = "The service does not take so long a text. Shorten it.";

/**
 * What sending is waiting for: "network" (this device has none), "service" (it can't be reached, or
 * fails), "sign-in", or "" for nothing.
 */
export let waitsFor = "";

let user = null;
let isWanted = false;
let pause = FIRST_PAUSE;
let timer = null;
let soon = null;

/** Start sending the outbox of `person`, the id of the person who is signed in. */
export function startSending(person) {
  user = person;
  addEventListener("online", () => {
    pause = FIRST_PAUSE; // the first request may still fail
    sendNow();
  });
  addEventListener("offline", () => waitFor("network"));
  document.addEventListener("visibilitychange", () => document.hidden || sendNow());
  listen(["sending"], (message) => (waitsFor = message.waitsFor));
  listen(["adding", "outbox"], () => {
    // Sending meanwhile doesn't put it off: what is being added may not be there yet.
    clearTimeout(soon);
    soon = setTimeout(sendNow, SOON);
  });
  listen(["signed-in"], (message) => message.user === user && sendNow());
  sendNow();
}

/** Send the outbox now; one tab sends at a time. */
export async function sendNow() {
  if (isWanted || user === null) return;
  isWanted = true;
  clearTimeout(timer);
  await navigator.locks.request("outbox", async () => {
    isWanted = false;
    await drain();
  });
}

async function drain() {
  try {
    // Check who is signed in only when there is something to send.
    for (let limit; ; ) {
      const batch = await outbox.nextBatch(user, limit);
      if (!batch.length) break;
      waitFor("");
      const signedIn = (await session()).user;
      if (signedIn !== user && !(await isUserAgain())) return;
      limit = await sendBatch(batch);
      if (limit === 0) return;
    }
    pause = FIRST_PAUSE;
    if (waitsFor !== "sign-in") waitFor("");
  } catch (error) {
    timer = setTimeout(sendNow, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    // Other errors are the device's own; they may be temporary too.
    if (!(error instanceof Unreachable)) throw error;
    waitFor(navigator.onLine === false ? "network" : "service");
    persist();
  }
}

async function isUserAgain() {
  const signedIn = (await session({ fresh: true })).user;
  if (signedIn !== user) waitFor("sign-in");
  return signedIn === user;
}

/** Returns the most saves to send next: 0 to stop, undefined for as many as fit. */
async function sendBatch(batch) {
  const saves = batch.map(({ id, base_version, made_at, content }) => {
    return { id, base_version, made_at, ...content };
  });
  let { status, body } = await send(batch[0].address, { saves }, user);
  if (status === 200 && body?.results?.length === batch.length) {
    await outbox.settle(batch, body.results);
    pause = FIRST_PAUSE;
    return undefined;
  }
  if (status === 401) {
    // Signed in again meanwhile: try again in a moment.
    if (await isUserAgain()) throw new Unreachable();
    return 0;
  }
  if (status === 413) body = { error: TOO_LARGE };
  if (![400, 403, 404, 409, 413].includes(status) || !body?.error) throw new Unreachable(status);
  if (batch.length > 1 && status !== 403 && status !== 404) {
    // One of them is invalid and must not block the others: send each alone.
    return 1;
  }
  await outbox.refuse(batch, body.error, status === 400 || status === 413);
  return [400, 409, 413].includes(status) ? 1 : undefined;
}

function waitFor(next) {
  if (next !== waitsFor) publish({ type: "sending", waitsFor: next });
  waitsFor = next;
}
